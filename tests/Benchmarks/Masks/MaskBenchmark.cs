using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Models;
using SparseSharp.Benchmarks.Products;
using SparseSharp.Benchmarks.Reporting;
using SparseSharp.Masks.Search;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Benchmarks.Masks;

/// <summary>
/// Finding exact transposable masks, and packing a layer in both orientations from one, each on one core. Masks of tiles of 8 and more are
/// measured from scratch and as a refresh.
/// </summary>
internal sealed unsafe class MaskBenchmark : Benchmark
{
    /// <summary>Sums of eight magnitudes in single precision against the best in double.</summary>
    private const double SearchTolerance = 1e-6;

    private const double PackTolerance = 2e-5;
    private const int CheckedTiles = 20_000;

    /// <summary>
    /// Changes about 2 % of the mask, as a refresh in the second epoch of a training on MNIST does; later ones change less.
    /// </summary>
    private const float ChangeBetweenRefreshes = .02f;

    private static readonly NMPattern[] s_tilePatterns =
        [new(4, 8, Transposable: true), new(2, 8, Transposable: true), new(8, 16, Transposable: true)];

    public override string Name => "mask";

    public override string Summary => "exact transposable masks, their refresh, and packing both orientations of a layer";

    public override void Run(BenchmarkRun run)
    {
        run.UseThreads(1);
        Measure<Transposable1024x1024>(run);
        if (!run.Effort.IsQuick)
            Measure<Transposable4096x4096>(run);
        foreach (var pattern in s_tilePatterns)
        {
            using var search = new TileSearch(pattern, 1024, ChangeBetweenRefreshes);
            search.Measure(run, Name);
        }
    }

    private void Measure<TModel>(BenchmarkRun run)
        where TModel : class, ISparseModel<TModel>
    {
        var model = TModel.Create(1);
        using var owner = model as IDisposable;
        var layer = model.Linears[0];
        using var weight = new NativeBuffer<float>((long)layer.Inputs * layer.Outputs);
        KaimingUniform.Fill(weight.Span, 1, seed: 2, stream: 0);

        // Made here, so that what is timed packs both orientations.
        _ = ((BucketMatrix)layer.Matrix).Backward;
        var times = Interleaved.Measure(
            [
                new Contender("search", () => Search(layer, weight)),
                new Contender("pack", () => ((BucketMatrix)layer.Matrix).Pack(weight.Pointer)),
            ],
            run.Effort,
            threads: 1);

        var shape = $"{layer.Inputs}x{layer.Outputs}";
        run.Add(new BenchmarkRow(
            Name, "2:4-T search", shape, 1,
            times[0])
        { Density = layer.Density, MaxRelErr = SearchError(layer.Mask!, weight) }, SearchTolerance);
        run.Add(
            new BenchmarkRow(Name, "2:4-T pack", shape, 1, times[1]) { Density = layer.Density, MaxRelErr = PackError(layer, weight) },
            PackTolerance);
    }

    private static void Search(Linear layer, NativeBuffer<float> weight) =>
        MaskSearch.Find(
            ((NMPattern)layer.Pattern!).Shape, weight.Pointer, layer.Inputs, 0, layer.Outputs, layer.Mask!, previous: null, "weight");

    /// <summary>How much less than the best of all patterns any checked tile keeps, relative to the best.</summary>
    private static double SearchError(Mask mask, NativeBuffer<float> weight)
    {
        var patterns = TilePatterns.For(2).Codes;
        var tilesPerRow = mask.Columns / TilePatterns.Size;
        var tiles = mask.Rows / TilePatterns.Size * tilesPerRow;
        var worst = 0.0;
        for (long i = 0; i < CheckedTiles; i++)
        {
            var tile = (int)(i * (tiles - 1) / (CheckedTiles - 1));
            var (row, column) = (tile / tilesPerRow * TilePatterns.Size, tile % tilesPerRow * TilePatterns.Size);
            var best = patterns.Max(code => Mass(code, row, column));
            var code = CodeOf(mask, row, column);
            worst = Math.Max(worst, patterns.Contains(code) ? (best - Mass(code, row, column)) / best : 1);
        }
        return worst;

        double Mass(int code, int row, int column)
        {
            var sum = 0.0;
            for (var bit = 0; bit < 16; bit++)
            {
                if ((code >> bit & 1) != 0)
                    sum += Math.Abs((double)weight.Pointer[((row + (bit / 4)) * mask.Columns) + column + (bit % 4)]);
            }
            return sum;
        }
    }

    /// <summary>The mask of a tile: row r in bits 4r to 4r + 3.</summary>
    private static ushort CodeOf(Mask mask, int row, int column)
    {
        var code = 0;
        for (var bit = 0; bit < 16; bit++)
            code |= (mask[row + (bit / 4), column + (bit % 4)] ? 1 : 0) << bit;
        return (ushort)code;
    }

    /// <summary>The packed weights must be the kept ones, and both orientations must multiply as they do.</summary>
    private static double PackError(Linear layer, NativeBuffer<float> weight)
    {
        var kept = WideMatrix.From(weight.Span, layer.Inputs);
        kept.Apply(layer.Mask);
        var error = new ReferenceError();
        error.Add(kept.Values, layer.Weight);
        using var operands = new Operands(new ProductShape(64, layer.Inputs, layer.Outputs));
        return Math.Max(error.Value, Math.Max(Product.Forward.ErrorOf(layer, operands), Product.GradInput.ErrorOf(layer, operands)));
    }
}
