namespace SparseSharp.Models.Tests.Gradients;

/// <summary>One batch through the reference: its parameters in double precision, which a test may change one by one.</summary>
internal sealed class Reference
{
    private uint _dropoutSites;

    /// <param name="layers">Layers whose weights are taken over, as products use them.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="randomKey">Seed of the step's dropout; null in inference.</param>
    public Reference(IEnumerable<Linear> layers, int batch, ulong? randomKey)
    {
        Batch = batch;
        RandomKey = randomKey;
        Parameters = layers.ToDictionary(layer => layer, layer => (WeightsInUse(layer), ToDouble(layer.Bias)));
    }

    public int Batch { get; }

    public ulong? RandomKey { get; }

    public Dictionary<Linear, (double[] Weight, double[] Bias)> Parameters { get; }

    public double[] Run<TModel>(TModel model, Func<TModel, Value, Value> forward, ReadOnlySpan<float> inputs)
    {
        _dropoutSites = 0;
        return forward(model, new Value(this, ToDouble(inputs))).Numbers;
    }

    public uint NextDropoutSite() => _dropoutSites++;

    private static double[] WeightsInUse(Linear layer)
    {
        var weight = new float[layer.Inputs * layer.Outputs];
        layer.CopyEffectiveWeight(weight);
        return ToDouble(weight);
    }

    private static double[] ToDouble(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (var i = 0; i < wide.Length; i++)
            wide[i] = values[i];
        return wide;
    }
}
