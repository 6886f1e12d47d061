using System.ComponentModel;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SparseSharp.Kernels;

/// <summary>Images of a panel: to and from rows of features, and their borders.</summary>
/// <remarks>Members of a team take channels or rows in turn; what a number is does not depend on who computes it.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ImagePass
{
    /// <summary>
    /// Clears the border of images: kernels read it as padding. Parts of images take the lines around them from the parts beside them.
    /// </summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="image">Their layout.</param>
    public static void ClearBorder(in PanelPass pass, ref float x, ImageLayout image)
    {
        image = Layout(in pass, ref x, image);
        if (image.Lanes is not null)
        {
            ShareEdges(in pass, ref x, image);
            return;
        }
        var (border, size) = (image.Border, image.Size);
        var (first, end) = pass.Share(size.Rows + (2 * border), 1);
        var edge = border * PanelGeometry.Lanes;
        for (var row = first; row < end; row++)
        {
            ref var line = ref Unsafe.Add(ref x, image.Offset(0, 0, row - border, -border));
            if (row < border || row >= border + size.Rows)
            {
                MemoryMarshal.CreateSpan(ref line, image.RowStride).Clear();
                continue;
            }
            var right = (border + size.Columns) * PanelGeometry.Lanes;
            for (var channel = 0; channel < image.Channels; channel++)
            {
                MemoryMarshal.CreateSpan(ref line, edge).Clear();
                MemoryMarshal.CreateSpan(ref Unsafe.Add(ref line, right), edge).Clear();
                line = ref Unsafe.Add(ref line, image.ChannelStride);
            }
        }
    }

    /// <summary>Gives parts of images the lines of those beside them that kernels read, and does nothing with whole images.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="image">Their layout.</param>
    public static unsafe void ShareEdges(in PanelPass pass, ref float x, ImageLayout image)
    {
        image = Layout(in pass, ref x, image);
        if (image.Lanes is null)
            return;
        fixed (float* images = &x)
            image.Edges.Fill(images, image.ChannelStride, pass.Share(image.Channels, 1));
    }

    /// <summary>Rows of features <c>[channel, row, column]</c> become images, or are added to them.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The features.</param>
    /// <param name="y">The images.</param>
    /// <param name="image">Their layout.</param>
    /// <param name="accumulate">Whether to add.</param>
    public static void FromRows(in PanelPass pass, ref float x, ref float y, ImageLayout image, bool accumulate = false)
    {
        pass.Check(ref x, image.Features);
        image = Layout(in pass, ref y, image);
        if (image.Lanes is { } lanes)
        {
            PartMoves.Cut(in pass, ref x, ref y, image, lanes);
            return;
        }
        var runs = new RunShare(in pass, image);
        for (var run = runs.First; run < runs.End; run++)
            Move(runs.Features(ref x, run), runs.Pixels(ref y, run), accumulate);
    }

    /// <summary>Images become rows of features <c>[channel, row, column]</c>, or are added to them.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">The features.</param>
    /// <param name="image">Layout of the images.</param>
    /// <param name="accumulate">Whether to add.</param>
    public static void ToRows(in PanelPass pass, ref float x, ref float y, ImageLayout image, bool accumulate = false)
    {
        pass.Check(ref y, image.Features);
        image = Layout(in pass, ref x, image);
        if (image.Lanes is { } lanes)
        {
            PartMoves.Join(in pass, ref x, ref y, image, lanes);
            return;
        }
        var runs = new RunShare(in pass, image);
        for (var run = runs.First; run < runs.End; run++)
            Move(runs.Pixels(ref x, run), runs.Features(ref y, run), accumulate);
    }

    /// <summary>The layout that images have in a pass; throws unless they lie at a reference.</summary>
    internal static ImageLayout Layout(in PanelPass pass, ref float x, ImageLayout image)
    {
        ArgumentNullException.ThrowIfNull(image);
        image = image.In(pass.IsCut);
        Check(in pass, ref x, image);
        return image;
    }

    /// <summary>Throws unless images of a layout lie at a reference.</summary>
    internal static void Check(in PanelPass pass, ref float x, ImageLayout image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (pass.Width != PanelGeometry.Lanes || image.Vectors != 1)
            throw new ArgumentException("Images lie in panels of one vector.", nameof(image));
        pass.Check(ref x, image.Lines);
    }

    /// <summary>Copies lines, or adds them.</summary>
    internal static void Move(ReadOnlySpan<float> source, Span<float> target, bool accumulate)
    {
        if (accumulate)
            TensorPrimitives.Add(target, source, target);
        else
            source.CopyTo(target);
    }

    /// <summary>Rows of pixels of channels, of which a member takes its share.</summary>
    private readonly ref struct RunShare
    {
        private readonly ImageLayout _image;
        private readonly int _length;

        public RunShare(in PanelPass pass, ImageLayout image)
        {
            _image = image;
            _length = image.Size.Columns * PanelGeometry.Lanes;
            (First, End) = pass.Share(image.Channels * image.Size.Rows, 1);
        }

        public int First { get; }

        public int End { get; }

        public Span<float> Features(ref float rows, int run) => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rows, run * _length), _length);

        public Span<float> Pixels(ref float images, int run)
        {
            var (channel, row) = Math.DivRem(run, _image.Size.Rows);
            return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref images, _image.Offset(0, channel, row, 0)), _length);
        }
    }
}
