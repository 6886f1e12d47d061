using System.Globalization;
using System.Numerics.Tensors;

namespace SparseSharp.Training;

/// <summary>
/// The weighted sum of losses on neighbouring outputs: the outputs of a model, and the targets, are those of the parts in order.
/// </summary>
internal sealed class CombinedLoss(LossPart[] parts) : Loss
{
    private readonly int _outputs = parts.Sum(part => part.Outputs);
    private readonly int _targets = parts.Sum(part => part.Targets);

    public override bool HasAccuracy { get; } = parts.Any(part => part.Loss.HasAccuracy);

    public override double Sample(ReadOnlySpan<float> output, Target target, Span<float> gradient)
    {
        var (sum, first, value) = (0.0, 0, 0);
        foreach (var part in parts)
        {
            var own = part.TargetOf(target.Values.Slice(value, part.Targets));
            if (part.Loss.Weight(own) != 0)
            {
                var slopes = gradient.Slice(first, part.Outputs);
                sum += part.Weight * part.Loss.Sample(output.Slice(first, part.Outputs), own, slopes);
                TensorPrimitives.Multiply(slopes, (float)part.Weight, slopes);
            }
            (first, value) = (first + part.Outputs, value + part.Targets);
        }
        return sum;
    }

    public override bool IsCorrect(ReadOnlySpan<float> output, Target target)
    {
        var (first, value) = (0, 0);
        foreach (var part in parts)
        {
            var own = part.TargetOf(target.Values.Slice(value, part.Targets));
            if (part.Loss.HasAccuracy && part.Loss.Weight(own) != 0 && !part.Loss.IsCorrect(output.Slice(first, part.Outputs), own))
                return false;
            (first, value) = (first + part.Outputs, value + part.Targets);
        }
        return true;
    }

    public override string? Fault(Target target, int outputs)
    {
        if (target.IsLabel || target.Values.Length != _targets)
        {
            var has = target.IsLabel ? "a class label" : $"{target.Values.Length} target values";
            return $"has {has}, but {this} needs {_targets} target values";
        }
        var value = 0;
        foreach (var part in parts)
        {
            if (part.Fault(target.Values.Slice(value, part.Targets)) is { } fault)
                return $"{fault} (target values from {value} on)";
            value += part.Targets;
        }
        return null;
    }

    internal override void CheckOutputs(int outputs)
    {
        if (outputs != _outputs)
            throw new ArgumentException($"{this} is on {_outputs} outputs, but the model has {outputs}.");
        foreach (var part in parts)
            part.Loss.CheckOutputs(part.Outputs);
    }

    public override string ToString() => $"Of({string.Join(", ", parts.Select(Describe))})";

    private static string Describe(LossPart part)
    {
        var weight = part.Weight == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", weight: {part.Weight}");
        return $"{part.Loss}.On({part.Outputs}{weight}{(part.IsLabel ? ", isLabel: true" : "")})";
    }
}
