using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>Settings of a <see cref="Trainer{TModel}"/>.</summary>
public sealed record TrainerOptions
{
    /// <summary>Seed of shuffling and dropout. Equal seeds give equal trainings, for any number of threads.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Threads that share a step, the caller included; null takes <see cref="ComputeThreads"/>, as evaluation always does.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>How the learning rate goes.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>
    /// Optimizer steps of the whole training, for the schedule and the phases of a training. Null takes those of
    /// <see cref="Trainer{TModel}.Fit"/>; a custom loop must say it if they need it.
    /// </summary>
    public long? TotalSteps { get; init; }

    /// <summary>
    /// Optimizer steps after which <see cref="Trainer{TModel}.Fit"/> ends, also within an epoch, whose report is then the last one: for
    /// trainings that are counted in updates. Null for no other end than the last epoch.
    /// </summary>
    public long? MaxSteps { get; init; }

    /// <summary>
    /// Share of the last steps in which layers with a mask run dense (Hu et al., 2024, take 1/6), at least 0 and less than 1. The model is
    /// a dense one from then on. Layers with a static mask stay as they are: they have no other weights. Needs the number of steps, as some
    /// schedules do.
    /// </summary>
    public double DenseTail { get; init; }

    /// <summary>
    /// Mean training loss of each epoch of a dense training of the same model, at least ten: layers with
    /// <see cref="GradientAnnealing.AutoTune"/> tune their share of the gradient by them. Null for none.
    /// </summary>
    public IReadOnlyList<double>? DenseLosses { get; init; }

    /// <summary>Batches whose gradients are averaged, each sample with the same weight, before the optimizer runs; at least 1.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>
    /// Layers that learn at rates of their own, or without weight decay; a layer is in one group at most. Others learn as the optimizer
    /// says.
    /// </summary>
    public IReadOnlyList<ParameterGroup> Groups { get; init; } = [];

    /// <summary>Largest norm of all gradients together; larger ones are scaled down to it. Null leaves them as they are.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>
    /// Scales the gradients of each step to a running average of their norms (Hoffer et al., "Mix &amp; Match", 2019), after clipping and
    /// before weight decay: larger ones become smaller and smaller ones larger. This is the share of the average that a step leaves, at
    /// least 0 and less than 1; the authors take 0.9. Null leaves gradients as they are.
    /// </summary>
    public double? GradientSmoothing { get; init; }

    /// <summary>
    /// Whether reports have the distance of the weights from those before the first step (<see cref="EpochReport.Distance"/>), which grows
    /// with the logarithm of the steps while a training diffuses (Hoffer et al., 2017). Keeps a copy of the weights, which checkpoints hold
    /// too.
    /// </summary>
    public bool TrackDistance { get; init; }

    /// <summary>
    /// A moving average of everything that learns, kept beside it, for example <c>Average.Ema(0.999)</c>. Evaluations and the validation of
    /// <see cref="Trainer{TModel}.Fit"/> use it; <see cref="Trainer{TModel}.SaveAverage"/> saves it. Null for none.
    /// </summary>
    public Average? Average { get; init; }

    /// <summary>
    /// How often each sample is in its batch, each time with transforms (<see cref="Dataset.Transform"/>) and a dropout that draw anew
    /// (batch augmentation, Hoffer et al., 2019); at least 1. The gradient is the mean over all of them, and an epoch has as many steps as
    /// with 1. A batch for <see cref="Trainer{TModel}.Step"/> has all of them, with their targets.
    /// </summary>
    public int Augmentations { get; init; } = 1;

    /// <summary>
    /// How the <see cref="Augmentations"/> follow each other in a batch. Null takes
    /// <see cref="SparseSharp.AugmentationOrder.ReplicaMajor"/> where a layer normalises ghost batches, else
    /// <see cref="SparseSharp.AugmentationOrder.SampleMajor"/>.
    /// </summary>
    public AugmentationOrder? AugmentationOrder { get; init; }

    /// <summary>
    /// Whether the outputs for the <see cref="Augmentations"/> of a sample are averaged before the loss, which then counts the sample once.
    /// </summary>
    public bool AverageOutputs { get; init; }

    /// <summary>
    /// Steps from one measurement to the next of the factor that gives the gradient of all <see cref="Augmentations"/> the mean norm of the
    /// gradients with one of each sample (Hoffer et al., 2019). A measurement takes as long as the step. Null for no factor.
    /// </summary>
    public int? AdaptGradientNormEvery { get; init; }

    /// <summary>
    /// Changes every training batch of <see cref="Trainer{TModel}.Fit"/> before it is used, for example to mix its samples; null for none.
    /// Images are augmented by transforms of their dataset (<see cref="Dataset.Transform"/>).
    /// </summary>
    public BatchTransform? Transform { get; init; }

