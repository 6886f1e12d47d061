using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>The windows of a pooling, each of which becomes a pixel.</summary>
/// <param name="Vertical">In rows.</param>
/// <param name="Horizontal">In columns.</param>
/// <param name="Ceil">Whether a last window that is not whole counts.</param>
internal sealed record PoolWindow(PoolAxis Vertical, PoolAxis Horizontal, bool Ceil)
{
    private const int Kernel = 0, Stride = 1, Padding = 2, LastOfCeil = 3, KernelWidth = 4, StrideWidth = 5, PaddingWidth = 6;

    /// <summary>The constants of the methods, in order; further ones may follow.</summary>
    public static IReadOnlyList<ConstantParameter> Parameters { get; } =
    [
        ConstantParameter.Integer("kernel", least: 1),
        ConstantParameter.Integer("stride", least: 1, otherwise: 0),
        ConstantParameter.Integer("padding", least: 0, otherwise: 0),
        ConstantParameter.Flag("ceil", otherwise: false),
        ConstantParameter.Integer("kernelWidth", least: 1, otherwise: 0),
        ConstantParameter.Integer("strideWidth", least: 1, otherwise: 0),
        ConstantParameter.Integer("paddingWidth", least: 0, otherwise: -1),
    ];

    /// <summary>The windows of a call.</summary>
    public static PoolWindow Of(IReadOnlyList<float> constants)
    {
        var (kernel, stride, padding) = ((int)constants[Kernel], (int)constants[Stride], (int)constants[Padding]);
        var width = constants[KernelWidth] > 0 ? (int)constants[KernelWidth] : kernel;
        var strideWidth = constants[StrideWidth] > 0 ? (int)constants[StrideWidth] : stride > 0 ? stride : width;
        var paddingWidth = constants[PaddingWidth] >= 0 ? (int)constants[PaddingWidth] : padding;
        return new(
            new(kernel, stride > 0 ? stride : kernel, padding), new(width, strideWidth, paddingWidth), constants[LastOfCeil] > 0);
    }

    /// <summary>What is read for a part of the result.</summary>
    public PartWindow PartWindow => new(
        Vertical.Stride, Horizontal.Stride, Math.Max(0, Math.Max(Vertical.PartBorder, Horizontal.PartBorder)))
    {
        Joins = true,
    };

    /// <summary>The constant that does not go with the others.</summary>
    public static ConstantFault? Check(IReadOnlyList<float> constants)
    {
        var window = Of(constants);
        if (!window.Vertical.IsPaddingValid)
            return Fault(Padding, window.Vertical);
        return window.Horizontal.IsPaddingValid ? null : Fault(constants[PaddingWidth] >= 0 ? PaddingWidth : Padding, window.Horizontal);

        static ConstantFault Fault(int constant, PoolAxis axis) => new(
            constant, Descriptors.OperationNumber, $"at most {Words.Number(axis.Kernel / 2)}, which is half of the kernel");
    }

    /// <summary>The shape of the result, or the unknown one where that is reported.</summary>
    public Shape Infer(OperandShapes operands)
    {
        if (!operands.ExpectImage())
            return Shape.Unknown;
        var image = operands[0];
        var (rows, columns) = (Vertical.Results(image.Dimensions[1], Ceil), Horizontal.Results(image.Dimensions[2], Ceil));
        if (rows > 0 && columns > 0)
            return Shape.Image(image.Dimensions[0], rows, columns);
        operands.Report(
            $"has windows of {Words.Number(Vertical.Kernel)} x {Words.Number(Horizontal.Kernel)} pixels, more than its input with padding "
                + "has",
            "make the window smaller, or pool less before");
        return Shape.Unknown;
    }

    /// <summary>The windows as arguments of the runtime.</summary>
    public IEnumerable<Argument> Arguments() => [Vertical.Argument, Horizontal.Argument];

    /// <summary>For example <c>3 x 3, stride 2</c>.</summary>
    public override string ToString()
    {
        var kernel = $"{Words.Number(Vertical.Kernel)} x {Words.Number(Horizontal.Kernel)}";
        var stride = Vertical.Stride == Horizontal.Stride
            ? Words.Number(Vertical.Stride)
            : $"{Words.Number(Vertical.Stride)} x {Words.Number(Horizontal.Stride)}";
        return $"{kernel}, stride {stride}";
    }
}

/// <summary>The windows in a direction.</summary>
/// <param name="Kernel">Pixels of a window.</param>
/// <param name="Stride">From a window to the next.</param>
/// <param name="Padding">Pixels around the image that windows may reach over.</param>
internal readonly record struct PoolAxis(int Kernel, int Stride, int Padding)
{
    public bool IsPaddingValid => Padding <= Kernel / 2;

    /// <summary>Lines around a part of the image that windows of a part of the result reach over.</summary>
    public int PartBorder => Math.Max(Padding, Kernel - Stride - Padding);

    public Argument Argument =>
        Operations.Argument.Text($"new({Words.Number(Kernel)}, {Words.Number(Stride)}, {Words.Number(Padding)})");

    /// <summary>How many windows there are; 0 where the image is too small for one.</summary>
    public int Results(int size, bool ceil)
    {
        var room = size + (2L * Padding) - Kernel;
        if (room < 0)
            return 0;
        var results = ceil ? ((room + Stride - 1) / Stride) + 1 : (room / Stride) + 1;

        // A window that begins behind the image has nothing to look at.
        return (int)((results - 1) * Stride >= size + Padding ? results - 1 : results);
    }
}
