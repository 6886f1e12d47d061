using System.Runtime.CompilerServices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>The loops of larger images: a line, which is a pixel of a channel in a vector of samples, is a vector.</summary>
/// <typeparam name="TLanes">The vector.</typeparam>
internal static unsafe class UpsampleLoops<TLanes>
    where TLanes : struct, IFloatLanes<TLanes>
{
    /// <summary>Each pixel, so many times in a row, and each row so many times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Nearest(float* x, float* y, ImageLayout input, ImageLayout output, int factor, int first, int end)
    {
        var run = output.Size.Columns * TLanes.Count;
        for (var channel = first; channel < end; channel++)
        {
            for (var row = 0; row < input.Size.Rows; row++)
            {
                var source = x + input.Offset(0, channel, row, 0);
                var start = y + output.Offset(0, channel, row * factor, 0);
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
                    new ReadOnlySpan<float>(start, run).CopyTo(new Span<float>(start + (copy * output.RowStride), run));
            }
        }
    }

    /// <summary>The sum over the pixels that are copies of one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NearestGrad(
        float* dy, float* dx, ImageLayout input, ImageLayout output, int factor, bool accumulate, int first, int end)
    {
        for (var channel = first; channel < end; channel++)
        {
            for (var row = 0; row < input.Size.Rows; row++)
            {
                var target = dx + input.Offset(0, channel, row, 0);
                for (var column = 0; column < input.Size.Columns; column++)
                {
                    var sum = accumulate ? TLanes.Load(target) : TLanes.Create(0);
                    var source = dy + output.Offset(0, channel, row * factor, column * factor);
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

    /// <summary>Each pixel between four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Bilinear(float* x, float* y, ImageLayout input, ImageLayout output, int factor, int first, int end)
    {
        for (var channel = first; channel < end; channel++)
        {
            for (var row = 0; row < output.Size.Rows; row++)
            {
                var vertical = Between.Of(row, input.Size.Rows, factor);
                var (upper, lower) = (TLanes.Create(1 - vertical.Share), TLanes.Create(vertical.Share));
                var above = x + input.Offset(0, channel, vertical.First, 0);
                var below = x + input.Offset(0, channel, vertical.Second, 0);
                var target = y + output.Offset(0, channel, row, 0);
                for (var column = 0; column < output.Size.Columns; column++)
                {
                    var horizontal = Between.Of(column, input.Size.Columns, factor);
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

    /// <summary>Each pixel gives its gradient to the four that it is between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BilinearGrad(
        float* dy, float* dx, ImageLayout input, ImageLayout output, int factor, bool accumulate, int first, int end)
    {
        for (var channel = first; channel < end; channel++)
        {
            for (var row = 0; row < input.Size.Rows && !accumulate; row++)
                new Span<float>(dx + input.Offset(0, channel, row, 0), input.Size.Columns * TLanes.Count).Clear();
            for (var row = 0; row < output.Size.Rows; row++)
            {
                var vertical = Between.Of(row, input.Size.Rows, factor);
                var above = dx + input.Offset(0, channel, vertical.First, 0);
                var below = dx + input.Offset(0, channel, vertical.Second, 0);
                var source = dy + output.Offset(0, channel, row, 0);
                for (var column = 0; column < output.Size.Columns; column++)
                {
                    var horizontal = Between.Of(column, input.Size.Columns, factor);
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
    }

    private static void Add(float* sum, TLanes value) => (TLanes.Load(sum) + value).Store(sum);

    /// <summary>Two pixels and the share of the second one; at an edge both are the same.</summary>
    private readonly record struct Between(int First, int Second, float Share)
    {
        public static Between Of(int pixel, int size, int factor)
        {
            var place = Math.Max(0, ((pixel + 0.5f) / factor) - 0.5f);
            var first = Math.Min((int)place, size - 1);
            return new(first, Math.Min(first + 1, size - 1), place - first);
        }
    }
}
