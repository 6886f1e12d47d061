using System.Runtime.CompilerServices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>The values of the gradient of a maximum.</summary>
internal readonly unsafe struct PoolValues(float* dy, float* x, float* y, float* dx)
{
    public float* DY { get; } = dy;

    public float* X { get; } = x;

    public float* Y { get; } = y;

    public float* DX { get; } = dx;
}

/// <summary>The loops of poolings: a line, which is a pixel of a channel in a vector of samples, is a vector.</summary>
/// <typeparam name="TLanes">The vector.</typeparam>
internal static unsafe class PoolLoops<TLanes>
    where TLanes : struct, IFloatLanes<TLanes>
{
    /// <summary>The maximum of each window of some channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Max(float* x, float* y, in PoolShape shape, bool relu, int first, int end)
    {
        var (zero, infinity) = (TLanes.Create(0), TLanes.Create(float.PositiveInfinity));
        for (nint channel = first; channel < end; channel++)
        {
            var image = x + shape.InputStart + (channel * shape.InputChannel);
            var results = y + shape.OutputStart + (channel * shape.OutputChannel);
            for (var row = 0; row < shape.Rows; row++)
            {
                var rows = shape.RowsOf(row);
                var target = results + (row * shape.OutputRow);
                for (var column = 0; column < shape.Columns; column++)
                {
                    var columns = shape.ColumnsOf(column);
                    var line = image + (rows.First * shape.InputRow) + (columns.First * TLanes.Count);
                    var most = TLanes.Load(line);
                    for (var count = rows.Count; count > 0; count--)
                    {
                        for (var i = 0; i < columns.Count; i++)
                        {
                            // A NaN takes the place of any number, and no number takes that of a NaN.
                            var value = TLanes.Load(line + (i * TLanes.Count));
                            most = TLanes.Select((value > most) | ~(value <= infinity), value, most);
                        }
                        line += shape.InputRow;
                    }
                    (relu ? TLanes.Select(most < zero, zero, most) : most).Store(target);
                    target += TLanes.Count;
                }
            }
        }
    }

    /// <summary>The gradient of the maxima of some channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MaxGrad(in PoolValues values, in PoolShape shape, bool gates, bool accumulate, int first, int end)
    {
        var zero = TLanes.Create(0);
        for (nint channel = first; channel < end; channel++)
        {
            var (input, output) = (shape.InputStart + (channel * shape.InputChannel), shape.OutputStart + (channel * shape.OutputChannel));
            var prepared = 0;
            for (var row = 0; row < shape.Rows; row++)
            {
                var rows = shape.RowsOf(row);
                for (; prepared < rows.End; prepared++)
                    Prepare(in values, input + (prepared * shape.InputRow), shape.InputRun, gates, accumulate);
                var result = output + (row * shape.OutputRow);
                for (var column = 0; column < shape.Columns; column++)
                {
                    var columns = shape.ColumnsOf(column);
                    var (most, gradient, taken) = (TLanes.Load(values.Y + result), TLanes.Load(values.DY + result), zero);
                    if (gates)
                        gradient &= most > zero;
                    var line = input + (rows.First * shape.InputRow) + (columns.First * TLanes.Count);
                    for (var count = rows.Count; count > 0; count--)
                    {
                        for (nint i = line, last = line + (columns.Count * TLanes.Count); i < last; i += TLanes.Count)
                        {
                            // Not "equal": where the maximum is a NaN, the first pixel gets the gradient.
                            var isPlace = ~(taken | (TLanes.Load(values.X + i) < most));
                            (TLanes.Load(values.DX + i) + (gradient & isPlace)).Store(values.DX + i);
                            taken |= isPlace;
                        }
                        line += shape.InputRow;
                    }
                    result += TLanes.Count;
                }
            }
            for (; prepared < shape.InputRows; prepared++)
                Prepare(in values, input + (prepared * shape.InputRow), shape.InputRun, gates, accumulate);
        }
    }

    /// <summary>The mean of each window of some channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mean(float* x, float* y, in PoolShape shape, bool countsPadding, int first, int end)
    {
        for (nint channel = first; channel < end; channel++)
        {
            var image = x + shape.InputStart + (channel * shape.InputChannel);
            var results = y + shape.OutputStart + (channel * shape.OutputChannel);
            for (var row = 0; row < shape.Rows; row++)
            {
                var rows = shape.RowsOf(row);
                var target = results + (row * shape.OutputRow);
                for (var column = 0; column < shape.Columns; column++)
                {
                    var columns = shape.ColumnsOf(column);
                    var line = image + (rows.First * shape.InputRow) + (columns.First * TLanes.Count);
                    var sum = TLanes.Create(0);
                    for (var count = rows.Count; count > 0; count--)
                    {
                        for (var i = 0; i < columns.Count; i++)
                            sum += TLanes.Load(line + (i * TLanes.Count));
                        line += shape.InputRow;
                    }
                    (sum * TLanes.Create(ShareOf(rows, columns, countsPadding))).Store(target);
                    target += TLanes.Count;
                }
            }
        }
    }

    /// <summary>The gradient of the means of some channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MeanGrad(float* dy, float* dx, in PoolShape shape, bool countsPadding, bool accumulate, int first, int end)
    {
        var values = new PoolValues(dy, null, null, dx);
        for (nint channel = first; channel < end; channel++)
        {
            var (input, output) = (shape.InputStart + (channel * shape.InputChannel), shape.OutputStart + (channel * shape.OutputChannel));
            var prepared = 0;
            for (var row = 0; row < shape.Rows; row++)
            {
                var rows = shape.RowsOf(row);
                for (; prepared < rows.End; prepared++)
                    Prepare(in values, input + (prepared * shape.InputRow), shape.InputRun, gates: false, accumulate);
                var result = dy + output + (row * shape.OutputRow);
                for (var column = 0; column < shape.Columns; column++)
                {
                    var columns = shape.ColumnsOf(column);
                    var gradient = TLanes.Load(result) * TLanes.Create(ShareOf(rows, columns, countsPadding));
                    var line = dx + input + (rows.First * shape.InputRow) + (columns.First * TLanes.Count);
                    for (var count = rows.Count; count > 0; count--)
                    {
                        for (var i = 0; i < columns.Count; i++)
                            (TLanes.Load(line + (i * TLanes.Count)) + gradient).Store(line + (i * TLanes.Count));
                        line += shape.InputRow;
                    }
                    result += TLanes.Count;
                }
            }
            for (; prepared < shape.InputRows; prepared++)
                Prepare(in values, input + (prepared * shape.InputRow), shape.InputRun, gates: false, accumulate);
        }
    }

    /// <summary>What a pixel counts in the mean of its window.</summary>
    private static float ShareOf(PoolRange rows, PoolRange columns, bool countsPadding) =>
        1f / (countsPadding ? rows.WithPadding * columns.WithPadding : rows.Count * columns.Count);

    /// <summary>Makes a row of the gradient ready for the sums of its windows, shortly before the first one reaches it.</summary>
    private static void Prepare(in PoolValues values, nint row, int length, bool gates, bool accumulate)
    {
        if (!accumulate)
        {
            new Span<float>(values.DX + row, length).Clear();
            return;
        }
        if (!gates)
            return;
        var zero = TLanes.Create(0);
        for (var i = row; i < row + length; i += TLanes.Count)
            (TLanes.Load(values.DX + i) & (TLanes.Load(values.X + i) > zero)).Store(values.DX + i);
    }
}
