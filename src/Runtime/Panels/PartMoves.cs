namespace SparseSharp.Kernels;

/// <summary>
/// Rows of features to images in parts, and back. A row has a sample in each lane, a line has a part of an image in each.
/// </summary>
/// <remarks>Gradients do not come here: parts are for predictions.</remarks>
internal static unsafe class PartMoves
{
    /// <summary>Cuts images into parts. Pixels beyond the image are 0.</summary>
    public static void Cut(in PanelPass pass, ref float x, ref float y, ImageLayout image, PartLanes lanes)
    {
        var (width, parts) = (PanelGeometry.Lanes, lanes.Grid.Parts);
        var (rows, columns) = (lanes.Part.Rows, lanes.Part.Columns);
        var (first, end) = pass.Share(image.Channels * rows, 1);
        fixed (float* features = &x, images = &y)
        {
            for (var run = first; run < end; run++)
            {
                var (channel, row) = Math.DivRem(run, rows);
                var line = images + image.Offset(0, channel, row, 0);
                for (var lane = 0; lane < width; lane++)
                {
                    var (imageRow, imageColumn) = (lanes.RowOf(lane) + row, lanes.ColumnOf(lane));
                    var count = imageRow < lanes.Image.Rows ? Math.Clamp(lanes.Image.Columns - imageColumn, 0, columns) : 0;
                    var feature = features + (FeatureOf(lanes.Image, channel, imageRow, imageColumn) * width) + (lane / parts);
                    for (nint column = 0; column < columns; column++)
                        line[(column * width) + lane] = column < count ? feature[column * width] : 0;
                }
            }
        }
    }

    /// <summary>Joins parts to images. Lanes without a sample become 0.</summary>
    public static void Join(in PanelPass pass, ref float x, ref float y, ImageLayout image, PartLanes lanes)
    {
        var width = PanelGeometry.Lanes;
        var size = lanes.Image;
        var (first, end) = pass.Share(image.Channels * size.Rows, 1);
        fixed (float* images = &x, features = &y)
        {
            for (var run = first; run < end; run++)
            {
                var (channel, row) = Math.DivRem(run, size.Rows);
                var feature = features + (FeatureOf(size, channel, row, 0) * width);
                new Span<float>(feature, size.Columns * width).Clear();
                for (var column = 0; column < size.Columns; column++, feature += width)
                {
                    var line = images + image.Offset(0, channel, row % lanes.Part.Rows, column % lanes.Part.Columns);
                    for (var sample = 0; sample < lanes.Samples; sample++)
                        feature[sample] = line[lanes.LaneOf(sample, row, column)];
                }
            }
        }
    }

    private static nint FeatureOf(Extent image, int channel, int row, int column) =>
        (((((nint)channel * image.Rows) + row) * image.Columns) + column);
}
