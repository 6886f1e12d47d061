using System;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// Gradient annealing (AutoSparse, Kundu et al., 2023): masked weights get a share of their gradient that falls to zero over the training.
/// Alone it makes a layer sparse without a pattern, with learned thresholds that decide how sparse (or with <see cref="TopK"/>, a given
/// density); beside
/// <see cref="NMSparseAttribute"/> it anneals that pattern. On a class it is the default of its layers; on a layer it wins over the class.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class GradientAnnealAttribute : Attribute
{
    /// <summary>
    /// The share at the start, from 0 (masked weights learn nothing) to 1 (they learn as kept ones do). The larger it is, the more weights
    /// find their way back: less sparsity, higher accuracy.
    /// </summary>
    public double Alpha { get; set; } = AnnealSettings.DefaultAlpha;

    /// <summary>How the share falls.</summary>
    public AnnealSchedule Schedule { get; set; }

    /// <summary>
    /// Part of the training, greater than 0 and at most 1, after which the share is exactly 0: from epoch <c>floor(HardZero * epochs)</c>
    /// on, counted from 0.
    /// </summary>
    public double HardZero { get; set; } = AnnealSettings.DefaultHardZero;

    /// <summary>Whether the share falls with every step instead of with every epoch.</summary>
    public bool PerStep { get; set; }

    /// <summary>What becomes of the mask once the share is 0.</summary>
    public AfterZero AfterZero { get; set; }

    /// <summary>
    /// Whether the share is tuned in the first ten epochs, by the losses of a dense training (<c>TrainerOptions.DenseLosses</c>): it grows
    /// where the sparse loss is more than a hundredth above the dense one, and shrinks otherwise.
    /// </summary>
    public bool AutoTune { get; set; }

    /// <summary>
    /// Part of the weights, greater than 0, that get a gradient at most while the share is above 0: all kept ones, and of the masked ones
    /// those closest to the threshold. 1 is no limit; 0.5 is the one of AutoSparse.
    /// </summary>
    public double BackwardDensity { get; set; } = 1;

    /// <summary>Which weights share a learned threshold.</summary>
    public ThresholdScope Threshold { get; set; }

    /// <summary>The parameter <c>s</c> that thresholds <c>sigmoid(s)</c> start from, from -20 to 20.</summary>
    public double InitialThreshold { get; set; } = AnnealSettings.DefaultThreshold;

    /// <summary>Learning rate of the thresholds as a multiple of that of the weights; greater than 0. They have no weight decay.</summary>
    public double ThresholdRate { get; set; } = 1;

    /// <summary>
    /// The density of a layer with a fixed budget instead of learned thresholds: the share of weights, largest first, that are kept. 0 for
    /// thresholds.
    /// </summary>
    public double TopK { get; set; }

    /// <summary>Over which weights <see cref="TopK"/> counts.</summary>
    public BudgetScope Budget { get; set; }

    /// <summary>What it does beside <see cref="NMSparseAttribute"/>.</summary>
    public NMAnnealing Mode { get; set; }

    /// <summary>
    /// Whether the factor of <see cref="NMAnnealing.SoftNM"/> scales gradients too, as the chain rule says; S-STE leaves it out.
    /// </summary>
    public bool BetaInBackward { get; set; }

    /// <summary>
    /// Optimizer steps between two times that a layer without an N:M pattern is packed anew, at least 1; 0 picks a number by measurement.
    /// In between, weights that fall below their threshold become 0 at once; those that rise above it wait.
    /// </summary>
    public int RebuildEvery { get; set; }
}
