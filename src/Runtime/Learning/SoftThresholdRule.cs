using SparseSharp.Masks.Search;
using SparseSharp.Matrices;

namespace SparseSharp.Learning;

/// <summary>
/// S-STE (Hu et al., 2024): dense master weights that all learn from the dense gradient; products use <c>beta·soft(W)</c>, which is
/// continuous in <c>W</c>. The threshold of a group moves with every step, and the mask with it.
/// </summary>
internal sealed unsafe class SoftThresholdRule : UpdateRule
{
    private readonly SoftThresholdMatrix _matrix;
    private readonly GradientBuffer[] _gradients;

    public SoftThresholdRule(SoftThresholdMatrix matrix)
        : base(matrix)
    {
        _matrix = matrix;
        _gradients = [new RowGradients(matrix)];
    }

    public override IReadOnlyList<GradientBuffer> Gradients(long step) => _gradients;

    protected override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var (first, end) = Matrix.GroupRange(group);
        var inputs = Matrix.Columns;
        var master = Parameter.Buffer.Pointer;
        for (var row = first; row < end; row++)
        {
            UpdateSlice(Parameter, (row * inputs)..((row + 1) * inputs), optimizer, in step);
            _matrix.Mask.Row(row).CopyTo(_matrix.Previous.Row(row));
            MaskSearch.Find(_matrix.Pattern.Shape, master, inputs, row, 1, _matrix.Mask, previous: null, "weight");
            _matrix.LoadRow(row, master + ((nint)row * inputs));
        }
        SetFlips(group, _matrix.Mask.Flips(_matrix.Previous, first, end - first));
        _matrix.BuildGroup(group);
    }
}
