using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Kernels;

/// <summary>
/// A micro-kernel on a panel: one text for all vector widths and widths of panels, and a scalar reference that it is tested against.
/// </summary>
/// <typeparam name="TRun">The operands.</typeparam>
internal interface IPanelKernel<TRun>
    where TRun : struct, allows ref struct
{
    /// <summary>Computes with vectors.</summary>
    /// <param name="run">The operands.</param>
    /// <typeparam name="TPath">The instructions.</typeparam>
    /// <typeparam name="TVector">The vector.</typeparam>
    /// <typeparam name="TVectors">Vectors per panel row.</typeparam>
    static abstract void Run<TPath, TVector, TVectors>(in TRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount;

    /// <summary>The same without vectors.</summary>
    /// <param name="width">Floats per panel row.</param>
    /// <param name="run">The operands.</param>
    static abstract void RunScalar(int width, in TRun run);
}

/// <summary>The choice of the path: tests that the JIT folds, and a switch over the width of a panel.</summary>
internal static class PanelKernel
{
    [MethodImpl(Jit.Inline)]
    public static void Run<TKernel, TRun>(int vectors, in TRun run)
        where TKernel : struct, IPanelKernel<TRun>
        where TRun : struct, allows ref struct
    {
        if (PanelGeometry.Has512)
        {
            switch (vectors)
            {
                case 4: TKernel.Run<Path512, Vector512<float>, Four>(in run); break;
                case 3: TKernel.Run<Path512, Vector512<float>, Three>(in run); break;
                case 2: TKernel.Run<Path512, Vector512<float>, Two>(in run); break;
                default: TKernel.Run<Path512, Vector512<float>, One>(in run); break;
            }
        }
        else if (PanelGeometry.Has256)
        {
            if (vectors == 2)
                TKernel.Run<Path256, Vector256<float>, Two>(in run);
            else
                TKernel.Run<Path256, Vector256<float>, One>(in run);
        }
        else if (PanelGeometry.Has128)
        {
            if (vectors == 2)
                TKernel.Run<Path128, Vector128<float>, Two>(in run);
            else
                TKernel.Run<Path128, Vector128<float>, One>(in run);
        }
        else
        {
            TKernel.RunScalar(vectors * PanelGeometry.Lanes, in run);
        }
    }
}
