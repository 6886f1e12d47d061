using System.Runtime.CompilerServices;
using SparseSharp.Numerics;
using SparseSharp.Settings;

namespace SparseSharp.Kernels;

/// <summary>Images of which some numbers are kept.</summary>
/// <param name="x">The images.</param>
/// <param name="y">Receives what is left.</param>
internal readonly unsafe struct PruneRun(float* x, float* y)
{
    public float* X { get; } = x;

    public float* Y { get; } = y;

    /// <summary>Receives 1 where a number is kept, else 0; may be <see cref="Y"/>.</summary>
    public float* Marks { get; init; }

    /// <summary>Layout of all of them.</summary>
    public required ImageLayout Layout { get; init; }

    /// <summary>N.</summary>
    public required int Keep { get; init; }

    /// <summary>M.</summary>
    public required int Group { get; init; }

    /// <summary>The caller's share: of channels, or of groups of channels.</summary>
    public required (int First, int End) Share { get; init; }

    /// <summary>Seed of the step's random numbers.</summary>
    public ulong Key { get; init; }

    /// <summary>Number of the product in its model.</summary>
    public int Site { get; init; }

    /// <summary>Number of the sample in lane 0.</summary>
    public int FirstSample { get; init; }
}

/// <summary>The N largest magnitudes of every M consecutive channels of a pixel.</summary>
internal readonly unsafe struct LargestChannelsLoop : ILaneLoop<PruneRun>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in PruneRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var (layout, size) = (run.Layout, run.Group);
        var zero = TLanes.Create(0);
        nint stride = layout.ChannelStride;
        for (var row = -layout.Border; row < layout.Size.Rows + layout.Border; row++)
        {
            for (var group = run.Share.First; group < run.Share.End; group++)
            {
                nint first = layout.Offset(0, group * size, row, -layout.Border);
                var source = run.X + first;
                var target = run.Y + first;
                var marks = run.Marks + first;
                LargestLanes.Mark(run.Keep, size, source, stride, (int)stride, marks);
                for (nint i = 0; i < size * stride; i += TLanes.Count)
                    TLanes.Select(TLanes.Load(marks + i) > zero, TLanes.Load(source + i), zero).Store(target + i);
            }
        }
    }
}

/// <summary>How a group of pixels of a channel is pruned.</summary>
internal unsafe interface IPixelPruner
{
    /// <summary>Prunes the groups of as many samples as a vector has lanes, in place.</summary>
    /// <param name="run">The images.</param>
    /// <param name="group">M lines, one after the other.</param>
    /// <param name="uniform">A random number in [0, 1) per group.</param>
    static abstract void Prune<TLanes>(in PruneRun run, float* group, TLanes uniform)
        where TLanes : struct, IFloatLanes<TLanes>;

    /// <summary>Whether the numbers are random.</summary>
    static abstract bool IsRandom { get; }
}

/// <summary>Keeps the largest magnitudes.</summary>
internal readonly unsafe struct LargestPixels : IPixelPruner
{
    public static bool IsRandom => false;

    public static void Prune<TLanes>(in PruneRun run, float* group, TLanes uniform)
        where TLanes : struct, IFloatLanes<TLanes> =>
        LargestLanes.PruneSamples(run.Keep, run.Group, group, run.Group, TLanes.Count);
}

/// <summary>Keeps some by chance, enlarged so that each has the mean that it had.</summary>
internal readonly unsafe struct MeanPixels : IPixelPruner
{
    public static bool IsRandom => true;

    public static void Prune<TLanes>(in PruneRun run, float* group, TLanes uniform)
        where TLanes : struct, IFloatLanes<TLanes> =>
        PrunedLanes.Prune(run.Keep, run.Group, group, uniform);
}

/// <summary>
/// Prunes every M consecutive pixels of a channel of a sample, row by row; the last group is filled up with zeros. A random number belongs
/// to the place of its group: the sample, the channel, and the group among those of the channel.
/// </summary>
/// <typeparam name="TPruner">How a group is pruned.</typeparam>
internal readonly unsafe struct PixelsLoop<TPruner> : ILaneLoop<PruneRun>
    where TPruner : struct, IPixelPruner
{
    /// <summary>Numbers that one counter yields.</summary>
    private const int GroupsPerCounter = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in PruneRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var (layout, size) = (run.Layout, run.Group);
        var images = run.Y;
        var (columns, pixels) = (layout.Size.Columns, layout.Size.Area);
        var counters = (uint)((pixels + (size * GroupsPerCounter) - 1) / (size * GroupsPerCounter));
        var tile = stackalloc float[NMSettings.MaximumGroup * TLanes.Count];
        var uniforms = stackalloc float[GroupsPerCounter * TLanes.Count];
        for (var channel = run.Share.First; channel < run.Share.End; channel++)
        {
            Copy(in run, channel);
            for (var (pixel, group) = (0, 0); pixel < pixels; pixel += size, group++)
            {
                var number = group % GroupsPerCounter;
                if (TPruner.IsRandom && number == 0)
                {
                    var distance = (uint)layout.Channels * counters;
                    var first = ((uint)run.FirstSample * distance) + ((uint)channel * counters) + (uint)(group / GroupsPerCounter);
                    Philox.Uniforms(
                        run.Key, first, distance, TLanes.Count, (uint)run.Site, 0, Philox.Purpose.Estimator, uniforms);
                }
                var uniform = TLanes.Load(uniforms + (number * TLanes.Count));
                var (row, column) = Math.DivRem(pixel, columns);
                if (column + size <= columns)
                {
                    TPruner.Prune(in run, images + layout.Offset(0, channel, row, column), uniform);
                    continue;
                }
                var count = Math.Min(size, pixels - pixel);
                new Span<float>(tile, size * TLanes.Count).Clear();
                for (var i = 0; i < count; i++)
                    TLanes.Load(Line(pixel + i)).Store(tile + (i * TLanes.Count));
                TPruner.Prune(in run, tile, uniform);
                for (var i = 0; i < count; i++)
                    TLanes.Load(tile + (i * TLanes.Count)).Store(Line(pixel + i));
            }

            float* Line(int pixel) => images + layout.Offset(0, channel, pixel / columns, pixel % columns);
        }
    }

    /// <summary>A channel with the lines around it.</summary>
    private static void Copy(in PruneRun run, int channel)
    {
        var layout = run.Layout;
        for (var row = -layout.Border; row < layout.Size.Rows + layout.Border; row++)
        {
            var offset = layout.Offset(0, channel, row, -layout.Border);
            new ReadOnlySpan<float>(run.X + offset, layout.ChannelStride).CopyTo(new Span<float>(run.Y + offset, layout.ChannelStride));
        }
    }
}
