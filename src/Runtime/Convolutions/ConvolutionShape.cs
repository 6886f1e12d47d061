using SparseSharp.Kernels;
using SparseSharp.Settings;

namespace SparseSharp.Convolutions;

/// <summary>Rows and columns of zeros around an image.</summary>
internal readonly record struct Margins(int Top, int Left, int Bottom, int Right)
{
    /// <summary>The same on all sides.</summary>
    public static Margins All(int size) => new(size, size, size, size);
}

/// <summary>
/// A convolution of two dimensions, as PyTorch defines it. Weights are <c>[outputs, taps·inputs/groups]</c>: tap by tap, channels inside.
/// </summary>
internal sealed record ConvolutionShape
{
    private const int Most = 1 << 20;

    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="image">Size of the input.</param>
    /// <param name="kernel">Size of the kernel.</param>
    /// <param name="stride">From an output pixel to the next, in the input; 1 unless given.</param>
    /// <param name="padding">Zeros around the input.</param>
    /// <param name="dilation">From a tap to the next, in the input; 1 unless given.</param>
    /// <param name="groups">Parts of the channels that do not mix.</param>
    /// <exception cref="ArgumentException">There is no such convolution.</exception>
    public ConvolutionShape(
        int inputs, int outputs, Extent image, Extent kernel, Extent? stride = null, Margins padding = default, Extent? dilation = null,
        int groups = 1)
    {
        (Inputs, Outputs, Image, Kernel, Padding, Groups) = (inputs, outputs, image, kernel, padding, groups);
        (Stride, Dilation) = (stride ?? Extent.Square(1), dilation ?? Extent.Square(1));
        Check(inputs, nameof(inputs));
        Check(outputs, nameof(outputs));
        Check(groups, nameof(groups));
        Check(image, nameof(image));
        Check(kernel, nameof(kernel));
        Check(Stride, nameof(stride));
        Check(Dilation, nameof(dilation));
        if (Math.Min(Math.Min(padding.Top, padding.Left), Math.Min(padding.Bottom, padding.Right)) < 0)
            throw new ArgumentException($"The padding {padding} has a negative side.", nameof(padding));
        if (inputs % groups != 0 || outputs % groups != 0)
            throw new ArgumentException($"{inputs} and {outputs} channels cannot be cut into {groups} groups.", nameof(groups));
        Output = new(
            new WindowAxis(kernel.Rows, Stride.Rows, padding.Top, padding.Bottom, Dilation.Rows).Output(image.Rows),
            new WindowAxis(kernel.Columns, Stride.Columns, padding.Left, padding.Right, Dilation.Columns).Output(image.Columns));
        if (Output.Rows < 1 || Output.Columns < 1)
        {
            throw new ArgumentException(
                $"A kernel of {kernel} with dilation {Dilation} does not fit into {image} with padding {padding}.", nameof(kernel));
        }
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public Extent Image { get; }

    public Extent Kernel { get; }

    public Extent Stride { get; }

    public Margins Padding { get; }

    public Extent Dilation { get; }

    public int Groups { get; }

    /// <summary>Size of the output.</summary>
    public Extent Output { get; }

    public int Taps => Kernel.Area;

    /// <summary>Input channels of a group.</summary>
    public int GroupInputs => Inputs / Groups;

    /// <summary>Output channels of a group.</summary>
    public int GroupOutputs => Outputs / Groups;

    /// <summary>Weights of an output channel.</summary>
    public int Columns => checked(Taps * GroupInputs);

    /// <summary>Multiply-adds of one sample, taps on padding included.</summary>
    public long MultiplyAdds => (long)Output.Area * Outputs * Columns;

    /// <summary>Border that the input needs where it is read.</summary>
    public int InputBorder => TapPhase.Forward(this).Border;

    /// <summary>Border that the gradient of the output needs where that of the input is computed.</summary>
    public int GradientBorder => TapPhase.GradInput(this).Max(phase => phase.Border);

    private static void Check(Extent extent, string name)
    {
        Check(extent.Rows, name);
        Check(extent.Columns, name);
    }

    private static void Check(int number, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Most, name);
    }
}
