using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>
/// The gradient of the weights that exist: <c>dw = dy * x</c>, for a batch of a given size. Tables and room are made here; a call allocates
/// nothing.
/// </summary>
internal sealed unsafe class ConvolutionWeightGradient : IDisposable
{
    /// <summary>Floats of the gradient of the output that stay in the second-level cache.</summary>
    private const int CacheFloats = 64 * 1024;

    private readonly PixelLists _pixels;
    private readonly GradientCalls _calls;
    private readonly PinnedBuffer<float> _sums;
    private readonly ConvolutionWeights _weights;
    private int _version;

    /// <param name="weights">The weights.</param>
    /// <param name="x">Layout of the input; its border is at least <see cref="ConvolutionShape.InputBorder"/>.</param>
    /// <param name="dy">Layout of the gradient of the output.</param>
    public ConvolutionWeightGradient(ConvolutionWeights weights, ImageLayout x, ImageLayout dy)
    {
        weights.Check(x, dy);
        (Input, Gradient, _weights, _version) = (x, dy, weights, weights.Forward.Version);
        var phase = TapPhase.Forward(weights.Shape);
        if (phase.Border > x.Border)
            throw new ArgumentException($"{x} is read {phase.Border} lines beyond the image.", nameof(x));
        _pixels = new PixelLists(phase, x, dy, weights.Forward.GroupChannels, weights.Forward.Density);
        _calls = new GradientCalls(new ColumnPlaces(weights.Forward, phase, x), _pixels.HasListPerTap, _pixels.BlockChannels);
        _sums = new PinnedBuffer<float>(_calls.Sums);
        Arrange();
    }

    /// <summary>Layout of the input.</summary>
    public ImageLayout Input { get; }

    /// <summary>Layout of the gradient of the output.</summary>
    public ImageLayout Gradient { get; }

    /// <summary>
    /// Follows the weights to another mask (<see cref="ConvolutionWeights.Update(Mask?, Mask?)"/>): finds out which calls it takes. One
    /// member does, and all of them then <see cref="Arrange"/> the calls. Memory is reused unless a mask needs more than any before.
    /// </summary>
    /// <returns>Whether the mask has changed.</returns>
    public bool Update()
    {
        if (_version == _weights.Forward.Version)
            return false;
        _calls.Update();
        PackedWeights.Grow(_sums, _calls.Sums);
        _version = _weights.Forward.Version;
        return true;
    }

    /// <summary>Writes a member's share of the tables, after <see cref="Update"/>. All members are done before the next run.</summary>
    /// <param name="member">The member.</param>
    /// <param name="members">How many there are.</param>
    public void Arrange(int member = 0, int members = 1)
    {
        ConvolutionProduct.CheckMember(member, members);
        _calls.Arrange(member, members);
    }

    /// <summary>Computes a member's share. Results do not depend on the number of members.</summary>
    /// <param name="x">The input, with a border of zeros.</param>
    /// <param name="dy">The gradient of the output; lanes without a sample are 0.</param>
    /// <param name="target">Receives the gradient, in the order of the parameter.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="member">The member.</param>
    /// <param name="members">How many there are.</param>
    public void Run(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> target, bool accumulate = false, int member = 0, int members = 1)
    {
        ConvolutionProduct.CheckMember(member, members);
        Input.Check(x.Length);
        Gradient.Check(dy.Length);
        if (target.Length != _weights.Parameters)
            throw new ArgumentException($"The parameter has {_weights.Parameters} weights, not {target.Length}.", nameof(target));
        if (_version != _weights.Forward.Version)
            throw new InvalidOperationException("The mask of the weights has changed, and their gradient has not followed.");
        var units = (long)_calls.Blocks * _calls.Tiles;
        var (first, end) = ((int)(units * member / members), (int)(units * (member + 1) / members));
        fixed (float* input = x, gradient = dy)
        {
            var run = new ConvolutionGradientRun { X = input, DY = gradient, ChannelStride = Gradient.ChannelStride };
            for (var block = 0; block < _pixels.Blocks; block++)
            {
                run.Accumulate = block > 0;
                RunBlock(ref run, block, first, end);
            }
        }
        WriteBack(target, accumulate, first, end);
        GC.KeepAlive(this);
    }

