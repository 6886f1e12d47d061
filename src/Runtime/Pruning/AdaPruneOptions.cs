using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>How <see cref="AdaPrune"/> finds the kept weights of a layer.</summary>
public enum AdaPruneSolver
{
    /// <summary>The exact minimum of the layer's error on the calibration inputs: a linear system per output row.</summary>
    LeastSquares,

    /// <summary>Adam on batches of the calibration inputs, as in the paper: approximate, and faster for layers with many inputs.</summary>
    Adam,
}

/// <summary>Settings of <see cref="AdaPrune"/>; the standard ones of Adam are those of the paper.</summary>
public sealed record AdaPruneOptions
{
    /// <summary>How kept weights and bias are found.</summary>
    public AdaPruneSolver Solver { get; init; }

    /// <summary>Iterations of Adam per layer.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Samples per iteration of Adam.</summary>
    public int BatchSize { get; init; } = 50;

    /// <summary>Learning rate of the weights at the start; it falls linearly to 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Learning rate of the bias at the start; it falls linearly to 0.</summary>
    public double BiasLearningRate { get; init; } = 1e-2;

    /// <summary>
    /// Pixels of a convolution's output, of all calibration inputs together, that its weights are fitted to: they are drawn where there are
    /// more, at least one of each input.
    /// </summary>
    public int Pixels { get; init; } = 20_000;

    /// <summary>Seed of the order of the samples, and of the pixels.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Check()
    {
        if (!Enum.IsDefined(Solver))
            throw new ArgumentException($"There is no solver {Solver}.", nameof(Solver));
        ArgumentOutOfRangeException.ThrowIfLessThan(Iterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Pixels, 1);
        Ranges.PositiveSingle(LearningRate);
        Ranges.PositiveSingle(BiasLearningRate);
    }
}
