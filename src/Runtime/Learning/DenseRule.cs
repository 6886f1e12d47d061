using SparseSharp.Matrices;

namespace SparseSharp.Learning;

/// <summary>Weights without a mask, or which run without it for a while.</summary>
internal class DenseRule(Matrix matrix) : UpdateRule(matrix)
{
    private const int RowsTogether = 16;

    /// <summary>A few rows at a time, so that rounding finds them in the cache.</summary>
    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Matrix.GroupRange(group);
        for (var row = first; row < end; row += RowsTogether)
        {
            var last = Math.Min(end, row + RowsTogether);
            UpdateSlice(Parameter, (row * Matrix.Columns)..(last * Matrix.Columns), optimizer, in step);
            Matrix.RoundRows(row, last);
        }
        Matrix.Transposed.Take(first, end);
    }
}
