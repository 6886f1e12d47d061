namespace SparseSharp.Layers;

/// <summary>A layer without a mask, or one that runs without it for a while.</summary>
internal class DenseRule(Linear layer) : WeightRule(layer)
{
    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Layer.GroupRows(group);
        UpdateSlice(Layer.WeightParameter, (first * Layer.Inputs)..(end * Layer.Inputs), optimizer, in step);
        Layer.Store.RoundRows(first, end);
        Layer.TransposeRows(first, end);
    }
}
