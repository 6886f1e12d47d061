namespace SparseSharp.Layers;

/// <summary>A layer without a mask, or one that runs without it for a while.</summary>
internal class DenseRule(Linear layer) : WeightRule(layer)
{
    private const int RowsTogether = 16;

    /// <summary>A few rows at a time, so that rounding finds them in the cache.</summary>
    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Layer.GroupRows(group);
        for (var row = first; row < end; row += RowsTogether)
        {
            var last = Math.Min(end, row + RowsTogether);
            UpdateSlice(Layer.WeightParameter, (row * Layer.Inputs)..(last * Layer.Inputs), optimizer, in step);
            Layer.Store.RoundRows(row, last);
        }
        Layer.Transposed.Take(first, end);
    }
}
