using System.Runtime.CompilerServices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>A pooling of images, or its gradient. A loop reads what it needs of it.</summary>
/// <param name="shape">Where the pixels of windows and of results lie.</param>
/// <param name="channels">The caller's channels.</param>
internal readonly unsafe struct PoolRun(PoolShape shape, (int First, int End) channels)
{
    /// <summary>Where the pixels of windows and of results lie.</summary>
    public readonly PoolShape Shape = shape;

    /// <summary>The images.</summary>
    public float* X { get; init; }

    /// <summary>The results.</summary>
    public float* Y { get; init; }

    /// <summary>Gradient of the images.</summary>
    public float* DX { get; init; }

    /// <summary>Gradient of the results.</summary>
    public float* DY { get; init; }

    /// <summary>The caller's channels.</summary>
    public (int First, int End) Channels { get; } = channels;

    /// <summary>Whether ReLU is applied to the results, or its derivative to the gradient of the images.</summary>
    public bool Relu { get; init; }

    /// <summary>Whether a mean is over the pixels of the padding too.</summary>
    public bool CountsPadding { get; init; }

    /// <summary>Whether a gradient adds to what is there.</summary>
    public bool Accumulate { get; init; }

    /// <summary>What a pixel counts in the mean of its window.</summary>
    public float ShareOf(PoolRange rows, PoolRange columns) =>
        1f / (CountsPadding ? rows.WithPadding * columns.WithPadding : rows.Count * columns.Count);

    /// <summary>Makes a row of the gradient ready for the sums of its windows, shortly before the first one reaches it.</summary>
    public void Prepare<TLanes>(nint row)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        if (!Accumulate)
        {
            new Span<float>(DX + row, Shape.InputRun).Clear();
            return;
        }
        if (!Relu)
            return;
        var zero = TLanes.Create(0);
        for (var i = row; i < row + Shape.InputRun; i += TLanes.Count)
            (TLanes.Load(DX + i) & (TLanes.Load(X + i) > zero)).Store(DX + i);
    }
}

/// <summary>The maximum of each window of some channels.</summary>
internal readonly unsafe struct PoolMax : ILaneLoop<PoolRun>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in PoolRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        ref readonly var shape = ref run.Shape;
        var (zero, infinity) = (TLanes.Create(0), TLanes.Create(float.PositiveInfinity));
        for (nint channel = run.Channels.First; channel < run.Channels.End; channel++)
        {
            var image = run.X + shape.InputStart + (channel * shape.InputChannel);
            var results = run.Y + shape.OutputStart + (channel * shape.OutputChannel);
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
                    (run.Relu ? TLanes.Select(most < zero, zero, most) : most).Store(target);
                    target += TLanes.Count;
                }
            }
        }
    }
}

/// <summary>The gradient of the maxima of some channels.</summary>
internal readonly unsafe struct PoolMaxGrad : ILaneLoop<PoolRun>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in PoolRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        ref readonly var shape = ref run.Shape;
        var zero = TLanes.Create(0);
        for (nint channel = run.Channels.First; channel < run.Channels.End; channel++)
        {
            var (input, output) = (shape.InputStart + (channel * shape.InputChannel), shape.OutputStart + (channel * shape.OutputChannel));
            var prepared = 0;
            for (var row = 0; row < shape.Rows; row++)
            {
                var rows = shape.RowsOf(row);
                for (; prepared < rows.End; prepared++)
                    run.Prepare<TLanes>(input + (prepared * shape.InputRow));
                var result = output + (row * shape.OutputRow);
                for (var column = 0; column < shape.Columns; column++)
                {
                    var columns = shape.ColumnsOf(column);
                    var (most, gradient, taken) = (TLanes.Load(run.Y + result), TLanes.Load(run.DY + result), zero);
                    if (run.Relu)
                        gradient &= most > zero;
                    var line = input + (rows.First * shape.InputRow) + (columns.First * TLanes.Count);
                    for (var count = rows.Count; count > 0; count--)
                    {
                        for (nint i = line, last = line + (columns.Count * TLanes.Count); i < last; i += TLanes.Count)
                        {
                            // Not "equal": where the maximum is a NaN, the first pixel gets the gradient.
                            var isPlace = ~(taken | (TLanes.Load(run.X + i) < most));
                            (TLanes.Load(run.DX + i) + (gradient & isPlace)).Store(run.DX + i);
                            taken |= isPlace;
                        }
                        line += shape.InputRow;
                    }
                    result += TLanes.Count;
                }
            }
            for (; prepared < shape.InputRows; prepared++)
                run.Prepare<TLanes>(input + (prepared * shape.InputRow));
        }
    }
}

/// <summary>The mean of each window of some channels.</summary>
internal readonly unsafe struct PoolMean : ILaneLoop<PoolRun>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in PoolRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        ref readonly var shape = ref run.Shape;
        for (nint channel = run.Channels.First; channel < run.Channels.End; channel++)
        {
            var image = run.X + shape.InputStart + (channel * shape.InputChannel);
            var results = run.Y + shape.OutputStart + (channel * shape.OutputChannel);
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
                    (sum * TLanes.Create(run.ShareOf(rows, columns))).Store(target);
                    target += TLanes.Count;
                }
            }
        }
    }
}

/// <summary>The gradient of the means of some channels.</summary>
internal readonly unsafe struct PoolMeanGrad : ILaneLoop<PoolRun>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in PoolRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        ref readonly var shape = ref run.Shape;
        for (nint channel = run.Channels.First; channel < run.Channels.End; channel++)
        {
            var (input, output) = (shape.InputStart + (channel * shape.InputChannel), shape.OutputStart + (channel * shape.OutputChannel));
            var prepared = 0;
            for (var row = 0; row < shape.Rows; row++)
            {
                var rows = shape.RowsOf(row);
                for (; prepared < rows.End; prepared++)
                    run.Prepare<TLanes>(input + (prepared * shape.InputRow));
                var result = run.DY + output + (row * shape.OutputRow);
                for (var column = 0; column < shape.Columns; column++)
                {
                    var columns = shape.ColumnsOf(column);
                    var gradient = TLanes.Load(result) * TLanes.Create(run.ShareOf(rows, columns));
                    var line = run.DX + input + (rows.First * shape.InputRow) + (columns.First * TLanes.Count);
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
                run.Prepare<TLanes>(input + (prepared * shape.InputRow));
        }
    }
}
