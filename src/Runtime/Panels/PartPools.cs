using System.Runtime.CompilerServices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>A pooling of images in parts.</summary>
/// <param name="input">Layout of the images.</param>
/// <param name="output">Layout of the results; null where they are a feature for each channel.</param>
/// <param name="axes">The windows in a column, and in a row.</param>
internal readonly unsafe struct PartPool(ImageLayout input, ImageLayout? output, (PoolAxis Rows, PoolAxis Columns) axes)
{
    public readonly ImageLayout Input = input;

    public readonly ImageLayout? Output = output;

    public readonly PoolAxis Rows = axes.Rows;

    public readonly PoolAxis Columns = axes.Columns;

    /// <summary>The images.</summary>
    public float* X { get; init; }

    /// <summary>The results.</summary>
    public float* Y { get; init; }

    /// <summary>The caller's channels.</summary>
    public (int First, int End) Channels { get; init; }

    /// <summary>Whether ReLU is applied to the results.</summary>
    public bool Relu { get; init; }

    /// <summary>Whether a mean is over the pixels of the padding too.</summary>
    public bool CountsPadding { get; init; }

    /// <summary>Size of the results of a whole image.</summary>
    public Extent Results => Output is null ? Extent.Square(1) : Output.Lanes?.Image ?? Output.Size;

    /// <summary>Throws unless windows of parts lie in the parts and the lines around them.</summary>
    public void Check()
    {
        var image = Input.Lanes!.Image;
        Rows.Check(image.Rows, Results.Rows);
        Columns.Check(image.Columns, Results.Columns);
        if (Output is not null && Output.Channels != Input.Channels)
            throw new ArgumentException($"A pooling gives {Input.Channels} channels, not {Output.Channels}.");
        if (Output?.Lanes is null)
            return;
        var (size, border) = (Output.Size, Input.Border);
        if (!IsInside(Rows, size.Rows, Input.Size.Rows, border) || !IsInside(Columns, size.Columns, Input.Size.Columns, border))
            throw new ArgumentException($"Windows of {Rows} and {Columns} do not lead from parts of {Input} to parts of {Output}.");
    }

    /// <summary>What each lane of a result counts: the pixels of its window in one direction.</summary>
    public void Count(PoolAxis axis, bool vertical, int result, float* counts)
    {
        var (lanes, from) = (Input.Lanes!, Output!.Lanes!);
        var (size, results) = vertical ? (lanes.Image.Rows, from.Image.Rows) : (lanes.Image.Columns, from.Image.Columns);
        for (var lane = 0; lane < PanelGeometry.Lanes; lane++)
        {
            var window = (vertical ? from.RowOf(lane) : from.ColumnOf(lane)) + result;
            var range = window < results ? axis.Range(window, size, results) : new(0, 1, 1);
            counts[lane] = CountsPadding ? range.WithPadding : range.Count;
        }
    }

    private static bool IsInside(PoolAxis axis, int results, int size, int border) =>
        axis.Kernel > 0 && size == results * axis.Stride && axis.Padding <= border
        && axis.Kernel - axis.Stride - axis.Padding <= border;
}

/// <summary>Poolings of images in parts. Their results are parts, or where those would be too small, or are features, whole.</summary>
internal static unsafe class PartPools
{
    public static void Max(in PartPool pool)
    {
        pool.Check();
        if (pool.Output?.Lanes is not null)
            LaneLoop.Run<MaxLoop, PartPool>(in pool);
        else
            Join<Maximum>(in pool);
    }

    public static void Mean(in PartPool pool)
    {
        pool.Check();
        if (pool.Output?.Lanes is not null)
            LaneLoop.Run<MeanLoop, PartPool>(in pool);
        else
            Join<Sum>(in pool);
    }

    /// <summary>Results of whole images, one sample after the other.</summary>
    private static void Join<TReduction>(in PartPool pool)
        where TReduction : struct, IReduction
    {
        var (input, results, width) = (pool.Input, pool.Results, PanelGeometry.Lanes);
        var lanes = input.Lanes!;
        for (var row = 0; row < results.Rows; row++)
        {
            var rows = pool.Rows.Range(row, lanes.Image.Rows, results.Rows);
            for (var column = 0; column < results.Columns; column++)
            {
                var columns = pool.Columns.Range(column, lanes.Image.Columns, results.Columns);
                var share = 1f / (pool.CountsPadding ? rows.WithPadding * columns.WithPadding : rows.Count * columns.Count);
                for (var channel = pool.Channels.First; channel < pool.Channels.End; channel++)
                {
                    var target = pool.Y + (pool.Output?.Offset(0, channel, row, column) ?? channel * width);
                    new Span<float>(target, width).Clear();
                    for (var sample = 0; sample < lanes.Samples; sample++)
                    {
                        var result = TReduction.Start;
                        for (var r = rows.First; r < rows.End; r++)
                        {
                            var line = pool.X + input.Offset(0, channel, r % lanes.Part.Rows, 0);
                            for (var c = columns.First; c < columns.End; c++)
                            {
                                var place = (c % lanes.Part.Columns * width) + lanes.LaneOf(sample, r, c);
                                result = TReduction.Add(result, line[place]);
                            }
                        }
                        result = TReduction.Finish(result, share);
                        target[sample] = pool.Relu && result < 0 ? 0 : result;
                    }
                }
            }
        }
    }

