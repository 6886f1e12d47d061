using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>
/// The gradient of the weights that exist: <c>dw = dy * x</c>, for a batch of any size. Tables and room are made here; a call allocates
/// nothing, except where vectors lie at distances that are new.
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
    /// <param name="x">A value of the input's layout, with a border of zeros.</param>
    /// <param name="dy">A value of the layout of the output's gradient; lanes without a sample are 0.</param>
    /// <param name="target">Receives the gradient, in the order of the parameter.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="member">The member.</param>
    /// <param name="members">How many there are.</param>
    public void Run(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> target, bool accumulate = false, int member = 0, int members = 1)
    {
        Input.Check(x.Length);
        Gradient.Check(dy.Length);
        fixed (float* input = x, gradient = dy)
            Run(input, Input.VectorStride, gradient, Gradient.VectorStride, Input.Vectors, target, accumulate, member, members);
    }

    /// <summary>The same for a batch of any number of vectors of samples, which lie at equal distances.</summary>
    /// <param name="x">The first vector of the input, with a border of zeros.</param>
    /// <param name="xStride">From a vector of the input to the next, in floats.</param>
    /// <param name="dy">The first vector of the gradient of the output; lanes without a sample are 0.</param>
    /// <param name="dyStride">From a vector of the gradient to the next, in floats.</param>
    /// <param name="vectors">Vectors of samples.</param>
    /// <param name="target">Receives the gradient, in the order of the parameter.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="member">The member.</param>
    /// <param name="members">How many there are.</param>
    public void Run(
        float* x, nint xStride, float* dy, nint dyStride, int vectors, Span<float> target, bool accumulate = false, int member = 0,
        int members = 1)
    {
        ConvolutionProduct.CheckMember(member, members);
        CheckVectors(vectors, xStride, dyStride);
        if (target.Length != _weights.Parameters)
            throw new ArgumentException($"The parameter has {_weights.Parameters} weights, not {target.Length}.", nameof(target));
        if (_version != _weights.Forward.Version)
            throw new InvalidOperationException("The mask of the weights has changed, and their gradient has not followed.");
        var units = (long)_calls.Blocks * _calls.Tiles;
        var (first, end) = ((int)(units * member / members), (int)(units * (member + 1) / members));
        var table = _pixels.Table(xStride, dyStride);
        var parts = (vectors + table.Vectors - 1) / table.Vectors;
        var run = new ConvolutionGradientRun { ChannelStride = Gradient.ChannelStride };
        for (var part = 0; part < parts; part++)
        {
            var vector = (int)((long)vectors * part / parts);
            var count = (int)((long)vectors * (part + 1) / parts) - vector;
            run.X = x + (vector * xStride);
            run.DY = dy + (vector * dyStride);
            for (var block = 0; block < _pixels.Blocks; block++)
            {
                run.Accumulate = part + block > 0;
                RunBlock(ref run, (table, count, block), first, end);
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
        Gradient.Check(dy.Length);
        fixed (float* gradient = dy)
            RunBias(gradient, Gradient.VectorStride, Gradient.Vectors, target, accumulate, member, members);
    }

    /// <summary>The same for a batch of any number of vectors of samples, which lie at equal distances.</summary>
    /// <param name="dy">The first vector of the gradient of the output; lanes without a sample are 0.</param>
    /// <param name="dyStride">From a vector to the next, in floats.</param>
    /// <param name="vectors">Vectors of samples.</param>
    /// <param name="target">Receives a number for each channel.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="member">The member.</param>
    /// <param name="members">How many there are.</param>
    public void RunBias(
        float* dy, nint dyStride, int vectors, Span<float> target, bool accumulate = false, int member = 0, int members = 1)
    {
        ConvolutionProduct.CheckMember(member, members);
        CheckVectors(vectors, dyStride, dyStride);
        if (target.Length != Gradient.Channels)
            throw new ArgumentException($"There are {Gradient.Channels} channels, not {target.Length}.", nameof(target));
        var sums = stackalloc float[8];
        var run = new LineRun
        {
            Columns = Gradient.Size.Columns,
            Rows = Gradient.Size.Rows,
            RowStride = Gradient.RowStride,
            Vectors = vectors,
            VectorStride = dyStride,
            Sum = sums,
        };
        var (first, end) = ((int)((long)target.Length * member / members), (int)((long)target.Length * (member + 1) / members));
        for (var channel = first; channel < end; channel++)
        {
            run.Lines = dy + Gradient.Offset(0, channel, 0, 0);
            ConvolutionKernel.Run<LineSums, LineRun>(in run);
            target[channel] = accumulate ? target[channel] + *sums : *sums;
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
    private void RunBlock(ref ConvolutionGradientRun run, (PixelTable Table, int Vectors, int Block) pixels, int first, int end)
    {
        var together = Math.Max(4, CacheFloats / (_pixels.BlockPixels * pixels.Vectors * ConvolutionTiles.Rows * PanelGeometry.Lanes));
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

    private void RunUnit(
        ref ConvolutionGradientRun run, (PixelTable Table, int Vectors, int Block) pixels, ReadOnlySpan<GradientRecord> records)
    {
        foreach (ref readonly var record in records)
        {
            var (list, count) = pixels.Table.Of(pixels.Vectors, pixels.Block, record.List);
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

    private static void CheckVectors(int vectors, nint xStride, nint dyStride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vectors, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(xStride);
        ArgumentOutOfRangeException.ThrowIfNegative(dyStride);
    }

    private void WriteBack(Span<float> target, bool accumulate, int firstUnit, int endUnit)
    {
        var source = _calls.Source;
        var sums = _sums.Pointer;
        var end = _calls.FirstSum(endUnit);
        for (var i = _calls.FirstSum(firstUnit); i < end; i++)
        {
            var position = source[i];
            if (position >= 0)
                target[position] = accumulate ? target[position] + sums[i] : sums[i];
        }
    }
}
