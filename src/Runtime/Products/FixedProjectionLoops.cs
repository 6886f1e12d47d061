using System.Runtime.CompilerServices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>Columns of a panel that go through a fixed projection.</summary>
/// <param name="projection">The classifier.</param>
/// <param name="width">Floats of a row.</param>
/// <param name="columns">The caller's columns, in whole vectors.</param>
internal readonly unsafe struct FixedProjectionRun(FixedProjection projection, int width, (int First, int End) columns)
{
    public FixedProjection Projection => projection;

    public nint Width => width;

    public int First => columns.First;

    public int End => columns.End;

    /// <summary>The operand: values, or the gradient of the result.</summary>
    public required float* Source { get; init; }

    /// <summary>A line of norms, then their inverses.</summary>
    public required float* Norms { get; init; }

    /// <summary>The projections.</summary>
    public required float* Projected { get; init; }

    /// <summary>The result: that of the layer, or the part of the gradient whose rows repeat.</summary>
    public required float* Target { get; init; }

    /// <summary>The line of slopes, in the backward pass.</summary>
    public float* Slopes { get; init; }

    /// <summary>The projection <c>[classes, features]</c> where it is in memory.</summary>
    public float* Weights { get; init; }
}

/// <summary>Norms, projections of normalised values, and the result.</summary>
internal readonly unsafe struct FixedProjectionForward : ILaneLoop<FixedProjectionRun>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in FixedProjectionRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var projection = run.Projection;
        var (factor, width) = (TLanes.Create(projection.Scale.Values[0]), run.Width);
        var terms = projection.Bias.Values;
        var totals = stackalloc double[TLanes.Count];
        for (nint column = run.First; column < run.End; column += TLanes.Count)
        {
            var source = run.Source + column;
            var projected = run.Projected + column;
            var target = run.Target + column;
            var norms = run.Norms + column;
            FixedProjectionSteps.AddUp<TLanes>(source, source, projection.Features, width, totals);
            for (var lane = 0; lane < TLanes.Count; lane++)
            {
                norms[lane] = (float)Math.Sqrt(totals[lane]);
                norms[width + lane] = FixedProjection.Inverse(norms[lane]);
            }
            if (run.Weights != null)
            {
                FixedProjectionSteps.Multiply<TLanes>(
                    run.Weights, projection.Features, 1, projection.Classes, projection.Features, source, projected, width);
            }
            else
            {
                FixedProjectionSteps.Transform<TLanes>(source, projection.Features, projected, projection.Folded, width);
            }
            var inverse = TLanes.Load(norms + width);
            for (var row = 0; row < projection.Classes; row++, projected += width, target += width)
            {
                var value = TLanes.Load(projected) * inverse;
                value.Store(projected);
                ((value * factor) + TLanes.Create(terms[row])).Store(target);
            }
        }
    }
}

/// <summary>The part of the gradient whose rows repeat, and the slope by the value itself.</summary>
internal readonly unsafe struct FixedProjectionGradSums : ILaneLoop<FixedProjectionRun>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(in FixedProjectionRun run)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var projection = run.Projection;
        var (factor, width) = (projection.Scale.Values[0], run.Width);
        var totals = stackalloc double[TLanes.Count];
        for (nint column = run.First; column < run.End; column += TLanes.Count)
        {
            var gradient = run.Source + column;
            var norms = run.Norms + column;
            var target = run.Target + column;
            FixedProjectionSteps.AddUp<TLanes>(gradient, run.Projected + column, projection.Classes, width, totals);
            for (var lane = 0; lane < TLanes.Count; lane++)
            {
                run.Slopes[column + lane] =
                    norms[lane] == 0 ? 0 : (float)((double)factor * totals[lane] * norms[width + lane] / norms[lane]);
            }
            if (run.Weights != null)
            {
                FixedProjectionSteps.Multiply<TLanes>(
                    run.Weights, 1, projection.Features, projection.Features, projection.Classes, gradient, target, width);
            }
            else
            {
                FixedProjectionSteps.Transform<TLanes>(gradient, projection.Classes, target, projection.Folded, width);
            }
            var scale = TLanes.Load(norms + width) * TLanes.Create(factor);
            for (var row = 0; row < projection.GradientRows; row++, target += width)
                (TLanes.Load(target) * scale).Store(target);
        }
    }
}

/// <summary>What the loops of fixed projections consist of, for the samples of a vector.</summary>
/// <remarks>
/// A vector of samples goes through all of its rows before the next one does, so that it stays in the first-level cache.
/// </remarks>
internal static unsafe class FixedProjectionSteps
{
    /// <summary>Products that are added up in single precision before their sum goes on in double precision.</summary>
    private const int Chunk = 64;

    /// <summary>Sums of products over rows.</summary>
    public static void AddUp<TLanes>(float* left, float* right, int rows, nint stride, double* totals)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var sums = stackalloc float[TLanes.Count];
        new Span<double>(totals, TLanes.Count).Clear();
        for (var start = 0; start < rows; start += Chunk)
        {
            var sum = TLanes.Create(0);
            for (var row = start; row < Math.Min(rows, start + Chunk); row++, left += stride, right += stride)
                sum += TLanes.Load(left) * TLanes.Load(right);
            sum.Store(sums);
            for (var lane = 0; lane < TLanes.Count; lane++)
                totals[lane] += sums[lane];
        }
    }

    /// <summary>
    /// Rows of a Hadamard matrix times the operand. Row r of what is transformed is the sum of the rows r, r + size, r + 2·size … of the
    /// operand.
    /// </summary>
    public static void Transform<TLanes>(float* source, int rows, float* target, int size, nint stride)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        for (var row = 0; row < size; row++)
        {
            var sum = TLanes.Create(0);
            for (var from = row; from < rows; from += size)
                sum += TLanes.Load(source + (from * stride));
            sum.Store(target + (row * stride));
        }
        HadamardTransform.Columns<TLanes>(target, size, stride);
    }

    /// <summary>A product with the projection or its transpose, four rows at a time.</summary>
    /// <param name="weights">The projection.</param>
    /// <param name="rowStride">From the weights of a row of the result to those of the next.</param>
    /// <param name="depthStride">From a weight of a row to the next.</param>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="depth">Rows of the operand.</param>
    /// <param name="x">The operand.</param>
    /// <param name="y">Receives the result.</param>
    /// <param name="stride">From a row of values to the next.</param>
    public static void Multiply<TLanes>(
        float* weights, nint rowStride, nint depthStride, int rows, int depth, float* x, float* y, nint stride)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        for (var row = 0; row < rows; row += 4)
        {
            // Rows behind the last one are computed as that one, and not stored.
            var weight = weights + (row * rowStride);
            var (second, third, fourth) = (Offset(1), Offset(2), Offset(3));
            var (a, b, c, d) = (TLanes.Create(0), TLanes.Create(0), TLanes.Create(0), TLanes.Create(0));
            var source = x;
            for (var k = 0; k < depth; k++, source += stride, weight += depthStride)
            {
                var value = TLanes.Load(source);
                a += value * TLanes.Create(weight[0]);
                b += value * TLanes.Create(weight[second]);
                c += value * TLanes.Create(weight[third]);
                d += value * TLanes.Create(weight[fourth]);
            }
            var target = y + (row * stride);
            a.Store(target);
            if (row + 1 < rows)
                b.Store(target + stride);
            if (row + 2 < rows)
                c.Store(target + (2 * stride));
            if (row + 3 < rows)
                d.Store(target + (3 * stride));

            nint Offset(int next) => (Math.Min(row + next, rows - 1) - row) * rowStride;
        }
    }
}
