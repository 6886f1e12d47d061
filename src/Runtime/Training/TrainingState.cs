namespace SparseSharp.Training;

/// <summary>
/// Where a training stands, apart from the arrays of the model: with them, all that is needed to go on with the same bits.
/// </summary>
internal sealed class TrainingState
{
    /// <summary>Optimizer steps done.</summary>
    public long Steps { get; set; }

    /// <summary>Batches seen, the key of their dropout.</summary>
    public long Batches { get; set; }

    /// <summary>Whole epochs done.</summary>
    public int Epochs { get; set; }

    /// <summary>Batches done of the epoch after those.</summary>
    public int EpochBatches { get; set; }

    /// <summary>Sums over the samples of the current epoch so far.</summary>
    public RunningSums Sums { get; set; }

    /// <summary>What the training learns from and how, since the first fit; null before.</summary>
    public FitPlan? Plan { get; set; }

    /// <summary>The last dense step of layers that follow STEP, or 0 before it.</summary>
    public long SwitchedAt { get; set; }

    /// <summary>By how much the second moments changed in the last steps before that.</summary>
    public List<double> VarianceChanges { get; init; } = [];

    /// <summary>
    /// Shares that masked weights start with, as they were tuned so far, in the order of the layers that have one; empty where none was.
    /// </summary>
    public List<double> TunedAlphas { get; init; } = [];

    /// <summary>Sums of the accounting of operations, one per layer; empty before the first step.</summary>
    public double[] Operations { get; set; } = [];

    /// <summary>Steps of the training that schedules without a length of their own were fitted to; 0 where none was known.</summary>
    public long FittedSteps { get; set; }

    /// <summary>Running average of the norms of gradients; null before the first step, and where none is kept.</summary>
    public double? SmoothedNorm { get; set; }

    /// <summary>Factor on the gradients that was measured last, for batches with several augmentations.</summary>
    public double GradientScale { get; set; } = 1;

    /// <summary>Lowest validation loss so far.</summary>
    public double BestLoss { get; set; } = double.PositiveInfinity;

    /// <summary>Epochs since then.</summary>
    public int EpochsWithoutImprovement { get; set; }

    /// <summary>Whether early stopping has ended the training.</summary>
    public bool Stopped { get; set; }

    /// <summary>Averages of the weights, while they are saved or resumed.</summary>
    public ModelSnapshot? Averages { get; set; }

    /// <summary>Weights that the training began with, while they are saved or resumed.</summary>
    public ModelSnapshot? Start { get; set; }

    /// <summary>Weights of the best epoch, if they are to be restored.</summary>
    public ModelSnapshot? BestWeights { get; set; }
}

/// <summary>Sums over samples.</summary>
/// <param name="Loss">Sum of the losses.</param>
/// <param name="Weight">Sum of the weights of the samples.</param>
/// <param name="Correct">Samples predicted correctly.</param>
/// <param name="Samples">Samples that count.</param>
/// <param name="Ticks">Time taken, in ticks of <see cref="TimeSpan"/>.</param>
internal readonly record struct RunningSums(double Loss, double Weight, long Correct, long Samples, long Ticks)
{
    /// <summary>Time of it in which the next batch was waited for.</summary>
    public long WaitTicks { get; init; }

    /// <summary>Share of the time in which the next batch was waited for.</summary>
    public double WaitShare => Ticks > 0 ? (double)WaitTicks / Ticks : 0;

    /// <summary>Mean of the losses, 0 where no sample counts.</summary>
    public double MeanLoss => Weight > 0 ? Loss / Weight : 0;

    public RunningSums Plus(double loss, double weight, long correct, long samples, long ticks) =>
        this with
        {
            Loss = Loss + loss,
            Weight = Weight + weight,
            Correct = Correct + correct,
            Samples = Samples + samples,
            Ticks = Ticks + ticks,
        };

    public EvaluationReport Report(Loss loss) => new(MeanLoss, Accuracy(loss), (int)Samples);

    public double? Accuracy(Loss loss) => loss.HasAccuracy && Samples > 0 ? (double)Correct / Samples : null;
}

/// <summary>
/// What a training learns from and how. Samples and batch size must stay the same while it goes on; its length may change.
/// </summary>
/// <param name="Samples">Training samples.</param>
/// <param name="BatchSize">Samples per batch.</param>
/// <param name="TotalSteps">Optimizer steps of the whole training, where the schedule or a phase needs them, else 0.</param>
internal sealed record FitPlan(int Samples, int BatchSize, long TotalSteps)
{
    /// <summary>Throws if a training that began with this plan cannot go on with another.</summary>
    public void Check(FitPlan next)
    {
        if (next.Samples != Samples)
            throw Mismatch($"{Samples} training samples", $"{next.Samples}", "give it the same data");
        if (next.BatchSize != BatchSize)
            throw Mismatch($"the batch size {BatchSize}", $"{next.BatchSize}", "give it the same batch size");
    }

    private static InvalidOperationException Mismatch(string before, string now, string advice) =>
        new($"This training began with {before}, not {now}: {advice}, or begin another one with a new trainer that does not resume from "
            + "its checkpoint.");
}
