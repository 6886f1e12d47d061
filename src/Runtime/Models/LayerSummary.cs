namespace SparseSharp;

/// <summary>A layer as a table of its model has it (<see cref="ModelTable"/>).</summary>
/// <param name="Path">Property path from the model.</param>
/// <param name="Inputs">Input features.</param>
/// <param name="Outputs">Output features.</param>
/// <param name="Pattern">The sparsity pattern; null for a dense layer.</param>
/// <param name="Bfloat16">Which operands of the products are rounded to bfloat16.</param>
/// <param name="Density">Kept share of the weights.</param>
public sealed record LayerSummary(string Path, int Inputs, int Outputs, SparsityPattern? Pattern, Bfloat16Use Bfloat16, double Density)
{
    /// <summary>Weights of the matrices, kept ones and others; 0 for a kind of layer without a matrix.</summary>
    public long Weights { get; init; } = (long)Inputs * Outputs;

    /// <summary>Weights that products use.</summary>
    public long KeptWeights => (long)Math.Round(Density * Weights);

    /// <summary>Operations of products with all weights in a forward pass of one sample, multiply and add counted as two.</summary>
    public long DenseFlops { get; init; } = 2L * Inputs * Outputs;

    /// <summary>Operations of products with the kept weights in a forward pass of one sample, multiply and add counted as two.</summary>
    public long Flops => Weights == 0 ? DenseFlops : DenseFlops / Weights * KeptWeights;
}
