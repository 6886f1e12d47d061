using SparseSharp.Matrices;

namespace SparseSharp.Learning;

/// <summary>Weights without a mask, or which run without it for a while.</summary>
internal class DenseRule : UpdateRule
{
    private const int RowsTogether = 16;

    private readonly GradientBuffer[] _gradients;

    public DenseRule(Matrix matrix)
        : base(matrix)
    {
        _gradients = [new RowGradients(matrix)];
    }

    public override IReadOnlyList<GradientBuffer> Gradients(long step) => _gradients;

    /// <summary>A few rows at a time, so that rounding finds them in the cache.</summary>
    protected override void Update(int group, Optimizer optimizer, in UpdateStep step)
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
