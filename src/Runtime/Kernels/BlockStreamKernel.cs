using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Kernels;

/// <summary>
/// Kernels for a few samples against blocks of four rows by four columns: a vector holds the weights of as many columns as it has room
/// for, and every input is repeated for the four rows.
/// </summary>
/// <remarks>
/// Tile of 4 rows by up to 4 samples with 512 bits, else 2: 4 sums for each, and per vector of weights one load and for each sample a
/// load, a permutation and a multiply-add. More samples take turns while the weights of a tile are in the cache. The order of a sum does
/// not depend on how many there are.
/// </remarks>
internal static unsafe class BlockStreamKernel
{
    /// <summary>Rows and columns of a block.</summary>
    public const int Side = 4;

    /// <summary>Weights of a block.</summary>
    public const int BlockWeights = Side * Side;

    /// <summary>Blocks that the lists of tiles are padded to multiples of: no path takes more in a turn.</summary>
    public const int TurnBlocks = 4;

    /// <summary><c>Y = X·Wᵀ + b</c> for a run of tiles.</summary>
    /// <param name="samples">Samples: a power of two, up to half of the lanes of a vector.</param>
    /// <param name="halves">Whether weights are stored as bfloat16.</param>
    /// <param name="run">The operands.</param>
    public static void Multiply(int samples, bool halves, in BlockStreamRun run)
    {
        if (halves)
            Multiply<Halves>(samples, in run);
        else
            Multiply<Floats>(samples, in run);
    }

    private static void Multiply<TWeights>(int samples, in BlockStreamRun run)
        where TWeights : unmanaged, IWeights
    {
        if (PanelGeometry.Has512)
        {
            if (samples >= 4)
                Multiply<TWeights, Path512, Vector512<float>, Four>(samples, in run);
            else
                MultiplyFew<TWeights, Path512, Vector512<float>>(samples, in run);
        }
        else if (PanelGeometry.Has256)
        {
            MultiplyFew<TWeights, Path256, Vector256<float>>(samples, in run);
        }
        else if (PanelGeometry.Has128)
        {
            MultiplyFew<TWeights, Path128, Vector128<float>>(samples, in run);
        }
        else
        {
            MultiplyScalar<TWeights>(samples, in run);
        }
    }

