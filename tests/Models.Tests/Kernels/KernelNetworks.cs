namespace SparseSharp.Models.Tests.Kernels;

// Chains of layers whose shapes divide neither tiles nor panels; their products are tested one layer at a time.

[SparseModel]
internal sealed partial class Dense
{
    [Linear(784, 136)]
    public partial Linear A { get; }

    [Linear(136, 24)]
    public partial Linear B { get; }

    [Linear(24, 10)]
    public partial Linear C { get; }

    [Linear(10, 40)]
    public partial Linear D { get; }

    [Linear(40, 131)]
    public partial Linear E { get; }

    [Linear(131, 7, Bias = false)]
    public partial Linear F { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(A).Through(B).Through(C).Through(D).Through(E).Through(F);
}

[SparseModel, NMSparse(2, 4, Transposable = true)]
internal sealed partial class Paired
{
    [Linear(784, 136)]
    public partial Linear A { get; }

    [Linear(136, 40)]
    public partial Linear B { get; }

    [Linear(40, 20)]
    public partial Linear C { get; }

    [Linear(20, 24)]
    public partial Linear D { get; }

    [Linear(24, 136)]
    public partial Linear E { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(A).Through(B).Through(C).Through(D).Through(E);
}

[SparseModel, NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class PairedStatic
{
    [Linear(784, 136)]
    public partial Linear A { get; }

    [Linear(136, 40)]
    public partial Linear B { get; }

    [Linear(40, 20)]
    public partial Linear C { get; }

    [Linear(20, 24)]
    public partial Linear D { get; }

    [Linear(24, 136, Bias = false)]
    public partial Linear E { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(A).Through(B).Through(C).Through(D).Through(E);
}

[SparseModel, NMSparse(1, 2, Transposable = true)]
internal sealed partial class Halves
{
    [Linear(136, 40)]
    public partial Linear A { get; }

    [Linear(40, 10)]
    public partial Linear B { get; }

    [Linear(10, 6)]
    public partial Linear C { get; }

    [Linear(6, 138)]
    public partial Linear D { get; }

    [Linear(138, 20)]
    public partial Linear E { get; }

    private Activation Forward([Input(136)] Activation x) => x.Through(A).Through(B).Through(C).Through(D).Through(E);
}

[SparseModel, NMSparse(1, 2, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class HalvesStatic
{
    [Linear(136, 40)]
    public partial Linear A { get; }

    [Linear(40, 10)]
    public partial Linear B { get; }

    [Linear(10, 6)]
    public partial Linear C { get; }

    [Linear(6, 138)]
    public partial Linear D { get; }

    [Linear(138, 20)]
    public partial Linear E { get; }

    private Activation Forward([Input(136)] Activation x) => x.Through(A).Through(B).Through(C).Through(D).Through(E);
}

[SparseModel, NMSparse(1, 4, Transposable = true)]
internal sealed partial class Quarters
{
    [Linear(136, 40)]
    public partial Linear A { get; }

    [Linear(40, 20)]
    public partial Linear B { get; }

    [Linear(20, 24)]
    public partial Linear C { get; }

    private Activation Forward([Input(136)] Activation x) => x.Through(A).Through(B).Through(C);
}

[SparseModel, NMSparse(1, 4, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class QuartersStatic
{
    [Linear(136, 40)]
    public partial Linear A { get; }

    [Linear(40, 20)]
    public partial Linear B { get; }

    [Linear(20, 24)]
    public partial Linear C { get; }

    private Activation Forward([Input(136)] Activation x) => x.Through(A).Through(B).Through(C);
}

[SparseModel, NMSparse(3, 4, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class ThreeQuartersStatic
{
    [Linear(136, 40)]
    public partial Linear A { get; }

    [Linear(40, 20)]
    public partial Linear B { get; }

    [Linear(20, 24)]
    public partial Linear C { get; }

    private Activation Forward([Input(136)] Activation x) => x.Through(A).Through(B).Through(C);
}

[SparseModel, NMSparse(4, 8, Transposable = true)]
internal sealed partial class FourOfEight
{
    [Linear(784, 136)]
    public partial Linear A { get; }

    [Linear(136, 40)]
    public partial Linear B { get; }

    [Linear(40, 24)]
    public partial Linear C { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(A).Through(B).Through(C);
}

[SparseModel, NMSparse(4, 8, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class FourOfEightStatic
{
    [Linear(784, 136)]
    public partial Linear A { get; }

    [Linear(136, 40)]
    public partial Linear B { get; }

    [Linear(40, 24)]
    public partial Linear C { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(A).Through(B).Through(C);
}

[SparseModel, NMSparse(2, 8, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class TwoOfEightStatic
{
    [Linear(136, 40)]
    public partial Linear A { get; }

    [Linear(40, 24)]
    public partial Linear B { get; }

    private Activation Forward([Input(136)] Activation x) => x.Through(A).Through(B);
}

[SparseModel, NMSparse(8, 16, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class EightOfSixteenStatic
{
    [Linear(144, 48)]
    public partial Linear A { get; }

    [Linear(48, 16)]
    public partial Linear B { get; }

    private Activation Forward([Input(144)] Activation x) => x.Through(A).Through(B);
}

[SparseModel, NMSparse(3, 6, Transposable = true)]
internal sealed partial class ThreeOfSix
{
    [Linear(138, 30)]
    public partial Linear A { get; }

    [Linear(30, 258)]
    public partial Linear B { get; }

    [Linear(258, 12)]
    public partial Linear C { get; }

    private Activation Forward([Input(138)] Activation x) => x.Through(A).Through(B).Through(C);
}

[SparseModel, NMSparse(3, 6, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class ThreeOfSixStatic
{
    [Linear(138, 30)]
    public partial Linear A { get; }

    [Linear(30, 258)]
    public partial Linear B { get; }

    [Linear(258, 12)]
    public partial Linear C { get; }

    private Activation Forward([Input(138)] Activation x) => x.Through(A).Through(B).Through(C);
}

[SparseModel, NMSparse(10, 12, Transposable = true, Policy = MaskPolicy.Static)]
internal sealed partial class TenOfTwelveStatic
{
    [Linear(132, 300)]
    public partial Linear A { get; }

    [Linear(300, 24)]
    public partial Linear B { get; }

    private Activation Forward([Input(132)] Activation x) => x.Through(A).Through(B);
}

[SparseModel, NMSparse(2, 4)]
internal sealed partial class RowsTwoOfFour
{
    [Linear(784, 136)]
    public partial Linear A { get; }

    [Linear(136, 20)]
    public partial Linear B { get; }

    [Linear(20, 10)]
    public partial Linear C { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(A).Through(B).Through(C);
}

[SparseModel, NMSparse(2, 4, Policy = MaskPolicy.Static)]
internal sealed partial class RowsTwoOfFourStatic
{
    [Linear(784, 136)]
    public partial Linear A { get; }

    [Linear(136, 20)]
    public partial Linear B { get; }

    [Linear(20, 10)]
    public partial Linear C { get; }

    private Activation Forward([Input(784)] Activation x) => x.Through(A).Through(B).Through(C);
}

[SparseModel, NMSparse(1, 4, Policy = MaskPolicy.Static)]
internal sealed partial class RowsOneOfFourStatic
{
    [Linear(136, 24)]
    public partial Linear A { get; }

    [Linear(24, 10)]
    public partial Linear B { get; }

    private Activation Forward([Input(136)] Activation x) => x.Through(A).Through(B);
}

[SparseModel, NMSparse(1, 8, Policy = MaskPolicy.Static)]
internal sealed partial class RowsOneOfEightStatic
{
    [Linear(136, 24)]
    public partial Linear A { get; }

    private Activation Forward([Input(136)] Activation x) => x.Through(A);
}

[SparseModel, NMSparse(3, 8, Policy = MaskPolicy.Static)]
internal sealed partial class RowsThreeOfEightStatic
{
    [Linear(136, 24)]
    public partial Linear A { get; }

    private Activation Forward([Input(136)] Activation x) => x.Through(A);
}

[SparseModel, NMSparse(4, 8)]
internal sealed partial class RowsFourOfEight
{
    [Linear(136, 24)]
    public partial Linear A { get; }

    [Linear(24, 7, Bias = false)]
    public partial Linear B { get; }

    private Activation Forward([Input(136)] Activation x) => x.Through(A).Through(B);
}

[SparseModel, NMSparse(3, 5, Policy = MaskPolicy.Static)]
internal sealed partial class RowsThreeOfFiveStatic
{
    [Linear(265, 135)]
    public partial Linear A { get; }

    [Linear(135, 20)]
    public partial Linear B { get; }

    [Linear(20, 7)]
    public partial Linear C { get; }

    private Activation Forward([Input(265)] Activation x) => x.Through(A).Through(B).Through(C);
}

[SparseModel, NMSparse(2, 6)]
internal sealed partial class RowsTwoOfSix
{
    [Linear(138, 36)]
    public partial Linear A { get; }

    [Linear(36, 7)]
    public partial Linear B { get; }

    private Activation Forward([Input(138)] Activation x) => x.Through(A).Through(B);
}

[SparseModel, NMSparse(2, 6, Policy = MaskPolicy.Static)]
internal sealed partial class RowsTwoOfSixStatic
{
    [Linear(138, 36)]
    public partial Linear A { get; }

    [Linear(36, 7)]
    public partial Linear B { get; }

    private Activation Forward([Input(138)] Activation x) => x.Through(A).Through(B);
}

[SparseModel, NMSparse(2, 4, Policy = MaskPolicy.SoftThreshold)]
internal sealed partial class RowsTwoOfFourSoft
{
    [Linear(268, 260)]
    public partial Linear A { get; }

    [Linear(260, 10)]
    public partial Linear B { get; }

    private Activation Forward([Input(268)] Activation x) => x.Through(A).Through(B);
}

[SparseModel, NMSparse(2, 4, Policy = MaskPolicy.BiMask)]
internal sealed partial class RowsTwoOfFourBi
{
    [Linear(268, 260)]
    public partial Linear A { get; }

    [Linear(260, 10)]
    public partial Linear B { get; }

    private Activation Forward([Input(268)] Activation x) => x.Through(A).Through(B);
}

[SparseModel, NMSparse(4, 8, Policy = MaskPolicy.SoftThreshold)]
internal sealed partial class RowsFourOfEightSoft
{
    [Linear(136, 24)]
    public partial Linear A { get; }

    private Activation Forward([Input(136)] Activation x) => x.Through(A);
}

[SparseModel, NMSparse(3, 5, Policy = MaskPolicy.SoftThreshold)]
internal sealed partial class RowsThreeOfFiveSoft
{
    [Linear(135, 20)]
    public partial Linear A { get; }

    private Activation Forward([Input(135)] Activation x) => x.Through(A);
}
