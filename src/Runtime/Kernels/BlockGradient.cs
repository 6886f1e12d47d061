using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Kernels;

/// <summary><c>Values = Y·Xᵀ</c> at the weights that exist; with <see cref="TileOptions.Load"/> added to what is there.</summary>
/// <remarks>
/// A tile of rows by columns, with as many sums at a time as the registers hold: 16 with 512 bits, else 8. Lanes are summed once, after
/// all panels of the run.
/// </remarks>
/// <typeparam name="TKernel">The size of blocks.</typeparam>
/// <typeparam name="TTile">Rows of a tile.</typeparam>
/// <typeparam name="TBlock">Columns of a block.</typeparam>
internal readonly unsafe struct BlockGradient<TKernel, TTile, TBlock> : IPanelKernel<BlockRun>
    where TKernel : struct, IBlockKernel
    where TTile : unmanaged, ICount
    where TBlock : unmanaged, ICount
{
    [MethodImpl(Jit.Leaf)]
    public static void Run<TPath, TVector, TVectors>(in BlockRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        nint width = VectorRow<TPath, TVector, TVectors>.Width;
        ref var starts = ref run.Starts;
        nint row1 = run.Row1 * width, row2 = run.Row2 * width, row3 = run.Row3 * width;
        ref var panel = ref run.X;
        var part = run.OuterStride * width;
        var panels = run.Panels;
        var panelStride = run.PanelStride;
        var add = (run.Options & TileOptions.Load) != 0;
        ref var y = ref run.Y;
        for (var tile = run.Tiles; tile != 0; tile--)
        {
            ref var list = ref Unsafe.Add(ref run.Inner, starts);
            ref var values = ref Unsafe.Add(ref run.Values, starts * run.EntryStride);
            var count = Unsafe.Add(ref starts, run.ListStride) - starts;
            var next = (Unsafe.Add(ref starts, run.StartStride) - starts) * run.EntryStride;
            ref var outer = ref run.Outer;
            for (var o = run.OuterCount; o != 0; o--)
            {
                ref var columns = ref Unsafe.Add(ref panel, outer * part);
                ref var index = ref list;
                for (var n = count; n != 0; n--)
                {
                    VectorLanes.Prefetch(ref Unsafe.Add(ref values, next));
                    ref var x = ref Unsafe.Add(ref columns, index * (sizeof(TBlock) * width));
                    if (sizeof(TBlock) == 1)
                    {
                        Columns<TPath, TVector, TVectors, One>(0, panels, panelStride, add, ref x, ref y, row1, row2, row3, ref values);
                    }
                    else if (sizeof(TBlock) > 2 && sizeof(TVector) == Path512.Bytes)
                    {
                        Columns<TPath, TVector, TVectors, Four>(0, panels, panelStride, add, ref x, ref y, row1, row2, row3, ref values);
                    }
                    else
                    {
                        Columns<TPath, TVector, TVectors, Two>(0, panels, panelStride, add, ref x, ref y, row1, row2, row3, ref values);
                        if (sizeof(TBlock) > 2)
                            Columns<TPath, TVector, TVectors, Two>(2, panels, panelStride, add, ref x, ref y, row1, row2, row3, ref values);
                    }
                    index = ref Unsafe.Add(ref index, 1);
                    values = ref Unsafe.Add(ref values, TKernel.Rows * sizeof(TBlock));
                }
                outer = ref Unsafe.Add(ref outer, 1);
            }
            y = ref Unsafe.Add(ref y, run.TileStride * width);
            starts = ref Unsafe.Add(ref starts, run.StartStride);
        }
    }

    /// <summary>Some neighbouring columns of a block, over all panels: the vectors of a row of sums belong to columns.</summary>
    [MethodImpl(Jit.Inline)]
    private static void Columns<TPath, TVector, TVectors, TColumns>(
        int first, int panels, nint panelStride, bool add, ref float x, ref float y, nint row1, nint row2, nint row3, ref float values)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
        where TColumns : unmanaged, ICount
    {
        nint width = VectorRow<TPath, TVector, TVectors>.Width;
        ref var columns = ref Unsafe.Add(ref x, first * width);
        ref var dy = ref y;
        VectorRow<TPath, TVector, TColumns> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var p = panels; p != 0; p--)
        {
            Add(0, width, ref columns, ref dy, row1, row2, row3, ref s0, ref s1, ref s2, ref s3);
            if (sizeof(TVectors) > 1)
                Add(TPath.Lanes, width, ref columns, ref dy, row1, row2, row3, ref s0, ref s1, ref s2, ref s3);
            if (sizeof(TVectors) > 2)
                Add(2 * TPath.Lanes, width, ref columns, ref dy, row1, row2, row3, ref s0, ref s1, ref s2, ref s3);
            if (sizeof(TVectors) > 3)
                Add(3 * TPath.Lanes, width, ref columns, ref dy, row1, row2, row3, ref s0, ref s1, ref s2, ref s3);
            columns = ref Unsafe.Add(ref columns, panelStride);
            dy = ref Unsafe.Add(ref dy, panelStride);
        }
        if (sizeof(TTile) > 2)
        {
            Store<TColumns>(add, TPath.Sums(s0.V0, s1.V0, s2.V0, s3.V0, s0.V1, s1.V1, s2.V1, s3.V1), first, ref values);
            if (sizeof(TColumns) > 2)
                Store<TColumns>(add, TPath.Sums(s0.V2, s1.V2, s2.V2, s3.V2, s0.V3, s1.V3, s2.V3, s3.V3), first + 2, ref values);
        }
        else if (sizeof(TTile) > 1)
        {
            Store<TColumns>(add, TPath.Sums(s0.V0, s1.V0, s0.V1, s1.V1, s0.V2, s1.V2, s0.V3, s1.V3), first, ref values);
        }
        else
        {
            Store<TColumns>(add, TPath.Sums(s0.V0, s0.V1, s0.V2, s0.V3, TPath.Zero, TPath.Zero, TPath.Zero, TPath.Zero), first, ref values);
        }
    }

    /// <summary>The products of a vector of each column with one of each row.</summary>
    [MethodImpl(Jit.Inline)]
    private static void Add<TPath, TVector, TColumns>(
        int lane, nint width, ref float columns, ref float dy, nint row1, nint row2, nint row3, ref VectorRow<TPath, TVector, TColumns> s0,
        ref VectorRow<TPath, TVector, TColumns> s1, ref VectorRow<TPath, TVector, TColumns> s2, ref VectorRow<TPath, TVector, TColumns> s3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TColumns : unmanaged, ICount
    {
        VectorRow<TPath, TVector, TColumns> x = default;
        x.LoadColumns(ref columns, lane, width);
        s0.MultiplyAdd(TPath.Load(ref dy, lane), in x);
        if (sizeof(TTile) > 1)
            s1.MultiplyAdd(TPath.Load(ref Unsafe.Add(ref dy, row1), lane), in x);
        if (sizeof(TTile) > 2)
            s2.MultiplyAdd(TPath.Load(ref Unsafe.Add(ref dy, row2), lane), in x);
        if (sizeof(TTile) > 2)
            s3.MultiplyAdd(TPath.Load(ref Unsafe.Add(ref dy, row3), lane), in x);
    }

    /// <summary>
    /// Stores the sums of as many columns as there are, or as fit eight lanes: at once if the rows of a tile are all that lie together,
    /// else column by column.
    /// </summary>
    [MethodImpl(Jit.Inline)]
    private static void Store<TColumns>(bool add, Vector256<float> sums, int column, ref float values)
        where TColumns : unmanaged, ICount
    {
        ref var target = ref Unsafe.Add(ref values, column * TKernel.Rows);
        if (sizeof(TTile) == TKernel.Rows && sizeof(TTile) * sizeof(TColumns) >= 8)
        {
            (add ? sums + Vector256.LoadUnsafe(ref target) : sums).StoreUnsafe(ref target);
        }
        else if (sizeof(TTile) == TKernel.Rows && sizeof(TTile) * sizeof(TColumns) == 4)
        {
            (add ? sums.GetLower() + Vector128.LoadUnsafe(ref target) : sums.GetLower()).StoreUnsafe(ref target);
        }
        else if (sizeof(TTile) == 4)
        {
            (add ? sums.GetLower() + Vector128.LoadUnsafe(ref target) : sums.GetLower()).StoreUnsafe(ref target);
            if (sizeof(TColumns) > 1)
            {
                target = ref Unsafe.Add(ref target, TKernel.Rows);
                (add ? sums.GetUpper() + Vector128.LoadUnsafe(ref target) : sums.GetUpper()).StoreUnsafe(ref target);
            }
        }
        else
        {
            StoreLanes(add, sums, 0, ref target);
            if (sizeof(TColumns) > 1)
                StoreLanes(add, sums, sizeof(TTile), ref Unsafe.Add(ref target, TKernel.Rows));
            if (sizeof(TColumns) > 2)
                StoreLanes(add, sums, 2 * sizeof(TTile), ref Unsafe.Add(ref target, 2 * TKernel.Rows));
            if (sizeof(TColumns) > 2)
                StoreLanes(add, sums, 3 * sizeof(TTile), ref Unsafe.Add(ref target, 3 * TKernel.Rows));
        }
    }

    /// <summary>A lane for the only row of a tile, or two for its two rows.</summary>
    [MethodImpl(Jit.Inline)]
    private static void StoreLanes(bool add, Vector256<float> sums, int lane, ref float target)
    {
        target = add ? target + sums.GetElement(lane) : sums.GetElement(lane);
        if (sizeof(TTile) == 1)
            return;
        ref var second = ref Unsafe.Add(ref target, 1);
        second = add ? second + sums.GetElement(lane + 1) : sums.GetElement(lane + 1);
    }

    /// <summary>One panel column at a time, sums in stored order.</summary>
    public static void RunScalar(int width, in BlockRun run)
    {
        var add = (run.Options & TileOptions.Load) != 0;
        for (nint column = 0; column < width; column++)
        {
            ref var starts = ref run.Starts;
            for (nint tile = 0; tile < run.Tiles; tile++)
            {
                ref var values = ref Unsafe.Add(ref run.Values, starts * run.EntryStride);
                for (nint o = 0; o < run.OuterCount; o++)
                {
                    for (var n = starts; n < Unsafe.Add(ref starts, run.ListStride); n++)
                    {
                        var feature = (Unsafe.Add(ref run.Outer, o) * run.OuterStride) + (Unsafe.Add(ref run.Inner, n) * sizeof(TBlock));
                        for (var c = 0; c < sizeof(TBlock); c++)
                        {
                            for (var r = 0; r < sizeof(TTile); r++)
                            {
                                var row = (tile * run.TileStride) + BlockKernel.Row(in run, r);
                                var sum = 0f;
                                for (nint panel = 0; panel < run.Panels; panel++)
                                    sum += Unsafe.Add(ref run.Y, (row * width) + column + (panel * run.PanelStride)) * Unsafe.Add(ref run.X,
                                        ((feature + c) * width) + column + (panel * run.PanelStride));
                                ref var value = ref Unsafe.Add(ref values, (c * TKernel.Rows) + r);
                                value = (add || column > 0 ? value : 0f) + sum;
                            }
                        }
                        values = ref Unsafe.Add(ref values, TKernel.Rows * sizeof(TBlock));
                    }
                }
                starts = ref Unsafe.Add(ref starts, run.StartStride);
            }
        }
    }
}
