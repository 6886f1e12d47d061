namespace SparseSharp.Patterns;

/// <summary>Retained mass of Gaussian weights under their magnitude mask: what weights without any structure would keep.</summary>
internal static class GaussianMass
{
    /// <summary>The figure, to three digits, or null for a pattern for which none is known.</summary>
    public static double? Of(NMPattern pattern) => (pattern.Keep, pattern.Group, pattern.Transposable) switch
    {
        (1, 2, false) => .707,
        (2, 4, false) => .745,
        (4, 8, false) => .768,
        (8, 16, false) => .782,
        (16, 32, false) => .789,
        (1, 4, false) => .459,
        (2, 8, false) => .484,
        (4, 16, false) => .499,
        (8, 32, false) => .507,
        (1, 2, true) => .648,
        (2, 4, true) => .703,
        (4, 8, true) => .743,
        (8, 16, true) => .768,
        (16, 32, true) => .781,
        (1, 4, true) => .412,
        (2, 8, true) => .455,
        (4, 16, true) => .483,
        (8, 32, true) => .500,
        _ => null,
    };
}
