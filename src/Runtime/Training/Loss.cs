using SparseSharp.Training;

namespace SparseSharp;

/// <summary>A loss over a batch, the mean of the losses of its samples.</summary>
public abstract class Loss
{
    private protected Loss() { }

    /// <summary>Cross-entropy of the softmax of the outputs (one per class) against class labels.</summary>
    public static Loss SoftmaxCrossEntropy { get; } = new SoftmaxCrossEntropyLoss(0);

    /// <summary>The same loss by the name that PyTorch gives it: softmax cross-entropy on logits. A model ends without a softmax.</summary>
    public static Loss CrossEntropy => SoftmaxCrossEntropy;

    /// <summary>Mean squared error over samples and output features against target values.</summary>
    public static Loss MeanSquaredError { get; } = new MeanSquaredErrorLoss();

    /// <summary>
    /// Binary cross-entropy over samples and output features: an output is the logit of its target, a probability between 0 and 1. Labels
    /// 0 and 1 serve a model with one output.
    /// </summary>
    public static Loss BinaryCrossEntropy { get; } = new BinaryCrossEntropyLoss();

    /// <summary>Softmax cross-entropy against <c>(1 - labelSmoothing)·label + labelSmoothing / classes</c> (Szegedy et al., 2016).</summary>
    /// <param name="labelSmoothing">Share of the target that is spread over all classes, at least 0 and less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of its range.</exception>
    public static Loss SoftmaxCrossEntropyWith(double labelSmoothing) => new SoftmaxCrossEntropyLoss(labelSmoothing);

    /// <inheritdoc cref="SoftmaxCrossEntropyWith"/>
    public static Loss CrossEntropyWith(double labelSmoothing) => SoftmaxCrossEntropyWith(labelSmoothing);

    /// <summary>Whether samples count as predicted correctly or not: false where the targets are any real numbers.</summary>
    public abstract bool HasAccuracy { get; }

    /// <summary>Computes the loss of one panel and its gradient with respect to the model's output.</summary>
    /// <remarks>Column <c>c</c> of the panel is sample <c>firstSample + c</c> of the batch; columns from <paramref name="samples"/> on are padding, their gradient is zero.</remarks>
    /// <param name="output">Model output, <c>[features][width]</c>.</param>
    /// <param name="gradient">Receives the gradient, <c>[features][width]</c>.</param>
    /// <param name="features">Output features.</param>
    /// <param name="width">Floats per row, a multiple of 4.</param>
    /// <param name="samples">Valid columns.</param>
    /// <param name="batch">The targets.</param>
    /// <param name="firstSample">Sample of column 0.</param>
    /// <param name="scale">Factor on the gradient: 1 / batch size.</param>
    internal abstract unsafe PanelLoss Evaluate(
        float* output, float* gradient, int features, int width, int samples, Batch batch, int firstSample, float scale);

    /// <summary>Throws if targets do not fit this loss and a model with <paramref name="outputFeatures"/> outputs.</summary>
    internal abstract void Check(in Targets targets, int outputFeatures);
}

/// <summary>Sums over the samples of a panel.</summary>
/// <param name="Sum">Sum of the losses.</param>
/// <param name="Correct">Samples predicted correctly, where that has a meaning.</param>
internal readonly record struct PanelLoss(double Sum, int Correct);
