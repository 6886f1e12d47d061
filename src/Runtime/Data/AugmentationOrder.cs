namespace SparseSharp;

/// <summary>How the augmentations of the samples of a batch follow each other (<see cref="TrainerOptions.Augmentations"/>).</summary>
public enum AugmentationOrder
{
    /// <summary>All augmentations of a sample, then those of the next one.</summary>
    SampleMajor,

    /// <summary>
    /// One augmentation of every sample, then another one of every sample. A ghost batch then has many samples once, in place of a few
    /// samples many times.
    /// </summary>
    ReplicaMajor,
}
