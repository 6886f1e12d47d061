using System.Runtime.CompilerServices;

namespace SparseSharp.Kernels;

/// <summary>
/// Kernels over packed weights. A quad has one weight for each row of a block of four, so every quad has the same multiply-adds; lists of
/// quads differ in which rows share a column, and each is a straight loop with static registers.
/// </summary>
/// <remarks>
/// Tile of 4 rows by up to 4 vectors: 16 accumulators, 16 multiply-adds and 4 broadcasts per quad. Column loads per quad: 8 for a column
/// of two rows and one of the other two, 16 for a column of each row.
/// </remarks>
internal static class BucketKernel
{
    /// <summary>Lists of pairs.</summary>
    public const int PairLists = 3;

    /// <summary>The rows of the weights of a quad, list by list of pairs.</summary>
    public static ReadOnlySpan<byte> PairRows => [0, 1, 2, 3, 0, 2, 1, 3, 0, 3, 1, 2];

    /// <summary>Lists of a segment: those of pairs, then that of singles.</summary>
    public static int Lists(BucketFormat format) => format switch
    {
        BucketFormat.Pairs => PairLists,
        BucketFormat.PairsAndSingles => PairLists + 1,
        _ => 1,
    };

    /// <inheritdoc cref="BucketMultiply{TLists}"/>
    public static void Multiply(BucketFormat format, int vectors, in BucketRun run)
    {
        switch (format)
        {
            case BucketFormat.Pairs: PanelKernel.Run<BucketMultiply<Three>, BucketRun>(vectors, in run); break;
            case BucketFormat.PairsAndSingles: PanelKernel.Run<BucketMultiply<Four>, BucketRun>(vectors, in run); break;
            default: PanelKernel.Run<BucketMultiply<One>, BucketRun>(vectors, in run); break;
        }
    }

    /// <inheritdoc cref="BucketGradient{TLists}"/>
    public static void KeptGradient(BucketFormat format, int vectors, in BucketRun run)
    {
        switch (format)
        {
            case BucketFormat.Pairs: PanelKernel.Run<BucketGradient<Three>, BucketRun>(vectors, in run); break;
            case BucketFormat.PairsAndSingles: PanelKernel.Run<BucketGradient<Four>, BucketRun>(vectors, in run); break;
            default: PanelKernel.Run<BucketGradient<One>, BucketRun>(vectors, in run); break;
        }
    }

    /// <summary>A row of a block: from its first one, where all weights are in pairs and rows are neighbours, else from row 0.</summary>
    [MethodImpl(Jit.Inline)]
    public static unsafe nint Row<TLists>(ref int rows, int row)
        where TLists : unmanaged, ICount => sizeof(TLists) == PairLists ? row : Unsafe.Add(ref rows, row);
}

