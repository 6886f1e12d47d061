using System;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// N:M sparsity: exactly <paramref name="keep"/> of every <paramref name="group"/> consecutive weights of a row are <em>kept</em>.
/// On a class it is the default of its layers; on a layer it wins over the class.
/// </summary>
/// <remarks>Some papers count the zeros instead; here N always counts the weights that are kept.</remarks>
/// <param name="keep">N, the weights kept in a group; at least 1 and less than <paramref name="group"/>.</param>
/// <param name="group">M, the size of a group; at most 32. The input features must be divisible by it.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class NMSparseAttribute(int keep, int group) : Attribute
{
    /// <summary>N, the weights kept in a group.</summary>
    public int Keep { get; } = keep;

    /// <summary>M, the size of a group.</summary>
    public int Group { get; } = group;

    /// <summary>
    /// Whether every column of an M by M tile also keeps exactly N weights, so that the gradient of the input runs at sparse speed on
    /// the same mask (Hubara et al., 2021). Output features must then be divisible by M too.
    /// </summary>
    public bool Transposable { get; set; }

    /// <summary>How masked weights are treated while training; <see cref="MaskPolicy.SrSte"/> unless said otherwise.</summary>
    public MaskPolicy Policy { get; set; } = MaskPolicy.SrSte;

    /// <summary>
    /// Optimizer steps between two searches for a new mask; 0 picks 40 for transposable masks and 1 for the others, and 100 under
    /// <see cref="MaskPolicy.Regrow"/>. Not used by a static mask, nor by <see cref="MaskPolicy.SoftThreshold"/>.
    /// </summary>
    public int RefreshEvery { get; set; }

    /// <summary>
    /// Decay of masked weights (lambda of SR-STE), added to their gradient as <c>Decay * weight</c>; used by <see cref="MaskPolicy.SrSte"/>
    /// and <see cref="MaskPolicy.BiMask"/>.
    /// </summary>
    public double Decay { get; set; } = 2e-4;

    /// <summary>
    /// How strongly masked weights compete for a place under <see cref="MaskPolicy.Regrow"/>, which alone uses it: the mean score of the
    /// gradients of masked weights, as a share of the mean magnitude of kept weights. It falls with the learning rate of the schedule.
    /// </summary>
    public double RegrowShare { get; set; } = NMSettings.DefaultRegrowShare;
}
