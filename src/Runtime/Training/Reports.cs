using System.Globalization;
using System.Text;
using SparseSharp.Patterns;

namespace SparseSharp;

/// <summary>What one call of <see cref="Trainer{TModel}.Step"/> did.</summary>
/// <param name="Step">Optimizer steps done so far, this one included if it made one.</param>
/// <param name="Loss">Mean loss of the batch, before the update; 0 if no sample counts.</param>
/// <param name="Samples">
/// Samples of the batch that count: all but those that the loss leaves out, such as those with an ignored label. Each of several
/// augmentations counts, unless their outputs are averaged.
/// </param>
/// <param name="Correct">Samples predicted correctly, 0 where the loss has no accuracy.</param>
/// <param name="LearningRate">The scheduled learning rate.</param>
/// <param name="GradientNorm">Norm of all gradients before clipping; NaN where it is not needed or nothing was updated.</param>
/// <param name="Updated">Whether the optimizer ran: false while gradients are accumulated.</param>
public readonly record struct StepReport(
    long Step, double Loss, int Samples, int Correct, float LearningRate, double GradientNorm, bool Updated)
{
    /// <summary>
    /// Sum of the weights of the samples (<see cref="SparseSharp.Loss.Weight"/>), by which the sum of their losses was divided: their
    /// number where the loss has no weights.
    /// </summary>
    public double Weight { get; init; } = Samples;

    /// <summary>
    /// Factor on the gradients with several augmentations of each sample (<see cref="TrainerOptions.AdaptGradientNormEvery"/>), as it was
    /// measured last; 1 without it.
    /// </summary>
    public double GradientScale { get; init; } = 1;
}

/// <summary>Where a training stands, several times a second.</summary>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Epochs">Epochs asked for.</param>
/// <param name="Batch">Batches of this epoch that are done.</param>
/// <param name="Batches">Batches per epoch.</param>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Loss">Mean loss of the epoch so far.</param>
/// <param name="Accuracy">Share of samples predicted correctly in the epoch so far, or null where the loss has no accuracy.</param>
/// <param name="SamplesPerSecond">Of the epoch so far.</param>
public readonly record struct TrainingProgress(
    int Epoch, int Epochs, int Batch, int Batches, long Step, double Loss, double? Accuracy, double SamplesPerSecond);

/// <summary>Loss and accuracy of a dataset.</summary>
/// <param name="Loss">Mean loss over the samples.</param>
/// <param name="Accuracy">Share of samples predicted correctly, or null where the loss has no accuracy.</param>
/// <param name="Samples">Number of samples that count: all but those that the loss leaves out, such as those with an ignored label.</param>
public sealed record EvaluationReport(double Loss, double? Accuracy, int Samples)
{
    /// <summary>For example <c>loss 0.0712, accuracy 98.21 %</c>.</summary>
    public override string ToString() => Accuracy is { } accuracy
        ? string.Create(CultureInfo.InvariantCulture, $"loss {Loss:0.0000}, accuracy {100 * accuracy:0.00} %")
        : string.Create(CultureInfo.InvariantCulture, $"loss {Loss:0.0000}");
}

/// <summary>One layer at the end of an epoch.</summary>
/// <param name="Path">Property path from the model.</param>
/// <param name="Pattern">The sparsity pattern; null for a dense layer.</param>
/// <param name="Density">Kept share of the weights.</param>
/// <param name="FlipRate">Share of mask bits that the last refresh changed, per step of its interval.</param>
public sealed record LayerReport(string Path, SparsityPattern? Pattern, double Density, double FlipRate)
{
    /// <summary>Which operands of the products are rounded to bfloat16.</summary>
    public Bfloat16Use Bfloat16 { get; init; }

    /// <summary>Share of the gradient that masked weights got in the last step, or null where it is not annealed.</summary>
    public double? Alpha { get; init; }

    /// <summary>Mean of the learned thresholds, or null where none are learned.</summary>
    public double? Threshold { get; init; }

    /// <summary>
    /// Whether dense kernels compute the products: in a dense layer, and where packed weights would be slower because so many are kept.
    /// </summary>
    public bool UsesDenseKernels { get; init; }

    /// <summary>
    /// Whether the layer has the form that it was asked to end with: the sparsity that it is pruned to, its mask after a dense phase, a
    /// mask that stays after annealing, or the dense tail. Early stopping counts from the first epoch after which all layers have it.
    /// </summary>
    public bool IsFinal { get; init; } = true;
}

