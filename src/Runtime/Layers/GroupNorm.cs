using SparseSharp.Kernels;

namespace SparseSharp;

/// <summary>A group normalisation of images. Made by generated code.</summary>
/// <inheritdoc path="/remarks"/>
public sealed class GroupNorm : SampleNorm
{
    /// <summary>Makes a layer with factors of 1 and terms of 0.</summary>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="affine">Whether factors and terms are learned.</param>
    public GroupNorm(int groups, int channels, double epsilon, bool affine)
        : base(nameof(GroupNorm), new(channels, Checked(groups, channels), epsilon, affine), [channels])
    {
    }

    /// <summary>Groups of channels.</summary>
    public int Groups => Normalisation.Groups;

    /// <summary>Channels of the images.</summary>
    public int Channels => Normalisation.Features;

    /// <summary>For example <c>group norm of 32 channels in 4 groups</c>.</summary>
    public override string ToString() => $"group norm of {Channels} channels in {Groups} groups";

    private static int Checked(int groups, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        return channels % groups == 0
            ? groups : throw new ArgumentException($"{channels} channels cannot be cut into {groups} groups.", nameof(groups));
    }
}
