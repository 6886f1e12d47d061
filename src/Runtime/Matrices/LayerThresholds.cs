using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>
/// The learned thresholds of a layer: the parameter s, which has an optimizer state and no weight decay, and <c>g = sigmoid(s)</c>.
/// </summary>
internal sealed unsafe class LayerThresholds : IDisposable
{
    private readonly PinnedBuffer<float> _values;
    private readonly GradientAnnealing _annealing;

    /// <param name="annealing">Their scope and where they start.</param>
    /// <param name="rows">Output features.</param>
    /// <param name="columns">Input features.</param>
    public LayerThresholds(GradientAnnealing annealing, int rows, int columns)
    {
        _annealing = annealing;
        var count = ThresholdValues.Count(annealing.Threshold, rows, columns);
        Parameter = new Parameter(StateNames.Threshold, new PinnedBuffer<float>(count), decays: false)
        {
            FullShape = annealing.Threshold == ThresholdScope.PerWeight ? [rows, columns] : null,
        };
        _values = new PinnedBuffer<float>(count);
        Reset();
    }

    public Parameter Parameter { get; }

    public ThresholdScope Scope => _annealing.Threshold;

    /// <summary>Learning rate, as a multiple of that of the weights.</summary>
    public float Rate => (float)_annealing.ThresholdRate;

    /// <summary>g.</summary>
    public ThresholdValues Values => new(_values.Pointer, Scope);

    /// <summary>Mean of g.</summary>
    public double Mean
    {
        get
        {
            var sum = 0.0;
            foreach (var value in _values.Span)
                sum += value;
            return sum / _values.Length;
        }
    }

    /// <summary>Goes back to the start.</summary>
    public void Reset()
    {
        Parameter.Values.Fill((float)_annealing.InitialThreshold);
        Refresh(0, Parameter.Length);
    }

    /// <summary>Replaces the parameter.</summary>
    public void Set(ReadOnlySpan<float> parameters)
    {
        LearnedThreshold.CheckFinite(parameters, 0);
        parameters.CopyTo(Parameter.Values);
        Refresh(0, Parameter.Length);
    }

    /// <summary>Computes g of thresholds <c>[first, end)</c>.</summary>
    public void Refresh(int first, int end)
    {
        LearnedThreshold.CheckFinite(Parameter.Values[first..end], first);
        for (var i = first; i < end; i++)
            _values.Pointer[i] = LearnedThreshold.Value(Parameter.Values[i]);
    }

    /// <summary>The slope of a threshold.</summary>
    public double Slope(int index) => LearnedThreshold.Slope(Parameter.Values[index]);

    public void Dispose()
    {
        _values.Dispose();
    }
}
