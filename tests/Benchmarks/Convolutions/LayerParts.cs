using System.Numerics;
using SparseSharp.Convolutions;
using SparseSharp.Kernels;
using SparseSharp.Workers;

namespace SparseSharp.Benchmarks.Convolutions;

/// <summary>A layer with one sample, whose images are cut into parts as predictions of a model cut them.</summary>
internal static class LayerParts
{
    /// <summary>The layouts of the input and of the output.</summary>
    public static (ImageLayout Input, ImageLayout Output) Of(ConvolutionShape shape)
    {
        var (stride, lanes) = (shape.Stride, PanelGeometry.Lanes);
        var level = BitOperations.Log2((uint)lanes);
        var best = Enumerable.Range(0, level + 1)
            .Select(exponent => (Rows: 1 << exponent, Columns: lanes >> exponent))
            .Select(grid => (Grid: grid, Part: PartOf(grid)))
            .MinBy(cut => (cut.Part.Area, Math.Abs(cut.Grid.Rows - cut.Grid.Columns)));
        var grid = new PartGrid(best.Grid.Rows, best.Grid.Columns, best.Part.Rows * stride.Rows, best.Part.Columns * stride.Columns);
        var cuts = new ImageCuts(grid, grid, grid);
        var border = Math.Max(shape.Padding.Top, shape.Kernel.Rows - stride.Rows - shape.Padding.Top);
        return (
            new ImageLayout(shape.Inputs, shape.Image.Rows, shape.Image.Columns, border) { Parts = new(1, 1, border, cuts) }.In(isCut: true),
            new ImageLayout(shape.Outputs, shape.Output.Rows, shape.Output.Columns, 0)
            {
                Parts = new(stride.Rows, stride.Columns, 0, cuts),
            }.In(isCut: true));

        Extent PartOf((int Rows, int Columns) grid) => new(
            Math.Max(Parts(shape.Output.Rows, grid.Rows), Parts(shape.Image.Rows, grid.Rows * stride.Rows)),
            Math.Max(Parts(shape.Output.Columns, grid.Columns), Parts(shape.Image.Columns, grid.Columns * stride.Columns)));

        static int Parts(int size, int parts) => (size + parts - 1) / parts;
    }

    /// <summary>Gives parts the lines of those beside them, which is a part of every product.</summary>
    public sealed unsafe class Edges(ConvolutionOperands operands) : ISharedWork
    {
        void ISharedWork.Run(int worker, int workers)
        {
            var layout = operands.XLayout;
            fixed (float* images = operands.X.Span)
            {
                layout.Edges.Fill(
                    images, layout.ChannelStride, (layout.Channels * worker / workers, layout.Channels * (worker + 1) / workers));
            }
        }
    }
}
