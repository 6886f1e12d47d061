using System.ComponentModel;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SparseSharp.Numerics;
using SparseSharp.Settings;

namespace SparseSharp.Kernels;

/// <summary>
/// Element-wise steps of a pass. Each works on the rows of the calling team member; an output may be the same block as an input.
/// Gradient steps write their output, or add to it if told to accumulate.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Elementwise
{
    /// <summary><c>y = activation(x)</c>.</summary>
    public static void Activate(in PanelPass pass, ActivationKind kind, ref float x, ref float y, int features) =>
        ActivationMath.Apply(kind, Rows(in pass, ref x, features), Rows(in pass, ref y, features));

    /// <summary><c>dx = dy·activation'(saved)</c>; saved is the output of ReLU, tanh and sigmoid and the input of GELU and SiLU.</summary>
    public static void ActivateGrad(
        in PanelPass pass, ActivationKind kind, ref float dy, ref float saved, ref float dx, int features, bool accumulate) =>
        ActivationMath.Backward(
            kind, Rows(in pass, ref dy, features), Rows(in pass, ref saved, features), Rows(in pass, ref dx, features), accumulate);

    /// <summary><c>y = a + b</c>.</summary>
    public static void Add(in PanelPass pass, ref float a, ref float b, ref float y, int features) =>
        TensorPrimitives.Add(Rows(in pass, ref a, features), Rows(in pass, ref b, features), Rows(in pass, ref y, features));

    /// <summary><c>y = a - b</c>.</summary>
    public static void Subtract(in PanelPass pass, ref float a, ref float b, ref float y, int features) =>
        TensorPrimitives.Subtract(Rows(in pass, ref a, features), Rows(in pass, ref b, features), Rows(in pass, ref y, features));

    /// <summary><c>y = a·b</c>.</summary>
    public static void Multiply(in PanelPass pass, ref float a, ref float b, ref float y, int features) =>
        TensorPrimitives.Multiply(Rows(in pass, ref a, features), Rows(in pass, ref b, features), Rows(in pass, ref y, features));

    /// <summary><c>dx = dy·other</c>.</summary>
    public static void MultiplyGrad(in PanelPass pass, ref float dy, ref float other, ref float dx, int features, bool accumulate)
    {
        var target = Rows(in pass, ref dx, features);
        if (accumulate)
            TensorPrimitives.MultiplyAdd(Rows(in pass, ref dy, features), Rows(in pass, ref other, features), target, target);
        else
            TensorPrimitives.Multiply(Rows(in pass, ref dy, features), Rows(in pass, ref other, features), target);
    }

    /// <summary><c>y = factor·x</c>.</summary>
    public static void Scale(in PanelPass pass, ref float x, float factor, ref float y, int features) =>
        TensorPrimitives.Multiply(Rows(in pass, ref x, features), factor, Rows(in pass, ref y, features));

    /// <summary><c>dx = factor·dy</c>; with factor 1 the plain copy or sum of a gradient.</summary>
    public static void ScaleGrad(in PanelPass pass, ref float dy, float factor, ref float dx, int features, bool accumulate)
    {
        var target = Rows(in pass, ref dx, features);
        if (accumulate)
            TensorPrimitives.MultiplyAdd(Rows(in pass, ref dy, features), factor, target, target);
        else
            TensorPrimitives.Multiply(Rows(in pass, ref dy, features), factor, target);
    }

    /// <summary><c>y = x + term</c>.</summary>
    public static void Shift(in PanelPass pass, ref float x, float term, ref float y, int features) =>
        TensorPrimitives.Add(Rows(in pass, ref x, features), term, Rows(in pass, ref y, features));

    /// <summary>
    /// Rows of a value from <paramref name="first"/> on become those of another one, or are added to; in a new value the others become 0.
    /// </summary>
    /// <param name="pass">The panel.</param>
    /// <param name="part">The other value.</param>
    /// <param name="rows">Its features.</param>
    /// <param name="whole">The value.</param>
    /// <param name="first">First row.</param>
    /// <param name="features">Features of the value.</param>
    /// <param name="accumulate">Whether to add.</param>
    public static void PutRows(in PanelPass pass, ref float part, int rows, ref float whole, int first, int features, bool accumulate)
    {
        var from = new RowBlocks(in pass, ref part, rows);
        var to = new RowBlocks(in pass, ref whole, features);
        var (start, end) = pass.Share(features, to.Tile);
        var (begin, stop) = (Math.Clamp(first, start, end), Math.Clamp(first + rows, start, end));
        for (var block = 0; block < to.Count; block++)
        {
            var source = from.Rows(block, begin - first, stop - first);
            var target = to.Rows(block, begin, stop);
            if (accumulate)
            {
                TensorPrimitives.Add(source, target, target);
                continue;
            }
            to.Rows(block, start, begin).Clear();
            source.CopyTo(target);
            to.Rows(block, stop, end).Clear();
        }
    }

    /// <summary>A value becomes rows of another one from <paramref name="first"/> on, or they are added to it.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="whole">The other value.</param>
    /// <param name="first">First row.</param>
    /// <param name="features">Features of the other value.</param>
    /// <param name="part">The value.</param>
    /// <param name="rows">Its features.</param>
    /// <param name="accumulate">Whether to add.</param>
    public static void TakeRows(in PanelPass pass, ref float whole, int first, int features, ref float part, int rows, bool accumulate)
    {
        var from = new RowBlocks(in pass, ref whole, features);
        var to = new RowBlocks(in pass, ref part, rows);
        var (start, end) = pass.Share(rows, to.Tile);
        for (var block = 0; block < to.Count; block++)
        {
            var source = from.Rows(block, first + start, first + end);
            var target = to.Rows(block, start, end);
            if (accumulate)
                TensorPrimitives.Add(source, target, target);
            else
                source.CopyTo(target);
        }
    }

    /// <summary><c>y</c> is x as bfloat16 holds it, rounded to the nearest value with ties to even; y may be x.</summary>
    public static void Round(in PanelPass pass, ref float x, ref float y, int features) =>
        BFloat16.Round(Rows(in pass, ref x, features), Rows(in pass, ref y, features));

    /// <summary>
    /// Zeroes elements with a probability and scales the others by <c>1 / (1 - probability)</c>. The choice is a function of the step's
    /// seed, the site, the sample and the feature, so it does not depend on threads or panels. Outside training all elements pass as they
    /// are.
    /// </summary>
    /// <param name="pass">The panel.</param>
    /// <param name="site">Number of the dropout in the model.</param>
    /// <param name="probability">Probability of a zero.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    /// <param name="keep">Receives the factor of every element, for the backward pass.</param>
    /// <param name="features">Features of the value.</param>
    public static void Dropout(in PanelPass pass, int site, float probability, ref float x, ref float y, ref float keep, int features)
    {
        if (!pass.Training)
        {
            Rows(in pass, ref x, features).CopyTo(Rows(in pass, ref y, features));
            Rows(in pass, ref keep, features).Fill(1);
            return;
        }
        pass.Check(ref keep, features);
        var (first, end) = pass.Share(features, 4);
        var width = pass.Width;
        var scale = 1 / (1 - probability);
        var threshold = (uint)Math.Min(probability * 4294967296.0, uint.MaxValue);
        for (var f = first; f < end; f++)
        {
            ref var row = ref Unsafe.Add(ref keep, (nint)f * width);
            for (var c = 0; c < width; c += 4)
            {
                var (a, b, d, e) = Philox.Next(
                    pass.RandomKey, (uint)(pass.FirstColumn + c) >> 2, (uint)f, (uint)site, (uint)Philox.Purpose.Dropout);
                Unsafe.Add(ref row, c) = a < threshold ? 0 : scale;
                Unsafe.Add(ref row, c + 1) = b < threshold ? 0 : scale;
                Unsafe.Add(ref row, c + 2) = d < threshold ? 0 : scale;
                Unsafe.Add(ref row, c + 3) = e < threshold ? 0 : scale;
            }
        }
        Multiply(in pass, ref x, ref keep, ref y, features);
    }

    /// <summary>Clears all values of a sample but the N largest magnitudes of every M consecutive features.</summary>
    /// <param name="pass">The panel.</param>
    /// <param name="keep">N.</param>
    /// <param name="group">M; divides the features.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, not the memory of the input.</param>
    /// <param name="features">Features of the value.</param>
    public static void Prune(in PanelPass pass, int keep, int group, ref float x, ref float y, int features) =>
        Prune(in pass, keep, group, ref x, ref y, ref y, features);

    /// <summary>The same, and the factor of every value for the backward pass: 1 where it is kept, else 0.</summary>
    public static unsafe void Prune(in PanelPass pass, int keep, int group, ref float x, ref float y, ref float mask, int features)
    {
        pass.Check(ref x, features);
        pass.Check(ref y, features);
        pass.Check(ref mask, features);
        if (!NMSettings.IsValid(keep, group) || features % group != 0)
            throw new ArgumentException($"{features} features have no groups that keep {keep} of {group}.");
        if (pass.IsSampleMajor)
        {
            PruneSamples(in pass, keep, group, ref x, ref y, features);
            return;
        }
        var (first, end) = pass.Share(features / group, 1);
        nint width = pass.Width;
        for (var g = first; g < end; g++)
        {
            var start = g * group * width;
            fixed (float* source = &Unsafe.Add(ref x, start))
            fixed (float* target = &Unsafe.Add(ref y, start))
            fixed (float* marks = &Unsafe.Add(ref mask, start))
            {
                LargestLanes.Mark(keep, group, source, width, (int)width, marks);
                for (nint i = 0; i < group * width; i++)
                    target[i] = marks[i] == 0 ? 0 : source[i];
            }
        }
    }

    /// <summary>
    /// As <see cref="Prune(in PanelPass, int, int, ref float, ref float, int)"/>, sample-major: as many groups at a time as a vector has
    /// lanes are laid side by side.
    /// </summary>
    private static unsafe void PruneSamples(in PanelPass pass, int keep, int group, ref float x, ref float y, int features)
    {
        var (first, end) = pass.Share(features / group, 1);
        var lanes = PanelGeometry.Lanes;
        var tile = stackalloc float[NMSettings.MaximumGroup * lanes];
        var marks = stackalloc float[NMSettings.MaximumGroup * lanes];
        for (nint sample = 0; sample < pass.Samples; sample++)
        {
            for (var g = first; g < end; g += lanes)
            {
                var start = (sample * SmallBatch.Stride(features)) + ((nint)g * group);
                var count = Math.Min(lanes, end - g) * group;
                for (var i = 0; i < group * lanes; i++)
                    tile[(i % group * lanes) + (i / group)] = i < count ? Unsafe.Add(ref x, start + i) : 0;
                LargestLanes.Mark(keep, group, tile, lanes, lanes, marks);
                for (var i = 0; i < count; i++)
                    Unsafe.Add(ref y, start + i) = marks[(i % group * lanes) + (i / group)] == 0 ? 0 : Unsafe.Add(ref x, start + i);
            }
        }
    }

    /// <summary>The rows of the calling team member.</summary>
    internal static Span<float> Rows(in PanelPass pass, ref float value, int features)
    {
        pass.Check(ref value, features);
        if (pass.IsSampleMajor)
        {
            var (start, stop) = pass.Share((int)SmallBatch.Stride(features) * pass.Samples, 16);
            return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref value, start), stop - start);
        }
        var (first, end) = pass.Share(features, 4);
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref value, (nint)first * pass.Width), (end - first) * pass.Width);
    }
}
