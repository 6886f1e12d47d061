using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.BlockSparse;

/// <summary>Reports a matrix whose sparsity is another one than was asked for, because blocks are dropped as a whole.</summary>
internal static class BlockRounding
{
    /// <summary>What may be between the two: a sparsity of 0.9 that becomes 0.906 is one of 0.9.</summary>
    private const double Tolerance = 0.01;

    /// <summary>Sparsities that are tried out to find those that stay as they are.</summary>
    private const int Trials = 1000;

    public static void Check(ChosenBlockSpec blocks, MatrixSpec matrix, ModifierUse use)
    {
        if (blocks.Asked is not { } asked)
            return;
        var actual = Actual(blocks, matrix, asked);
        if (Math.Abs(actual - asked) <= Tolerance)
            return;
        var nearest = Nearest(blocks, matrix, asked);
        use.Sink.Report(
            BlockSparseDiagnostics.BlockSparsityRounded,
            use.Property(nameof(BlockSparseAttribute.Sparsity)),
            nearest,
            use.Path,
            BlockOptions.Text(Math.Round(actual, 6)),
            BlockOptions.Text(asked),
            nearest);
    }

    private static double Actual(ChosenBlockSpec blocks, MatrixSpec matrix, double sparsity) =>
        1 - blocks.RoundedDensity(1 - sparsity, matrix);

    /// <summary>The nearest sparsities that the matrix can have: rounded, they are what they were.</summary>
    private static Suggestion Nearest(ChosenBlockSpec blocks, MatrixSpec matrix, double asked) => new(
    [
        .. Enumerable.Range(1, Trials - 1)
            .Select(trial => Math.Round(Actual(blocks, matrix, trial / (double)Trials), 6))
            .Where(sparsity => BlockSettings.IsSparsity(sparsity) && Math.Abs(Actual(blocks, matrix, sparsity) - sparsity) < 1e-5)
            .Distinct()
            .OrderBy(sparsity => Math.Abs(sparsity - asked))
            .Take(2)
            .OrderBy(sparsity => sparsity)
            .Select(BlockOptions.Text),
    ]);
}
