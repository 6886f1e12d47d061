namespace SparseSharp.Kernels;

/// <summary>The edges of a pass: row-major samples in, row-major results out, each member moving its own features.</summary>
internal static unsafe class PanelEdges
{
    /// <summary>Moves a panel's samples into a slot.</summary>
    public static void Load(in PanelPass pass, float* source, int features, int samples, int slot)
    {
        if (pass.IsSampleMajor)
        {
            SmallBatch.Load(in pass, source, features, samples, slot);
            return;
        }
        var (first, end) = pass.Share(features, PanelGeometry.Lanes);
        fixed (float* panel = &pass.Slot(slot))
            PanelTransfer.Pack(source, features, samples, pass.Vectors, first, end, panel);
    }

    /// <summary>Moves a slot's samples out.</summary>
    public static void Store(in PanelPass pass, int slot, float* target, int features, int samples)
    {
        if (pass.IsSampleMajor)
        {
            SmallBatch.Store(in pass, slot, target, features, samples);
            return;
        }
        var (first, end) = pass.Share(features, PanelGeometry.Lanes);
        fixed (float* panel = &pass.Slot(slot))
            PanelTransfer.Unpack(panel, pass.Vectors, first, end, target, features, samples);
    }
}
