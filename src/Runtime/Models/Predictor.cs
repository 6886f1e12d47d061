using System.ComponentModel;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Kernels;

/// <summary>
/// Inference for a model: any batch size, any number of calls at once. Workspaces are kept and used again, so a call allocates nothing
/// once as many workspaces exist as calls run at the same time.
/// </summary>
/// <typeparam name="TModel">The model class.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class Predictor<TModel> : IDisposable
    where TModel : class, ISparseModel<TModel>
{
    private readonly TModel _model;
    private readonly Lock _lock = new();
    private Work[] _idle = new Work[4];
    private int _idleCount;
    private readonly MatrixProduct[] _products;
    private readonly ILayer? _first;
    private readonly Lifetime? _own;
    private bool _disposed;

    /// <summary>Prepares nothing yet: workspaces are made by the first calls.</summary>
    public Predictor(TModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _products = [.. model.Layers.SelectMany(layer => layer.Parts.Matrices).Select(weights => weights.Product)];
        _first = model.Layers.Count > 0 ? model.Layers[0] : null;
        _own = _first is null ? new(TModel.Descriptor.Name) : null;
        // The last thing that a model does when it is made. Its nested models have made theirs before: their layers are this model's from
        // now on.
        if (model.Layers.All(layer => layer.Parts.Lifetime.Layers >= model.Layers.Count))
            return;
        var lifetime = new Lifetime(TModel.Descriptor.Name, model.Layers.Count);
        foreach (var layer in model.Layers)
            layer.Parts.Join(lifetime);
    }

    private Lifetime Lifetime => _first is null ? _own! : _first.Parts.Lifetime;

    /// <summary>Computes outputs for a batch.</summary>
    /// <param name="inputs">Row-major <c>[batch, input features]</c>.</param>
    /// <param name="outputs">Receives <c>[batch, output features]</c>.</param>
    /// <exception cref="ArgumentException">A length does not fit the model.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        var descriptor = TModel.Descriptor;
        var batch = inputs.Length / descriptor.InputFeatures;
        if (batch * descriptor.InputFeatures != inputs.Length)
        {
            throw new ArgumentException(
                $"{inputs.Length} input values are not a whole number of samples: {descriptor.Name} takes {descriptor.InputFeatures} features each.",
                nameof(inputs));
        }
        CheckOutputs(batch, outputs);
        using var scope = Lifetime.Use();
        if (batch == 0)
            return;
        var work = Rent();
        try
        {
            fixed (float* source = inputs)
            fixed (float* target = outputs)
                work.Predict(new(source), target, batch);
        }
        finally
        {
            Return(work);
        }
    }

    /// <summary>Computes outputs for a batch given as a span per input. Nothing is copied together first.</summary>
    /// <param name="inputs">For each input, row-major <c>[batch, features of the input]</c>.</param>
    /// <param name="outputs">Receives <c>[batch, output features]</c>.</param>
    /// <exception cref="ArgumentException">A length does not fit the model.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public void Predict(in InputSpans inputs, Span<float> outputs)
    {
        var batch = inputs.CountSamples(TModel.Descriptor);
        CheckOutputs(batch, outputs);
        using var scope = Lifetime.Use();
        if (batch == 0)
            return;
        var work = Rent();
        try
        {
            fixed (float* first = inputs[0], second = inputs[1], third = inputs[2], fourth = inputs[3])
            fixed (float* fifth = inputs[4], sixth = inputs[5], seventh = inputs[6], eighth = inputs[7])
            fixed (float* target = outputs)
                work.Predict(new(work.InputsOf(first, second, third, fourth, fifth, sixth, seventh, eighth)), target, batch);
        }
        finally
        {
            Return(work);
        }
    }

    private static void CheckOutputs(int batch, Span<float> outputs)
    {
        var features = TModel.Descriptor.OutputFeatures;
        if (outputs.Length != (long)batch * features)
        {
            throw new ArgumentException(
                $"The output span has {outputs.Length} values; {batch} samples need {batch} x {features}.", nameof(outputs));
        }
    }

    /// <summary>
    /// Computes outputs for a batch given as tensors; the first dimension is the batch, and both must be dense in memory.
    /// </summary>
    /// <param name="inputs"><c>[batch, …]</c> with as many values per sample as the model has input features.</param>
    /// <param name="outputs"><c>[batch, output features]</c>.</param>
    /// <exception cref="ArgumentException">A shape does not fit the model or a tensor is strided.</exception>
    public void Predict(in ReadOnlyTensorSpan<float> inputs, in TensorSpan<float> outputs)
    {
        if (!inputs.IsDense || !outputs.IsDense)
            throw new ArgumentException("Tensors must be dense in memory; copy a strided one with ToDenseTensor first.");
        if (inputs.Rank < 1 || outputs.Rank < 1 || inputs.Lengths[0] != outputs.Lengths[0])
            throw new ArgumentException("Inputs and outputs must have the same first dimension: the batch.");
        if (inputs.FlattenedLength == 0)
            return;
        Predict(
            MemoryMarshal.CreateReadOnlySpan(in inputs.GetPinnableReference(), checked((int)inputs.FlattenedLength)),
            MemoryMarshal.CreateSpan(ref outputs.GetPinnableReference(), checked((int)outputs.FlattenedLength)));
    }

    /// <summary>Frees idle workspaces; one in use is freed when its call ends.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            for (var i = 0; i < _idleCount; i++)
                _idle[i].Dispose();
            _idleCount = 0;
        }
    }

    private Work Rent()
    {
        lock (_lock)
        {
            if (_disposed)
                throw new ObjectDisposedException(TModel.Descriptor.Name);
            if (_idleCount > 0)
                return _idle[--_idleCount];
        }
        return new Work(_model, _products);
    }

    private void Return(Work work)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                if (_idleCount == _idle.Length)
                    Array.Resize(ref _idle, 2 * _idleCount);
                _idle[_idleCount++] = work;
                return;
            }
        }
        work.Dispose();
    }

    /// <summary>One call with its workspace: room for one panel per worker.</summary>
    private sealed class Work(TModel model, MatrixProduct[] products) : PanelRunner, IDisposable
    {
        private PinnedBuffer<float>? _workspace;
        private readonly float*[] _inputs = new float*[TModel.Descriptor.Inputs.Count];
        private InputSource _source;
        private float* _target;

        /// <summary>Where each input begins, in memory that is used again; surplus pointers are left out.</summary>
        public float*[] InputsOf(
            float* first, float* second, float* third, float* fourth, float* fifth, float* sixth, float* seventh, float* eighth)
        {
            var all = stackalloc[] { first, second, third, fourth, fifth, sixth, seventh, eighth };
            for (var index = 0; index < _inputs.Length; index++)
                _inputs[index] = all[index];
            return _inputs;
        }

        public void Predict(InputSource source, float* target, int batch)
        {
            var descriptor = TModel.Descriptor;
            TModel.Prepare(model, training: false);
            var isSampleMajor = batch <= SmallBatch.MaxSamples && !descriptor.HasImages && SmallBatchProducts.Prepare(products);
            var run = new PanelRun(descriptor.LayoutOf(batch), descriptor.InferenceRows)
            {
                IsSampleMajor = isSampleMajor,
                CutsImages = descriptor.CutsImages,
                IsAlone = isSampleMajor && !SmallBatchProducts.IsWorthSharing(products, batch),
            };
            var pool = WorkerPool.Shared;
            var floats = FloatsOf(in run, pool.Workers);
            if (_workspace is null || _workspace.Length < floats)
            {
                _workspace?.Dispose();
                _workspace = new PinnedBuffer<float>(floats);
            }
            _source = source;
            _target = target;
            Run(pool, in run, _workspace.Pointer);
        }

        public void Dispose() => _workspace?.Dispose();

        protected override void RunPanel(in PanelPass pass, int panel)
        {
            var descriptor = TModel.Descriptor;
            nint start = Layout.Start(panel);
            var samples = Layout.Samples(panel);
            if (pass.IsCut)
            {
                for (var sample = 0; sample < samples; sample++)
                    Run(descriptor, in pass, start + sample, 1);
                return;
            }
            Run(descriptor, in pass, start, samples);
        }

        private void Run(ModelDescriptor descriptor, in PanelPass pass, nint start, int samples)
        {
            InputEdge.Load(descriptor, in pass, _source, start, samples, training: false);
            pass.Sync();
            TModel.Infer(model, in pass);
            pass.Sync();
            PanelEdges.Store(
                in pass, descriptor.InferenceOutput, _target + (start * descriptor.OutputFeatures), descriptor.OutputFeatures, samples,
                Layout.Batch);
            pass.Sync();
        }
    }
}
