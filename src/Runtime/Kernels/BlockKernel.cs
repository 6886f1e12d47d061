using System.Runtime.CompilerServices;

namespace SparseSharp.Kernels;

/// <summary>
/// Kernels over blocks of weights: up to four rows share a list of columns, so that an activation vector is loaded once for all of them.
/// The gradient of the input and that of the weights read the same weights in the same order.
/// </summary>
internal static class BlockKernel
{
    /// <inheritdoc cref="BlockMultiply{TKernel, TTile, TBlock}"/>
    public static void Multiply<TKernel>(int vectors, in BlockRun run)
        where TKernel : struct, IBlockKernel
    {
        switch (TKernel.TileRows)
        {
            case 4: Multiply<TKernel, Four>(vectors, in run); break;
            case 2: Multiply<TKernel, Two>(vectors, in run); break;
            default: Multiply<TKernel, One>(vectors, in run); break;
        }
    }

    /// <inheritdoc cref="BlockScatter{TKernel, TTile, TBlock}"/>
    public static void Scatter<TKernel>(int vectors, in BlockRun run)
        where TKernel : struct, IBlockKernel
    {
        switch (TKernel.TileRows)
        {
            case 4: Scatter<TKernel, Four>(vectors, in run); break;
            case 2: Scatter<TKernel, Two>(vectors, in run); break;
            default: Scatter<TKernel, One>(vectors, in run); break;
        }
    }

    /// <inheritdoc cref="BlockGradient{TKernel, TTile, TBlock}"/>
    public static void Gradient<TKernel>(int vectors, in BlockRun run)
        where TKernel : struct, IBlockKernel
    {
        switch (TKernel.TileRows)
        {
            case 4: Gradient<TKernel, Four>(vectors, in run); break;
            case 2: Gradient<TKernel, Two>(vectors, in run); break;
            default: Gradient<TKernel, One>(vectors, in run); break;
        }
    }

    /// <summary>Features from the first row of a tile to another one.</summary>
    public static nint Row(in BlockRun run, int row) => row switch
    {
        0 => 0,
        1 => run.Row1,
        2 => run.Row2,
        _ => run.Row3,
    };

    [MethodImpl(Jit.Inline)]
    private static void Multiply<TKernel, TTile>(int vectors, in BlockRun run)
        where TKernel : struct, IBlockKernel
        where TTile : unmanaged, ICount
    {
        switch (TKernel.Columns)
        {
            case 4: PanelKernel.Run<BlockMultiply<TKernel, TTile, Four>, BlockRun>(vectors, in run); break;
            case 2: PanelKernel.Run<BlockMultiply<TKernel, TTile, Two>, BlockRun>(vectors, in run); break;
            default: PanelKernel.Run<BlockMultiply<TKernel, TTile, One>, BlockRun>(vectors, in run); break;
        }
    }

    [MethodImpl(Jit.Inline)]
    private static void Scatter<TKernel, TTile>(int vectors, in BlockRun run)
        where TKernel : struct, IBlockKernel
        where TTile : unmanaged, ICount
    {
        switch (TKernel.Columns)
        {
            case 4: PanelKernel.Run<BlockScatter<TKernel, TTile, Four>, BlockRun>(vectors, in run); break;
            case 2: PanelKernel.Run<BlockScatter<TKernel, TTile, Two>, BlockRun>(vectors, in run); break;
            default: PanelKernel.Run<BlockScatter<TKernel, TTile, One>, BlockRun>(vectors, in run); break;
        }
    }

    [MethodImpl(Jit.Inline)]
    private static void Gradient<TKernel, TTile>(int vectors, in BlockRun run)
        where TKernel : struct, IBlockKernel
        where TTile : unmanaged, ICount
    {
        switch (TKernel.Columns)
        {
            case 4: PanelKernel.Run<BlockGradient<TKernel, TTile, Four>, BlockRun>(vectors, in run); break;
            case 2: PanelKernel.Run<BlockGradient<TKernel, TTile, Two>, BlockRun>(vectors, in run); break;
            default: PanelKernel.Run<BlockGradient<TKernel, TTile, One>, BlockRun>(vectors, in run); break;
        }
    }
}