    private interface IReduction
    {
        static abstract float Start { get; }

        static abstract float Add(float result, float value);

        static abstract float Finish(float result, float share);
    }

    private readonly struct Maximum : IReduction
    {
        public static float Start => float.NegativeInfinity;

        public static float Add(float result, float value) => value > result || float.IsNaN(value) ? value : result;

        public static float Finish(float result, float share) => result;
    }

    private readonly struct Sum : IReduction
    {
        public static float Start => 0;

        public static float Add(float result, float value) => result + value;

        public static float Finish(float result, float share) => result * share;
    }

    /// <summary>The maximum of each window, of the pixels that lie in the image.</summary>
    private readonly struct MaxLoop : ILaneLoop<PartPool>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<TLanes>(in PartPool run)
            where TLanes : struct, IFloatLanes<TLanes>
        {
            var (input, output) = (run.Input, run.Output!);
            float* rows = input.Lanes!.RowMask(0), columns = input.Lanes!.ColumnMask(0);
            var (zero, infinity, least) =
                (TLanes.Create(0), TLanes.Create(float.PositiveInfinity), TLanes.Create(float.NegativeInfinity));
            for (var row = 0; row < output.Size.Rows; row++)
            {
                var top = (row * run.Rows.Stride) - run.Rows.Padding;
                for (var column = 0; column < output.Size.Columns; column++)
                {
                    var left = (column * run.Columns.Stride) - run.Columns.Padding;
                    for (var channel = run.Channels.First; channel < run.Channels.End; channel++)
                    {
                        var line = run.X + input.Offset(0, channel, top, left);
                        var most = least;
                        for (var r = 0; r < run.Rows.Kernel; r++)
                        {
                            var isRow = TLanes.Load(rows + ((top + r) * TLanes.Count));
                            for (var c = 0; c < run.Columns.Kernel; c++)
                            {
                                var isInside = isRow & TLanes.Load(columns + ((left + c) * TLanes.Count));
                                var value = TLanes.Select(isInside, TLanes.Load(line + (c * TLanes.Count)), least);
                                most = TLanes.Select((value > most) | ~(value <= infinity), value, most);
                            }
                            line += input.RowStride;
                        }
                        (run.Relu ? TLanes.Select(most < zero, zero, most) : most).Store(run.Y + output.Offset(0, channel, row, column));
                    }
                }
            }
        }
    }

    /// <summary>The mean of each window, over the pixels that lie in the image or the padding.</summary>
    private readonly struct MeanLoop : ILaneLoop<PartPool>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<TLanes>(in PartPool run)
            where TLanes : struct, IFloatLanes<TLanes>
        {
            var (input, output) = (run.Input, run.Output!);
            float* rows = input.Lanes!.RowMask(0), columns = input.Lanes!.ColumnMask(0);
            float* counts = stackalloc float[2 * TLanes.Count];
            for (var row = 0; row < output.Size.Rows; row++)
            {
                var top = (row * run.Rows.Stride) - run.Rows.Padding;
                run.Count(run.Rows, vertical: true, row, counts);
                for (var column = 0; column < output.Size.Columns; column++)
                {
                    var left = (column * run.Columns.Stride) - run.Columns.Padding;
                    run.Count(run.Columns, vertical: false, column, counts + TLanes.Count);
                    var share = TLanes.Create(1) / (TLanes.Load(counts) * TLanes.Load(counts + TLanes.Count));
                    for (var channel = run.Channels.First; channel < run.Channels.End; channel++)
                    {
                        var line = run.X + input.Offset(0, channel, top, left);
                        var sum = TLanes.Create(0);
                        for (var r = 0; r < run.Rows.Kernel; r++)
                        {
                            var isRow = TLanes.Load(rows + ((top + r) * TLanes.Count));
                            for (var c = 0; c < run.Columns.Kernel; c++)
                            {
                                var isInside = isRow & TLanes.Load(columns + ((left + c) * TLanes.Count));
                                sum += TLanes.Load(line + (c * TLanes.Count)) & isInside;
                            }
                            line += input.RowStride;
                        }
                        (sum * share).Store(run.Y + output.Offset(0, channel, row, column));
                    }
                }
            }
        }
    }
}
