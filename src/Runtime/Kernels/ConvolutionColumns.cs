using System.Runtime.CompilerServices;

namespace SparseSharp.Kernels;

/// <summary>The columns of a segment, in one of the formats.</summary>
internal unsafe interface IConvolutionColumns
{
    /// <summary>Adds the weights of a segment times their lines to the sums of four channels.</summary>
    /// <param name="x">The input at the first pixel.</param>
    /// <param name="d1">From there to the second one.</param>
    /// <param name="d2">To the third one.</param>
    /// <param name="d3">To the fourth one.</param>
    /// <param name="index">Positions of columns.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="counts">Quads of the lists.</param>
    /// <param name="r0">Sums of the first channel.</param>
    /// <param name="r1">Sums of the second one.</param>
    /// <param name="r2">Sums of the third one.</param>
    /// <param name="r3">Sums of the fourth one.</param>
    static abstract void Add<TPath, TVector, TVectors>(
        float* x, nint d1, nint d2, nint d3, int* index, float* weights, int* counts, ref VectorRow<TPath, TVector, TVectors> r0,
        ref VectorRow<TPath, TVector, TVectors> r1, ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount;

    /// <summary>The same for one lane of one pixel.</summary>
    static abstract void AddScalar(float* x, int* index, float* weights, int* counts, Span<float> sums);
}

/// <summary>Columns of all four channels.</summary>
/// <remarks>At 4 by 3: 12 accumulators; a load of a position, 3 lines and 4 broadcasts for 12 multiply-adds.</remarks>
internal readonly unsafe struct SharedColumns : IConvolutionColumns
{
    [MethodImpl(Jit.Inline)]
    public static void Add<TPath, TVector, TVectors>(
        float* x, nint d1, nint d2, nint d3, int* index, float* weights, int* counts, ref VectorRow<TPath, TVector, TVectors> r0,
        ref VectorRow<TPath, TVector, TVectors> r1, ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        VectorRow<TPath, TVector, TVectors> line = default;
        for (var n = *counts; n != 0; n--)
        {
            PixelRow.Load(ref line, x + *index, d1, d2, d3);
            r0.MultiplyAdd(TPath.Create(weights[0]), in line);
            r1.MultiplyAdd(TPath.Create(weights[1]), in line);
            r2.MultiplyAdd(TPath.Create(weights[2]), in line);
            r3.MultiplyAdd(TPath.Create(weights[3]), in line);
            index++;
            weights += 4;
        }
    }

    public static void AddScalar(float* x, int* index, float* weights, int* counts, Span<float> sums)
    {
        for (var column = 0; column < *counts; column++)
        {
            for (var row = 0; row < sums.Length; row++)
                sums[row] += weights[(4 * column) + row] * x[index[column]];
        }
    }
}

/// <summary>The lists of pairs, as <see cref="BucketKernel"/> has them.</summary>
/// <remarks>At 4 by 3: 2 positions in one load, 6 lines and 4 broadcasts for 12 multiply-adds.</remarks>
internal readonly unsafe struct PairedColumns : IConvolutionColumns
{
    [MethodImpl(Jit.Inline)]
    public static void Add<TPath, TVector, TVectors>(
        float* x, nint d1, nint d2, nint d3, int* index, float* weights, int* counts, ref VectorRow<TPath, TVector, TVectors> r0,
        ref VectorRow<TPath, TVector, TVectors> r1, ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        for (var n = counts[0]; n != 0; n--)
        {
            AddPair(x, d1, d2, d3, *(long*)index, weights, ref r0, ref r1, ref r2, ref r3);
            index += 2;
            weights += 4;
        }
        for (var n = counts[1]; n != 0; n--)
        {
            AddPair(x, d1, d2, d3, *(long*)index, weights, ref r0, ref r2, ref r1, ref r3);
            index += 2;
            weights += 4;
        }
        for (var n = counts[2]; n != 0; n--)
        {
            AddPair(x, d1, d2, d3, *(long*)index, weights, ref r0, ref r3, ref r1, ref r2);
            index += 2;
            weights += 4;
        }
    }

    public static void AddScalar(float* x, int* index, float* weights, int* counts, Span<float> sums)
    {
        for (var list = 0; list < BucketKernel.PairLists; list++)
        {
            for (var n = 0; n < counts[list]; n++, index += 2, weights += 4)
            {
                for (var weight = 0; weight < 4; weight++)
                    sums[BucketKernel.PairRows[(4 * list) + weight]] += weights[weight] * x[index[weight / 2]];
            }
        }
    }

    /// <summary>Two columns, each for two channels.</summary>
    [MethodImpl(Jit.Inline)]
    private static void AddPair<TPath, TVector, TVectors>(
        float* x, nint d1, nint d2, nint d3, long positions, float* weights, ref VectorRow<TPath, TVector, TVectors> a,
        ref VectorRow<TPath, TVector, TVectors> b, ref VectorRow<TPath, TVector, TVectors> c, ref VectorRow<TPath, TVector, TVectors> d)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        VectorRow<TPath, TVector, TVectors> line = default;
        PixelRow.Load(ref line, x + (int)positions, d1, d2, d3);
        a.MultiplyAdd(TPath.Create(weights[0]), in line);
        b.MultiplyAdd(TPath.Create(weights[1]), in line);
        PixelRow.Load(ref line, x + (nint)(positions >> 32), d1, d2, d3);
        c.MultiplyAdd(TPath.Create(weights[2]), in line);
        d.MultiplyAdd(TPath.Create(weights[3]), in line);
    }
}

