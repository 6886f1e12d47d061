using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Graphs;

/// <summary>All that the mask of an RBGP4 layer depends on.</summary>
/// <param name="Rows">Output features.</param>
/// <param name="Columns">Input features.</param>
/// <param name="Halvings">s of a sparsity of <c>1 - 2^-s</c>; 0 where explicit factors give it.</param>
/// <param name="Factors">Sizes and halvings as the user gives them; empty to have them planned.</param>
internal sealed record BlockRequest(int Rows, int Columns, int Halvings, BaseGraph Base, ulong Seed, EquatableArray<int> Factors)
{
    /// <summary>Rows that share their columns in a planned layer: what a kernel works on together.</summary>
    public const int SharedRows = 4;
}

/// <summary>Why a request has no plan.</summary>
internal enum BlockFaultKind
{
    None,

    /// <summary>The output features cannot be halved so often.</summary>
    Outputs,

    /// <summary>The input features cannot be halved so often.</summary>
    Inputs,

    /// <summary>Every way to split the features leaves too few neighbours, or too many lists.</summary>
    Degrees,

    /// <summary>There are ways to split them, but no graph was accepted.</summary>
    Graphs,

    /// <summary>The factors of the user are not those of a mask of this shape and sparsity.</summary>
    Factors,
}

/// <summary>A plan, or why there is none.</summary>
/// <param name="Detail">For <see cref="BlockFaultKind.Factors"/>, the end of a sentence that says what is wrong.</param>
/// <param name="Shape">For <see cref="BlockFaultKind.Graphs"/>, the factor that came closest, if that is known.</param>
/// <param name="Second">Its second singular value.</param>
internal sealed record BlockResult(
    BlockPlan? Plan, BlockFaultKind Fault = BlockFaultKind.None, string Detail = "", FactorShape Shape = default, double Second = 0)
{
    /// <summary>What the second singular value must not exceed; 0 where no factor is known.</summary>
    public double Bound => Shape.Halvings == 0 ? 0 : Shape.Bound;
}
