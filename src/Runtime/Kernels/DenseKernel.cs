using System.Runtime.CompilerServices;

namespace SparseSharp.Kernels;

/// <summary>Dense tiles: rows of the broadcast operand times a panel.</summary>
internal static unsafe class DenseKernel
{
    /// <summary>The tallest tile that fits; what is left of a matrix after sixes is made of fours, twos and ones.</summary>
    public static int Height(int rows) => rows >= TileRows ? TileRows : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;

    /// <summary>Rows of the tallest tile.</summary>
    public const int TileRows = 6;

    /// <summary>Computes a tile.</summary>
    /// <param name="vectors">Vectors per panel row, 1 to <see cref="PanelGeometry.MaxVectors"/>.</param>
    /// <param name="rows">Rows of the tile, a <see cref="Height"/>.</param>
    /// <param name="tile">The operands.</param>
    public static void Multiply(int vectors, int rows, in DenseTile tile)
    {
        switch (rows)
        {
            case 6: PanelKernel.Run<DenseKernel<Six>, DenseTile>(vectors, in tile); break;
            case 4: PanelKernel.Run<DenseKernel<Four>, DenseTile>(vectors, in tile); break;
            case 2: PanelKernel.Run<DenseKernel<Two>, DenseTile>(vectors, in tile); break;
            default: PanelKernel.Run<DenseKernel<One>, DenseTile>(vectors, in tile); break;
        }
    }
}