/// <summary>One epoch of a training.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Epochs">Epochs asked for.</param>
/// <param name="Step">Optimizer steps done since the start of the training.</param>
/// <param name="Training">Loss and accuracy over the training samples, each measured before the step that learned from it.</param>
/// <param name="Validation">Loss and accuracy of the validation data after the epoch, or null if there is none.</param>
/// <param name="LearningRate">Learning rate of the last step.</param>
/// <param name="Elapsed">Time of the training steps, without validation and checkpoints.</param>
/// <param name="Layers">One entry per layer.</param>
/// <param name="StoppedEarly">Whether early stopping made this epoch the last one.</param>
public sealed record EpochReport(
    int Epoch,
    int Epochs,
    long Step,
    EvaluationReport Training,
    EvaluationReport? Validation,
    float LearningRate,
    TimeSpan Elapsed,
    IReadOnlyList<LayerReport> Layers,
    bool StoppedEarly)
{
    /// <summary>Operations of the model and of the training so far, beside those of a dense one; null where nobody counted.</summary>
    public FlopsReport? Flops { get; init; }

    /// <summary>
    /// The norm of the difference of all weights, biases and other vectors from those before the first step; null without
    /// <see cref="TrainerOptions.TrackDistance"/>.
    /// </summary>
    public double? Distance { get; init; }

    /// <summary>
    /// Share of the time in which the next batch was waited for: where it is not about 0, more
    /// <see cref="TrainerOptions.LoadingThreads"/> may help.
    /// </summary>
    public double WaitShare { get; init; }

    /// <summary>Mean loss of the training samples.</summary>
    public double Loss => Training.Loss;

    /// <summary>Share of training samples predicted correctly, or null where the loss has no accuracy.</summary>
    public double? Accuracy => Training.Accuracy;

    /// <summary>Training samples per second.</summary>
    public double SamplesPerSecond => Elapsed > TimeSpan.Zero ? Training.Samples / Elapsed.TotalSeconds : 0;

    /// <summary>
    /// One line of at most 80 columns, for example <c>epoch 1/5: loss 0.2612 (92.11 %), validation 0.1203 (96.35 %), lr 0.05, 1.9 s</c>:
    /// the losses with the accuracies, the learning rate and the time. <see cref="Details"/> has the layers.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"epoch {Epoch}/{Epochs}: loss {Short(Training)}");
        if (Validation is not null)
            text.Append(CultureInfo.InvariantCulture, $", validation {Short(Validation)}");
        text.Append(CultureInfo.InvariantCulture, $", lr {LearningRate:G3}, {Seconds()} s");
        if (StoppedEarly)
            text.Append(", stopped early");
        return text.Append(Unfinished(", ")).ToString();
    }

    /// <summary>
    /// Lines for who wants to know more: steps, speed, a row for each layer with its density and how its mask moves, and the operations of
    /// an annealed training.
    /// </summary>
    public string Details()
    {
        var invariant = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.Append(invariant, $"epoch {Epoch}/{Epochs}: training {Training}; ");
        if (Validation is not null)
            text.Append(invariant, $"validation {Validation}");
        text.Append(invariant, $"\n  {Step} steps, lr {LearningRate:G4}, {SamplesPerSecond:0} samples/s, {Elapsed.TotalSeconds:0.00} s");
        if (WaitShare > 0)
            text.Append(invariant, $", {100 * WaitShare:0.0} % of it waiting for data");
        if (Distance is { } distance)
            text.Append(invariant, $", weights {distance:G4} from the start");
        if (Layers.Count > 0)
        {
            var (path, pattern) =
                (Math.Max(5, Layers.Max(layer => layer.Path.Length)), Math.Max(7, Layers.Max(layer => Words(layer).Length)));
            text.Append($"\n  {"layer".PadRight(path)}  {"pattern".PadRight(pattern)}  density    flips");
            foreach (var layer in Layers)
            {
                text.Append(invariant, $"\n  {layer.Path.PadRight(path)}  {Words(layer).PadRight(pattern)}  {layer.Density,7:0.000}  {100 * layer.FlipRate,5:0.000} %");
                text.Append(Annealing(layer));
            }
        }
        if (Flops is not null && Layers.Any(layer => layer.Alpha is not null))
            text.Append(invariant, $"\n  operations: {Flops}");
        return text.Replace("; \n", "\n").Append(Unfinished("\n  ")).ToString();
    }

    /// <summary>The layers that a training leaves as they were not meant to stay.</summary>
    private string Unfinished(string separator) => (StoppedEarly || Epoch == Epochs) && Layers.Any(layer => !layer.IsFinal)
        ? $"{separator}not in its final form: {string.Join(", ", Layers.Where(layer => !layer.IsFinal).Select(layer => layer.Path))}"
        : "";

    private static string Short(EvaluationReport report) => report.Accuracy is { } accuracy
        ? string.Create(CultureInfo.InvariantCulture, $"{report.Loss:0.0000} ({100 * accuracy:0.00} %)")
        : string.Create(CultureInfo.InvariantCulture, $"{report.Loss:0.0000}");

    private string Seconds() => Elapsed.TotalSeconds.ToString(Elapsed.TotalSeconds < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Words(LayerReport layer) => PatternWords.Of(layer.Pattern, layer.Bfloat16);

    private static string Annealing(LayerReport layer)
    {
        var alpha = layer.Alpha is { } share ? string.Create(CultureInfo.InvariantCulture, $", alpha {share:0.000}") : "";
        var threshold = layer.Threshold is { } mean ? string.Create(CultureInfo.InvariantCulture, $", threshold {mean:0.0000}") : "";
        return alpha + threshold + (layer is { Alpha: not null, UsesDenseKernels: true } ? ", dense kernels" : "");
    }
}
