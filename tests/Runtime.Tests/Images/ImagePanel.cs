using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Runtime.Tests.Images;

/// <summary>A step of a pass over images.</summary>
internal delegate void ImageStep(in PanelPass pass);

/// <summary>
/// A panel that lacks some samples, with a value for each of some images. What nobody has written is NaN, so that steps that read it show.
/// </summary>
internal sealed unsafe class ImagePanel : IDisposable
{
    private readonly NativeBuffer<float> _memory;
    private readonly ImageLayout[] _layouts;
    private readonly int[] _slots;
    private readonly int _rows;

    public ImagePanel(params ImageLayout[] layouts)
    {
        _layouts = layouts;
        _slots = new int[layouts.Length];
        for (var i = 0; i < layouts.Length; i++)
        {
            _slots[i] = _rows;
            _rows += (layouts[i].Lines + 3) / 4 * 4;
        }
        _memory = new((long)_rows * PanelGeometry.Lanes);
        _memory.Span.Fill(float.NaN);
    }

    /// <summary>Samples of the panel.</summary>
    public static int Samples => PanelGeometry.Lanes - 1;

    /// <summary>Slots of the values.</summary>
    public IReadOnlyList<int> Slots => _slots;

    /// <summary>Writes images <c>[samples, channels, rows, columns]</c>; lanes without a sample become 0.</summary>
    public void Set(int value, float[] images)
    {
        var layout = _layouts[value];
        var lanes = new float[PanelGeometry.Lanes * layout.Features];
        images.CopyTo(lanes, 0);
        layout.Import(lanes, Value(value));
    }

    /// <summary>The images of a value.</summary>
    public float[] Get(int value)
    {
        var layout = _layouts[value];
        var lanes = new float[PanelGeometry.Lanes * layout.Features];
        layout.Export(Value(value), lanes);
        return lanes[..(Samples * layout.Features)];
    }

    /// <summary>Whether lanes without a sample are 0.</summary>
    public bool IsPaddingClear(int value)
    {
        var layout = _layouts[value];
        var lanes = new float[PanelGeometry.Lanes * layout.Features];
        layout.Export(Value(value), lanes);
        return lanes.Skip(Samples * layout.Features).All(number => number == 0);
    }

    /// <summary>The largest magnitude around the images of a value.</summary>
    public float Border(int value)
    {
        var layout = _layouts[value];
        var all = Value(value).ToArray();
        layout.Import(new float[PanelGeometry.Lanes * layout.Features], all);
        return all.Max(Math.Abs);
    }

    /// <summary>Runs a step by so many members of a team, the last one first.</summary>
    /// <param name="members">The members.</param>
    /// <param name="step">The step.</param>
    /// <param name="start">Number of the first sample in its batch.</param>
    /// <param name="randomKey">Seed of the random numbers.</param>
    public void Run(int members, ImageStep step, int start = 0, ulong randomKey = 0)
    {
        var barrier = new TeamBarrier();
        for (var member = members - 1; member >= 0; member--)
        {
            var pass = new PanelPass(
                _memory.Pointer - ((nint)_rows * start), _rows, start, vectors: 1, Samples, training: true, randomKey, member, members,
                ref barrier);
            step(in pass);
        }
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>Random numbers; the same one stands in several places, so that maxima have rivals.</summary>
    public static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.Next(41) - 20) / 8f)];
    }

    private Span<float> Value(int value) =>
        _memory.Span.Slice(_slots[value] * PanelGeometry.Lanes, _layouts[value].Length);
}
