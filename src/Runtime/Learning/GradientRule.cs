using SparseSharp.Settings;

namespace SparseSharp.Learning;

/// <summary>
/// What dense weights learn from: <c>G·(m + alpha·(1 - m)) + decay·(1 - m)·W</c>, with the gradient <c>G</c> and the mask <c>m</c>.
/// </summary>
/// <param name="Alpha">Share of the gradient that masked weights get: 1 for straight-through rules, 0 if they learn nothing.</param>
/// <param name="Decay">Lambda of SR-STE: the pull of masked weights to zero.</param>
internal readonly record struct GradientRule(float Alpha, float Decay)
{
    /// <summary>The rule that a pattern starts with.</summary>
    public static GradientRule Of(NMPattern pattern) => new(Alpha: 1, NMSettings.Decays(pattern.Policy) ? pattern.Decay : 0);

    /// <summary>Whether the gradient is taken as it is, whatever the mask.</summary>
    public bool IsPlain => Alpha == 1 && Decay == 0;
}