/// <summary><c>Y = W·X</c> for a run of tiles.</summary>
/// <remarks>
/// Tile of 4 rows by up to 4 vectors: per column 4 loads and 4 broadcasts for 16 multiply-adds. Two such tiles take turns where one has
/// too few sums.
/// </remarks>
/// <typeparam name="TKernel">The size of blocks.</typeparam>
/// <typeparam name="TTile">Rows of a tile.</typeparam>
/// <typeparam name="TBlock">Columns of a block.</typeparam>
internal readonly unsafe struct BlockMultiply<TKernel, TTile, TBlock> : IPanelKernel<BlockRun>
    where TKernel : struct, IBlockKernel
    where TTile : unmanaged, ICount
    where TBlock : unmanaged, ICount
{
    /// <summary>Sums at a time that hide the latency of a multiply-add: four cycles, two of them in each.</summary>
    private const int FewestSums = 8;

    [MethodImpl(Jit.Inline)]
    public static void Run<TPath, TVector, TVectors>(in BlockRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        if (sizeof(TVectors) * sizeof(TTile) < FewestSums)
            MultiplyTwo<TPath, TVector, TVectors>(in run);
        else
            MultiplyOne<TPath, TVector, TVectors>(in run);
    }

    [MethodImpl(Jit.Leaf)]
    private static void MultiplyOne<TPath, TVector, TVectors>(in BlockRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        nint width = VectorRow<TPath, TVector, TVectors>.Width;
        var options = run.Options;
        ref var starts = ref run.Starts;
        nint row1 = run.Row1 * width, row2 = run.Row2 * width, row3 = run.Row3 * width;
        ref var panel = ref run.X;
        var part = run.OuterStride * width;
        ref var y = ref run.Y;
        ref var gate = ref run.Gate;
        ref var bias = ref run.Bias;
        VectorRow<TPath, TVector, TVectors> r0 = default, r1 = default, r2 = default, r3 = default;
        for (var tile = run.Tiles; tile != 0; tile--)
        {
            if ((options & TileOptions.Load) != 0)
                Load(ref y, row1, row2, row3, ref r0, ref r1, ref r2, ref r3);
            else if ((options & TileOptions.Bias) != 0)
                Fill(in run, ref bias, ref r0, ref r1, ref r2, ref r3);
            else
                Clear(ref r0, ref r1, ref r2, ref r3);
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
                    AddBlock(ref Unsafe.Add(ref columns, index * (sizeof(TBlock) * width)), ref values, ref r0, ref r1, ref r2, ref r3);
                    index = ref Unsafe.Add(ref index, 1);
                    values = ref Unsafe.Add(ref values, TKernel.Rows * sizeof(TBlock));
                }
                outer = ref Unsafe.Add(ref outer, 1);
            }
            if ((options & TileOptions.Relu) != 0)
                Relu(ref r0, ref r1, ref r2, ref r3);
            else if ((options & TileOptions.Gate) != 0)
                Gate(ref gate, row1, row2, row3, ref r0, ref r1, ref r2, ref r3);
            Store(ref y, row1, row2, row3, ref r0, ref r1, ref r2, ref r3);
            y = ref Unsafe.Add(ref y, run.TileStride * width);
            gate = ref Unsafe.Add(ref gate, run.TileStride * width);
            bias = ref Unsafe.Add(ref bias, run.TileStride);
            starts = ref Unsafe.Add(ref starts, run.StartStride);
        }
    }

    /// <summary>
    /// Two tiles take turns until the shorter list ends; a last tile alone is its own neighbour, with no list, and is written after it.
    /// </summary>
    [MethodImpl(Jit.Leaf)]
    private static void MultiplyTwo<TPath, TVector, TVectors>(in BlockRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        nint width = VectorRow<TPath, TVector, TVectors>.Width;
        var options = run.Options;
        ref var starts = ref run.Starts;
        nint row1 = run.Row1 * width, row2 = run.Row2 * width, row3 = run.Row3 * width;
        ref var panel = ref run.X;
        var part = run.OuterStride * width;
        ref var y = ref run.Y;
        ref var gate = ref run.Gate;
        ref var bias = ref run.Bias;
        VectorRow<TPath, TVector, TVectors> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default,
            r6 = default, r7 = default;
        for (var left = run.Tiles; left > 0; left -= 2)
        {
            nint pair = left > 1 ? 1 : 0;
            ref var second = ref Unsafe.Add(ref starts, pair * run.StartStride);
            var count0 = pair * (Unsafe.Add(ref second, run.ListStride) - second);
            nint count1 = Unsafe.Add(ref starts, run.ListStride) - starts;
            var swap = count0 > count1;
            if (swap)
                (count0, count1) = (count1, count0);
            var tile0 = swap ? 0 : pair;
            ref var y0 = ref Unsafe.Add(ref y, tile0 * run.TileStride * width);
            ref var gate0 = ref Unsafe.Add(ref gate, tile0 * run.TileStride * width);
            ref var bias0 = ref Unsafe.Add(ref bias, tile0 * run.TileStride);
            var start0 = Unsafe.Add(ref starts, tile0 * run.StartStride);
            ref var list0 = ref Unsafe.Add(ref run.Inner, start0);
            ref var values0 = ref Unsafe.Add(ref run.Values, start0 * run.EntryStride);
            var tile1 = swap ? pair : 0;
            ref var y1 = ref Unsafe.Add(ref y, tile1 * run.TileStride * width);
            ref var gate1 = ref Unsafe.Add(ref gate, tile1 * run.TileStride * width);
            ref var bias1 = ref Unsafe.Add(ref bias, tile1 * run.TileStride);
            var start1 = Unsafe.Add(ref starts, tile1 * run.StartStride);
            ref var list1 = ref Unsafe.Add(ref run.Inner, start1);
            ref var values1 = ref Unsafe.Add(ref run.Values, start1 * run.EntryStride);
            if ((options & TileOptions.Load) != 0)
            {
                Load(ref y0, row1, row2, row3, ref r0, ref r1, ref r2, ref r3);
                Load(ref y1, row1, row2, row3, ref r4, ref r5, ref r6, ref r7);
            }
            else if ((options & TileOptions.Bias) != 0)
            {
                Fill(in run, ref bias0, ref r0, ref r1, ref r2, ref r3);
                Fill(in run, ref bias1, ref r4, ref r5, ref r6, ref r7);
            }
            else
            {
                Clear(ref r0, ref r1, ref r2, ref r3);
                Clear(ref r4, ref r5, ref r6, ref r7);
            }
            var next = (Unsafe.Add(ref second, run.StartStride) - starts) * run.EntryStride;
            ref var outer = ref run.Outer;
            for (var o = run.OuterCount; o != 0; o--)
            {
                ref var columns = ref Unsafe.Add(ref panel, outer * part);
                ref var index0 = ref list0;
                ref var index1 = ref list1;
                for (var n = count0; n != 0; n--)
                {
                    VectorLanes.Prefetch(ref Unsafe.Add(ref values0, next));
                    AddBlock(ref Unsafe.Add(ref columns, index0 * (sizeof(TBlock) * width)), ref values0, ref r0, ref r1, ref r2, ref r3);
                    index0 = ref Unsafe.Add(ref index0, 1);
                    values0 = ref Unsafe.Add(ref values0, TKernel.Rows * sizeof(TBlock));
                    VectorLanes.Prefetch(ref Unsafe.Add(ref values1, next));
                    AddBlock(ref Unsafe.Add(ref columns, index1 * (sizeof(TBlock) * width)), ref values1, ref r4, ref r5, ref r6, ref r7);
                    index1 = ref Unsafe.Add(ref index1, 1);
                    values1 = ref Unsafe.Add(ref values1, TKernel.Rows * sizeof(TBlock));
                }
                for (var n = count1 - count0; n != 0; n--)
                {
                    VectorLanes.Prefetch(ref Unsafe.Add(ref values1, next));
                    AddBlock(ref Unsafe.Add(ref columns, index1 * (sizeof(TBlock) * width)), ref values1, ref r4, ref r5, ref r6, ref r7);
                    index1 = ref Unsafe.Add(ref index1, 1);
                    values1 = ref Unsafe.Add(ref values1, TKernel.Rows * sizeof(TBlock));
                }
                outer = ref Unsafe.Add(ref outer, 1);
            }
            if ((options & TileOptions.Relu) != 0)
            {
                Relu(ref r0, ref r1, ref r2, ref r3);
                Relu(ref r4, ref r5, ref r6, ref r7);
            }
            else if ((options & TileOptions.Gate) != 0)
            {
                Gate(ref gate0, row1, row2, row3, ref r0, ref r1, ref r2, ref r3);
                Gate(ref gate1, row1, row2, row3, ref r4, ref r5, ref r6, ref r7);
            }
            Store(ref y0, row1, row2, row3, ref r0, ref r1, ref r2, ref r3);
            Store(ref y1, row1, row2, row3, ref r4, ref r5, ref r6, ref r7);
            y = ref Unsafe.Add(ref y, 2 * run.TileStride * width);
            gate = ref Unsafe.Add(ref gate, 2 * run.TileStride * width);
            bias = ref Unsafe.Add(ref bias, 2 * run.TileStride);
            starts = ref Unsafe.Add(ref starts, 2 * run.StartStride);
        }
    }

    /// <summary>Adds the products of a block.</summary>
    [MethodImpl(Jit.Inline)]
    private static void AddBlock<TPath, TVector, TVectors>(
        ref float x, ref float values, ref VectorRow<TPath, TVector, TVectors> r0, ref VectorRow<TPath, TVector, TVectors> r1,
        ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        AddColumn(0, ref x, ref values, ref r0, ref r1, ref r2, ref r3);
        if (sizeof(TBlock) > 1)
            AddColumn(1, ref x, ref values, ref r0, ref r1, ref r2, ref r3);
        if (sizeof(TBlock) > 2)
            AddColumn(2, ref x, ref values, ref r0, ref r1, ref r2, ref r3);
        if (sizeof(TBlock) > 2)
            AddColumn(3, ref x, ref values, ref r0, ref r1, ref r2, ref r3);
    }

    [MethodImpl(Jit.Inline)]
    private static void AddColumn<TPath, TVector, TVectors>(
        int column, ref float x, ref float values, ref VectorRow<TPath, TVector, TVectors> r0, ref VectorRow<TPath, TVector, TVectors> r1,
        ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        VectorRow<TPath, TVector, TVectors> row = default;
        row.Load(ref x, column * VectorRow<TPath, TVector, TVectors>.Width);
        r0.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, column * TKernel.Rows)), in row);
        if (sizeof(TTile) > 1)
            r1.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, (column * TKernel.Rows) + 1)), in row);
        if (sizeof(TTile) > 2)
            r2.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, (column * TKernel.Rows) + 2)), in row);
        if (sizeof(TTile) > 2)
            r3.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, (column * TKernel.Rows) + 3)), in row);
    }

    [MethodImpl(Jit.Inline)]
    private static void Load<TPath, TVector, TVectors>(
        ref float y, nint row1, nint row2, nint row3, ref VectorRow<TPath, TVector, TVectors> r0,
        ref VectorRow<TPath, TVector, TVectors> r1,
        ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        r0.Load(ref y);
        if (sizeof(TTile) > 1)
            r1.Load(ref Unsafe.Add(ref y, row1));
        if (sizeof(TTile) > 2)
            r2.Load(ref Unsafe.Add(ref y, row2));
        if (sizeof(TTile) > 2)
            r3.Load(ref Unsafe.Add(ref y, row3));
    }

    [MethodImpl(Jit.Inline)]
    private static void Fill<TPath, TVector, TVectors>(
        in BlockRun run, ref float bias, ref VectorRow<TPath, TVector, TVectors> r0, ref VectorRow<TPath, TVector, TVectors> r1,
        ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        r0.Fill(bias);
        if (sizeof(TTile) > 1)
            r1.Fill(Unsafe.Add(ref bias, run.Row1));
        if (sizeof(TTile) > 2)
            r2.Fill(Unsafe.Add(ref bias, run.Row2));
        if (sizeof(TTile) > 2)
            r3.Fill(Unsafe.Add(ref bias, run.Row3));
    }

    [MethodImpl(Jit.Inline)]
    private static void Clear<TPath, TVector, TVectors>(
        ref VectorRow<TPath, TVector, TVectors> r0, ref VectorRow<TPath, TVector, TVectors> r1, ref VectorRow<TPath, TVector, TVectors> r2,
        ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        r0.Clear();
        if (sizeof(TTile) > 1)
            r1.Clear();
        if (sizeof(TTile) > 2)
            r2.Clear();
        if (sizeof(TTile) > 2)
            r3.Clear();
    }

    [MethodImpl(Jit.Inline)]
    private static void Relu<TPath, TVector, TVectors>(
        ref VectorRow<TPath, TVector, TVectors> r0, ref VectorRow<TPath, TVector, TVectors> r1, ref VectorRow<TPath, TVector, TVectors> r2,
        ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        r0.Relu();
        if (sizeof(TTile) > 1)
            r1.Relu();
        if (sizeof(TTile) > 2)
            r2.Relu();
        if (sizeof(TTile) > 2)
            r3.Relu();
    }

    [MethodImpl(Jit.Inline)]
    private static void Gate<TPath, TVector, TVectors>(
        ref float gate, nint row1, nint row2, nint row3, ref VectorRow<TPath, TVector, TVectors> r0,
        ref VectorRow<TPath, TVector, TVectors> r1,
        ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        r0.Gate(ref gate);
        if (sizeof(TTile) > 1)
            r1.Gate(ref Unsafe.Add(ref gate, row1));
        if (sizeof(TTile) > 2)
            r2.Gate(ref Unsafe.Add(ref gate, row2));
        if (sizeof(TTile) > 2)
            r3.Gate(ref Unsafe.Add(ref gate, row3));
    }

    [MethodImpl(Jit.Inline)]
    private static void Store<TPath, TVector, TVectors>(
        ref float y, nint row1, nint row2, nint row3, ref VectorRow<TPath, TVector, TVectors> r0,
        ref VectorRow<TPath, TVector, TVectors> r1,
        ref VectorRow<TPath, TVector, TVectors> r2, ref VectorRow<TPath, TVector, TVectors> r3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        r0.Store(ref y);
        if (sizeof(TTile) > 1)
            r1.Store(ref Unsafe.Add(ref y, row1));
        if (sizeof(TTile) > 2)
            r2.Store(ref Unsafe.Add(ref y, row2));
        if (sizeof(TTile) > 2)
            r3.Store(ref Unsafe.Add(ref y, row3));
    }

    /// <summary>One panel column at a time, sums in stored order.</summary>
    public static void RunScalar(int width, in BlockRun run)
    {
        Span<float> sums = stackalloc float[4];
        for (nint column = 0; column < width; column++)
        {
            ref var starts = ref run.Starts;
            for (nint tile = 0; tile < run.Tiles; tile++)
            {
                for (var r = 0; r < sizeof(TTile); r++)
                {
                    var row = (tile * run.TileStride) + BlockKernel.Row(in run, r);
                    sums[r] = run.Options.Start(Unsafe.Add(ref run.Y, (row * width) + column), ref Unsafe.Add(ref run.Bias, row));
                }
                ref var values = ref Unsafe.Add(ref run.Values, starts * run.EntryStride);
                for (nint o = 0; o < run.OuterCount; o++)
                {
                    for (var n = starts; n < Unsafe.Add(ref starts, run.ListStride); n++)
                    {
                        var feature = (Unsafe.Add(ref run.Outer, o) * run.OuterStride) + (Unsafe.Add(ref run.Inner, n) * sizeof(TBlock));
                        for (var c = 0; c < sizeof(TBlock); c++)
                        {
                            for (var r = 0; r < sizeof(TTile); r++)
                                sums[r] += Unsafe.Add(ref values, (c * TKernel.Rows) + r) * Unsafe.Add(ref run.X,
                                    ((feature + c) * width) + column);
                        }
                        values = ref Unsafe.Add(ref values, TKernel.Rows * sizeof(TBlock));
                    }
                }
                for (var r = 0; r < sizeof(TTile); r++)
                {
                    var position = (((tile * run.TileStride) + BlockKernel.Row(in run, r)) * width) + column;
                    Unsafe.Add(ref run.Y, position) = run.Options.Finish(sums[r], ref Unsafe.Add(ref run.Gate, position));
                }
                starts = ref Unsafe.Add(ref starts, run.StartStride);
            }
        }
    }
}