/// <summary><c>Y = W·X</c> for a run of blocks.</summary>
/// <typeparam name="TLists">Lists of a segment: three of pairs, one of singles, or all four.</typeparam>
internal readonly unsafe struct BucketMultiply<TLists> : IPanelKernel<BucketRun>
    where TLists : unmanaged, ICount
{
    /// <summary>
    /// Quads by which positions of single columns are read before their use; behind the last segment there is room for that.
    /// </summary>
    private const int QuadsAhead = 3;

    [MethodImpl(Jit.Leaf)]
    public static void Run<TPath, TVector, TVectors>(in BucketRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        nint width = VectorRow<TPath, TVector, TVectors>.Width;
        ref var rows = ref run.Rows;
        var options = run.Options;
        ref var panel = ref run.X;
        ref var counts = ref run.Counts;
        ref var blockIndex = ref run.Index;
        ref var blockValues = ref run.Values;
        ref var y = ref run.Y;
        ref var gate = ref run.Gate;
        ref var bias = ref run.Bias;
        VectorRow<TPath, TVector, TVectors> r0 = default, r1 = default, r2 = default, r3 = default;
        for (var block = run.Blocks; block != 0; block--)
        {
            var row0 = BucketKernel.Row<TLists>(ref rows, 0) * width;
            var row1 = BucketKernel.Row<TLists>(ref rows, 1) * width;
            var row2 = BucketKernel.Row<TLists>(ref rows, 2) * width;
            var row3 = BucketKernel.Row<TLists>(ref rows, 3) * width;
            if ((options & TileOptions.Load) != 0)
            {
                r0.Load(ref Unsafe.Add(ref y, row0));
                r1.Load(ref Unsafe.Add(ref y, row1));
                r2.Load(ref Unsafe.Add(ref y, row2));
                r3.Load(ref Unsafe.Add(ref y, row3));
            }
            else if ((options & TileOptions.Bias) != 0)
            {
                r0.Fill(Unsafe.Add(ref bias, BucketKernel.Row<TLists>(ref rows, 0)));
                r1.Fill(Unsafe.Add(ref bias, BucketKernel.Row<TLists>(ref rows, 1)));
                r2.Fill(Unsafe.Add(ref bias, BucketKernel.Row<TLists>(ref rows, 2)));
                r3.Fill(Unsafe.Add(ref bias, BucketKernel.Row<TLists>(ref rows, 3)));
            }
            else
            {
                r0.Clear();
                r1.Clear();
                r2.Clear();
                r3.Clear();
            }
            ref var index = ref blockIndex;
            ref var values = ref blockValues;
            if (sizeof(TLists) >= BucketKernel.PairLists)
            {
                for (int n = counts; n != 0; n--)
                {
                    AddPair(ref panel, ref index, ref values, ref r0, ref r1, ref r2, ref r3);
                    index = ref Unsafe.Add(ref index, 2);
                    values = ref Unsafe.Add(ref values, 4);
                }
                for (int n = Unsafe.Add(ref counts, 1); n != 0; n--)
                {
                    AddPair(ref panel, ref index, ref values, ref r0, ref r2, ref r1, ref r3);
                    index = ref Unsafe.Add(ref index, 2);
                    values = ref Unsafe.Add(ref values, 4);
                }
                for (int n = Unsafe.Add(ref counts, 2); n != 0; n--)
                {
                    AddPair(ref panel, ref index, ref values, ref r0, ref r3, ref r1, ref r2);
                    index = ref Unsafe.Add(ref index, 2);
                    values = ref Unsafe.Add(ref values, 4);
                }
            }
            if (sizeof(TLists) != BucketKernel.PairLists)
            {
                // Loads are what bounds this quad, so that positions and weights come in one load each: 18 loads for 16 multiply-adds.
                // Positions are read quads ahead: they would else queue behind the loads of earlier quads, and those of their own quad
                // behind them.
                var next0 = Positions(ref index, 0);
                var next1 = Positions(ref index, 1);
                var next2 = Positions(ref index, 2);
                for (int n = Unsafe.Add(ref counts, sizeof(TLists) - 1); n != 0; n--)
                {
                    var weights = TPath.Repeat(ref values);
                    r0.MultiplyAdd(TPath.Lane(weights, 0), ref Unsafe.Add(ref panel, (nint)(ushort)next0 * width));
                    r1.MultiplyAdd(TPath.Lane(weights, 1), ref Unsafe.Add(ref panel, (nint)(ushort)(next0 >> 16) * width));
                    r2.MultiplyAdd(TPath.Lane(weights, 2), ref Unsafe.Add(ref panel, (nint)(ushort)(next0 >> 32) * width));
                    r3.MultiplyAdd(TPath.Lane(weights, 3), ref Unsafe.Add(ref panel, (nint)(next0 >> 48) * width));
                    next0 = next1;
                    next1 = next2;
                    next2 = Positions(ref index, QuadsAhead);
                    index = ref Unsafe.Add(ref index, 4);
                    values = ref Unsafe.Add(ref values, 4);
                }
            }
            if ((options & TileOptions.Relu) != 0)
            {
                r0.Relu();
                r1.Relu();
                r2.Relu();
                r3.Relu();
            }
            else if ((options & TileOptions.Gate) != 0)
            {
                r0.Gate(ref Unsafe.Add(ref gate, row0));
                r1.Gate(ref Unsafe.Add(ref gate, row1));
                r2.Gate(ref Unsafe.Add(ref gate, row2));
                r3.Gate(ref Unsafe.Add(ref gate, row3));
            }
            r0.Store(ref Unsafe.Add(ref y, row0));
            r1.Store(ref Unsafe.Add(ref y, row1));
            r2.Store(ref Unsafe.Add(ref y, row2));
            r3.Store(ref Unsafe.Add(ref y, row3));
            if (sizeof(TLists) == BucketKernel.PairLists)
            {
                y = ref Unsafe.Add(ref y, 4 * width);
                gate = ref Unsafe.Add(ref gate, 4 * width);
                bias = ref Unsafe.Add(ref bias, 4);
            }
            rows = ref Unsafe.Add(ref rows, 4);
            blockIndex = ref Unsafe.Add(ref blockIndex, run.IndexStride);
            blockValues = ref Unsafe.Add(ref blockValues, run.ValueStride);
            counts = ref Unsafe.Add(ref counts, sizeof(TLists));
        }
    }

    /// <summary>
    /// Two columns, each for two rows: no more than 14 loads for 16 multiply-adds, and broadcasts from memory leave the other ports free.
    /// Where a panel is narrow a broadcast serves one multiply-add or two, and loads bound the quad: both positions then come in one load
    /// and, where it is one vector wide, most weights too.
    /// </summary>
    [MethodImpl(Jit.Inline)]
    private static void AddPair<TPath, TVector, TVectors>(
        ref float panel, ref ushort index, ref float values, ref VectorRow<TPath, TVector, TVectors> a,
        ref VectorRow<TPath, TVector, TVectors> b,
        ref VectorRow<TPath, TVector, TVectors> c, ref VectorRow<TPath, TVector, TVectors> d)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        nint width = VectorRow<TPath, TVector, TVectors>.Width;
        VectorRow<TPath, TVector, TVectors> row = default;
        if (sizeof(TVectors) > 2)
        {
            row.Load(ref Unsafe.Add(ref panel, index * width));
            a.MultiplyAdd(TPath.Create(values), in row);
            b.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, 1)), in row);
            row.Load(ref Unsafe.Add(ref panel, Unsafe.Add(ref index, 1) * width));
            c.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, 2)), in row);
            d.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, 3)), in row);
            return;
        }
        var quad = Unsafe.As<ushort, uint>(ref index);
        if (sizeof(TVectors) == 2)
        {
            row.Load(ref Unsafe.Add(ref panel, (nint)(ushort)quad * width));
            a.MultiplyAdd(TPath.Create(values), in row);
            b.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, 1)), in row);
            row.Load(ref Unsafe.Add(ref panel, (nint)(quad >> 16) * width));
            c.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, 2)), in row);
            d.MultiplyAdd(TPath.Create(Unsafe.Add(ref values, 3)), in row);
            return;
        }
        var weights = TPath.Repeat(ref values);
        row.Load(ref Unsafe.Add(ref panel, (nint)(ushort)quad * width));
        a.MultiplyAdd(TPath.Create(values), in row);
        b.MultiplyAdd(TPath.Lane(weights, 1), in row);
        row.Load(ref Unsafe.Add(ref panel, (nint)(quad >> 16) * width));
        c.MultiplyAdd(TPath.Lane(weights, 2), in row);
        d.MultiplyAdd(TPath.Lane(weights, 3), in row);
    }

    /// <summary>The four positions of a later quad, as one number.</summary>
    [MethodImpl(Jit.Inline)]
    private static ulong Positions(ref ushort index, int ahead) => Unsafe.As<ushort, ulong>(ref Unsafe.Add(ref index, 4 * ahead));

    /// <summary>One panel column at a time, sums in stored order.</summary>
    public static void RunScalar(int width, in BucketRun run)
    {
        Span<float> sums = stackalloc float[4];
        for (nint column = 0; column < width; column++)
        {
            ref var rows = ref run.Rows;
            ref var counts = ref run.Counts;
            for (nint block = 0; block < run.Blocks; block++)
            {
                var first = (sizeof(TLists) == BucketKernel.PairLists) ? 4 * block : 0;
                for (var r = 0; r < 4; r++)
                {
                    var row = first + BucketKernel.Row<TLists>(ref rows, r);
                    sums[r] = run.Options.Start(Unsafe.Add(ref run.Y, (row * width) + column), ref Unsafe.Add(ref run.Bias, row));
                }
                ref var index = ref Unsafe.Add(ref run.Index, block * run.IndexStride);
                ref var values = ref Unsafe.Add(ref run.Values, block * run.ValueStride);
                for (var list = 0; list < sizeof(TLists); list++)
                {
                    var single = sizeof(TLists) != BucketKernel.PairLists && list == sizeof(TLists) - 1;
                    for (int n = Unsafe.Add(ref counts, list); n != 0; n--)
                    {
                        for (var weight = 0; weight < 4; weight++)
                        {
                            nint position = Unsafe.Add(ref index, single ? weight : weight / 2);
                            sums[single ? weight : BucketKernel.PairRows[(4 * list) + weight]] += Unsafe.Add(ref values,
                                weight) * Unsafe.Add(ref run.X, (position * width) + column);
                        }
                        index = ref Unsafe.Add(ref index, single ? 4 : 2);
                        values = ref Unsafe.Add(ref values, 4);
                    }
                }
                for (var r = 0; r < 4; r++)
                {
                    var position = ((first + BucketKernel.Row<TLists>(ref rows, r)) * width) + column;
                    Unsafe.Add(ref run.Y, position) = run.Options.Finish(sums[r], ref Unsafe.Add(ref run.Gate, position));
                }
                rows = ref Unsafe.Add(ref rows, 4);
                counts = ref Unsafe.Add(ref counts, sizeof(TLists));
            }
        }
    }
}
