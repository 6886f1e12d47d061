using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SparseSharp.Kernels;

namespace SparseSharp.Normalisation;

/// <summary>
/// The loops of normalisations over a panel, for one vector width: values are read once, in the order in which they lie. What belongs to a
/// channel is a line: a number for each column of the panel.
/// </summary>
/// <remarks>Bound by memory: a pixel takes one load of each value, and two or three multiply-adds.</remarks>
internal static unsafe class NormKernel<TPath, TVector>
    where TPath : struct, IVectorPath<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// Mean, sum and sum of squares of each channel of images, column by column of the panel. Sums are of distances from the mean of the
    /// first row: that is never so far from the mean of all that squares lose digits.
    /// </summary>
    [MethodImpl(Jit.Leaf)]
    public static void Sums(float* x, float* pivots, float* sums, float* squares, in ChannelLines lines, int first, int end)
    {
        for (var row = 0; row < lines.Rows; row++)
        {
            for (var channel = first; channel < end; channel++)
            {
                var run = x + (lines.Line(channel, row) * TPath.Lanes);
                var at = (nint)channel * TPath.Lanes;
                if (row == 0)
                    Mean(run, lines.Columns, pivots + at);
                var pivot = TPath.MultiplyAdd(Load(pivots + at), TPath.Create(-1), TPath.Zero);
                var (s0, s1, q0, q1) = (TPath.Zero, TPath.Zero, TPath.Zero, TPath.Zero);
                var column = 0;
                for (; column + 2 <= lines.Columns; column += 2, run += 2 * TPath.Lanes)
                {
                    var (d0, d1) = (TPath.Add(Load(run), pivot), TPath.Add(Load(run + TPath.Lanes), pivot));
                    (s0, s1) = (TPath.Add(s0, d0), TPath.Add(s1, d1));
                    (q0, q1) = (TPath.MultiplyAdd(d0, d0, q0), TPath.MultiplyAdd(d1, d1, q1));
                }
                if (column < lines.Columns)
                {
                    var d = TPath.Add(Load(run), pivot);
                    (s0, q0) = (TPath.Add(s0, d), TPath.MultiplyAdd(d, d, q0));
                }
                AddTo(sums + at, TPath.Add(s0, s1), row > 0);
                AddTo(squares + at, TPath.Add(q0, q1), row > 0);
            }
        }
    }

    /// <summary><c>y = (x - mean)·inverse·factor + term</c>, then ReLU where it is fused.</summary>
    [MethodImpl(Jit.Leaf)]
    public static void Normalise(float* x, float* y, in NormRun run, bool relu)
    {
        ref readonly var lines = ref run.Lines;
        for (var row = 0; row < lines.Rows; row++)
        {
            for (var channel = run.First; channel < run.End; channel++)
            {
                var (start, at) = (lines.Line(channel, row) * run.Width, channel * run.Stride);
                var (factor, term) = (TPath.Create(run.Factor(channel)), TPath.Create(run.Term(channel)));
                for (nint vector = 0; vector < run.Width; vector += TPath.Lanes)
                {
                    var mean = TPath.MultiplyAdd(Load(run.Means + at + vector), TPath.Create(-1), TPath.Zero);
                    var scale = TPath.MultiplyAdd(Load(run.Inverses + at + vector), factor, TPath.Zero);
                    var source = x + start + vector;
                    var target = y + start + vector;
                    for (var column = 0; column < lines.Columns; column++, source += run.Width, target += run.Width)
                    {
                        var value = TPath.MultiplyAdd(TPath.Add(Load(source), mean), scale, term);
                        Store(relu ? TPath.Relu(value) : value, target);
                    }
                }
            }
        }
    }

    /// <summary><c>y = x·scale + shift</c>, then ReLU where it is fused.</summary>
    [MethodImpl(Jit.Leaf)]
    public static void Scale(
        float* x, float* y, in ChannelLines lines, nint width, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, int first, int end,
        bool relu)
    {
        for (var row = 0; row < lines.Rows; row++)
        {
            for (var channel = first; channel < end; channel++)
            {
                var start = lines.Line(channel, row) * width;
                var (factor, term) = (TPath.Create(scale[channel]), TPath.Create(shift[channel]));
                var last = start + (lines.Columns * width);
                for (var at = start; at < last; at += TPath.Lanes)
                {
                    var value = TPath.MultiplyAdd(Load(x + at), factor, term);
                    Store(relu ? TPath.Relu(value) : value, y + at);
                }
            }
        }
    }

    /// <summary>
    /// Sums of gradients of images, and of their products with normalised values, for each channel and column of the panel.
    /// </summary>
    [MethodImpl(Jit.Leaf)]
    public static void GradSums(
        float* x, float* dy, float* means, float* inverses, float* sums, float* products, in ChannelLines lines, int first, int end)
    {
        for (var row = 0; row < lines.Rows; row++)
        {
            for (var channel = first; channel < end; channel++)
            {
                var (start, at) = (lines.Line(channel, row) * TPath.Lanes, (nint)channel * TPath.Lanes);
                var source = x + start;
                var gradient = dy + start;
                var mean = TPath.MultiplyAdd(Load(means + at), TPath.Create(-1), TPath.Zero);
                var (s0, s1, p0, p1) = (TPath.Zero, TPath.Zero, TPath.Zero, TPath.Zero);
                var column = 0;
                for (; column + 2 <= lines.Columns; column += 2, source += 2 * TPath.Lanes, gradient += 2 * TPath.Lanes)
                {
                    var (g0, g1) = (Load(gradient), Load(gradient + TPath.Lanes));
                    (s0, s1) = (TPath.Add(s0, g0), TPath.Add(s1, g1));
                    p0 = TPath.MultiplyAdd(g0, TPath.Add(Load(source), mean), p0);
                    p1 = TPath.MultiplyAdd(g1, TPath.Add(Load(source + TPath.Lanes), mean), p1);
                }
                if (column < lines.Columns)
                {
                    var g = Load(gradient);
                    (s0, p0) = (TPath.Add(s0, g), TPath.MultiplyAdd(g, TPath.Add(Load(source), mean), p0));
                }
                AddTo(sums + at, TPath.Add(s0, s1), row > 0);
                AddTo(products + at, TPath.MultiplyAdd(TPath.Add(p0, p1), Load(inverses + at), TPath.Zero), row > 0);
            }
        }
    }

    /// <summary><c>dx = factor·inverse·dy + (x - mean)·slope + term</c>.</summary>
    [MethodImpl(Jit.Leaf)]
    public static void GradInput(float* x, float* dy, float* dx, float* terms, float* slopes, in NormRun run, bool accumulate)
    {
        ref readonly var lines = ref run.Lines;
        for (var row = 0; row < lines.Rows; row++)
        {
            for (var channel = run.First; channel < run.End; channel++)
            {
                var (start, at) = (lines.Line(channel, row) * run.Width, channel * run.Stride);
                var factor = TPath.Create(run.Factor(channel));
                for (nint vector = 0; vector < run.Width; vector += TPath.Lanes)
                {
                    var mean = TPath.MultiplyAdd(Load(run.Means + at + vector), TPath.Create(-1), TPath.Zero);
                    var scale = TPath.MultiplyAdd(Load(run.Inverses + at + vector), factor, TPath.Zero);
                    var (term, slope) = (Load(terms + at + vector), Load(slopes + at + vector));
                    var offset = start + vector;
                    for (var column = 0; column < lines.Columns; column++, offset += run.Width)
                    {
                        var value = TPath.MultiplyAdd(Load(dy + offset), scale, term);
                        value = TPath.MultiplyAdd(TPath.Add(Load(x + offset), mean), slope, value);
                        Store(accumulate ? TPath.Add(value, Load(dx + offset)) : value, dx + offset);
                    }
                }
            }
        }
    }

    [MethodImpl(Jit.Inline)]
    private static void Mean(float* run, int columns, float* mean)
    {
        var sum = TPath.Zero;
        for (var column = 0; column < columns; column++)
            sum = TPath.Add(sum, Load(run + ((nint)column * TPath.Lanes)));
        Store(TPath.MultiplyAdd(sum, TPath.Create(1f / columns), TPath.Zero), mean);
    }

    [MethodImpl(Jit.Inline)]
    private static void AddTo(float* sums, TVector value, bool accumulate) =>
        Store(accumulate ? TPath.Add(Load(sums), value) : value, sums);

    [MethodImpl(Jit.Inline)]
    private static TVector Load(float* source) => TPath.Load(ref *source, 0);

    [MethodImpl(Jit.Inline)]
    private static void Store(TVector value, float* target) => TPath.Store(value, ref *target, 0);
}

