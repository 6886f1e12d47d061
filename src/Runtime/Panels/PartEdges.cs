using System.Runtime.CompilerServices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>
/// The lines around the parts of images: what each takes from the parts beside it. Lines of a part that has pixels beyond the image are
/// among them, because those pixels are padding to readers, as all lines outside are.
/// </summary>
internal sealed unsafe class PartEdges
{
    private readonly Line[] _lines;
    private readonly PinnedBuffer<int> _places;

    /// <param name="image">A layout of images that are cut into parts.</param>
    public PartEdges(ImageLayout image)
    {
        var (lanes, border) = (image.Lanes!, image.Border);
        var (rows, columns) = (lanes.Part.Rows, lanes.Part.Columns);
        var lines = new List<Line>();
        var places = new List<int[]>();
        var known = new Dictionary<string, int>();
        for (var row = -border; row < rows + border; row++)
        {
            for (var column = -border; column < columns + border; column++)
            {
                var from = PlacesOf(lanes, row, column);
                var isInside = (uint)row < (uint)rows && (uint)column < (uint)columns;
                if (isInside && Array.IndexOf(from, -1) < 0)
                    continue;
                var key = string.Join(',', from);
                if (!known.TryGetValue(key, out var number))
                {
                    known.Add(key, number = places.Count);
                    places.Add(from);
                }
                lines.Add(new(
                    image.Offset(0, 0, row, column), image.Offset(0, 0, Inside(row, rows), Inside(column, columns)),
                    number * PanelGeometry.Lanes));
            }
        }
        _lines = [.. lines];
        _places = new PinnedBuffer<int>(places.Count * PanelGeometry.Lanes);
        for (var number = 0; number < places.Count; number++)
            places[number].CopyTo(_places.Span[(number * PanelGeometry.Lanes)..]);
    }

    /// <summary>Fills in the lines around the parts of some channels.</summary>
    /// <param name="images">The images.</param>
    /// <param name="stride">From a channel to the next.</param>
    /// <param name="channels">The channels.</param>
    public void Fill(float* images, nint stride, (int First, int End) channels) =>
        LaneLoop.Run<Loop, Filling>(new(this, images, stride, channels.First, channels.End));

    /// <summary>For each lane the lane of the line inside that it takes, -1 for a pixel outside the image.</summary>
    private static int[] PlacesOf(PartLanes lanes, int row, int column)
    {
        var places = new int[PanelGeometry.Lanes];
        for (var lane = 0; lane < places.Length; lane++)
        {
            var (imageRow, imageColumn) = (lanes.RowOf(lane) + row, lanes.ColumnOf(lane) + column);
            places[lane] = (uint)imageRow < (uint)lanes.Image.Rows && (uint)imageColumn < (uint)lanes.Image.Columns
                ? lanes.LaneOf(lane / lanes.Grid.Parts, imageRow, imageColumn)
                : -1;
        }
        return places;
    }

    private static int Inside(int position, int size) => ((position % size) + size) % size;

    /// <summary>A line that is filled in.</summary>
    /// <param name="Target">Where it lies in channel 0.</param>
    /// <param name="Source">The line that its lanes are taken of.</param>
    /// <param name="Places">Where it stands of which lanes.</param>
    private readonly record struct Line(int Target, int Source, int Places);

    private readonly record struct Filling(PartEdges Edges, nint Images, nint Stride, int First, int End)
    {
        public Filling(PartEdges edges, float* images, nint stride, int first, int end)
            : this(edges, (nint)images, stride, first, end)
        {
        }
    }

    private readonly struct Loop : ILaneLoop<Filling>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run<TLanes>(in Filling run)
            where TLanes : struct, IFloatLanes<TLanes>
        {
            var images = (float*)run.Images;
            var places = run.Edges._places.Pointer;
            foreach (var line in run.Edges._lines)
            {
                var from = places + line.Places;
                var channel = images + (run.First * run.Stride);
                for (var count = run.End - run.First; count > 0; count--)
                {
                    TLanes.Load(channel + line.Source).Take(from).Store(channel + line.Target);
                    channel += run.Stride;
                }
            }
        }
    }
}
