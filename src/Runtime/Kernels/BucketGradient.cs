using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Kernels;

/// <summary>
/// The weight gradient at kept positions, <c>Values = Y·Xᵀ</c>: <see cref="BucketRun.Y"/> holds the output's gradient; with <see
/// cref="TileOptions.Load"/> it adds to what
/// <see cref="BucketRun.Values"/> holds. Two quads at a time: the rows of the output's gradient stay in registers where there are enough,
/// and eight sums become eight consecutive floats, already in
/// the order of the stream.
/// </summary>
/// <typeparam name="TLists">Lists of a segment: three of pairs, one of singles, or all four.</typeparam>
internal readonly unsafe struct BucketGradient<TLists> : IPanelKernel<BucketRun>
    where TLists : unmanaged, ICount
{
    [MethodImpl(Jit.Leaf)]
    public static void Run<TPath, TVector, TVectors>(in BucketRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        nint width = VectorRow<TPath, TVector, TVectors>.Width;
        ref var rows = ref run.Rows;
        var add = (run.Options & TileOptions.Load) != 0;
        ref var counts = ref run.Counts;
        ref var blockIndex = ref run.Index;
        ref var blockValues = ref run.Values;
        ref var dy = ref run.Y;
        for (var block = run.Blocks; block != 0; block--)
        {
            ref var index = ref blockIndex;
            ref var values = ref blockValues;
            ref var dy0 = ref Unsafe.Add(ref dy, BucketKernel.Row<TLists>(ref rows, 0) * width);
            ref var dy1 = ref Unsafe.Add(ref dy, BucketKernel.Row<TLists>(ref rows, 1) * width);
            ref var dy2 = ref Unsafe.Add(ref dy, BucketKernel.Row<TLists>(ref rows, 2) * width);
            ref var dy3 = ref Unsafe.Add(ref dy, BucketKernel.Row<TLists>(ref rows, 3) * width);
            if (sizeof(TLists) >= BucketKernel.PairLists)
            {
                nint n = counts;
                Pairs<TPath, TVector, TVectors>(n, add, ref run.X, ref index, ref values, ref dy0, ref dy1, ref dy2, ref dy3);
                index = ref Unsafe.Add(ref index, 2 * n);
                values = ref Unsafe.Add(ref values, 4 * n);
                n = Unsafe.Add(ref counts, 1);
                Pairs<TPath, TVector, TVectors>(n, add, ref run.X, ref index, ref values, ref dy0, ref dy2, ref dy1, ref dy3);
                index = ref Unsafe.Add(ref index, 2 * n);
                values = ref Unsafe.Add(ref values, 4 * n);
                n = Unsafe.Add(ref counts, 2);
                Pairs<TPath, TVector, TVectors>(n, add, ref run.X, ref index, ref values, ref dy0, ref dy3, ref dy1, ref dy2);
                index = ref Unsafe.Add(ref index, 2 * n);
                values = ref Unsafe.Add(ref values, 4 * n);
            }
            if (sizeof(TLists) != BucketKernel.PairLists)
            {
                nint n = Unsafe.Add(ref counts, sizeof(TLists) - 1);
                Singles<TPath, TVector, TVectors>(n, add, ref run.X, ref index, ref values, ref dy0, ref dy1, ref dy2, ref dy3);
            }
            if (sizeof(TLists) == BucketKernel.PairLists)
                dy = ref Unsafe.Add(ref dy, 4 * width);
            rows = ref Unsafe.Add(ref rows, 4);
            blockIndex = ref Unsafe.Add(ref blockIndex, run.IndexStride);
            blockValues = ref Unsafe.Add(ref blockValues, run.ValueStride);
            counts = ref Unsafe.Add(ref counts, sizeof(TLists));
        }
    }

    /// <summary>
    /// A list of pairs: a quad has a column of rows a and b, and one of c and d. A method of its own, so that eight sums, the rows and the
    /// pointers of one list are all that registers must hold.
    /// </summary>
    [MethodImpl(Jit.Leaf)]
    private static void Pairs<TPath, TVector, TVectors>(
        nint n, bool add, ref float panel, ref ushort index, ref float values, ref float dyA, ref float dyB, ref float dyC, ref float dyD)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        VectorRow<TPath, TVector, TVectors> a = default, b = default, c = default, d = default;
        if (sizeof(TVector) == Path512.Bytes)
        {
            a.Load(ref dyA);
            b.Load(ref dyB);
            c.Load(ref dyC);
            d.Load(ref dyD);
        }
        for (; n >= 2; n -= 2)
        {
            Pairs(add, true, ref panel, ref index, ref values, in a, in b, in c, in d, ref dyA, ref dyB, ref dyC, ref dyD);
            index = ref Unsafe.Add(ref index, 4);
            values = ref Unsafe.Add(ref values, 8);
        }
        if (n > 0)
            Pairs(add, false, ref panel, ref index, ref values, in a, in b, in c, in d, ref dyA, ref dyB, ref dyC, ref dyD);
    }

    /// <summary>A list of quads with a column of each row.</summary>
    [MethodImpl(Jit.Leaf)]
    private static void Singles<TPath, TVector, TVectors>(
        nint n, bool add, ref float panel, ref ushort index, ref float values, ref float dyA, ref float dyB, ref float dyC, ref float dyD)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        VectorRow<TPath, TVector, TVectors> a = default, b = default, c = default, d = default;
        if (sizeof(TVector) == Path512.Bytes)
        {
            a.Load(ref dyA);
            b.Load(ref dyB);
            c.Load(ref dyC);
            d.Load(ref dyD);
        }
        for (; n >= 2; n -= 2)
        {
            Singles(add, true, ref panel, ref index, ref values, in a, in b, in c, in d, ref dyA, ref dyB, ref dyC, ref dyD);
            index = ref Unsafe.Add(ref index, 8);
            values = ref Unsafe.Add(ref values, 8);
        }
        if (n > 0)
            Singles(add, false, ref panel, ref index, ref values, in a, in b, in c, in d, ref dyA, ref dyB, ref dyC, ref dyD);
    }

    /// <summary>One quad or two with a column of rows a and b, and one of c and d.</summary>
    [MethodImpl(Jit.Inline)]
    private static void Pairs<TPath, TVector, TVectors>(
        bool add, bool two, ref float panel, ref ushort index, ref float values, in VectorRow<TPath, TVector, TVectors> a,
        in VectorRow<TPath, TVector, TVectors> b,
        in VectorRow<TPath, TVector, TVectors> c, in VectorRow<TPath, TVector, TVectors> d, ref float dyA, ref float dyB, ref float dyC,
        ref float dyD)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        TVector s0 = TPath.Zero, s1 = TPath.Zero, s2 = TPath.Zero, s3 = TPath.Zero, s4 = TPath.Zero, s5 = TPath.Zero, s6 = TPath.Zero,
            s7 = TPath.Zero;
        Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 0), in a, in b, ref dyA, ref dyB, ref s0, ref s1);
        Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 1), in c, in d, ref dyC, ref dyD, ref s2, ref s3);
        if (two)
        {
            Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 2), in a, in b, ref dyA, ref dyB, ref s4, ref s5);
            Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 3), in c, in d, ref dyC, ref dyD, ref s6, ref s7);
        }
        Store(add, two, TPath.Sums(s0, s1, s2, s3, s4, s5, s6, s7), ref values);
    }

    /// <summary>One quad or two with a column of each row.</summary>
    [MethodImpl(Jit.Inline)]
    private static void Singles<TPath, TVector, TVectors>(
        bool add, bool two, ref float panel, ref ushort index, ref float values, in VectorRow<TPath, TVector, TVectors> a,
        in VectorRow<TPath, TVector, TVectors> b,
        in VectorRow<TPath, TVector, TVectors> c, in VectorRow<TPath, TVector, TVectors> d, ref float dyA, ref float dyB, ref float dyC,
        ref float dyD)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        TVector s0 = TPath.Zero, s1 = TPath.Zero, s2 = TPath.Zero, s3 = TPath.Zero, s4 = TPath.Zero, s5 = TPath.Zero, s6 = TPath.Zero,
            s7 = TPath.Zero;
        Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 0), in a, ref dyA, ref s0);
        Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 1), in b, ref dyB, ref s1);
        Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 2), in c, ref dyC, ref s2);
        Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 3), in d, ref dyD, ref s3);
        if (two)
        {
            Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 4), in a, ref dyA, ref s4);
            Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 5), in b, ref dyB, ref s5);
            Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 6), in c, ref dyC, ref s6);
            Sum(ref Column<TPath, TVector, TVectors>(ref panel, ref index, 7), in d, ref dyD, ref s7);
        }
        Store(add, two, TPath.Sums(s0, s1, s2, s3, s4, s5, s6, s7), ref values);
    }

    [MethodImpl(Jit.Inline)]
    private static ref float Column<TPath, TVector, TVectors>(ref float panel, ref ushort index, int column)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount => ref Unsafe.Add(ref panel,
            (nint)Unsafe.Add(ref index, column) * VectorRow<TPath, TVector, TVectors>.Width);

    /// <summary>The products of a column with two rows, vector by vector.</summary>
    [MethodImpl(Jit.Inline)]
    private static void Sum<TPath, TVector, TVectors>(
        ref float x, in VectorRow<TPath, TVector, TVectors> a, in VectorRow<TPath, TVector, TVectors> b, ref float dyA, ref float dyB,
        ref TVector sumA, ref TVector sumB)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        var x0 = TPath.Load(ref x, 0);
        sumA = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? a.V0 : TPath.Load(ref dyA, 0), x0, sumA);
        sumB = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? b.V0 : TPath.Load(ref dyB, 0), x0, sumB);
        if (sizeof(TVectors) > 1)
        {
            var x1 = TPath.Load(ref x, TPath.Lanes);
            sumA = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? a.V1 : TPath.Load(ref dyA, TPath.Lanes), x1, sumA);
            sumB = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? b.V1 : TPath.Load(ref dyB, TPath.Lanes), x1, sumB);
        }
        if (sizeof(TVectors) > 2)
        {
            var x2 = TPath.Load(ref x, 2 * TPath.Lanes);
            sumA = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? a.V2 : TPath.Load(ref dyA, 2 * TPath.Lanes), x2, sumA);
            sumB = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? b.V2 : TPath.Load(ref dyB, 2 * TPath.Lanes), x2, sumB);
        }
        if (sizeof(TVectors) > 3)
        {
            var x3 = TPath.Load(ref x, 3 * TPath.Lanes);
            sumA = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? a.V3 : TPath.Load(ref dyA, 3 * TPath.Lanes), x3, sumA);
            sumB = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? b.V3 : TPath.Load(ref dyB, 3 * TPath.Lanes), x3, sumB);
        }
    }

    /// <summary>The products of a column with a row, vector by vector.</summary>
    [MethodImpl(Jit.Inline)]
    private static void Sum<TPath, TVector, TVectors>(ref float x, in VectorRow<TPath, TVector, TVectors> a, ref float dy, ref TVector sum)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        sum = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? a.V0 : TPath.Load(ref dy, 0), TPath.Load(ref x, 0), sum);
        if (sizeof(TVectors) > 1)
            sum = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? a.V1 : TPath.Load(ref dy, TPath.Lanes),
                TPath.Load(ref x, TPath.Lanes), sum);
        if (sizeof(TVectors) > 2)
            sum = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? a.V2 : TPath.Load(ref dy, 2 * TPath.Lanes),
                TPath.Load(ref x, 2 * TPath.Lanes), sum);
        if (sizeof(TVectors) > 3)
            sum = TPath.MultiplyAdd(sizeof(TVector) == Path512.Bytes ? a.V3 : TPath.Load(ref dy, 3 * TPath.Lanes),
                TPath.Load(ref x, 3 * TPath.Lanes), sum);
    }

    [MethodImpl(Jit.Inline)]
    private static void Store(bool add, bool two, Vector256<float> sums, ref float values)
    {
        if (two)
        {
            if (add)
                sums += Vector256.LoadUnsafe(ref values);
            sums.StoreUnsafe(ref values);
            return;
        }
        var quad = sums.GetLower();
        if (add)
            quad += Vector128.LoadUnsafe(ref values);
        quad.StoreUnsafe(ref values);
    }

    /// <summary>One weight at a time.</summary>
    public static void RunScalar(int width, in BucketRun run)
    {
        var add = (run.Options & TileOptions.Load) != 0;
        ref var rows = ref run.Rows;
        ref var counts = ref run.Counts;
        for (nint block = 0; block < run.Blocks; block++)
        {
            var first = (sizeof(TLists) == BucketKernel.PairLists) ? 4 * block : 0;
            ref var index = ref Unsafe.Add(ref run.Index, block * run.IndexStride);
            ref var values = ref Unsafe.Add(ref run.Values, block * run.ValueStride);
            for (var list = 0; list < sizeof(TLists); list++)
            {
                var single = sizeof(TLists) != BucketKernel.PairLists && list == sizeof(TLists) - 1;
                for (int n = Unsafe.Add(ref counts, list); n != 0; n--)
                {
                    for (var weight = 0; weight < 4; weight++)
                    {
                        var row = first + BucketKernel.Row<TLists>(ref rows,
                            single ? weight : BucketKernel.PairRows[(4 * list) + weight]);
                        nint position = Unsafe.Add(ref index, single ? weight : weight / 2);
                        var sum = 0f;
                        for (var c = 0; c < width; c++)
                            sum += Unsafe.Add(ref run.Y, (row * width) + c) * Unsafe.Add(ref run.X, (position * width) + c);
                        ref var target = ref Unsafe.Add(ref values, weight);
                        target = add ? target + sum : sum;
                    }
                    index = ref Unsafe.Add(ref index, single ? 4 : 2);
                    values = ref Unsafe.Add(ref values, 4);
                }
            }
            rows = ref Unsafe.Add(ref rows, 4);
            counts = ref Unsafe.Add(ref counts, sizeof(TLists));
        }
    }
}
