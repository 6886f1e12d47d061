using System.Runtime.CompilerServices;
using SparseSharp.Kernels;
using SparseSharp.Layers;

namespace SparseSharp.Runtime.Tests.Layers;

/// <summary>
/// A kind of layer without a matrix, for tests: <c>y = s·x</c> with a factor per feature, and a buffer that only files know.
/// </summary>
internal sealed unsafe class Factors : Layer
{
    private readonly LearnedVector _factors;

    public Factors(int features, ulong seed)
    {
        _factors = new LearnedVector("weight", features);
        Count = new LayerBuffer("count", 2);
        var random = new Random((int)seed);
        foreach (ref var factor in _factors.Values)
            factor = 0.5f + random.NextSingle();
        Parts = new LayerParts(nameof(Factors), [], [_factors], [Count]);
    }

    public Parameter Parameter => _factors.Parameter;

    public LayerBuffer Count { get; }

    internal override LayerParts Parts { get; }

    internal override string Identity => $"factors of {_factors.Parameter.Length}";

    public void Forward(in PanelPass pass, ref float x, ref float y)
    {
        if (pass.IsSampleMajor)
        {
            var stride = SmallBatch.Stride(_factors.Parameter.Length);
            for (var sample = pass.Member; sample < pass.Samples; sample += pass.Members)
            {
                for (var feature = 0; feature < _factors.Parameter.Length; feature++)
                    Unsafe.Add(ref y, (sample * stride) + feature) =
                        Unsafe.Add(ref x, (sample * stride) + feature) * _factors.Values[feature];
            }
            return;
        }
        var (first, end) = pass.Share(_factors.Parameter.Length, 4);
        for (var i = first * pass.Width; i < end * pass.Width; i++)
            Unsafe.Add(ref y, i) = Unsafe.Add(ref x, i) * _factors.Values[i / pass.Width];
    }

    public void GradWeight(in BatchPass batch, int x, int dy)
    {
        if (IsFrozen || batch.Tap is not null)
            return;
        var (first, end) = batch.Share(_factors.Parameter.Length, 1);
        for (var feature = first; feature < end; feature++)
        {
            var sum = batch.Accumulate ? _factors.Parameter.GradientPointer[feature] : 0;
            for (var panel = 0; panel < batch.Layout.Panels; panel++)
            {
                var at = (nint)feature * batch.Layout.Width(panel);
                for (var column = 0; column < batch.Layout.Samples(panel); column++)
                    sum += batch.Slot(x, panel)[at + column] * batch.Slot(dy, panel)[at + column];
            }
            _factors.Parameter.GradientPointer[feature] = sum;
        }
    }
}

/// <summary><c>y = s2·tanh(s1·x)</c>; as emitted, but by hand.</summary>
internal sealed class FactorNet : ISparseModel<FactorNet>, IDisposable
{
    public const int Features = 6;

    private const int Input = 0, Scaled = 8, Hidden = 16, Output = 24, OutputGradient = 32, HiddenGradient = 40, InputGradient = 48;

    private readonly Predictor<FactorNet> _predictor;

    private FactorNet(ulong seed)
    {
        (First, Second) = (new Factors(Features, seed), new Factors(Features, seed + 1));
        Layers = [First, Second];
        _predictor = new(this);
    }

    public static ModelDescriptor Descriptor { get; } = new(
        nameof(FactorNet), Features, Features,
        [
            new LayerDescriptor("First", Features, Features, false, "dense", 1) { DenseFlops = 0 },
            new LayerDescriptor("Second", Features, Features, false, "dense", 1) { DenseFlops = 0 },
        ],
        InferenceRows: 32, Input, Output, TrainingRows: 56, Input, Output, OutputGradient, InputGradient);

    public IReadOnlyList<ILayer> Layers { get; }

    public Factors First { get; }

    public Factors Second { get; }

    public static FactorNet Create(ulong seed) => new(seed);

    public static void Infer(FactorNet model, in PanelPass pass)
    {
        model.First.Forward(in pass, ref pass.Slot(Input), ref pass.Slot(Scaled));
        pass.Sync();
        Elementwise.Activate(in pass, ActivationKind.Tanh, ref pass.Slot(Scaled), ref pass.Slot(Hidden), Features);
        pass.Sync();
        model.Second.Forward(in pass, ref pass.Slot(Hidden), ref pass.Slot(Output));
    }

    public static void Forward(FactorNet model, in PanelPass pass) => Infer(model, in pass);

    public static void Backward(FactorNet model, in PanelPass pass)
    {
        model.Second.Forward(in pass, ref pass.Slot(OutputGradient), ref pass.Slot(HiddenGradient));
        pass.Sync();
        ref var gradient = ref pass.Slot(HiddenGradient);
        Elementwise.ActivateGrad(
            in pass, ActivationKind.Tanh, ref gradient, ref pass.Slot(Hidden), ref gradient, Features, accumulate: false);
        pass.Sync();
        if (pass.HasInputGradient)
            model.First.Forward(in pass, ref gradient, ref pass.Slot(InputGradient));
    }

    public static void GradWeights(FactorNet model, in BatchPass batch)
    {
        model.First.GradWeight(in batch, Input, HiddenGradient);
        model.Second.GradWeight(in batch, Hidden, OutputGradient);
    }

    public float[] Predict(float[] inputs)
    {
        var outputs = new float[inputs.Length];
        _predictor.Predict(inputs, outputs);
        return outputs;
    }

    /// <summary>Factors and buffers.</summary>
    public float[] Everything() => [.. Layers.SelectMany(layer => layer.Parts.Named).SelectMany(vector => vector.Values.ToArray())];

    public void Dispose()
    {
        _predictor.Dispose();
        First.Dispose();
        Second.Dispose();
    }
}
