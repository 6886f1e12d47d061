using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>
/// Sums of each channel of an output and of their squares: what batch normalization needs in training. Parts of the pixels have sums of
/// their own, which are added up in one order, so the result does not depend on the number of workers.
/// </summary>
internal sealed unsafe class ChannelSums : IDisposable
{
    private readonly ConvolutionProduct _product;
    private readonly PinnedBuffer<float> _sums;

    /// <param name="product">What will fill the sums.</param>
    public ChannelSums(ConvolutionProduct product)
    {
        _product = product;
        _sums = new PinnedBuffer<float>((long)product.Parts * PartLength);
    }

    /// <summary>Mean and biased variance of a channel, over all samples and pixels.</summary>
    public (double Mean, double Variance) Moments(int channel) => MomentsOf(_product.Output.Samples, channel);

    /// <summary>The same for a batch that did not have all samples of the layout.</summary>
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="channel">The channel.</param>
    public (double Mean, double Variance) MomentsOf(int samples, int channel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)channel, (uint)_product.Output.Channels, nameof(channel));
        var (sum, squares) = (0.0, 0.0);
        for (var part = 0; part < _product.Parts; part++)
        {
            var sums = Part(part) + (channel * 2 * PanelGeometry.Lanes);
            for (var lane = 0; lane < PanelGeometry.Lanes; lane++)
            {
                sum += sums[lane];
                squares += sums[PanelGeometry.Lanes + lane];
            }
        }
        var count = (double)samples * _product.Output.Size.Area;
        var mean = sum / count;
        return (mean, Math.Max(0, (squares / count) - (mean * mean)));
    }

    public void Dispose() => _sums.Dispose();

    /// <summary>The sums of a part, at channel 0.</summary>
    internal float* Part(int part) => _sums.Pointer + ((nint)part * PartLength);

    /// <summary>Clears the sums of a channel.</summary>
    internal static void Clear(float* part, int channel) =>
        new Span<float>(part + (channel * 2 * PanelGeometry.Lanes), 2 * PanelGeometry.Lanes).Clear();

    internal void Check(ConvolutionProduct product)
    {
        if (product != _product)
            throw new ArgumentException("The sums belong to another product.", nameof(product));
    }

    private int PartLength => checked(_product.Output.Channels * 2 * PanelGeometry.Lanes);
}
