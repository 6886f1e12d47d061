using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Kernels;

/// <summary>What kernels do that a vector of any width has no instruction for.</summary>
internal static class VectorLanes
{
    /// <summary>Four floats from anywhere.</summary>
    /// <param name="source">Where positions count from.</param>
    /// <param name="positions">Four positions.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Gather(ref float source, Vector128<uint> positions) => Vector128.Create(
        Unsafe.Add(ref source, positions.GetElement(0)), Unsafe.Add(ref source, positions.GetElement(1)),
        Unsafe.Add(ref source, positions.GetElement(2)), Unsafe.Add(ref source, positions.GetElement(3)));

    /// <summary>Writes four floats to anywhere.</summary>
    /// <param name="values">The floats.</param>
    /// <param name="target">Where positions count from.</param>
    /// <param name="positions">Four positions.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scatter(Vector128<float> values, ref float target, Vector128<uint> positions)
    {
        Unsafe.Add(ref target, positions.GetElement(0)) = values.GetElement(0);
        Unsafe.Add(ref target, positions.GetElement(1)) = values.GetElement(1);
        Unsafe.Add(ref target, positions.GetElement(2)) = values.GetElement(2);
        Unsafe.Add(ref target, positions.GetElement(3)) = values.GetElement(3);
    }

    /// <summary>Asks for a cache line; an address that is not the program's does nothing.</summary>
    /// <param name="source">Anywhere in the line.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(ref float source)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref source));
    }
}
