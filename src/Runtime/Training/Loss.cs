using SparseSharp.Numerics;
using SparseSharp.Training;

namespace SparseSharp;

/// <summary>
/// A loss over a batch: the sum of the losses of its samples, divided by the sum of their weights. Derive from it for a loss of your own.
/// <see cref="Sample"/> is all that must be written; what reduces the values to a mean, and scales the gradients, is done for you.
/// </summary>
/// <remarks>
/// Several threads call the members at once, so they change no fields. They see one sample at a time: its outputs, and its target. A step
/// allocates nothing unless they do, and results are the same for any number of threads. Give a loss of your own a <c>ToString</c> that
/// tells its settings, because a checkpoint compares them.
/// </remarks>
public abstract partial class Loss
{
    /// <summary>Outputs and gradients of one sample, contiguous.</summary>
    [ThreadStatic]
    private static NativeBuffer<float>? t_sample;

    /// <summary>Makes a loss.</summary>
    protected Loss() { }

    /// <summary>
    /// Whether samples count as predicted correctly or not (<see cref="IsCorrect"/>): false where the targets are any real numbers.
    /// </summary>
    public virtual bool HasAccuracy => false;

    /// <summary>Computes the loss of one sample and its gradient.</summary>
    /// <param name="output">Outputs of the model, one per output feature.</param>
    /// <param name="target">What they should be; <see cref="Fault"/> has found nothing wrong with it.</param>
    /// <param name="gradient">Receives the derivative of the loss with respect to each output. Zeros at first in a training.</param>
    /// <returns>The loss of the sample. A value that is not finite ends the step with a <see cref="DivergenceException"/>.</returns>
    public abstract double Sample(ReadOnlySpan<float> output, Target target, Span<float> gradient);

    /// <summary>
    /// What a sample counts in the mean over a batch: 1 by default. The loss of a batch is the sum of <see cref="Sample"/> divided by the
    /// sum of these weights. A sample with the weight 0 is left out: it has no loss and no gradient, and accuracies do not count it.
    /// </summary>
    /// <param name="target">The target of the sample.</param>
    /// <returns>At least 0 and finite.</returns>
    public virtual double Weight(Target target) => 1;

    /// <summary>Whether a sample is predicted correctly; asked where <see cref="HasAccuracy"/>.</summary>
    /// <param name="output">Outputs of the model.</param>
    /// <param name="target">What they should be.</param>
    public virtual bool IsCorrect(ReadOnlySpan<float> output, Target target) => false;

    /// <summary>
    /// What is wrong with the target of a sample, as the end of a sentence that begins with the sample, for example <c>has the label 12,
    /// but the model has 10 outputs</c>; null if it fits. All targets are asked for before a step or an evaluation. By default a label is
    /// the number of an output, and there are as many values as outputs.
    /// </summary>
    /// <param name="target">The target of the sample.</param>
    /// <param name="outputs">Output features of the model.</param>
    public virtual string? Fault(Target target, int outputs) =>
        target.IsLabel ? LabelFault(target.Label, outputs) : ValuesFault(target, outputs);

    /// <summary>What is wrong with a label that should be the number of an output.</summary>
    internal static string? LabelFault(int label, int outputs) => (uint)label < (uint)outputs
        ? null
        : $"has the label {label}, but the model has {outputs} outputs: labels go from 0 to {outputs - 1}";

    /// <summary>What is wrong with a target that should be a value per output.</summary>
    internal string? ValuesFault(Target target, int outputs)
    {
        if (!target.IsLabel && target.Values.Length == outputs)
            return null;
        var has = target.IsLabel ? "a class label" : $"{target.Values.Length} target values";
        return $"has {has}, but {this} needs {outputs} target values, as many as the model has outputs";
    }

    /// <summary>Throws if settings of the loss do not fit a model.</summary>
    internal virtual void CheckOutputs(int outputs) { }

