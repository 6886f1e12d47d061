namespace SparseSharp.Generator;

/// <summary>Names of the steps of the pipeline, by which tests ask what was done again after an edit.</summary>
internal static class TrackingNames
{
    /// <summary>A class becomes a <see cref="Specs.ModelSpec"/>.</summary>
    public const string ReadModel = nameof(ReadModel);

    /// <summary>The names of files that more than one class would have.</summary>
    public const string SharedNames = nameof(SharedNames);

    /// <summary>A <see cref="Specs.ModelSpec"/> becomes a <see cref="Planning.ModelPlan"/>.</summary>
    public const string PlanModel = nameof(PlanModel);

    /// <summary>The distinct <see cref="Planning.KernelPlan"/>s of all models.</summary>
    public const string PlanKernel = nameof(PlanKernel);

    /// <summary>Whether modules for TorchSharp are wanted.</summary>
    public const string TorchSharp = nameof(TorchSharp);
}