/// <summary>A tile of six rows by four vectors of 512 bits, or by two narrower ones, and lower ones.</summary>
/// <remarks>At 6 by 4: 24 accumulators, 4 panel loads and 6 broadcasts for 24 multiply-adds.</remarks>
/// <typeparam name="TRows">Rows of the tile.</typeparam>
internal readonly unsafe struct DenseKernel<TRows> : IPanelKernel<DenseTile>
    where TRows : unmanaged, ICount
{
    [MethodImpl(Jit.Leaf)]
    public static void Run<TPath, TVector, TVectors>(in DenseTile tile)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        var options = tile.Options;
        nint stride = tile.RowStride, xStride = tile.XStride, yStride = tile.YStride;
        var stride2 = 2 * stride;
        ref var x = ref tile.X;
        ref var y = ref tile.Y;
        VectorRow<TPath, TVector, TVectors> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default,
            row = default;
        if ((options & TileOptions.Load) != 0)
        {
            r0.Load(ref y);
            if (sizeof(TRows) > 1)
                r1.Load(ref Unsafe.Add(ref y, yStride));
            if (sizeof(TRows) > 2)
                r2.Load(ref Unsafe.Add(ref y, 2 * yStride));
            if (sizeof(TRows) > 2)
                r3.Load(ref Unsafe.Add(ref y, 3 * yStride));
            if (sizeof(TRows) > 4)
                r4.Load(ref Unsafe.Add(ref y, 4 * yStride));
            if (sizeof(TRows) > 4)
                r5.Load(ref Unsafe.Add(ref y, 5 * yStride));
        }
        else if ((options & TileOptions.Bias) != 0)
        {
            r0.Fill(tile.Bias);
            if (sizeof(TRows) > 1)
                r1.Fill(Unsafe.Add(ref tile.Bias, 1));
            if (sizeof(TRows) > 2)
                r2.Fill(Unsafe.Add(ref tile.Bias, 2));
            if (sizeof(TRows) > 2)
                r3.Fill(Unsafe.Add(ref tile.Bias, 3));
            if (sizeof(TRows) > 4)
                r4.Fill(Unsafe.Add(ref tile.Bias, 4));
            if (sizeof(TRows) > 4)
                r5.Fill(Unsafe.Add(ref tile.Bias, 5));
        }
        else
        {
            r0.Clear();
            if (sizeof(TRows) > 1)
                r1.Clear();
            if (sizeof(TRows) > 2)
                r2.Clear();
            if (sizeof(TRows) > 2)
                r3.Clear();
            if (sizeof(TRows) > 4)
                r4.Clear();
            if (sizeof(TRows) > 4)
                r5.Clear();
        }
        // Two base references keep every address within one addressing mode.
        ref var a = ref tile.A;
        ref var a3 = ref Unsafe.Add(ref a, 3 * stride);
        for (var k = tile.Depth; k != 0; k--)
        {
            row.Load(ref x);
            r0.MultiplyAdd(TPath.Create(a), in row);
            if (sizeof(TRows) > 1)
                r1.MultiplyAdd(TPath.Create(Unsafe.Add(ref a, stride)), in row);
            if (sizeof(TRows) > 2)
                r2.MultiplyAdd(TPath.Create(Unsafe.Add(ref a, stride2)), in row);
            if (sizeof(TRows) > 2)
                r3.MultiplyAdd(TPath.Create(a3), in row);
            if (sizeof(TRows) > 4)
                r4.MultiplyAdd(TPath.Create(Unsafe.Add(ref a3, stride)), in row);
            if (sizeof(TRows) > 4)
                r5.MultiplyAdd(TPath.Create(Unsafe.Add(ref a3, stride2)), in row);
            a = ref Unsafe.Add(ref a, 1);
            if (sizeof(TRows) > 2)
                a3 = ref Unsafe.Add(ref a3, 1);
            x = ref Unsafe.Add(ref x, xStride);
        }
        if ((options & TileOptions.Relu) != 0)
        {
            r0.Relu();
            if (sizeof(TRows) > 1)
                r1.Relu();
            if (sizeof(TRows) > 2)
                r2.Relu();
            if (sizeof(TRows) > 2)
                r3.Relu();
            if (sizeof(TRows) > 4)
                r4.Relu();
            if (sizeof(TRows) > 4)
                r5.Relu();
        }
        else if ((options & TileOptions.Gate) != 0)
        {
            r0.Gate(ref tile.Gate);
            if (sizeof(TRows) > 1)
                r1.Gate(ref Unsafe.Add(ref tile.Gate, yStride));
            if (sizeof(TRows) > 2)
                r2.Gate(ref Unsafe.Add(ref tile.Gate, 2 * yStride));
            if (sizeof(TRows) > 2)
                r3.Gate(ref Unsafe.Add(ref tile.Gate, 3 * yStride));
            if (sizeof(TRows) > 4)
                r4.Gate(ref Unsafe.Add(ref tile.Gate, 4 * yStride));
            if (sizeof(TRows) > 4)
                r5.Gate(ref Unsafe.Add(ref tile.Gate, 5 * yStride));
        }
        r0.Store(ref y);
        if (sizeof(TRows) > 1)
            r1.Store(ref Unsafe.Add(ref y, yStride));
        if (sizeof(TRows) > 2)
            r2.Store(ref Unsafe.Add(ref y, 2 * yStride));
        if (sizeof(TRows) > 2)
            r3.Store(ref Unsafe.Add(ref y, 3 * yStride));
        if (sizeof(TRows) > 4)
            r4.Store(ref Unsafe.Add(ref y, 4 * yStride));
        if (sizeof(TRows) > 4)
            r5.Store(ref Unsafe.Add(ref y, 5 * yStride));
    }

    public static void RunScalar(int width, in DenseTile tile)
    {
        for (nint r = 0; r < sizeof(TRows); r++)
        {
            for (nint c = 0; c < width; c++)
            {
                var position = (r * tile.YStride) + c;
                ref var y = ref Unsafe.Add(ref tile.Y, position);
                var sum = tile.Options.Start(y, ref Unsafe.Add(ref tile.Bias, r));
                ref var x = ref Unsafe.Add(ref tile.X, c);
                for (nint k = 0; k < tile.Depth; k++)
                {
                    sum += Unsafe.Add(ref tile.A, (r * tile.RowStride) + k) * x;
                    x = ref Unsafe.Add(ref x, tile.XStride);
                }
                y = tile.Options.Finish(sum, ref Unsafe.Add(ref tile.Gate, position));
            }
        }
    }
}
