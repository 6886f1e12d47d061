using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>Maxima and means over windows of images of a panel, and their gradients.</summary>
/// <remarks>
/// Members of a team take channels in turn. The gradient of a maximum finds its place again: it compares the pixels of the window with the
/// result, which the forward pass has left there, so no places are kept.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class PoolPass
{
    /// <summary>The maximum of each window, then ReLU where it is fused. A NaN in a window is its result.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">The results.</param>
    /// <param name="input">Layout of the images.</param>
    /// <param name="output">Layout of the results.</param>
    /// <param name="rows">The windows in a column.</param>
    /// <param name="columns">The windows in a row.</param>
    /// <param name="activation">None or ReLU.</param>
    public static void Max(
        in PanelPass pass, ref float x, ref float y, ImageLayout input, ImageLayout output, PoolAxis rows, PoolAxis columns,
        ActivationKind activation)
    {
        (input, output) = (ImagePass.Layout(in pass, ref x, input), ImagePass.Layout(in pass, ref y, output));
        if (input.Lanes is null)
            FindMax(in pass, ref x, ref y, new(input, output, rows, columns), IsRelu(activation));
        else
            FindMaxOfParts(in pass, ref x, ref y, new(input, output, (rows, columns)), IsRelu(activation));
    }

    /// <summary>The maximum of each channel.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">Receives a feature for each channel.</param>
    /// <param name="image">Layout of the images.</param>
    /// <param name="activation">None or ReLU.</param>
    public static void GlobalMax(in PanelPass pass, ref float x, ref float y, ImageLayout image, ActivationKind activation)
    {
        pass.Check(ref y, image.Channels);
        image = ImagePass.Layout(in pass, ref x, image);
        if (image.Lanes is null)
            FindMax(in pass, ref x, ref y, PoolShape.Global(image), IsRelu(activation));
        else
            FindMaxOfParts(in pass, ref x, ref y, new(image, null, (PoolAxis.Parts, PoolAxis.Parts)), IsRelu(activation));
    }

    /// <summary>
    /// The gradient of <see cref="Max"/>: that of a result goes to the first pixel of its window, row by row, that has the maximum. Then,
    /// fused, 0 where the input is not positive.
    /// </summary>
    /// <param name="pass">The panel.</param>
    /// <param name="dy">Gradient of the results.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">The results.</param>
    /// <param name="dx">Gradient of the images.</param>
    /// <param name="input">Layout of the images.</param>
    /// <param name="output">Layout of the results.</param>
    /// <param name="rows">The windows in a column.</param>
    /// <param name="columns">The windows in a row.</param>
    /// <param name="derivative">None, or ReLU, whose output the images are.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void MaxGrad(
        in PanelPass pass, ref float dy, ref float x, ref float y, ref float dx, ImageLayout input, ImageLayout output, PoolAxis rows,
        PoolAxis columns, ActivationKind derivative, bool accumulate)
    {
        ImagePass.Check(in pass, ref dy, output);
        ImagePass.Check(in pass, ref x, input);
        ImagePass.Check(in pass, ref y, output);
        ImagePass.Check(in pass, ref dx, input);
        SpreadMax(in pass, ref dy, ref x, ref y, ref dx, new(input, output, rows, columns), IsRelu(derivative), accumulate);
    }

    /// <summary>The gradient of <see cref="GlobalMax"/>.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="dy">Gradient of the maxima.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">The maxima.</param>
    /// <param name="dx">Gradient of the images.</param>
    /// <param name="image">Layout of the images.</param>
    /// <param name="derivative">None, or ReLU, whose output the images are.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void GlobalMaxGrad(
        in PanelPass pass, ref float dy, ref float x, ref float y, ref float dx, ImageLayout image, ActivationKind derivative,
        bool accumulate)
    {
        pass.Check(ref dy, image.Channels);
        ImagePass.Check(in pass, ref x, image);
        pass.Check(ref y, image.Channels);
        ImagePass.Check(in pass, ref dx, image);
        SpreadMax(in pass, ref dy, ref x, ref y, ref dx, PoolShape.Global(image), IsRelu(derivative), accumulate);
    }

    /// <summary>The mean of each window.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">The results.</param>
    /// <param name="input">Layout of the images.</param>
    /// <param name="output">Layout of the results.</param>
    /// <param name="rows">The windows in a column.</param>
    /// <param name="columns">The windows in a row.</param>
    /// <param name="countsPadding">Whether a mean is over the pixels of the padding too, as zeros.</param>
    public static void Mean(
        in PanelPass pass, ref float x, ref float y, ImageLayout input, ImageLayout output, PoolAxis rows, PoolAxis columns,
        bool countsPadding)
    {
        (input, output) = (ImagePass.Layout(in pass, ref x, input), ImagePass.Layout(in pass, ref y, output));
        if (input.Lanes is null)
            FindMean(in pass, ref x, ref y, new(input, output, rows, columns), countsPadding);
        else
            FindMeanOfParts(in pass, ref x, ref y, new(input, output, (rows, columns)), countsPadding);
    }

    /// <summary>The mean of each channel.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">Receives a feature for each channel.</param>
    /// <param name="image">Layout of the images.</param>
    public static void GlobalMean(in PanelPass pass, ref float x, ref float y, ImageLayout image)
    {
        pass.Check(ref y, image.Channels);
        image = ImagePass.Layout(in pass, ref x, image);
        if (image.Lanes is null)
            FindMean(in pass, ref x, ref y, PoolShape.Global(image), countsPadding: false);
        else
            FindMeanOfParts(in pass, ref x, ref y, new(image, null, (PoolAxis.Parts, PoolAxis.Parts)), countsPadding: false);
    }

    /// <summary>The gradient of <see cref="Mean"/>: each pixel of a window gets its share of that of the result.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="dy">Gradient of the results.</param>
    /// <param name="dx">Gradient of the images.</param>
    /// <param name="input">Layout of the images.</param>
    /// <param name="output">Layout of the results.</param>
    /// <param name="rows">The windows in a column.</param>
    /// <param name="columns">The windows in a row.</param>
    /// <param name="countsPadding">Whether a mean is over the pixels of the padding too.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void MeanGrad(
        in PanelPass pass, ref float dy, ref float dx, ImageLayout input, ImageLayout output, PoolAxis rows, PoolAxis columns,
        bool countsPadding, bool accumulate)
    {
        ImagePass.Check(in pass, ref dy, output);
        ImagePass.Check(in pass, ref dx, input);
        SpreadMean(in pass, ref dy, ref dx, new(input, output, rows, columns), countsPadding, accumulate);
    }

    /// <summary>The gradient of <see cref="GlobalMean"/>: each pixel gets its share of that of its channel.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="dy">Gradient of the means.</param>
    /// <param name="dx">Gradient of the images.</param>
    /// <param name="image">Layout of the images.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void GlobalMeanGrad(in PanelPass pass, ref float dy, ref float dx, ImageLayout image, bool accumulate)
    {
        pass.Check(ref dy, image.Channels);
        ImagePass.Check(in pass, ref dx, image);
        SpreadMean(in pass, ref dy, ref dx, PoolShape.Global(image), countsPadding: false, accumulate);
    }

    private static void FindMax(in PanelPass pass, ref float x, ref float y, PoolShape shape, bool relu)
    {
        fixed (float* source = &x, target = &y)
            LaneLoop.Run<PoolMax, PoolRun>(new(shape, pass.Share(shape.Channels, 1)) { X = source, Y = target, Relu = relu });
    }

    private static void FindMaxOfParts(in PanelPass pass, ref float x, ref float y, PartPool pool, bool relu)
    {
        fixed (float* source = &x, target = &y)
            PartPools.Max(pool with { X = source, Y = target, Channels = pass.Share(pool.Input.Channels, 1), Relu = relu });
    }

    private static void SpreadMax(
        in PanelPass pass, ref float dy, ref float x, ref float y, ref float dx, PoolShape shape, bool gates, bool accumulate)
    {
        fixed (float* gradient = &dy, source = &x, result = &y, target = &dx)
        {
            LaneLoop.Run<PoolMaxGrad, PoolRun>(new(shape, pass.Share(shape.Channels, 1))
            {
                DY = gradient,
                X = source,
                Y = result,
                DX = target,
                Relu = gates,
                Accumulate = accumulate,
            });
        }
    }

    private static void FindMean(in PanelPass pass, ref float x, ref float y, PoolShape shape, bool countsPadding)
    {
        fixed (float* source = &x, target = &y)
        {
            LaneLoop.Run<PoolMean, PoolRun>(
                new(shape, pass.Share(shape.Channels, 1)) { X = source, Y = target, CountsPadding = countsPadding });
        }
    }

    private static void FindMeanOfParts(in PanelPass pass, ref float x, ref float y, PartPool pool, bool countsPadding)
    {
        fixed (float* source = &x, target = &y)
        {
            PartPools.Mean(
                pool with { X = source, Y = target, Channels = pass.Share(pool.Input.Channels, 1), CountsPadding = countsPadding });
        }
    }

    private static void SpreadMean(
        in PanelPass pass, ref float dy, ref float dx, PoolShape shape, bool countsPadding, bool accumulate)
    {
        fixed (float* gradient = &dy, target = &dx)
        {
            LaneLoop.Run<PoolMeanGrad, PoolRun>(new(shape, pass.Share(shape.Channels, 1))
            {
                DY = gradient,
                DX = target,
                CountsPadding = countsPadding,
                Accumulate = accumulate,
            });
        }
    }

    private static bool IsRelu(ActivationKind kind) => kind switch
    {
        ActivationKind.None => false,
        ActivationKind.Relu => true,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Poolings fuse ReLU alone."),
    };
}