    /// <summary>Throws if targets do not fit this loss and a model with <paramref name="outputs"/> outputs.</summary>
    /// <returns>Sum of the weights of the samples.</returns>
    /// <exception cref="ArgumentException">They do not fit; the message names the first such sample.</exception>
    internal double Check(in Targets targets, int outputs)
    {
        CheckOutputs(outputs);
        var sum = 0.0;
        for (var i = 0; i < targets.Count; i++)
        {
            var target = targets[i];
            if (Fault(target, outputs) is { } fault)
                throw new ArgumentException($"Sample {i} of the {targets.Place} {fault}.");
            var weight = Weight(target);
            if (!(weight >= 0 && double.IsFinite(weight)))
            {
                throw new ArgumentException(
                    $"{this} gives sample {i} of the {targets.Place} the weight {weight}: a weight must be at least 0 and finite.");
            }
            sum += weight;
        }
        return sum;
    }

    /// <summary>Computes the loss of one panel and its gradient with respect to the model's output.</summary>
    /// <remarks>
    /// Column <c>c</c> of the panel is sample <c>firstSample + c</c> of the batch; columns from <paramref name="samples"/> on are padding,
    /// their gradient is zero.
    /// </remarks>
    /// <param name="output">Model output, <c>[features][width]</c>.</param>
    /// <param name="gradient">Receives the gradient, <c>[features][width]</c>.</param>
    /// <param name="features">Output features.</param>
    /// <param name="width">Floats per row, a multiple of 4.</param>
    /// <param name="samples">Valid columns.</param>
    /// <param name="batch">The targets.</param>
    /// <param name="firstSample">Sample of column 0.</param>
    /// <param name="scale">Factor on the gradient: 1 / sum of the weights of the batch.</param>
    internal unsafe PanelLoss Evaluate(
        float* output, float* gradient, int features, int width, int samples, Batch batch, int firstSample, float scale)
    {
        var result = default(PanelLoss);
        for (var first = 0; first < width; first += PanelBlock.MaxColumns)
        {
            var block = new PanelBlock(output, gradient, features, width, first, samples);
            if (block.Columns > 0)
                result += EvaluateBlock(in block, new TargetRows(batch, firstSample + first, block.Columns), scale);
            block.ClearPadding();
        }
        return result;
    }

    /// <summary>
    /// Computes the losses of some columns and their gradients: one by one here, which losses that know a faster way do otherwise.
    /// </summary>
    private protected virtual unsafe PanelLoss EvaluateBlock(in PanelBlock block, TargetRows targets, float scale)
    {
        var scratch = new Span<float>(Scratch.Reserve(ref t_sample, 2L * block.Features), 2 * block.Features);
        var output = scratch[..block.Features];
        var gradient = scratch[block.Features..];
        var result = default(PanelLoss);
        for (var c = 0; c < block.Columns; c++)
        {
            var target = targets[c];
            var weight = Weight(target);
            gradient.Clear();
            if (weight != 0)
            {
                block.CopyOutput(c, output);
                var value = Sample(output, target, gradient);
                result += new PanelLoss(value, weight, HasAccuracy && IsCorrect(output, target) ? 1 : 0, 1);
            }
            block.SetGradient(c, gradient, scale);
        }
        return result;
    }
}

/// <summary>Sums over the samples of a panel.</summary>
/// <param name="Sum">Sum of the losses.</param>
/// <param name="Weight">Sum of the weights of the samples.</param>
/// <param name="Correct">Samples predicted correctly, where that has a meaning.</param>
/// <param name="Samples">Samples that count: those with a weight.</param>
internal readonly record struct PanelLoss(double Sum, double Weight, int Correct, int Samples)
{
    public static PanelLoss operator +(PanelLoss first, PanelLoss second) =>
        new(first.Sum + second.Sum, first.Weight + second.Weight, first.Correct + second.Correct, first.Samples + second.Samples);
}