/// <summary>What a loop over a panel goes through, and by what it normalises.</summary>
/// <param name="learned">The factors and terms of channels; null where there are none.</param>
/// <param name="lines">Where the values lie.</param>
/// <param name="width">Numbers of a line.</param>
/// <param name="share">The channels of the calling member.</param>
/// <param name="means">A line for each channel, or one for all.</param>
/// <param name="inverses">The same of inverses.</param>
internal readonly unsafe ref struct NormRun(
    (Parameter? Factors, Parameter? Terms) learned, ChannelLines lines, int width, (int First, int End) share, float* means, float* inverses)
{
    private readonly ReadOnlySpan<float> _factors = learned.Factors is { } factors ? factors.Values : [];
    private readonly ReadOnlySpan<float> _terms = learned.Terms is { } terms ? terms.Values : [];

    public readonly ChannelLines Lines = lines;

    public readonly float* Means = means;

    public readonly float* Inverses = inverses;

    public nint Width { get; } = width;

    /// <summary>From the statistics of a channel to those of the next; 0 where all have the same.</summary>
    public nint Stride { get; init; } = width;

    public int First { get; } = share.First;

    public int End { get; } = share.End;

    public float Factor(int channel) => _factors.IsEmpty ? 1 : _factors[channel];

    public float Term(int channel) => _terms.IsEmpty ? 0 : _terms[channel];
}

