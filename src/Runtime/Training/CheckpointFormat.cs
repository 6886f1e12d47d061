using SparseSharp.Kernels;
using SparseSharp.Layers;

namespace SparseSharp.Training;

/// <summary>
/// A training as a safetensors file: weights, masks and biases, the optimizer's state in the order of the weights, and the position as
/// text. What its writer and its reader have in common.
/// </summary>
internal static class CheckpointFormat
{
    public const string Name = "sparsesharp checkpoint";
    public const string Version = "2";
    public const string BestPrefix = "best/";
    public const string AveragePrefix = "average/";
    public const string StartPrefix = "start/";
    public const string WaitTicks = "wait ticks";
    public const string SmoothedNorm = "smoothed norm";
    public const string GradientScale = "gradient scale";
    public const string SampleWeight = "sample weight";
    public const string VarianceChanges = "variance_changes";
    public const string TunedAlphas = "tuned_alphas";
    public const string Operations = "operations";

    /// <summary>
    /// Whether a training may go on with something else than it began with: another schedule or length, or another setting of the same
    /// optimizer, which reads the same state.
    /// </summary>
    public static bool MayChange(string key, string before, string now) => key switch
    {
        "schedule" or "total steps" or Groups => true,
        "optimizer" => Rule(before).SequenceEqual(Rule(now)),
        _ => false,
    };

    /// <summary>Key of the parameter groups, where there are any.</summary>
    public const string Groups = "parameter groups";

    /// <summary>Key of the average of the weights, where there is one.</summary>
    public const string Average = "average";

    /// <summary>Key of the smoothing of gradients, where they are smoothed.</summary>
    public const string Smoothing = "gradient smoothing";

    /// <summary>Key of the augmentations of a batch, where there are several.</summary>
    public const string Augmentations = "augmentations";

    /// <summary>Key of whether epochs leave their last batch out, where they do.</summary>
    public const string DropLast = "drop last";

    /// <summary>What a training without any has for these.</summary>
    public const string None = "none";

    /// <summary>Whether most trainings do not have it: files say nothing of it then, as those of before.</summary>
    public static bool IsOptional(string key) => key is Groups or Average or Smoothing or DropLast or Augmentations;

    public static string StateName(string parameter, int slot) => $"{parameter}.state{slot}";

    /// <summary>All parameters, with the shapes of their arrays where the model has, or will have, these weights.</summary>
    public static IEnumerable<(LearnedPart Part, Parameter Parameter, LayerDescriptor Entry, long[] Shape)> Parameters(
        ISparseModel model, ModelDescriptor descriptor, ModelSnapshot weights)
    {
        for (var i = 0; i < model.Layers.Count; i++)
        {
            foreach (var (part, parameter) in model.Layers[i].Parts.LearnedParameters)
                yield return (part, parameter, descriptor.Layers[i], parameter.FullShape ?? [weights.Layers[i].LengthOf(parameter.Name)]);
        }
    }

    /// <summary>The name of an optimizer without its settings.</summary>
    private static ReadOnlySpan<char> Rule(string optimizer) =>
        optimizer.AsSpan(0, optimizer.IndexOf('(') is var end and >= 0 ? end : optimizer.Length);
}
