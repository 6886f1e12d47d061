using SparseSharp.Matrices;

namespace SparseSharp.Models.Tests.Annealing;

/// <summary>
/// An unstructured layer with learned thresholds in double precision: weights and thresholds under SGD with momentum, the mask every few
/// steps.
/// </summary>
internal sealed class AnnealedReference
{
    private readonly int _columns;
    private readonly double _alpha;
    private readonly ThresholdScope _scope;
    private readonly int _every;
    private readonly double _rate;
    private readonly double[] _velocity;
    private readonly double[] _thresholdVelocity;
    private readonly bool[] _mask;
    private readonly bool _freezes;

    /// <param name="layer">The layer to follow.</param>
    /// <param name="alpha">The share of masked weights.</param>
    /// <param name="freezes">Whether the mask stays as it is, and masked weights with it.</param>
    public AnnealedReference(Linear layer, double alpha, bool freezes = false)
    {
        var pattern = (UnstructuredPattern)layer.Pattern!;
        (_columns, _alpha, _scope, _every, _rate) =
            (layer.Inputs, alpha, pattern.Annealing.Threshold, pattern.RebuildEvery, pattern.Annealing.ThresholdRate);
        Weight = [.. layer.Weight.ToArray().Select(w => (double)w)];
        Thresholds = [.. ((AnnealedMatrix)layer.Matrix).Thresholds!.Parameter.Values.ToArray().Select(s => (double)s)];
        _velocity = new double[Weight.Length];
        _thresholdVelocity = new double[Thresholds.Length];
        _mask = new bool[Weight.Length];
        Refresh(0);
        _freezes = freezes;
    }

    public double[] Weight { get; }

    public double[] Thresholds { get; }

    public void Learn(ReadOnlySpan<float> gradient, double rate, double momentum, double decay)
    {
        var pulls = new double[Thresholds.Length];
        var shares = new double[Weight.Length];
        for (var i = 0; i < Weight.Length; i++)
        {
            shares[i] = (_freezes ? _mask[i] : Keeps(i)) ? 1 : _alpha;
            pulls[ThresholdOf(i)] += gradient[i] * Math.Sign(Weight[i]) * shares[i];
        }
        for (var i = 0; i < Weight.Length; i++)
        {
            if (_freezes && !_mask[i])
                continue;
            Descend(ref Weight[i], ref _velocity[i], (gradient[i] * shares[i]) + (decay * Weight[i]), rate, momentum);
        }
        for (var t = 0; t < Thresholds.Length; t++)
        {
            var g = Sigmoid(Thresholds[t]);
            Descend(ref Thresholds[t], ref _thresholdVelocity[t], -g * (1 - g) * pulls[t], rate * _rate, momentum);
        }
    }

    /// <summary>Finds the mask anew if that is due after a step.</summary>
    public void Refresh(int step)
    {
        for (var i = 0; i < Weight.Length && !_freezes && step % _every == 0; i++)
            _mask[i] = Math.Abs(Weight[i]) > Sigmoid(Thresholds[ThresholdOf(i)]);
    }

    public double[] InUse() =>
        [.. Weight.Select((w, i) => Keeps(i) ? Math.Sign(w) * (Math.Abs(w) - Sigmoid(Thresholds[ThresholdOf(i)])) : 0)];

    public double Density() => Enumerable.Range(0, Weight.Length).Count(Keeps) / (double)Weight.Length;

    private bool Keeps(int i) => _mask[i] && Math.Abs(Weight[i]) > Sigmoid(Thresholds[ThresholdOf(i)]);

    private int ThresholdOf(int i) => _scope switch
    {
        ThresholdScope.PerLayer => 0,
        ThresholdScope.PerOutputChannel => i / _columns,
        _ => i,
    };

    private static double Sigmoid(double s) => 1 / (1 + Math.Exp(-s));

    private static void Descend(ref double value, ref double velocity, double gradient, double rate, double momentum)
    {
        velocity = (momentum * velocity) + gradient;
        value -= rate * velocity;
    }
}
