using SparseSharp.Kernels;
using SparseSharp.Models;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Pruning;

/// <summary>What the layers of a model see of given samples, without dropout.</summary>
internal static unsafe class LayerInputs
{
    /// <summary>Samples of one pass: bounds the workspace, which keeps all values of a pass.</summary>
    private const int Chunk = 1024;

    /// <summary>The layers with one weight matrix that the model uses, in the order of its forward pass.</summary>
    public static IReadOnlyList<MatrixLayer> Order<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel>
    {
        var capture = new InputCapture(null);
        Run(model, new float[TModel.Descriptor.InputFeatures], capture);
        return [.. capture.Order.Reverse()
            .Select(matrix => model.Layers.OfType<MatrixLayer>().FirstOrDefault(layer => layer.Matrix == matrix))
            .OfType<MatrixLayer>()];
    }

    /// <summary>
    /// The inputs of one layer, row-major <c>[samples × uses of the layer, features]</c>; of a convolution, those of pixels of its output.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">One of its layers.</param>
    /// <param name="samples">Inputs of the model, row-major.</param>
    /// <param name="pixels">How many pixels to take of all samples together, about; they are drawn where there are more.</param>
    /// <param name="seed">Seed of the pixels.</param>
    /// <returns>An array for each group of outputs that sees inputs of its own.</returns>
    public static float[][] Of<TModel>(
        TModel model, MatrixLayer layer, ReadOnlySpan<float> samples, int pixels = int.MaxValue, ulong seed = 0)
        where TModel : class, ISparseModel<TModel>
    {
        var features = TModel.Descriptor.InputFeatures;
        var capture = new InputCapture(layer.Matrix, Math.Max(1, pixels / (samples.Length / features)), seed);
        for (var rest = samples; rest.Length > 0; rest = rest[Math.Min(rest.Length, Chunk * features)..])
            Run(model, rest[..Math.Min(rest.Length, Chunk * features)], capture);
        var groups = capture.Groups;
        return
        [
            .. Enumerable.Range(0, groups).Select(group => capture.Uses.Where((_, i) => i % groups == group)
                .SelectMany(values => values).ToArray()),
        ];
    }

    private static void Run<TModel>(TModel model, ReadOnlySpan<float> samples, InputCapture capture)
        where TModel : class, ISparseModel<TModel>
    {
        using var scope = ModelLifetime.Of(model, TModel.Descriptor.Name).Use();
        fixed (float* source = samples)
            new Work<TModel>(model).Run(source, samples.Length / TModel.Descriptor.InputFeatures, capture);
    }

    /// <summary>
    /// A forward pass of one worker, after which the inputs of layers are taken where weight gradients would be computed.
    /// </summary>
    private sealed class Work<TModel>(TModel model) : PanelRunner
        where TModel : class, ISparseModel<TModel>
    {
        private float* _source;

        public void Run(float* source, int batch, InputCapture capture)
        {
            _source = source;
            TModel.Prepare(model, training: true);
            var run = new PanelRun(TModel.Descriptor.LayoutOf(batch), TModel.Descriptor.TrainingRows)
            {
                KeepsPanels = true,
                IsAlone = true,
                Phases = TModel.Descriptor.ForwardPhases,
                HasBatchPhase = true,
                Tap = capture,
            };
            using var workspace = new NativeBuffer<float>(FloatsOf(in run, workers: 1));
            Run(WorkerPool.Shared, in run, workspace.Pointer);
        }

        protected override void RunPanel(in PanelPass pass, int panel)
        {
            if (pass.Phase == 0)
                InputEdge.Load(TModel.Descriptor, in pass, new(_source), Layout.Start(panel), Layout.Samples(panel), training: true);
            TModel.Forward(model, in pass);
        }

        protected override void Reduce(in BatchPass batch) => TModel.Reduce(model, in batch);

        protected override void RunBatch(in BatchPass batch) => TModel.GradWeights(model, in batch);
    }
}
