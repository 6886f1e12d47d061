using System.Runtime.CompilerServices;

namespace SparseSharp.Kernels;

/// <summary>How the JIT compiles the parts of kernels.</summary>
internal static class Jit
{
    /// <summary>
    /// A step of a kernel, or a number in it: always a part of its text. The JIT refuses to inline what does not ask for it, however small,
    /// once a method has grown by as much as most kernels do.
    /// </summary>
    public const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>A micro-kernel: fully optimized from its first call, with registers of its own.</summary>
    public const MethodImplOptions Leaf = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
}
