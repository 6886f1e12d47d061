using System.ComponentModel;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>What one forward pass leaves for its backward pass.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AutogradTape
{
    private PinnedBuffer<float>? _workspace;

    internal AutogradTape(PinnedBuffer<float> workspace, BatchLayout layout, ulong randomKey)
    {
        _workspace = workspace;
        Layout = layout;
        RandomKey = randomKey;
    }

    /// <summary>Samples of the pass.</summary>
    public int Batch => Layout.Batch;

    internal BatchLayout Layout { get; }

    internal ulong RandomKey { get; }

    /// <summary>The values of the pass, as long as nobody has taken them.</summary>
    internal PinnedBuffer<float> Workspace => _workspace!;

    /// <summary>The values of the pass, once: a backward pass writes over them.</summary>
    internal PinnedBuffer<float>? Take() => Interlocked.Exchange(ref _workspace, null);
}
