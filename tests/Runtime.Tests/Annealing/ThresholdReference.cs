namespace SparseSharp.Runtime.Tests.Annealing;

/// <summary>The learned threshold in double precision, straight from its definition; one row.</summary>
internal static class ThresholdReference
{
    public static double Sigmoid(double s) => 1 / (1 + Math.Exp(-s));

    public static double[] Forward(double[] weight, double s) =>
        [.. weight.Select(w => Math.Sign(w) * Math.Max(Math.Abs(w) - Sigmoid(s), 0))];

    public static (double[] Weight, double Threshold) Backward(double[] weight, double[] gradient, double s, double alpha)
    {
        var shares = weight.Select(w => Math.Abs(w) - Sigmoid(s) > 0 ? 1 : alpha).ToArray();
        var pull = weight.Select((w, i) => gradient[i] * Math.Sign(w) * shares[i]).Sum();
        return ([.. gradient.Select((g, i) => g * shares[i])], -Sigmoid(s) * (1 - Sigmoid(s)) * pull);
    }

    /// <summary>The function whose exact gradient the backward pass is, weighted by what comes from above.</summary>
    public static double Surrogate(double[] weight, double[] gradient, double s, double alpha) =>
        weight.Select((w, i) =>
        {
            var excess = Math.Abs(w) - Sigmoid(s);
            return gradient[i] * Math.Sign(w) * (excess > 0 ? excess : alpha * excess);
        }).Sum();
}
