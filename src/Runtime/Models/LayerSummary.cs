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
    /// <summary>Weights of the matrix, kept ones and others.</summary>
    public long Weights => (long)Inputs * Outputs;

    /// <summary>Weights that products use.</summary>
    public long KeptWeights => (long)Math.Round(Density * Weights);

    /// <summary>Operations of a forward pass of one sample with the kept weights, multiply and add counted as two.</summary>
    public long Flops => 2 * KeptWeights;
}
