using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>Images of a panel as larger ones, and the gradients of that.</summary>
/// <remarks>Members of a team take channels in turn.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class UpsamplePass
{
    /// <summary><c>y[r, c] = x[r / factor, c / factor]</c>.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">The larger images.</param>
    /// <param name="input">Layout of the images.</param>
    /// <param name="output">Layout of the larger ones.</param>
    /// <param name="factor">How much larger.</param>
    public static void Nearest(in PanelPass pass, ref float x, ref float y, ImageLayout input, ImageLayout output, int factor) =>
        Run<NearestLoop>(in pass, ref x, ref y, input, output, factor);

    /// <summary>The gradient of <see cref="Nearest"/>.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="dy">Gradient of the larger images.</param>
    /// <param name="dx">Gradient of the images.</param>
    /// <param name="input">Layout of the images.</param>
    /// <param name="output">Layout of the larger ones.</param>
    /// <param name="factor">How much larger.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void NearestGrad(
        in PanelPass pass, ref float dy, ref float dx, ImageLayout input, ImageLayout output, int factor, bool accumulate) =>
        Run<NearestGradLoop>(in pass, ref dx, ref dy, input, output, factor, accumulate);

    /// <summary>Each pixel of y is between four pixels of x, with the centres of pixels in their middles.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">The larger images.</param>
    /// <param name="input">Layout of the images.</param>
    /// <param name="output">Layout of the larger ones.</param>
    /// <param name="factor">How much larger.</param>
    public static void Bilinear(in PanelPass pass, ref float x, ref float y, ImageLayout input, ImageLayout output, int factor) =>
        Run<BilinearLoop>(in pass, ref x, ref y, input, output, factor);

    /// <summary>The gradient of <see cref="Bilinear"/>.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="dy">Gradient of the larger images.</param>
    /// <param name="dx">Gradient of the images.</param>
    /// <param name="input">Layout of the images.</param>
    /// <param name="output">Layout of the larger ones.</param>
    /// <param name="factor">How much larger.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void BilinearGrad(
        in PanelPass pass, ref float dy, ref float dx, ImageLayout input, ImageLayout output, int factor, bool accumulate) =>
        Run<BilinearGradLoop>(in pass, ref dx, ref dy, input, output, factor, accumulate);

    private static void Run<TLoop>(
        in PanelPass pass, ref float x, ref float y, ImageLayout input, ImageLayout output, int factor, bool accumulate = false)
        where TLoop : struct, ILaneLoop<UpsampleRun>
    {
        ImagePass.Check(in pass, ref x, input);
        ImagePass.Check(in pass, ref y, output);
        if (factor < 1
            || input.Channels != output.Channels
            || output.Size != new Extent(checked(input.Size.Rows * factor), checked(input.Size.Columns * factor)))
        {
            throw new ArgumentException($"A factor of {factor} does not lead from {input.Size} to {output.Size} pixels.", nameof(factor));
        }
        fixed (float* images = &x, larger = &y)
        {
            LaneLoop.Run<TLoop, UpsampleRun>(new(images, larger)
            {
                Input = input,
                Output = output,
                Factor = factor,
                Accumulate = accumulate,
                Channels = pass.Share(input.Channels, 1),
            });
        }
    }
}