    /// <summary>
    /// Whether <see cref="Trainer{TModel}.Fit"/> leaves out the last batch of an epoch where it is smaller than the others.
    /// </summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// Threads that prepare training batches ahead, beside those that train; at least 1. They change no result. More than one pays where
    /// reading and transforming a batch takes longer than learning from it.
    /// </summary>
    public int LoadingThreads { get; init; } = 1;

    /// <summary>When to stop before the last epoch, or null for never. Needs validation data.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>
    /// File that <see cref="Trainer{TModel}.Fit"/> writes checkpoints to, after every epoch and when it is cancelled; null for none.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Optimizer steps between two checkpoints inside an epoch; null for none there.</summary>
    public long? CheckpointEvery { get; init; }

    /// <summary>
    /// Whether the first <see cref="Trainer{TModel}.Fit"/> resumes from the file at <see cref="CheckpointPath"/>, if there is one.
    /// </summary>
    public bool ResumeIfPresent { get; init; }

    /// <summary>Receives the state of the training about ten times a second and at the end of an epoch.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>
    /// Called once in every optimizer step on the thread that trains, between the gradients and the update: it may look at gradients and
    /// change them, for example to clip each layer, or to add noise. <see cref="ClipNorm"/> comes after it. What it throws takes the step
    /// back. Null for none.
    /// </summary>
    public Action<StepGradients>? OnGradients { get; init; }

    /// <summary>Called after every step of <see cref="Trainer{TModel}.Fit"/>, on the thread that trains.</summary>
    public Action<StepReport>? OnStep { get; init; }

    /// <summary>Called after every epoch, before its report is returned.</summary>
    public Action<EpochReport>? OnEpoch { get; init; }

    /// <summary>Receives the few lines a trainer has to say; null writes them to the standard error stream.</summary>
    public Action<string>? Log { get; init; }

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Schedule);
        ArgumentNullException.ThrowIfNull(Groups);
        foreach (var group in Groups)
            group.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(AccumulationSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LoadingThreads, 1);
        Ranges.Share(DenseTail);
        if (Threads is { } threads)
            ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(Threads));
        if (TotalSteps is { } total)
            ArgumentOutOfRangeException.ThrowIfLessThan(total, 1, nameof(TotalSteps));
        if (MaxSteps is { } most)
            ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(MaxSteps));
        if (CheckpointEvery is { } every)
            ArgumentOutOfRangeException.ThrowIfLessThan(every, 1, nameof(CheckpointEvery));
        if (ClipNorm is { } norm)
            Ranges.Positive(norm, nameof(ClipNorm));
        ArgumentOutOfRangeException.ThrowIfLessThan(Augmentations, 1);
        if (AdaptGradientNormEvery is { } steps)
            ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1, nameof(AdaptGradientNormEvery));
        if (AugmentationOrder is not (null or SparseSharp.AugmentationOrder.SampleMajor or SparseSharp.AugmentationOrder.ReplicaMajor))
            throw new ArgumentOutOfRangeException(nameof(AugmentationOrder), AugmentationOrder, "There is no such order.");
        if (Augmentations == 1 && (AverageOutputs || AdaptGradientNormEvery is not null))
        {
            throw new ArgumentException(
                $"{nameof(AverageOutputs)} and {nameof(AdaptGradientNormEvery)} need at least two {nameof(Augmentations)}.");
        }
        if (GradientSmoothing is { } share)
            Ranges.Share(share, nameof(GradientSmoothing));
        if (CheckpointPath is null && (CheckpointEvery is not null || ResumeIfPresent))
            throw new ArgumentException($"{nameof(CheckpointEvery)} and {nameof(ResumeIfPresent)} need a {nameof(CheckpointPath)}.");
        EarlyStopping?.Check();
    }
}

/// <summary>
/// Stops a training whose validation loss no longer falls. It counts from the first epoch after which every layer has its final form
/// (<see cref="LayerReport.IsFinal"/>): an epoch before pruning has ended, or in a dense phase, is neither the best one nor one without
/// improvement.
/// </summary>
/// <param name="Patience">Epochs without improvement after which the training stops, at least 1.</param>
/// <param name="MinDelta">Smallest fall of the validation loss that counts as improvement, at least 0.</param>
/// <param name="RestoreBest">Whether the model gets the weights of its best epoch back at the end of the training.</param>
public sealed record EarlyStopping(int Patience, double MinDelta = 0, bool RestoreBest = false)
{
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, 1);
        Ranges.NotNegative(MinDelta);
    }
}

/// <summary>
/// The loss or a gradient of a training step is infinite or not a number, or its update would make a weight or the optimizer's state so.
/// The step is taken back: weights, biases, masks and optimizer state are those from before it.
/// </summary>
/// <param name="message">What happened, at which step, and what helps.</param>
public sealed class DivergenceException(string message) : Exception(message);
