namespace SparseSharp.Layers;

/// <summary>A layer without a mask.</summary>
internal sealed class DenseRule(Linear layer) : WeightRule(layer)
{
    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Layer.GroupRows(group);
        UpdateSlice(Layer.WeightParameter, (first * Layer.Inputs)..(end * Layer.Inputs), optimizer, in step);
        Layer.TransposeRows(first, end);
    }
}
