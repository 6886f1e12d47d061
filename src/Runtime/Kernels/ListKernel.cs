using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Kernels;

/// <summary>
/// Rows that are lists of (position, value), times a strip of up to eight vectors. One output row at a time: every multiply-add has a load
/// of its own, and one broadcast serves as many of them as the strip is wide, so the strip is as wide as there are accumulators.
/// </summary>
/// <remarks>
/// Tile of 1 row by 8 vectors: 8 accumulators; per entry one broadcast, a quarter of a load of positions and 8 multiply-adds from memory.
/// </remarks>
internal static unsafe class ListKernel
{
    /// <summary>Entries per step: their positions are one load of 64 bits.</summary>
    private const int EntriesPerStep = 4;

    /// <summary>Computes the rows.</summary>
    /// <param name="vectors">Vectors per row of the strip, 1 to <see cref="PanelGeometry.StripVectors"/>.</param>
    /// <param name="run">The operands.</param>
    public static void Multiply(int vectors, in ListRun run)
    {
        if (PanelGeometry.Has512)
            Choose<Path512, Vector512<float>>(vectors, in run);
        else if (PanelGeometry.Has256)
            Choose<Path256, Vector256<float>>(vectors, in run);
        else if (PanelGeometry.Has128)
            Choose<Path128, Vector128<float>>(vectors, in run);
        else
            MultiplyScalar(vectors * PanelGeometry.Lanes, in run);
    }

    [MethodImpl(Jit.Inline)]
    private static void Choose<TPath, TVector>(int vectors, in ListRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        switch (vectors)
        {
            case 8: Multiply<TPath, TVector, Eight, Four>(in run); break;
            case 7: Multiply<TPath, TVector, Seven, Three>(in run); break;
            case 6: Multiply<TPath, TVector, Six, Two>(in run); break;
            case 5: Multiply<TPath, TVector, Five, One>(in run); break;
            case 4: Multiply<TPath, TVector, Four, One>(in run); break;
            case 3: Multiply<TPath, TVector, Three, One>(in run); break;
            case 2: Multiply<TPath, TVector, Two, One>(in run); break;
            default: Multiply<TPath, TVector, One, One>(in run); break;
        }
    }

    /// <summary>The first four vectors, and those beyond.</summary>
    /// <typeparam name="TPath">The instructions.</typeparam>
    /// <typeparam name="TVector">The vector.</typeparam>
    /// <typeparam name="TVectors">Vectors of a row.</typeparam>
    /// <typeparam name="TMore">Vectors beyond the fourth, if there are any.</typeparam>
    /// <param name="run">The operands.</param>
    [MethodImpl(Jit.Leaf)]
    private static void Multiply<TPath, TVector, TVectors, TMore>(in ListRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
        where TMore : unmanaged, ICount
    {
        var add = run.Add;
        ref var strip = ref run.X;
        ref var y = ref run.Y;
        ref var fours = ref run.Fours;
        ref var rowIndex = ref run.Index;
        ref var rowValues = ref run.Values;
        for (var row = run.Rows; row != 0; row--)
        {
            VectorRow<TPath, TVector, TVectors> first = default;
            VectorRow<TPath, TVector, TMore> more = default;
            first.Clear();
            if (sizeof(TVectors) > 4)
                more.Clear();
            if (add)
            {
                first.Load(ref y);
                if (sizeof(TVectors) > 4)
                    more.Load(ref y, 4 * TPath.Lanes);
            }
            ref var index = ref rowIndex;
            ref var values = ref rowValues;
            for (var n = fours; n != 0; n--)
            {
                var positions = Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<ushort, byte>(ref index));
                Add(ref first, ref more, TPath.Create(values), ref Unsafe.Add(ref strip, (nint)(ushort)positions));
                Add(ref first, ref more, TPath.Create(Unsafe.Add(ref values, 1)),
                    ref Unsafe.Add(ref strip, (nint)(ushort)(positions >> 16)));
                Add(ref first, ref more, TPath.Create(Unsafe.Add(ref values, 2)),
                    ref Unsafe.Add(ref strip, (nint)(ushort)(positions >> 32)));
                Add(ref first, ref more, TPath.Create(Unsafe.Add(ref values, 3)),
                    ref Unsafe.Add(ref strip, (nint)(ushort)(positions >> 48)));
                index = ref Unsafe.Add(ref index, EntriesPerStep);
                values = ref Unsafe.Add(ref values, EntriesPerStep);
            }
            first.Store(ref y);
            if (sizeof(TVectors) > 4)
                more.Store(ref y, 4 * TPath.Lanes);
            y = ref Unsafe.Add(ref y, run.YStride);
            fours = ref Unsafe.Add(ref fours, run.FoursStride);
            rowIndex = ref Unsafe.Add(ref rowIndex, run.ListStride);
            rowValues = ref Unsafe.Add(ref rowValues, run.ListStride);
        }
    }

    /// <summary>An entry of a list.</summary>
    [MethodImpl(Jit.Inline)]
    private static void Add<TPath, TVector, TVectors, TMore>(
        ref VectorRow<TPath, TVector, TVectors> first, ref VectorRow<TPath, TVector, TMore> more, TVector value, ref float x)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
        where TMore : unmanaged, ICount
    {
        first.MultiplyAdd(value, ref x);
        if (sizeof(TVectors) > 4)
            more.MultiplyAdd(value, ref x, 4 * TPath.Lanes);
    }

    /// <summary>The reference that the vector paths are tested against.</summary>
    private static void MultiplyScalar(int width, in ListRun run)
    {
        for (nint row = 0; row < run.Rows; row++)
        {
            ref var y = ref Unsafe.Add(ref run.Y, row * run.YStride);
            var list = row * run.ListStride;
            for (var c = 0; c < width; c++)
            {
                var sum = run.Add ? Unsafe.Add(ref y, c) : 0f;
                for (var n = list; n < list + (EntriesPerStep * Unsafe.Add(ref run.Fours, row * run.FoursStride)); n++)
                    sum += Unsafe.Add(ref run.Values, n) * Unsafe.Add(ref run.X, (nint)Unsafe.Add(ref run.Index, n) + c);
                Unsafe.Add(ref y, c) = sum;
            }
        }
    }
}
