namespace SparseSharp.Training;

/// <summary>Adds up, step by step, which part of a dense step's work the layers of a model need (the accounting of AutoSparse).</summary>
/// <param name="layers">Layers of the model.</param>
internal sealed class FlopsMeter(int layers)
{
    private readonly double[] _ratios = new double[layers];

    /// <summary>Steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The sums over the steps, one per layer: what a training that is resumed needs beside <see cref="Steps"/>.</summary>
    public ReadOnlySpan<double> Sums => _ratios;

    /// <summary>Adds a step of one layer: two products with the kept weights and a weight gradient, each a third of a dense step.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="density">Share of the weights that products use.</param>
    /// <param name="gradient">Share of the weights that get a gradient.</param>
    public void Add(int layer, double density, double gradient) => _ratios[layer] += ((2 * density) + gradient) / 3;

    /// <summary>Ends a step.</summary>
    public void Next() => Steps++;

    /// <summary>Goes on from sums that were saved.</summary>
    public void Restore(ReadOnlySpan<double> sums, long steps)
    {
        sums.CopyTo(_ratios);
        Steps = steps;
    }

    /// <summary>Mean over the steps; 1 before the first.</summary>
    public double Ratio(int layer) => Steps == 0 ? 1 : _ratios[layer] / Steps;
}
