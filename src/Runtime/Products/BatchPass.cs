using System.ComponentModel;
using SparseSharp.Settings;

namespace SparseSharp.Kernels;

/// <summary>All panels of a training batch, as one worker sees them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe ref struct BatchPass
{
    /// <param name="workspace">All panels of the batch.</param>
    /// <param name="rows">Rows of the workspace, as in <see cref="ModelDescriptor"/>.</param>
    /// <param name="layout">The panels.</param>
    /// <param name="accumulate">Whether gradients add to what is there.</param>
    /// <param name="member">Index of the calling worker.</param>
    /// <param name="members">Workers that share the pass.</param>
    /// <param name="randomKey">Seed of the step's random numbers.</param>
    /// <param name="tap">Takes the place of the weight gradients, or null.</param>
    /// <param name="phase">The phase that all panels have gone through.</param>
    /// <param name="training">Whether this is a training pass.</param>
    internal BatchPass(
        float* workspace, int rows, BatchLayout layout, bool accumulate, int member, int members, ulong randomKey, GradientTap? tap = null,
        int phase = 0, bool training = false)
    {
        Phase = phase;
        Training = training;
        Workspace = workspace;
        Rows = rows;
        Layout = layout;
        Accumulate = accumulate;
        Member = member;
        Members = members;
        RandomKey = randomKey;
        Tap = tap;
    }

    internal float* Workspace { get; }

    internal int Rows { get; }

    internal BatchLayout Layout { get; }

    internal GradientTap? Tap { get; }

    /// <summary>Whether this is a training pass.</summary>
    internal bool Training { get; }

    /// <summary>Whether gradients add to what is there, as with gradient accumulation over several batches.</summary>
    public bool Accumulate { get; }

    /// <summary>The phase that all panels have gone through.</summary>
    public int Phase { get; }

    /// <summary>Index of the calling worker.</summary>
    public int Member { get; }

    /// <summary>Workers that share the pass.</summary>
    public int Members { get; }

    /// <summary>Seed of the step's random numbers.</summary>
    internal ulong RandomKey { get; }

    /// <summary>A panel's block of a value.</summary>
    internal float* Slot(int slot, int panel) =>
        Workspace + ((nint)Rows * Layout.Start(panel)) + ((nint)slot * Layout.Width(panel));

    /// <summary>Throws unless the slot is one of a value of so many features.</summary>
    internal void Check(int slot, int features)
    {
        if (slot < 0 || slot > Rows - DataLayout.PaddedRows(features))
            throw new ArgumentException($"There is no value of {features} features in slot {slot}.");
    }

    internal (int First, int End) Share(int rows, int tile)
    {
        var tiles = (rows + tile - 1) / tile;
        return (Math.Min(rows, tiles * Member / Members * tile), Math.Min(rows, tiles * (Member + 1) / Members * tile));
    }
}
