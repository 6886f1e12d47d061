using System.Globalization;
using SparseSharp.Kernels;
using SparseSharp.Training;

namespace SparseSharp;

/// <summary>What a model makes of a dataset, sample by sample, without a trainer: loss and accuracy, and where the mistakes are.</summary>
/// <remarks>
/// Samples count as they do for <see cref="Trainer{TModel}.Evaluate"/>, whose loss and accuracy are the same bits. A sample with an output
/// that is not a number has no prediction and is correct for no <c>k</c>. A sample that the loss leaves out
/// (<see cref="SparseSharp.Loss.Weight"/>), for example one with an ignored label, has a prediction, but counts nowhere else.
/// </remarks>
public sealed class Evaluation
{
    private readonly int[] _ranks;
    private readonly int[] _predictions;
    private readonly int _classes;

    private Evaluation(EvaluationReport report, SampleRanks? samples)
    {
        Report = report;
        _ranks = samples?.Ranks ?? [];
        _predictions = samples?.Predictions ?? [];
        _classes = samples?.Classes ?? 0;
        Confusion = samples is null ? null : new ConfusionMatrix(_classes, samples.Labels, _predictions);
    }

    /// <summary>Loss and accuracy.</summary>
    public EvaluationReport Report { get; }

    /// <inheritdoc cref="EvaluationReport.Loss"/>
    public double Loss => Report.Loss;

    /// <inheritdoc cref="EvaluationReport.Accuracy"/>
    public double? Accuracy => Report.Accuracy;

    /// <inheritdoc cref="EvaluationReport.Samples"/>
    public int Samples => Report.Samples;

    /// <summary>
    /// The predicted class of each sample: the largest output, the lowest class on a tie; -1 where an output is not a number. With a single
    /// output 1 where it is greater than 0, else
    /// 0. Empty where targets are values.
    /// </summary>
    public ReadOnlySpan<int> Predictions => _predictions;

    /// <summary>Which labels were taken for which, or null where targets are values.</summary>
    public ConfusionMatrix? Confusion { get; }

    /// <summary>Evaluates a model by inference; the model stays as it is.</summary>
    /// <typeparam name="TModel">The model class, which the model tells.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss to compute; it decides what is correct.</param>
    /// <param name="data">Samples and targets.</param>
    /// <exception cref="ArgumentException">The data do not fit the model or the loss; the message names the sample.</exception>
    public static Evaluation Of<TModel>(TModel model, Loss loss, Dataset data)
        where TModel : class, ISparseModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(data);
        DatasetEvaluation<TModel>.Check(data, loss, "data");
        using var evaluation = new DatasetEvaluation<TModel>(new Predictor<TModel>(model), loss);
        var samples = data.TargetFeatures == 0 ? new SampleRanks(TModel.Descriptor.OutputFeatures, data.Count) : null;
        return new(evaluation.Run(data, samples), samples);
    }

    /// <summary>
    /// Share of the samples that count whose label is among the <paramref name="k"/> largest outputs; for 1 that is the accuracy.
    /// </summary>
    /// <param name="k">At least 1.</param>
    /// <exception cref="InvalidOperationException">The targets are values, not labels.</exception>
    public double TopK(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (Confusion is null)
            throw new InvalidOperationException("The targets of the data are values: only labels are among the k largest outputs or not.");
        var most = Math.Min(k, _classes);
        return (double)_ranks.Count(rank => rank < most) / Samples;
    }

    /// <summary>For example <c>loss 0.0712, accuracy 98.21 %, top 5 99.93 % (10000 samples)</c>.</summary>
    public override string ToString()
    {
        var top = _classes > 5 ? string.Create(CultureInfo.InvariantCulture, $", top 5 {100 * TopK(5):0.00} %") : "";
        return $"{Report}{top} ({Samples} samples)";
    }
}
