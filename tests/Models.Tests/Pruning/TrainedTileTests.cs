using SparseSharp.Models.Tests.Training;
using SparseSharp.Runtime.Tests.Masks;

namespace SparseSharp.Models.Tests.Pruning;

/// <summary>
/// Tiles of trained weights, which are neither Gaussian nor independent: some rows and columns are much larger than others.
/// </summary>
public sealed class TrainedTileTests
{
    private static readonly Lazy<float[]> s_weight = new(() =>
    {
        using var model = new UnmaskedNet(seed: 1);
        using var trainer = new Trainer<UnmaskedNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f, momentum: 0.9f));
        _ = trainer.Fit(TrainingBench.Train, epochs: 8, batchSize: 30).Last();
        return [.. model.Linears[0].Weight];
    });

    [Theory]
    [InlineData(2, 4)]
    [InlineData(4, 8)]
    [InlineData(2, 8)]
    [InlineData(8, 16)]
    [InlineData(16, 32)]
    public void The_search_reaches_the_optimum(int keep, int group)
    {
        const int Rows = 64;
        const int Columns = 768;
        var weight = new float[Rows * Columns];
        for (var row = 0; row < Rows; row++)
            s_weight.Value.AsSpan(row * 784, Columns).CopyTo(weight.AsSpan(row * Columns));
        var mask = Mask.Magnitude(weight, Rows, Columns, new NMPattern(keep, group, Transposable: true));

        // Some tiles are enough: the oracle is slow.
        for (var i = 0; i < 12; i++)
        {
            var (top, left) = (i * group % Rows, i * 5 * group % Columns);
            var tile = new float[group * group];
            var kept = 0.0;
            for (var cell = 0; cell < tile.Length; cell++)
            {
                var (row, column) = (top + (cell / group), left + (cell % group));
                tile[cell] = MathF.Abs(weight[(row * Columns) + column]);
                kept += mask[row, column] ? tile[cell] : 0;
            }
            var optimum = new MinimumCostFlow(tile, group, keep).Mass();
            Assert.Equal(optimum, kept, 1e-9 * optimum);
        }
    }
}
