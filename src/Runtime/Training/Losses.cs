using SparseSharp.Numerics;
using SparseSharp.Training;

namespace SparseSharp;

/// <content>The losses that come with the package.</content>
public abstract partial class Loss
{
    /// <summary>
    /// Cross-entropy of the softmax of the outputs (one per class) against a class label, or a distribution over the classes, per sample.
    /// </summary>
    public static Loss SoftmaxCrossEntropy { get; } = new SoftmaxCrossEntropyLoss(0, [], ignore: null);

    /// <summary>The same loss by the name that PyTorch gives it: softmax cross-entropy on logits. A model ends without a softmax.</summary>
    public static Loss CrossEntropy => SoftmaxCrossEntropy;

    /// <summary>Mean squared error over samples and output features against target values.</summary>
    public static Loss MeanSquaredError { get; } = new MeanSquaredErrorLoss();

    /// <summary>
    /// Binary cross-entropy over samples and output features: an output is the logit of its target, a probability between 0 and 1. Labels 0
    /// and 1 serve a model with one output.
    /// </summary>
    public static Loss BinaryCrossEntropy { get; } = new BinaryCrossEntropyLoss([], ignore: null);

    /// <summary>
    /// Softmax cross-entropy with label smoothing (Szegedy et al., 2016), weights of classes and an ignored label, as PyTorch computes it.
    /// The target <c>t</c> of a sample becomes <c>(1 - labelSmoothing)·t + labelSmoothing / classes</c>; its loss is <c>-Σ w[c]·t[c]·log
    /// softmax(x)[c]</c>.
    /// </summary>
    /// <param name="labelSmoothing">Share of the target that is spread over all classes, at least 0 and less than 1.</param>
    /// <param name="classWeights">
    /// A weight per class, at least 0 and finite; empty for 1 each. The mean over samples with labels divides by the sum of the weights of
    /// the labels, that over samples with distributions by their number. Samples with a label of weight 0 count in no accuracy.
    /// </param>
    /// <param name="ignore">A label whose samples count neither in the loss nor in the accuracy, for example -1; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share or a weight is out of its range.</exception>
    public static Loss SoftmaxCrossEntropyWith(
        double labelSmoothing = 0, ReadOnlySpan<double> classWeights = default, int? ignore = null) =>
        new SoftmaxCrossEntropyLoss(labelSmoothing, classWeights, ignore);

    /// <inheritdoc cref="SoftmaxCrossEntropyWith"/>
    public static Loss CrossEntropyWith(double labelSmoothing = 0, ReadOnlySpan<double> classWeights = default, int? ignore = null) =>
        SoftmaxCrossEntropyWith(labelSmoothing, classWeights, ignore);

    /// <summary>
    /// Binary cross-entropy with weights of positive targets and an ignored label. The mean is over samples and outputs, whatever the
    /// weights, as PyTorch has it.
    /// </summary>
    /// <param name="positiveWeights">
    /// A factor per output on the part of the loss that is for targets of 1 (PyTorch: <c>pos_weight</c>), at least 0 and finite; empty for
    /// 1 each.
    /// </param>
    /// <param name="ignore">A label whose samples count neither in the loss nor in the accuracy, for example -1; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is out of its range.</exception>
    public static Loss BinaryCrossEntropyWith(ReadOnlySpan<double> positiveWeights = default, int? ignore = null) =>
        new BinaryCrossEntropyLoss(positiveWeights, ignore);

    /// <summary>
    /// A loss on the outputs of a model that has several: the weighted sum of the losses of its parts. The outputs of a sample are those of
    /// the parts one after the other, and so are its target values: <c>Loss.Of(Loss.CrossEntropy.On(10, isLabel: true),
    /// Loss.MeanSquaredError.On(4, weight: 0.5))</c> takes a label and 4 values.
    /// </summary>
    /// <remarks>
    /// Each part is a mean over all samples of a batch. A part leaves out samples to which its loss gives the weight 0. A sample is
    /// predicted correctly if all parts say so which have an accuracy.
    /// </remarks>
    /// <param name="parts">At least one, made by <see cref="On"/>.</param>
    /// <exception cref="ArgumentException">There are no parts.</exception>
    public static Loss Of(params ReadOnlySpan<LossPart> parts) => parts.IsEmpty
        ? throw new ArgumentException("A loss has at least one part.", nameof(parts))
        : new CombinedLoss(parts.ToArray());

    /// <summary>This loss on some neighbouring outputs of a model, as a part of <see cref="Of"/>.</summary>
    /// <param name="outputs">How many outputs, at least 1.</param>
    /// <param name="weight">The factor on the loss, at least 0 and finite.</param>
    /// <param name="isLabel">Whether the target of the part is one value, a class label, instead of a value per output.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public LossPart On(int outputs, double weight = 1, bool isLabel = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        Ranges.NotNegative(weight);
        return new(this, outputs, weight, isLabel);
    }

    /// <summary>
    /// Huber's loss (Huber, 1964) over samples and output features against target values: <c>d²/2</c> of a difference <c>d</c> of at most
    /// <paramref name="delta"/>, and <c>delta·(|d| - delta/2)</c> of a larger one. Outliers pull less than with
    /// <see cref="MeanSquaredError"/>.
    /// </summary>
    /// <param name="delta">Greater than 0 and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The difference is out of its range.</exception>
    public static Loss Huber(double delta = 1)
    {
        Ranges.Positive(delta);
        return new HuberLoss(delta);
    }
}