/// <summary>A column for each channel.</summary>
/// <remarks>At 4 by 3: 4 positions in two loads, 12 lines and one load of 4 weights for 12 multiply-adds: bound by loads.</remarks>
internal readonly unsafe struct SingleColumns : IConvolutionColumns
{
    [MethodImpl(Jit.Inline)]
    public static void Add<TPath, TVector, TVectors>(
        float* x, nint d1, nint d2, nint d3, int* index, float* weights, int* counts, ref VectorRow<TPath, TVector, TVectors> r0,
        ref VectorRow<TPath, TVector, TVectors> r1, ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        for (var n = *counts; n != 0; n--)
        {
            var first = *(long*)index;
            var second = *(long*)(index + 2);
            var four = TPath.Repeat(ref *weights);
            PixelRow.MultiplyAdd(ref r0, TPath.Lane(four, 0), x + (int)first, d1, d2, d3);
            PixelRow.MultiplyAdd(ref r1, TPath.Lane(four, 1), x + (nint)(first >> 32), d1, d2, d3);
            PixelRow.MultiplyAdd(ref r2, TPath.Lane(four, 2), x + (int)second, d1, d2, d3);
            PixelRow.MultiplyAdd(ref r3, TPath.Lane(four, 3), x + (nint)(second >> 32), d1, d2, d3);
            index += 4;
            weights += 4;
        }
    }

    public static void AddScalar(float* x, int* index, float* weights, int* counts, Span<float> sums)
    {
        for (var n = 0; n < 4 * *counts; n++)
            sums[n % 4] += weights[n] * x[index[n]];
    }
}

/// <summary>The lists of pairs, then singles.</summary>
internal readonly unsafe struct MixedColumns : IConvolutionColumns
{
    [MethodImpl(Jit.Inline)]
    public static void Add<TPath, TVector, TVectors>(
        float* x, nint d1, nint d2, nint d3, int* index, float* weights, int* counts, ref VectorRow<TPath, TVector, TVectors> r0,
        ref VectorRow<TPath, TVector, TVectors> r1, ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        PairedColumns.Add(x, d1, d2, d3, index, weights, counts, ref r0, ref r1, ref r2, ref r3);
        nint pairs = counts[0] + counts[1] + counts[2];
        SingleColumns.Add(x, d1, d2, d3, index + (2 * pairs), weights + (4 * pairs), counts + 3, ref r0, ref r1, ref r2, ref r3);
    }

    public static void AddScalar(float* x, int* index, float* weights, int* counts, Span<float> sums)
    {
        PairedColumns.AddScalar(x, index, weights, counts, sums);
        nint pairs = counts[0] + counts[1] + counts[2];
        SingleColumns.AddScalar(x, index + (2 * pairs), weights + (4 * pairs), counts + 3, sums);
    }
}

/// <summary>Columns of one channel, for the scalar path.</summary>
internal readonly unsafe struct OneColumn : IConvolutionColumns
{
    public static void Add<TPath, TVector, TVectors>(
        float* x, nint d1, nint d2, nint d3, int* index, float* weights, int* counts, ref VectorRow<TPath, TVector, TVectors> r0,
        ref VectorRow<TPath, TVector, TVectors> r1, ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount => throw new NotSupportedException();

    public static void AddScalar(float* x, int* index, float* weights, int* counts, Span<float> sums)
    {
        for (var column = 0; column < *counts; column++)
            sums[0] += weights[column] * x[index[column]];
    }
}
