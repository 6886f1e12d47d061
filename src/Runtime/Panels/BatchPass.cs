namespace SparseSharp.Kernels;

/// <summary>All panels of a training batch, as one worker sees them.</summary>
public readonly unsafe ref struct BatchPass
{
    internal BatchPass(float* workspace, BatchLayout layout, bool accumulate, int member, int members)
    {
        Workspace = workspace;
        Layout = layout;
        Accumulate = accumulate;
        Member = member;
        Members = members;
    }

    internal float* Workspace { get; }

    internal BatchLayout Layout { get; }

    /// <summary>Whether gradients add to what is there, as with gradient accumulation over several batches.</summary>
    public bool Accumulate { get; }

    /// <summary>Index of the calling worker.</summary>
    public int Member { get; }

    /// <summary>Workers that share the pass.</summary>
    public int Members { get; }

    /// <summary>A panel's block of a value.</summary>
    internal float* Slot(int slot, int rows, int panel) =>
        Workspace + ((nint)slot * Layout.Columns) + ((nint)rows * Layout.Start(panel));

    internal (int First, int End) Share(int rows, int tile)
    {
        var tiles = (rows + tile - 1) / tile;
        return (Math.Min(rows, tiles * Member / Members * tile), Math.Min(rows, tiles * (Member + 1) / Members * tile));
    }
}