/// <summary>The loops for the vectors of this processor.</summary>
internal static unsafe class NormKernels
{
    public static void Sums(float* x, float* pivots, float* sums, float* squares, in ChannelLines lines, (int First, int End) share)
    {
        if (PanelGeometry.Has512)
            NormKernel<Path512, Vector512<float>>.Sums(x, pivots, sums, squares, in lines, share.First, share.End);
        else if (PanelGeometry.Has256)
            NormKernel<Path256, Vector256<float>>.Sums(x, pivots, sums, squares, in lines, share.First, share.End);
        else
            NormKernel<Path128, Vector128<float>>.Sums(x, pivots, sums, squares, in lines, share.First, share.End);
    }

    public static void Normalise(float* x, float* y, in NormRun run, bool relu)
    {
        if (PanelGeometry.Has512)
            NormKernel<Path512, Vector512<float>>.Normalise(x, y, in run, relu);
        else if (PanelGeometry.Has256)
            NormKernel<Path256, Vector256<float>>.Normalise(x, y, in run, relu);
        else
            NormKernel<Path128, Vector128<float>>.Normalise(x, y, in run, relu);
    }

    public static void Scale(
        float* x, float* y, in ChannelLines lines, int width, BatchNormalisation norm, (int First, int End) share, bool relu)
    {
        var scale = norm.Scale;
        var shift = norm.Shift;
        if (PanelGeometry.Has512)
            NormKernel<Path512, Vector512<float>>.Scale(x, y, in lines, width, scale, shift, share.First, share.End, relu);
        else if (PanelGeometry.Has256)
            NormKernel<Path256, Vector256<float>>.Scale(x, y, in lines, width, scale, shift, share.First, share.End, relu);
        else
            NormKernel<Path128, Vector128<float>>.Scale(x, y, in lines, width, scale, shift, share.First, share.End, relu);
    }

    public static void GradSums(
        float* x, float* dy, float* means, float* inverses, float* sums, float* products, in ChannelLines lines, (int First, int End) share)
    {
        var (first, end) = share;
        if (PanelGeometry.Has512)
            NormKernel<Path512, Vector512<float>>.GradSums(x, dy, means, inverses, sums, products, in lines, first, end);
        else if (PanelGeometry.Has256)
            NormKernel<Path256, Vector256<float>>.GradSums(x, dy, means, inverses, sums, products, in lines, first, end);
        else
            NormKernel<Path128, Vector128<float>>.GradSums(x, dy, means, inverses, sums, products, in lines, first, end);
    }

    /// <summary>Whether ReLU is fused; no other activation is.</summary>
    public static bool IsRelu(ActivationKind kind) => kind switch
    {
        ActivationKind.None => false,
        ActivationKind.Relu => true,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Normalisations fuse ReLU alone."),
    };

    public static void GradInput(float* x, float* dy, float* dx, float* terms, float* slopes, in NormRun run, bool accumulate)
    {
        if (PanelGeometry.Has512)
            NormKernel<Path512, Vector512<float>>.GradInput(x, dy, dx, terms, slopes, in run, accumulate);
        else if (PanelGeometry.Has256)
            NormKernel<Path256, Vector256<float>>.GradInput(x, dy, dx, terms, slopes, in run, accumulate);
        else
            NormKernel<Path128, Vector128<float>>.GradInput(x, dy, dx, terms, slopes, in run, accumulate);
    }
}
