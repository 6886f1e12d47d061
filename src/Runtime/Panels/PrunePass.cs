using System.ComponentModel;
using System.Runtime.CompilerServices;
using SparseSharp.Settings;

namespace SparseSharp.Kernels;

/// <summary>Images of a panel of which N of every M numbers are kept.</summary>
/// <remarks>Members of a team take channels in turn; what a number is does not depend on who computes it.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class PrunePass
{
    /// <summary>Clears all values of a pixel but the N largest magnitudes of every M consecutive channels.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="keep">N.</param>
    /// <param name="group">M; divides the channels.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">What is left, not the memory of the images.</param>
    /// <param name="image">Layout of both.</param>
    public static void Channels(in PanelPass pass, int keep, int group, ref float x, ref float y, ImageLayout image) =>
        Channels(in pass, keep, group, ref x, ref y, ref y, image);

    /// <summary>The same, and the factor of every value for the backward pass: 1 where it is kept, else 0.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="keep">N.</param>
    /// <param name="group">M; divides the channels.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">What is left, not the memory of the images.</param>
    /// <param name="marks">The factors.</param>
    /// <param name="image">Layout of all three.</param>
    public static void Channels(
        in PanelPass pass, int keep, int group, ref float x, ref float y, ref float marks, ImageLayout image)
    {
        image = ImagePass.Layout(in pass, ref x, image);
        ImagePass.Check(in pass, ref y, image);
        ImagePass.Check(in pass, ref marks, image);
        if (!NMSettings.IsValid(keep, group) || image.Channels % group != 0)
            throw new ArgumentException($"{image.Channels} channels have no groups that keep {keep} of {group}.");
        fixed (float* source = &x, target = &y, factors = &marks)
        {
            LaneLoop.Run<LargestChannelsLoop, PruneRun>(new PruneRun(source, target)
            {
                Marks = factors,
                Layout = image,
                Keep = keep,
                Group = group,
                Share = pass.Share(image.Channels / group, 1),
            });
        }
    }

    /// <summary>Keeps the N largest magnitudes of every M consecutive pixels of a channel: an operand of a weight gradient.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="keep">N.</param>
    /// <param name="group">M; the last group of a channel is filled up with zeros.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">What is left, with the border of the images; not their memory.</param>
    /// <param name="image">Layout of both.</param>
    public static void Pixels(in PanelPass pass, int keep, int group, ref float x, ref float y, ImageLayout image) =>
        Run<LargestPixels>(in pass, site: 0, keep, group, ref x, ref y, image);

    /// <summary>
    /// Keeps N of every M consecutive pixels of a channel, drawn and enlarged so that the mean of each is the value it had, with the least
    /// variance there is (<see cref="MinimumVariance"/>).
    /// </summary>
    /// <param name="pass">The panel.</param>
    /// <param name="site">Number of the product in its model: each draws other numbers.</param>
    /// <param name="keep">N.</param>
    /// <param name="group">M; the last group of a channel is filled up with zeros.</param>
    /// <param name="dy">The gradient; lanes without a sample are 0.</param>
    /// <param name="y">What is left; not the memory of the gradient.</param>
    /// <param name="image">Layout of both.</param>
    public static void Gradient(in PanelPass pass, int site, int keep, int group, ref float dy, ref float y, ImageLayout image) =>
        Run<MeanPixels>(in pass, site, keep, group, ref dy, ref y, image);

    private static void Run<TPruner>(
        in PanelPass pass, int site, int keep, int group, ref float x, ref float y, ImageLayout image)
        where TPruner : struct, IPixelPruner
    {
        ImagePass.Check(in pass, ref x, image);
        ImagePass.Check(in pass, ref y, image);
        if (!NMSettings.IsValid(keep, group))
            throw new ArgumentException($"There is no way to keep {keep} of {group}.");
        if (Unsafe.AreSame(ref x, ref y))
            throw new ArgumentException("What is left needs memory of its own.", nameof(y));
        fixed (float* source = &x, target = &y)
        {
            LaneLoop.Run<PixelsLoop<TPruner>, PruneRun>(new PruneRun(source, target)
            {
                Marks = target,
                Layout = image,
                Keep = keep,
                Group = group,
                Share = pass.Share(image.Channels, 1),
                Key = pass.RandomKey,
                Site = site,
                FirstSample = pass.FirstColumn,
            });
        }
    }
}
