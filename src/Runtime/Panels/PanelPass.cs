using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SparseSharp.Settings;
using SparseSharp.Workers;

namespace SparseSharp.Kernels;

/// <summary>
/// One panel of a pass, as one member of the team that shares it sees it. A value with <c>F</c> features is a feature-major block
/// <c>[F][Width]</c>, its row count rounded up to a multiple of 4. The values of a panel lie together, apart from those of other panels:
/// values that share memory in turn would otherwise meet those of a panel that another team has taken further.
/// </summary>
/// <remarks>
/// A pass of inference with a few samples has no lanes for samples: its values are sample-major (<see cref="IsSampleMajor"/>).
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe ref struct PanelPass
{
    private readonly float* _values;
    private readonly int _rows;
    private readonly ref TeamBarrier _barrier;

    /// <summary>A pass of inference with a few samples.</summary>
    /// <param name="workspace">Room for <see cref="SmallBatch.FloatsPerRow"/> floats per row and sample.</param>
    /// <param name="rows">Rows of the workspace, as in <see cref="ModelDescriptor"/>.</param>
    /// <param name="samples">Samples, padded as kernels want them.</param>
    /// <param name="used">Samples without the padding.</param>
    /// <param name="member">Index of the caller in its team.</param>
    /// <param name="members">Members of the team.</param>
    /// <param name="barrier">The team's barrier.</param>
    internal PanelPass(float* workspace, int rows, int samples, int used, int member, int members, ref TeamBarrier barrier)
    {
        _values = workspace;
        _rows = rows;
        Samples = samples;
        UsedColumns = used;
        Width = SmallBatch.FloatsPerRow * samples;
        Member = member;
        Members = members;
        _barrier = ref barrier;
    }

    /// <param name="workspace">All panels of the batch.</param>
    /// <param name="rows">Rows of the workspace, as in <see cref="ModelDescriptor"/>.</param>
    /// <param name="start">First column of the panel.</param>
    /// <param name="vectors">Vectors per row of the panel.</param>
    /// <param name="samples">Samples of the panel: its columns that are not padding.</param>
    /// <param name="training">Whether this is a training pass.</param>
    /// <param name="randomKey">Seed of the step's random numbers.</param>
    /// <param name="member">Index of the caller in its team.</param>
    /// <param name="members">Members of the team.</param>
    /// <param name="barrier">The team's barrier.</param>
    /// <param name="hasInputGradient">Whether the gradient of the input is asked for.</param>
    /// <param name="phase">The phase of the pass.</param>
    /// <param name="isCut">Whether one sample takes all lanes, and each has a part of its images.</param>
    internal PanelPass(
        float* workspace, int rows, int start, int vectors, int samples, bool training, ulong randomKey, int member, int members,
        ref TeamBarrier barrier, bool hasInputGradient = false, int phase = 0, bool isCut = false)
    {
        (Phase, IsCut) = (phase, isCut);
        _values = workspace + ((nint)rows * start);
        _rows = rows;
        FirstColumn = start;
        Vectors = vectors;
        UsedColumns = samples;
        Width = vectors * PanelGeometry.Lanes;
        Training = training;
        RandomKey = randomKey;
        Member = member;
        Members = members;
        _barrier = ref barrier;
        HasInputGradient = hasInputGradient;
    }

    /// <summary>Vectors per row of this panel.</summary>
    public int Vectors { get; }

    /// <summary>Floats per row of this panel.</summary>
    public int Width { get; }

    /// <summary>
    /// Whether a value is <c>[sample][feature]</c>, with <see cref="SmallBatch.Stride"/> floats from a sample to the next.
    /// </summary>
    internal bool IsSampleMajor => Samples > 0;

    /// <summary>Samples of a sample-major pass, else 0.</summary>
    internal int Samples { get; }

    /// <summary>Columns of the panel, or samples of a sample-major pass, that hold samples; what follows them is padding.</summary>
    internal int UsedColumns { get; }

    /// <summary>Whether this is a training pass.</summary>
    public bool Training { get; }

    /// <summary>The phase of the pass. All panels finish a phase before any begins the next.</summary>
    public int Phase { get; }

    /// <summary>Whether one sample takes all lanes, and each has a part of its images.</summary>
    internal bool IsCut { get; }

    /// <summary>Whether a backward pass is asked for the gradient of the input as well.</summary>
    public bool HasInputGradient { get; }

    /// <summary>Index of the caller in its team.</summary>
    public int Member { get; }

    /// <summary>Members of the team that shares this panel; each computes its own rows of every value.</summary>
    public int Members { get; }

    /// <summary>First column of the panel in the padded batch: the sample number of lane 0.</summary>
    internal int FirstColumn { get; }

    /// <summary>Seed of the step's random numbers.</summary>
    internal ulong RandomKey { get; }

    /// <summary>The block of a value.</summary>
    /// <param name="slot">Slot of the value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The workspace has no such slot.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float Slot(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)_rows, nameof(slot));
        return ref *(_values + ((nint)slot * Width));
    }

    /// <summary>Rows of the panel that images of a layout take in this pass.</summary>
    /// <param name="image">The layout.</param>
    public int Lines(ImageLayout image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.In(IsCut).Lines;
    }

    /// <summary>Throws unless a whole value of so many features lies at a reference: kernels trust it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Check(ref float value, int features)
    {
        var floats = IsSampleMajor ? SmallBatch.Stride(features) * Samples : (nint)DataLayout.PaddedRows(features) * Width;
        var room = ((nint)_rows * Width) - floats;
        if (features < 0 || (nuint)Unsafe.ByteOffset(ref *_values, ref value) > (nuint)(room * sizeof(float)) || room < 0)
            ThrowOutside(features);
    }

    [DoesNotReturn]
    private static void ThrowOutside(int features) =>
        throw new ArgumentException($"There is no value of {features} features at this place of the workspace.");

    /// <summary>Waits until every member of the team has come here: what they wrote before is visible after.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Sync()
    {
        if (Members > 1)
            _barrier.Wait(Members);
    }

    /// <summary>The caller's share of <paramref name="rows"/> rows, in multiples of <paramref name="tile"/>.</summary>
    internal (int First, int End) Share(int rows, int tile)
    {
        if (Members == 1)
            return (0, rows);
        var tiles = (rows + tile - 1) / tile;
        return (Math.Min(rows, tiles * Member / Members * tile), Math.Min(rows, tiles * (Member + 1) / Members * tile));
    }
}
