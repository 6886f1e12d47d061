using System.Runtime.CompilerServices;

namespace SparseSharp.Kernels;

/// <summary>
/// <c>X += Wᵀ·Y</c> for a run of tiles and one part of the columns, at which <see cref="BlockRun.X"/> begins. The rows of Y stay in
/// registers for all columns of a list.
/// </summary>
/// <remarks>Tile of 4 rows by up to 4 vectors: per column 4 loads, 4 broadcasts and 4 stores for 16 multiply-adds.</remarks>
/// <typeparam name="TKernel">The size of blocks.</typeparam>
/// <typeparam name="TTile">Rows of a tile.</typeparam>
/// <typeparam name="TBlock">Columns of a block.</typeparam>
internal readonly unsafe struct BlockScatter<TKernel, TTile, TBlock> : IPanelKernel<BlockRun>
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
        ref var columns = ref run.X;
        ref var y = ref run.Y;
        VectorRow<TPath, TVector, TVectors> r0 = default, r1 = default, r2 = default, r3 = default;
        for (var tile = run.Tiles; tile != 0; tile--)
        {
            r0.Load(ref y);
            if (sizeof(TTile) > 1)
                r1.Load(ref Unsafe.Add(ref y, row1));
            if (sizeof(TTile) > 2)
                r2.Load(ref Unsafe.Add(ref y, row2));
            if (sizeof(TTile) > 2)
                r3.Load(ref Unsafe.Add(ref y, row3));
            ref var index = ref Unsafe.Add(ref run.Inner, starts);
            ref var values = ref Unsafe.Add(ref run.Values, starts * run.EntryStride);
            var next = (Unsafe.Add(ref starts, run.StartStride) - starts) * run.EntryStride;
            for (var n = Unsafe.Add(ref starts, run.ListStride) - starts; n != 0; n--)
            {
                VectorLanes.Prefetch(ref Unsafe.Add(ref values, next));
                ref var x = ref Unsafe.Add(ref columns, index * (sizeof(TBlock) * width));
                AddTo(0, ref x, ref values, in r0, in r1, in r2, in r3);
                if (sizeof(TBlock) > 1)
                    AddTo(1, ref x, ref values, in r0, in r1, in r2, in r3);
                if (sizeof(TBlock) > 2)
                    AddTo(2, ref x, ref values, in r0, in r1, in r2, in r3);
                if (sizeof(TBlock) > 2)
                    AddTo(3, ref x, ref values, in r0, in r1, in r2, in r3);
                index = ref Unsafe.Add(ref index, 1);
                values = ref Unsafe.Add(ref values, TKernel.Rows * sizeof(TBlock));
            }
            y = ref Unsafe.Add(ref y, run.TileStride * width);
            starts = ref Unsafe.Add(ref starts, run.StartStride);
        }
    }

    /// <summary>Adds what all rows give to a column.</summary>
    [MethodImpl(Jit.Inline)]
    private static void AddTo<TPath, TVector, TVectors>(
        int column, ref float x, ref float values, in VectorRow<TPath, TVector, TVectors> r0, in VectorRow<TPath, TVector, TVectors> r1,
        in VectorRow<TPath, TVector, TVectors> r2, in VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        VectorRow<TPath, TVector, TVectors> row = default;
        row.Load(ref x, column * VectorRow<TPath, TVector, TVectors>.Width);
        row.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, column * TKernel.Rows)), in r0);
        if (sizeof(TTile) > 1)
            row.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, (column * TKernel.Rows) + 1)), in r1);
        if (sizeof(TTile) > 2)
            row.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, (column * TKernel.Rows) + 2)), in r2);
        if (sizeof(TTile) > 2)
            row.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, (column * TKernel.Rows) + 3)), in r3);
        row.Store(ref x, column * VectorRow<TPath, TVector, TVectors>.Width);
    }

    /// <summary>One panel column at a time, sums in stored order.</summary>
    public static void RunScalar(int width, in BlockRun run)
    {
        for (nint column = 0; column < width; column++)
        {
            ref var starts = ref run.Starts;
            for (nint tile = 0; tile < run.Tiles; tile++)
            {
                ref var values = ref Unsafe.Add(ref run.Values, starts * run.EntryStride);
                for (var n = starts; n < Unsafe.Add(ref starts, run.ListStride); n++)
                {
                    for (nint c = 0; c < sizeof(TBlock); c++)
                    {
                        ref var x = ref Unsafe.Add(ref run.X, (((Unsafe.Add(ref run.Inner, n) * sizeof(TBlock)) + c) * width) + column);
                        for (var r = 0; r < sizeof(TTile); r++)
                        {
                            var row = (tile * run.TileStride) + BlockKernel.Row(in run, r);
                            x += Unsafe.Add(ref values, (c * TKernel.Rows) + r) * Unsafe.Add(ref run.Y, (row * width) + column);
                        }
                    }
                    values = ref Unsafe.Add(ref values, TKernel.Rows * sizeof(TBlock));
                }
                starts = ref Unsafe.Add(ref starts, run.StartStride);
            }
        }
    }
}
