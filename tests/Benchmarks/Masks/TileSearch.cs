using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Reporting;
using SparseSharp.Masks.Search;
using SparseSharp.Numerics;

namespace SparseSharp.Benchmarks.Masks;

/// <summary>
/// A transposable mask that is solved tile by tile: from scratch, and from the mask before a change of the weights as large as one between
/// two refreshes of a training.
/// </summary>
internal sealed unsafe class TileSearch : IDisposable
{
    /// <summary>
    /// Both ends of the search are the optimum, so the masses may differ by rounding and by the tolerance of the solver only.
    /// </summary>
    private const double Tolerance = 1e-7;

    private readonly NMPattern _pattern;
    private readonly int _size;
    private readonly PinnedBuffer<float> _weight;
    private readonly Mask _before;
    private readonly Mask _cold;
    private readonly Mask _warm;

    /// <summary>Weights of a square layer, and their mask before the change.</summary>
    /// <param name="pattern">A transposable pattern.</param>
    /// <param name="size">Rows and columns.</param>
    /// <param name="change">Largest change of a weight, relative to the largest weight.</param>
    public TileSearch(NMPattern pattern, int size, float change)
    {
        (_pattern, _size) = (pattern, size);
        _weight = new PinnedBuffer<float>((long)size * size);
        KaimingUniform.Fill(_weight.Span, 1, seed: 2, stream: 0);
        (_before, _cold, _warm) = (new Mask(size, size), new Mask(size, size), new Mask(size, size));
        Find(_before, null);
        using var noise = new NativeBuffer<float>(_weight.Length);
        KaimingUniform.Fill(noise.Span, change, seed: 2, stream: 1);
        for (var i = 0; i < noise.Length; i++)
            _weight.Span[i] += noise.Span[i];
    }

    /// <summary>Measures both and adds their rows.</summary>
    public void Measure(BenchmarkRun run, string bench)
    {
        var times = Interleaved.Measure(
            [new Contender("search", () => Find(_cold, null)), new Contender("refresh", () => Find(_warm, _before))],
            run.Effort,
            threads: 1);
        var error = Math.Abs(Mass(_warm) - Mass(_cold)) / Mass(_cold);
        var name = $"{_pattern.Keep}:{_pattern.Group}-T";
        var flipped = 100.0 * _warm.Flips(_before) / _weight.Length;
        run.Add(Row($"{name} search", times[0], _cold), Tolerance);
        run.Add(Row($"{name} refresh, {flipped:0.0} % flip", times[1], _warm), Tolerance);

        BenchmarkRow Row(string kernel, double milliseconds, Mask mask) =>
            new(bench, kernel, $"{_size}x{_size}", 1, milliseconds) { Density = mask.Density, MaxRelErr = error };
    }

    public void Dispose() => _weight.Dispose();

    private void Find(Mask mask, Mask? previous) =>
        MaskSearch.Find(_pattern.Shape, _weight.Pointer, _size, 0, _size, mask, previous, "weight");

    private double Mass(Mask mask) => mask.RetainedMass(_weight.Span);
}
