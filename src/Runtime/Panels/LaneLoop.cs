using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>A loop over lines, each a pixel or feature in a vector of samples, that is written once for all widths of vectors.</summary>
/// <typeparam name="TRun">What it works on.</typeparam>
internal interface ILaneLoop<TRun>
    where TRun : struct
{
    /// <summary>The loop.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    static abstract void Run<TLanes>(in TRun run)
        where TLanes : struct, IFloatLanes<TLanes>;
}

/// <summary>Runs loops over lines with the vector of this processor.</summary>
internal static class LaneLoop
{
    public static void Run<TLoop, TRun>(in TRun run)
        where TLoop : struct, ILaneLoop<TRun>
        where TRun : struct
    {
        if (PanelGeometry.Lanes == Lanes16.Count)
            TLoop.Run<Lanes16>(in run);
        else if (PanelGeometry.Lanes == Lanes8.Count)
            TLoop.Run<Lanes8>(in run);
        else
            TLoop.Run<Lanes4>(in run);
    }
}
