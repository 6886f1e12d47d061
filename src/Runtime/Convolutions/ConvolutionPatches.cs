using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>Patches of images as the weights of a convolution see them: tap by tap, channels inside.</summary>
/// <param name="shape">The convolution.</param>
/// <param name="input">Layout of the images, whose border is 0 as far as it is read.</param>
internal sealed unsafe class ConvolutionPatches(ConvolutionShape shape, ImageLayout input) : IPatchReader
{
    public int Groups => shape.Groups;

    public int Places => shape.Output.Area;

    public void Read(float* images, int lane, int group, int place, Span<float> target)
    {
        var (row, column) = Math.DivRem(place, shape.Output.Columns);
        var next = 0;
        for (var tap = 0; tap < shape.Taps; tap++)
        {
            var (tapRow, tapColumn) = Math.DivRem(tap, shape.Kernel.Columns);
            var first = input.Offset(
                0, group * shape.GroupInputs, (row * shape.Stride.Rows) + (tapRow * shape.Dilation.Rows) - shape.Padding.Top,
                (column * shape.Stride.Columns) + (tapColumn * shape.Dilation.Columns) - shape.Padding.Left);
            for (var channel = 0; channel < shape.GroupInputs; channel++)
                target[next++] = images[first + (channel * input.ChannelStride) + lane];
        }
    }
}
