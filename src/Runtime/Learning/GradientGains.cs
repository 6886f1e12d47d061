namespace SparseSharp.Learning;

/// <summary>How far a rule takes the parameters of a layer from the gradient of the loss, in the worst case.</summary>
/// <param name="Gain">Factor on the gradient of weights.</param>
/// <param name="Decay">Share of a weight that is added to its gradient.</param>
/// <param name="FactorTerms">Gradients that add up to that of a threshold or of the scale of a block; 0 where there are neither.</param>
/// <param name="Penalty">What a penalty adds to that.</param>
/// <param name="FactorRate">Factor on the learning rate of thresholds.</param>
internal readonly record struct GradientGains(double Gain, double Decay, double FactorTerms = 0, double Penalty = 0, double FactorRate = 1)
{
    /// <summary>Weights learn from the gradient as it is, and there is nothing else.</summary>
    public static GradientGains None => new(1, 0);

    /// <summary>What bounds these gains and others.</summary>
    public GradientGains Max(in GradientGains other) => new(
        Math.Max(Gain, other.Gain), Math.Max(Decay, other.Decay), Math.Max(FactorTerms, other.FactorTerms),
        Math.Max(Penalty, other.Penalty), Math.Max(FactorRate, other.FactorRate));
}
