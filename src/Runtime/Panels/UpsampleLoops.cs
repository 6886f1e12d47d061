using System.Runtime.CompilerServices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>An image that becomes a larger one, or the gradients of that.</summary>
/// <param name="x">The image, or its gradient.</param>
/// <param name="y">The larger one, or its gradient.</param>
internal readonly unsafe struct UpsampleRun(float* x, float* y)
{
    public float* X { get; } = x;

    public float* Y { get; } = y;

    /// <summary>Layout of the image.</summary>
    public required ImageLayout Input { get; init; }

    /// <summary>Layout of the larger one.</summary>
    public required ImageLayout Output { get; init; }

    /// <summary>How much larger.</summary>
    public required int Factor { get; init; }

    /// <summary>Whether a gradient adds to what is there.</summary>
    public bool Accumulate { get; init; }

    /// <summary>The caller's channels.</summary>
    public required (int First, int End) Channels { get; init; }
}

/// <summary>Each pixel, so many times in a row, and each row so many times.</summary>
internal readonly unsafe struct NearestLoop : ILaneLoop<UpsampleRun>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in UpsampleRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var (input, output, factor) = (run.Input, run.Output, run.Factor);
        var width = output.Size.Columns * TLanes.Count;
        for (var channel = run.Channels.First; channel < run.Channels.End; channel++)
        {
            for (var row = 0; row < input.Size.Rows; row++)
            {
                var source = run.X + input.Offset(0, channel, row, 0);
                var start = run.Y + output.Offset(0, channel, row * factor, 0);
                var target = start;
                for (var column = 0; column < input.Size.Columns; column++)
                {
                    var value = TLanes.Load(source + (column * TLanes.Count));
                    for (var copy = 0; copy < factor; copy++)
                    {
                        value.Store(target);
                        target += TLanes.Count;
                    }
                }
                for (nint copy = 1; copy < factor; copy++)
                    new ReadOnlySpan<float>(start, width).CopyTo(new Span<float>(start + (copy * output.RowStride), width));
            }
        }
    }
}

/// <summary>The sum over the pixels that are copies of one.</summary>
internal readonly unsafe struct NearestGradLoop : ILaneLoop<UpsampleRun>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in UpsampleRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var (input, output, factor) = (run.Input, run.Output, run.Factor);
        for (var channel = run.Channels.First; channel < run.Channels.End; channel++)
        {
            for (var row = 0; row < input.Size.Rows; row++)
            {
                var target = run.X + input.Offset(0, channel, row, 0);
                for (var column = 0; column < input.Size.Columns; column++)
                {
                    var sum = run.Accumulate ? TLanes.Load(target) : TLanes.Create(0);
                    var source = run.Y + output.Offset(0, channel, row * factor, column * factor);
                    for (var r = 0; r < factor; r++)
                    {
                        for (var c = 0; c < factor; c++)
                            sum += TLanes.Load(source + (c * TLanes.Count));
                        source += output.RowStride;
                    }
                    sum.Store(target);
                    target += TLanes.Count;
                }
            }
        }
    }
}

/// <summary>Each pixel between four.</summary>
internal readonly unsafe struct BilinearLoop : ILaneLoop<UpsampleRun>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in UpsampleRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var (input, output, factor) = (run.Input, run.Output, run.Factor);
        for (var channel = run.Channels.First; channel < run.Channels.End; channel++)
        {
            for (var row = 0; row < output.Size.Rows; row++)
            {
                var vertical = PixelShares.Of(row, input.Size.Rows, factor);
                var (upper, lower) = (TLanes.Create(1 - vertical.Share), TLanes.Create(vertical.Share));
                var above = run.X + input.Offset(0, channel, vertical.First, 0);
                var below = run.X + input.Offset(0, channel, vertical.Second, 0);
                var target = run.Y + output.Offset(0, channel, row, 0);
                for (var column = 0; column < output.Size.Columns; column++)
                {
                    var horizontal = PixelShares.Of(column, input.Size.Columns, factor);
                    var (left, right) = (horizontal.First * TLanes.Count, horizontal.Second * TLanes.Count);
                    var (near, far) = (TLanes.Create(1 - horizontal.Share), TLanes.Create(horizontal.Share));
                    var over = (near * TLanes.Load(above + left)) + (far * TLanes.Load(above + right));
                    var under = (near * TLanes.Load(below + left)) + (far * TLanes.Load(below + right));
                    ((upper * over) + (lower * under)).Store(target);
                    target += TLanes.Count;
                }
            }
        }
    }
}

/// <summary>Each pixel gives its gradient to the four that it is between.</summary>
internal readonly unsafe struct BilinearGradLoop : ILaneLoop<UpsampleRun>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in UpsampleRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var (input, output, factor) = (run.Input, run.Output, run.Factor);
        for (var channel = run.Channels.First; channel < run.Channels.End; channel++)
        {
            for (var row = 0; row < input.Size.Rows && !run.Accumulate; row++)
                new Span<float>(run.X + input.Offset(0, channel, row, 0), input.Size.Columns * TLanes.Count).Clear();
            for (var row = 0; row < output.Size.Rows; row++)
            {
                var vertical = PixelShares.Of(row, input.Size.Rows, factor);
                var above = run.X + input.Offset(0, channel, vertical.First, 0);
                var below = run.X + input.Offset(0, channel, vertical.Second, 0);
                var source = run.Y + output.Offset(0, channel, row, 0);
                for (var column = 0; column < output.Size.Columns; column++)
                {
                    var horizontal = PixelShares.Of(column, input.Size.Columns, factor);
                    var (left, right) = (horizontal.First * TLanes.Count, horizontal.Second * TLanes.Count);
                    var gradient = TLanes.Load(source);
                    var (upper, lower) = (gradient * TLanes.Create(1 - vertical.Share), gradient * TLanes.Create(vertical.Share));
                    var (near, far) = (TLanes.Create(1 - horizontal.Share), TLanes.Create(horizontal.Share));
                    Add(above + left, upper * near);
                    Add(above + right, upper * far);
                    Add(below + left, lower * near);
                    Add(below + right, lower * far);
                    source += TLanes.Count;
                }
            }
        }

        static void Add(float* sum, TLanes value) => (TLanes.Load(sum) + value).Store(sum);
    }
}

/// <summary>Two pixels and the share of the second one; at an edge both are the same.</summary>
internal readonly record struct PixelShares(int First, int Second, float Share)
{
    public static PixelShares Of(int pixel, int size, int factor)
    {
        var place = Math.Max(0, ((pixel + 0.5f) / factor) - 0.5f);
        var first = Math.Min((int)place, size - 1);
        return new(first, Math.Min(first + 1, size - 1), place - first);
    }
}
