using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Emitting.Kernels;

/// <summary>Prints the kernel class of a plan.</summary>
internal static class KernelEmitter
{
    public static string Emit(KernelPlan plan) => throw new NotImplementedException(plan.Name);
}
