using System.ComponentModel;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>
/// Classifiers with a fixed projection in the passes of a model: <c>z = W·x/(‖x‖ + ε)</c>, <c>y = α·z + b</c>. A sample is a column of a
/// panel, so a transform goes along features for all samples of a vector at once.
/// </summary>
/// <remarks>Members of a team share the columns of a panel; they share its rows where a row depends on the same row alone.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class FixedProjectionPass
{
    /// <summary><c>y = α·W·x/(‖x‖ + ε) + b</c>.</summary>
    /// <param name="projection">The classifier.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The values.</param>
    /// <param name="norms">Receives a line of norms, and a line of their inverses, 0 where a norm is 0.</param>
    /// <param name="z">Receives the projections of the normalised values.</param>
    /// <param name="y">Receives the result.</param>
    public static void Forward(FixedProjection projection, in PanelPass pass, ref float x, ref float norms, ref float z, ref float y)
    {
        ArgumentNullException.ThrowIfNull(projection);
        pass.Check(ref x, projection.Features);
        pass.Check(ref norms, 2);
        pass.Check(ref z, projection.ProjectedRows);
        pass.Check(ref y, projection.Classes);
        if (pass.IsSampleMajor)
        {
            Samples(projection, in pass, ref x, ref z, ref y);
            return;
        }
        fixed (float* weights = projection.Rows)
        {
            var run = new FixedProjectionRun(projection, pass.Width, Columns(in pass))
            {
                Source = Pointer(ref x),
                Norms = Pointer(ref norms),
                Projected = Pointer(ref z),
                Target = Pointer(ref y),
                Weights = weights,
            };
            LaneLoop.Run<FixedProjectionForward, FixedProjectionRun>(in run);
        }
    }

    /// <summary>What the gradient of the input consists of: <c>α·Wᵀ·dy/(‖x‖ + ε)</c>, and a slope by the value itself.</summary>
    /// <param name="projection">The classifier.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="norms">Norms and their inverses.</param>
    /// <param name="z">The projections.</param>
    /// <param name="dy">Gradient of the result.</param>
    /// <param name="gradient">Receives the first part, whose rows repeat.</param>
    /// <param name="slopes">Receives a line of slopes.</param>
    public static void GradSums(
        FixedProjection projection, in PanelPass pass, ref float norms, ref float z, ref float dy, ref float gradient, ref float slopes)
    {
        ArgumentNullException.ThrowIfNull(projection);
        pass.Check(ref norms, 2);
        pass.Check(ref z, projection.ProjectedRows);
        pass.Check(ref dy, projection.Classes);
        pass.Check(ref gradient, projection.GradientRows);
        pass.Check(ref slopes, 1);
        fixed (float* weights = projection.Rows)
        {
            var run = new FixedProjectionRun(projection, pass.Width, Columns(in pass))
            {
                Source = Pointer(ref dy),
                Norms = Pointer(ref norms),
                Projected = Pointer(ref z),
                Target = Pointer(ref gradient),
                Slopes = Pointer(ref slopes),
                Weights = weights,
            };
            LaneLoop.Run<FixedProjectionGradSums, FixedProjectionRun>(in run);
        }
    }

    /// <summary>The gradient of the values.</summary>
    /// <param name="projection">The classifier.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The values.</param>
    /// <param name="gradient">What <see cref="GradSums"/> has left.</param>
    /// <param name="slopes">The slopes.</param>
    /// <param name="dx">Receives the gradient.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void GradInput(
        FixedProjection projection, in PanelPass pass, ref float x, ref float gradient, ref float slopes, ref float dx, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(projection);
        pass.Check(ref x, projection.Features);
        pass.Check(ref gradient, projection.GradientRows);
        pass.Check(ref slopes, 1);
        pass.Check(ref dx, projection.Features);
        var (first, end) = pass.Share(projection.Features, 4);
        var values = Pointer(ref x);
        var sums = Pointer(ref gradient);
        var factors = Pointer(ref slopes);
        var target = Pointer(ref dx);
        for (var row = first; row < end; row++)
        {
            var (at, from) = ((nint)row * pass.Width, (nint)(row % projection.GradientRows) * pass.Width);
            for (var column = 0; column < pass.Width; column += Vector128<float>.Count)
            {
                var product = Vector128.Load(values + at + column) * Vector128.Load(factors + column);
                var slope = Vector128.Load(sums + from + column) - product;
                (accumulate ? Vector128.Load(target + at + column) + slope : slope).Store(target + at + column);
            }
        }
    }

    /// <summary>The gradients of factor and terms.</summary>
    /// <param name="projection">The classifier.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="z">Slot of the projections.</param>
    /// <param name="dy">Slot of the gradient of the result.</param>
    /// <param name="accumulate">Whether to add to the gradients: a layer's second use in the model.</param>
    public static void GradWeight(FixedProjection projection, in BatchPass batch, int z, int dy, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(projection);
        if (projection.IsFrozen || batch.Tap is not null)
            return;
        batch.Check(z, projection.ProjectedRows);
        batch.Check(dy, projection.Classes);
        var terms = projection.Bias.GradientBuffer;
        var (first, end) = batch.Share(projection.Classes, 1);
        for (var row = first; row < end; row++)
        {
            var sum = accumulate ? (double)terms[row] : 0;
            for (var panel = 0; panel < batch.Layout.Panels; panel++)
            {
                var gradients = new ReadOnlySpan<float>(
                    batch.Slot(dy, panel) + ((nint)row * batch.Layout.Width(panel)), batch.Layout.Samples(panel));
                foreach (var gradient in gradients)
                    sum += gradient;
            }
            terms[row] = (float)sum;
        }
        // One worker adds up in one order.
        if (batch.Member != 0)
            return;
        var factor = projection.Scale.GradientBuffer;
        var total = accumulate ? (double)factor[0] : 0;
        for (var panel = 0; panel < batch.Layout.Panels; panel++)
        {
            var (width, samples) = (batch.Layout.Width(panel), batch.Layout.Samples(panel));
            var values = batch.Slot(z, panel);
            var gradients = batch.Slot(dy, panel);
            for (var row = 0; row < projection.Classes; row++, values += width, gradients += width)
                total += Product(values, gradients, samples);
        }
        factor[0] = (float)total;
    }

    /// <summary>A few samples, each in one run.</summary>
    private static void Samples(FixedProjection projection, in PanelPass pass, ref float x, ref float z, ref float y)
    {
        var (features, classes, rows) = (projection.Features, projection.Classes, projection.ProjectedRows);
        for (nint sample = pass.Member; sample < pass.UsedColumns; sample += pass.Members)
        {
            var values = Sample(ref x, features);
            var projected = Sample(ref z, rows);
            var squares = 0.0;
            foreach (var value in values)
                squares += (double)value * value;
            if (projection.Rows is { } weights)
            {
                for (var row = 0; row < classes; row++)
                    projected[row] = TensorPrimitives.Dot(weights.AsSpan(row * features, features), values);
            }
            else
            {
                projected.Clear();
                for (var start = 0; start < features; start += rows)
                {
                    var part = values[start..Math.Min(start + rows, features)];
                    TensorPrimitives.Add(projected[..part.Length], part, projected);
                }
                HadamardTransform.Vector(Pointer(ref projected[0]), rows);
            }
            var results = Sample(ref y, classes);
            TensorPrimitives.Multiply(projected[..classes], FixedProjection.Inverse((float)Math.Sqrt(squares)), results);
            TensorPrimitives.MultiplyAdd(results, projection.Scale.Values[0], projection.Bias.Values, results);

            Span<float> Sample(ref float value, int count) =>
                MemoryMarshal.CreateSpan(ref Unsafe.Add(ref value, sample * SmallBatch.Stride(count)), count);
        }
    }

    private static double Product(float* left, float* right, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            sum += (double)left[i] * right[i];
        return sum;
    }

    /// <summary>The columns of the calling member, in whole vectors.</summary>
    private static (int First, int End) Columns(in PanelPass pass)
    {
        var (first, end) = pass.Share(pass.Vectors, 1);
        return (first * PanelGeometry.Lanes, end * PanelGeometry.Lanes);
    }

    /// <summary>The workspace does not move.</summary>
    private static float* Pointer(ref float value) => (float*)Unsafe.AsPointer(ref value);
}