    private static void MultiplyFew<TWeights, TPath, TVector>(int samples, in BlockStreamRun run)
        where TWeights : unmanaged, IWeights
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        if (samples >= 2)
            Multiply<TWeights, TPath, TVector, Two>(samples, in run);
        else
            Multiply<TWeights, TPath, TVector, One>(samples, in run);
    }

    [MethodImpl(Jit.Leaf)]
    private static void Multiply<TWeights, TPath, TVector, TSamples>(int samples, in BlockStreamRun run)
        where TWeights : unmanaged, IWeights
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TSamples : unmanaged, ICount
    {
        nint xStride = run.XStride, yStride = run.YStride;
        ref var tile = ref run.Tiles;
        ref var stream = ref run.Stream;
        ref var columns = ref run.Columns;
        TVector spread0 = TPath.SpreadLanes(0), spread1 = TPath.SpreadLanes(1);
        var turnBlocks = sizeof(TVector) == Path512.Bytes ? TurnBlocks : 2;
        VectorRow<TPath, TVector, Four> r0 = default, r1 = default, r2 = default, r3 = default;
        for (var tiles = run.Count; tiles != 0; tiles--)
        {
            var rows = Vector128.LoadUnsafe(ref tile, 1);
            var bias = VectorLanes.Gather(ref run.Bias, rows);
            ref var x0 = ref run.X;
            ref var y = ref run.Y;
            for (var left = samples; left != 0; left -= sizeof(TSamples))
            {
                ref var x1 = ref Unsafe.Add(ref x0, xStride);
                ref var x2 = ref Unsafe.Add(ref x0, 2 * xStride);
                ref var x3 = ref Unsafe.Add(ref x0, 3 * xStride);
                r0.Clear();
                if (sizeof(TSamples) > 1)
                    r1.Clear();
                if (sizeof(TSamples) > 2)
                    r2.Clear();
                if (sizeof(TSamples) > 2)
                    r3.Clear();
                ref var w = ref stream;
                ref var column = ref columns;
                for (var turn = tile / (uint)turnBlocks; turn != 0; turn--)
                {
                    AddBlock<TWeights, TPath, TVector, TSamples>(0, ref w, ref column, ref x0, ref x1, ref x2, ref x3, spread0, spread1,
                        ref r0, ref r1, ref r2, ref r3);
                    AddBlock<TWeights, TPath, TVector, TSamples>(1, ref w, ref column, ref x0, ref x1, ref x2, ref x3, spread0, spread1,
                        ref r0, ref r1, ref r2, ref r3);
                    if (sizeof(TVector) == Path512.Bytes)
                        AddBlock<TWeights, TPath, TVector, TSamples>(2, ref w, ref column, ref x0, ref x1, ref x2, ref x3, spread0,
                            spread1, ref r0, ref r1, ref r2, ref r3);
                    if (sizeof(TVector) == Path512.Bytes)
                        AddBlock<TWeights, TPath, TVector, TSamples>(3, ref w, ref column, ref x0, ref x1, ref x2, ref x3, spread0,
                            spread1, ref r0, ref r1, ref r2, ref r3);
                    w = ref Unsafe.Add(ref w, turnBlocks * BlockWeights / sizeof(TWeights));
                    column = ref Unsafe.Add(ref column, turnBlocks);
                }
                Store(in run, in r0, bias, ref y, rows);
                if (sizeof(TSamples) > 1)
                    Store(in run, in r1, bias, ref Unsafe.Add(ref y, yStride), rows);
                if (sizeof(TSamples) > 2)
                    Store(in run, in r2, bias, ref Unsafe.Add(ref y, 2 * yStride), rows);
                if (sizeof(TSamples) > 2)
                    Store(in run, in r3, bias, ref Unsafe.Add(ref y, 3 * yStride), rows);
                x0 = ref Unsafe.Add(ref x0, sizeof(TSamples) * xStride);
                y = ref Unsafe.Add(ref y, sizeof(TSamples) * yStride);
            }
            stream = ref Unsafe.Add(ref stream, (nint)tile * (BlockWeights / sizeof(TWeights)));
            columns = ref Unsafe.Add(ref columns, (nint)tile);
            tile = ref Unsafe.Add(ref tile, 1 + Side);
        }
    }

    /// <summary>A block of a turn, in one vector, two or four.</summary>
    [MethodImpl(Jit.Inline)]
    private static void AddBlock<TWeights, TPath, TVector, TSamples>(
        int block, ref uint w, ref ushort column, ref float x0, ref float x1, ref float x2, ref float x3, TVector spread0, TVector spread1,
        ref VectorRow<TPath, TVector, Four> r0, ref VectorRow<TPath, TVector, Four> r1, ref VectorRow<TPath, TVector, Four> r2,
        ref VectorRow<TPath, TVector, Four> r3)
        where TWeights : unmanaged, IWeights
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TSamples : unmanaged, ICount
    {
        var c = Side * (nint)Unsafe.Add(ref column, block);
        AddPart<TWeights, TPath, TVector, TSamples>(block, 0, c, ref w, ref x0, ref x1, ref x2, ref x3, spread0, ref r0, ref r1, ref r2,
            ref r3);
        if (sizeof(TVector) < Path512.Bytes)
            AddPart<TWeights, TPath, TVector, TSamples>(block, 1, c, ref w, ref x0, ref x1, ref x2, ref x3, spread1, ref r0, ref r1,
                ref r2, ref r3);
        if (sizeof(TVector) == Path128.Bytes)
            AddPart<TWeights, TPath, TVector, TSamples>(block, 2, c, ref w, ref x0, ref x1, ref x2, ref x3, spread1, ref r0, ref r1,
                ref r2, ref r3);
        if (sizeof(TVector) == Path128.Bytes)
            AddPart<TWeights, TPath, TVector, TSamples>(block, 3, c, ref w, ref x0, ref x1, ref x2, ref x3, spread1, ref r0, ref r1,
                ref r2, ref r3);
    }

    /// <summary>A vector of weights of a block, added to the sum whose turn it is.</summary>
    [MethodImpl(Jit.Inline)]
    private static void AddPart<TWeights, TPath, TVector, TSamples>(
        int block, int part, nint c, ref uint w, ref float x0, ref float x1, ref float x2, ref float x3, TVector spread,
        ref VectorRow<TPath, TVector, Four> r0, ref VectorRow<TPath, TVector, Four> r1, ref VectorRow<TPath, TVector, Four> r2,
        ref VectorRow<TPath, TVector, Four> r3)
        where TWeights : unmanaged, IWeights
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TSamples : unmanaged, ICount
    {
        var offset = (block / sizeof(TWeights) * BlockWeights) + (part * TPath.Lanes);
        var sum = ((block * (BlockWeights / TPath.Lanes)) + part) % 4;
        if (sizeof(TWeights) == 1 && sizeof(TSamples) == 1)
        {
            // Weights that are used once are operands of their multiply-add.
            r0.MultiplyAdd(sum, TPath.Spread(ref Unsafe.Add(ref x0, c), spread, part), ref w, offset);
            return;
        }
        var words = TPath.Load(ref w, offset);
        var weights = sizeof(TWeights) == 1 ? words : block % 2 == 0 ? TPath.LowerHalves(words) : TPath.UpperHalves(words);
        r0.MultiplyAdd(sum, TPath.Spread(ref Unsafe.Add(ref x0, c), spread, part), weights);
        if (sizeof(TSamples) > 1)
            r1.MultiplyAdd(sum, TPath.Spread(ref Unsafe.Add(ref x1, c), spread, part), weights);
        if (sizeof(TSamples) > 2)
            r2.MultiplyAdd(sum, TPath.Spread(ref Unsafe.Add(ref x2, c), spread, part), weights);
        if (sizeof(TSamples) > 2)
            r3.MultiplyAdd(sum, TPath.Spread(ref Unsafe.Add(ref x3, c), spread, part), weights);
    }

    [MethodImpl(Jit.Inline)]
    private static void Store<TPath, TVector>(in BlockStreamRun run, in VectorRow<TPath, TVector, Four> sums, Vector128<float> bias,
        ref float y, Vector128<uint> rows)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        var sum = TPath.SumParts(TPath.Add(TPath.Add(sums.V0, sums.V1), TPath.Add(sums.V2, sums.V3))) + bias;
        VectorLanes.Scatter(run.Relu ? Vector128.MaxNative(Vector128<float>.Zero, sum) : sum, ref y, rows);
    }

    /// <summary>The reference that the vector paths are tested against: sums in stored order.</summary>
    private static void MultiplyScalar<TWeights>(int samples, in BlockStreamRun run)
        where TWeights : unmanaged, IWeights
    {
        ref var tile = ref run.Tiles;
        ref var stream = ref run.Stream;
        ref var columns = ref run.Columns;
        for (var tiles = run.Count; tiles != 0; tiles--)
        {
            for (nint sample = 0; sample < samples; sample++)
            {
                for (nint r = 0; r < Side; r++)
                {
                    nint row = (int)Unsafe.Add(ref tile, 1 + r);
                    ref var x = ref Unsafe.Add(ref run.X, sample * run.XStride);
                    var sum = 0f;
                    for (nint n = 0; n < Side * (nint)tile; n++)
                    {
                        var (block, column) = (n / Side, n % Side);
                        var weight = TWeights.Value(Unsafe.Add(ref stream,
                            (block / sizeof(TWeights) * BlockWeights) + (column * Side) + r), block);
                        sum += weight * Unsafe.Add(ref x, (Side * (nint)Unsafe.Add(ref columns, block)) + column);
                    }
                    sum += Unsafe.Add(ref run.Bias, row);
                    Unsafe.Add(ref run.Y, (sample * run.YStride) + row) = run.Relu && sum < 0 ? 0 : sum;
                }
            }
            stream = ref Unsafe.Add(ref stream, (nint)tile * (BlockWeights / sizeof(TWeights)));
            columns = ref Unsafe.Add(ref columns, (nint)tile);
            tile = ref Unsafe.Add(ref tile, 1 + Side);
        }
    }
}
