using System.Globalization;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// Any weights of a layer: those that exceed a learned threshold (AutoSparse, Kundu et al., 2023), so that the training decides how many,
/// or the largest ones of a fixed number. Masked weights exist and learn as <see cref="Annealing"/> says.
/// </summary>
public sealed record UnstructuredPattern : SparsityPattern
{
    /// <summary>How masked weights learn, and the thresholds.</summary>
    public GradientAnnealing Annealing { get; init; } = new();

    /// <summary>The share of weights to keep, greater than 0 and at most 1, largest first; null where thresholds decide.</summary>
    public double? TopK { get; init; }

    /// <inheritdoc cref="GradientAnnealAttribute.Budget"/>
    public BudgetScope Budget { get; init; }

    /// <summary>Optimizer steps between two times that the layer is packed anew, at least 1.</summary>
    public int RebuildEvery { get; init; } = AnnealSettings.DefaultRebuild;

    /// <summary>The share of weights to keep; 1 where thresholds decide, because it is not known before.</summary>
    public override double Density => TopK ?? 1;

    internal override bool KeepsMaskedWeights => true;

    internal override GradientAnnealing? Annealed => Annealing;

    internal override int SearchInterval => RebuildEvery;

    internal override bool SharesBudget => TopK is not null && Budget == BudgetScope.OverModel;

    internal override string Identity =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{this}, rebuilt every {RebuildEvery}, {(TopK is null ? "" : $"{Budget}, ")}{Annealing.Identity}");

    /// <summary>For example <c>threshold per output channel</c> or <c>largest 0.2</c>.</summary>
    public override string ToString() => TopK is { } share
        ? string.Create(CultureInfo.InvariantCulture, $"largest {share}")
        : Annealing.Threshold switch
        {
            ThresholdScope.PerLayer => "threshold per layer",
            ThresholdScope.PerWeight => "threshold per weight",
            _ => "threshold per output channel",
        };

    /// <summary>Any mask will do.</summary>
    internal override string? FirstFault(Mask mask) => null;

    /// <summary>Where a share is given no more weights than that may be kept; layers of one budget differ.</summary>
    internal override bool Accepts(Mask mask) =>
        TopK is not { } share
            || Budget != BudgetScope.PerLayer
            || mask.Count <= Math.Max(1, (long)Math.Round(share * mask.Rows * mask.Columns));

    internal override void Check(int inputs, int outputs)
    {
        Annealing.Check();
        if (TopK is { } share && !AnnealSettings.IsPositiveShare(share))
            throw new ArgumentException($"{nameof(TopK)} is {share}; it is the share of weights to keep, greater than 0 and at most 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(RebuildEvery, 1);
    }
}
