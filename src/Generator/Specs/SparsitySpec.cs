using SparseSharp.Generator.Graphs;
using SparseSharp.Rules;

namespace SparseSharp.Generator.Specs;

/// <summary>The structure of a layer's zeros.</summary>
internal abstract record SparsitySpec
{
    /// <summary>Whether masked weights exist and learn; otherwise only the kept ones do, packed, and so is their gradient.</summary>
    public abstract bool KeepsMaskedWeights { get; }

    /// <summary>What decides on the masked weights, as users write it.</summary>
    public abstract string Source { get; }
}

/// <param name="RefreshEvery">Resolved: never 0.</param>
internal sealed record NMSpec(int Keep, int Group, bool Transposable, MaskPolicy Policy, int RefreshEvery, double Decay, double RegrowShare = NMRules.DefaultRegrowShare)
    : SparsitySpec
{
    public override bool KeepsMaskedWeights => NMRules.KeepsMaskedWeights(Policy);

    public override string Source => $"MaskPolicy.{Policy}";
}

/// <summary>Any kind of <c>[BlockSparse]</c>.</summary>
internal abstract record BlockSpec(BlockKind Kind) : SparsitySpec
{
    public override string Source => $"[BlockSparse({Kind})]";
}

/// <param name="Halvings">s of a sparsity of <c>1 - 2^-s</c>; 0 where factors give it.</param>
/// <param name="Factors">As the user gives them; empty to have them planned.</param>
internal sealed record RamanujanSpec(int Halvings, BaseGraph Base, ulong Seed, EquatableArray<int> Factors) : BlockSpec(BlockKind.RBGP4)
{
    public override bool KeepsMaskedWeights => false;

    public BlockRequest Request(LayerSpec layer) => new(layer.Outputs, layer.Inputs, Halvings, Base, Seed, Factors);
}

internal sealed record UniformSpec(int Rows, int Columns, double Sparsity, bool Balanced) : BlockSpec(BlockKind.Uniform)
{
    public override bool KeepsMaskedWeights => false;
}

/// <summary>When a training drops blocks, in optimizer steps.</summary>
/// <param name="Fits">Whether a shorter training prunes sooner: where the user says no number of steps.</param>
internal sealed record PruneSpec(int From, int Steps, int Every, bool Fits = false);

/// <param name="Rows">Of a small block.</param>
/// <param name="Columns">Of a small block.</param>
internal sealed record HierarchicalSpec(int OuterRows, int OuterColumns, int Rows, int Columns, double Sparsity, bool Additive, PruneSpec Pruning)
    : BlockSpec(BlockKind.Hierarchical)
{
    public override bool KeepsMaskedWeights => false;
}

/// <param name="Target">What is aimed at; null where the penalty alone decides.</param>
internal sealed record LearnedSpec(int Rows, int Columns, double Penalty, LearnedTarget? Target) : BlockSpec(BlockKind.Learned)
{
    public override bool KeepsMaskedWeights => false;
}

/// <param name="Balanced">Resolved: what the user wants, or this kind's own default.</param>
internal sealed record LearnedTarget(double Sparsity, bool Balanced, PruneSpec Pruning);