    /// <summary>The gradient of the bias: the sum of that of the output, for a member's share of the channels.</summary>
    /// <param name="dy">The gradient of the output; lanes without a sample are 0.</param>
    /// <param name="target">Receives a number for each channel.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="member">The member.</param>
    /// <param name="members">How many there are.</param>
    public void RunBias(ReadOnlySpan<float> dy, Span<float> target, bool accumulate = false, int member = 0, int members = 1)
    {
        ConvolutionProduct.CheckMember(member, members);
        Gradient.Check(dy.Length);
        if (target.Length != Gradient.Channels)
            throw new ArgumentException($"There are {Gradient.Channels} channels, not {target.Length}.", nameof(target));
        var sums = stackalloc float[8];
        fixed (float* gradient = dy)
        {
            var run = new LineRun
            {
                Columns = Gradient.Size.Columns,
                Rows = Gradient.Size.Rows,
                RowStride = Gradient.RowStride,
                Vectors = Gradient.Vectors,
                VectorStride = Gradient.VectorStride,
                Sum = sums,
            };
            var (first, end) = ((int)((long)target.Length * member / members), (int)((long)target.Length * (member + 1) / members));
            for (var channel = first; channel < end; channel++)
            {
                run.Lines = gradient + Gradient.Offset(0, channel, 0, 0);
                ConvolutionKernel.Run<LineSums, LineRun>(in run);
                target[channel] = accumulate ? target[channel] + *sums : *sums;
            }
        }
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _calls.Dispose();
        _sums.Dispose();
    }

    /// <summary>
    /// A block of pixels, for the units of a member; rows in parts whose gradients stay in the second-level cache for all columns.
    /// </summary>
    private void RunBlock(ref ConvolutionGradientRun run, int pixels, int first, int end)
    {
        var together = Math.Max(4, CacheFloats / (_pixels.BlockPixels * ConvolutionTiles.Rows * PanelGeometry.Lanes));
        for (var part = 0; part < _calls.Tiles; part += together)
        {
            for (var block = first / _calls.Tiles; block * _calls.Tiles < end; block++)
            {
                var from = Math.Max(part, first - (block * _calls.Tiles));
                var to = Math.Min(Math.Min(_calls.Tiles, part + together), end - (block * _calls.Tiles));
                for (var tile = from; tile < to; tile++)
                    RunUnit(ref run, pixels, _calls.Unit(block, tile));
            }
        }
    }

    private void RunUnit(ref ConvolutionGradientRun run, int pixels, ReadOnlySpan<GradientRecord> records)
    {
        foreach (ref readonly var record in records)
        {
            var (list, count) = _pixels.Of(pixels, record.List);
            if (count == 0 && run.Accumulate)
                continue;
            run.Pixels = (int*)list;
            run.PixelCount = count;
            run.Rows = _calls.Rows + record.Rows;
            run.Index = _calls.Index + record.Index;
            run.Target = _sums.Pointer + record.Target;
            run.Calls = record.Calls;
            switch (record.Kernel)
            {
                case GradientKernel.Columns: ConvolutionGradient.Columns(in run); break;
                case GradientKernel.Pairs: ConvolutionGradient.Pairs(in run); break;
                default: ConvolutionGradient.Singles(in run); break;
            }
        }
    }

    private void WriteBack(Span<float> target, bool accumulate, int firstUnit, int endUnit)
    {
        var source = _calls.Source;
        var sums = _sums.Pointer;
        for (var unit = firstUnit; unit < endUnit; unit++)
        {
            foreach (ref readonly var record in _calls.Unit(unit / _calls.Tiles, unit % _calls.Tiles))
            {
                for (nint i = record.Target; i < record.Target + record.Sums; i++)
                {
                    var position = source[i];
                    if (position >= 0)
                        target[position] = accumulate ? target[position] + sums[i] : sums[i];
                }
            }
        }
    }
}
