using SparseSharp.Kernels;

namespace SparseSharp;

/// <summary>A fully connected layer, <c>y = x·Wᵀ + b</c>, dense or with an N:M mask. Made by generated code.</summary>
public sealed class Linear : IDisposable
{
    /// <summary>Makes a layer with Kaiming-uniform weights (fan-in, a = √5, as PyTorch does) and a bias in ±1/√in.</summary>
    /// <param name="inputs">Input features.</param>
    /// <param name="outputs">Output features.</param>
    /// <param name="bias">Whether the layer has a bias.</param>
    /// <param name="pattern">The N:M pattern, or null for a dense layer.</param>
    /// <param name="operations">The emitted kernels for this pattern.</param>
    /// <param name="seed">Seed of the model.</param>
    /// <param name="stream">Number of the layer in its model: layers draw from different random streams.</param>
    public Linear(int inputs, int outputs, bool bias, NMPattern? pattern, LinearOperations operations, ulong seed, int stream) =>
        throw new NotImplementedException();

    /// <summary>Input features.</summary>
    public int Inputs => throw new NotImplementedException();

    /// <summary>Output features.</summary>
    public int Outputs => throw new NotImplementedException();

    /// <summary>The N:M pattern, or null for a dense layer.</summary>
    public NMPattern? Pattern => throw new NotImplementedException();

    /// <summary>Which weights are kept, or null for a dense layer. Belongs to the layer; change it with <see cref="SetMask"/>.</summary>
    public Mask? Mask => throw new NotImplementedException();

    /// <summary>Kept share of the weights, 1 for a dense layer.</summary>
    public double Density => throw new NotImplementedException();

    /// <summary>Share of mask bits that the last refresh changed, per step of its interval.</summary>
    public double FlipRate => throw new NotImplementedException();

    /// <summary>Master weights <c>[out, in]</c>, row-major; masked weights are there under a dynamic policy and 0 under a static one.</summary>
    public ReadOnlySpan<float> Weight => throw new NotImplementedException();

    /// <summary>The bias <c>[out]</c>, empty if there is none.</summary>
    public ReadOnlySpan<float> Bias => throw new NotImplementedException();

    /// <summary>Weight and bias (if any) with gradient and optimizer state.</summary>
    public IReadOnlyList<Parameter> Parameters => throw new NotImplementedException();

    /// <summary>Slices that <see cref="Update"/> works on.</summary>
    internal int UpdateTasks => throw new NotImplementedException();

    /// <summary>Replaces the master weights <c>[out, in]</c> and, for an N:M layer, finds a new mask for them.</summary>
    public void SetWeight(ReadOnlySpan<float> weight) => throw new NotImplementedException();

    /// <summary>Replaces the master weights and the mask together.</summary>
    public void SetWeight(ReadOnlySpan<float> weight, Mask mask) => throw new NotImplementedException();

    /// <summary>Replaces the bias <c>[out]</c>.</summary>
    public void SetBias(ReadOnlySpan<float> bias) => throw new NotImplementedException();

    /// <summary>Replaces the mask; it must follow the pattern.</summary>
    public void SetMask(Mask mask) => throw new NotImplementedException();

    /// <summary>A parameter-ordered array (values, gradient or optimizer state) as <c>[out, in]</c>; masked positions of a packed one are 0.</summary>
    internal void Export(ReadOnlySpan<float> own, Span<float> dense) => throw new NotImplementedException();

    /// <summary>The reverse of <see cref="Export"/>.</summary>
    internal void Import(ReadOnlySpan<float> dense, Span<float> own) => throw new NotImplementedException();

    /// <summary>Applies the optimizer to slice <paramref name="task"/>, refreshes the mask there if it is due and the packed copies.</summary>
    internal void Update(int task, Optimizer optimizer, in UpdateStep step) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
