using System.Globalization;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Modifiers.BlockSparse;

/// <summary>Blocks of any kind.</summary>
internal abstract record BlockSpec(BlockKind Kind) : FormatSpec
{
    public sealed override bool KeepsMaskedWeights => false;

    public sealed override string Source(string attribute) =>
        attribute == BlockSparseModifier.ShortForm ? $"[{attribute}({Kind})]" : $"[{attribute}]";

    protected static string Percent(double share) => (100 * share).ToString("0.####", CultureInfo.InvariantCulture) + " %";
}

/// <summary>Blocks that are chosen by their weights.</summary>
internal abstract record ChosenBlockSpec(BlockKind Kind) : BlockSpec(Kind)
{
    /// <summary>Rows and columns of what has to divide the matrix.</summary>
    public abstract (int Rows, int Columns) Unit { get; }

    /// <summary>The sparsity that the user asks for; null where none is.</summary>
    public abstract double? Asked { get; }

    /// <summary>The kept share in whole blocks.</summary>
    /// <param name="density">The share that is asked for.</param>
    /// <param name="matrix">The matrix.</param>
    public abstract double RoundedDensity(double density, MatrixSpec matrix);
}

/// <summary>When a training drops blocks, in optimizer steps.</summary>
/// <param name="Fits">Whether a shorter training prunes sooner: where the user says no number of steps.</param>
internal sealed record PruneSpec(int From, int Steps, int Every, bool Fits = false)
{
    /// <summary>As arguments of a pattern.</summary>
    public string Arguments => $"{From}, {Steps}, {Every}";

    /// <summary>What follows the construction of a pattern.</summary>
    public string Initializer => Fits ? " { FitsTraining = true }" : "";
}
