using SparseSharp.Kernels;
using SparseSharp.Masks;

namespace SparseSharp.Convolutions;

/// <summary>
/// The output of a convolution over images that are cut into parts: a convolution of its own over parts, with the lines around them for
/// padding.
/// </summary>
internal sealed class ConvolutionParts : IDisposable
{
    private readonly ConvolutionWeights _weights;
    private volatile int _madeOf = -1;

    /// <param name="whole">The convolution over whole images.</param>
    /// <param name="input">Layout of the input in parts.</param>
    /// <param name="output">Layout of the output in parts.</param>
    public ConvolutionParts(ConvolutionShape whole, ImageLayout input, ImageLayout output)
    {
        var (padding, stride) = (whole.Padding, whole.Stride);
        var after = new Extent(
            After(whole.Kernel.Rows, whole.Dilation.Rows, stride.Rows, padding.Top),
            After(whole.Kernel.Columns, whole.Dilation.Columns, stride.Columns, padding.Left));
        _weights = new ConvolutionWeights(new(
            whole.Inputs, whole.Outputs, input.Size, whole.Kernel, stride, new(padding.Top, padding.Left, after.Rows, after.Columns),
            whole.Dilation, whole.Groups));
        Product = ConvolutionProduct.Forward(_weights, input, output);
    }

    /// <summary>The product.</summary>
    public ConvolutionProduct Product { get; }

    /// <summary>The changes of the matrix whose weights it has; -1 for none.</summary>
    public int MadeOf => _madeOf;

    /// <summary>Takes weights.</summary>
    /// <param name="mask">Their mask, null where the product runs dense.</param>
    /// <param name="weights">The weights <c>[rows, columns]</c>.</param>
    /// <param name="changes">The changes of the matrix.</param>
    public void Update(Mask? mask, ReadOnlySpan<float> weights, int changes)
    {
        _weights.Update(mask);
        Product.Update();
        Product.Pack(weights);
        _madeOf = changes;
    }

    public void Dispose() => Product.Dispose();

    /// <summary>Lines behind a part that the last window of it reaches over, where windows of the next part follow at the stride.</summary>
    private static int After(int kernel, int dilation, int stride, int before) =>
        Math.Max(0, ((kernel - 1) * dilation) + 1 - stride - before);
}
