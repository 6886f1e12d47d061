using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Modifiers.BlockSparse;

/// <summary>Reads <c>[BlockSparse]</c> and checks its blocks against the matrices that it applies to.</summary>
internal sealed class BlockSparseModifier : Modifier
{
    /// <summary>The attribute itself knows what its properties are where the user sets none.</summary>
    private static readonly BlockSparseAttribute Defaults = new(BlockKind.RBGP4);

    /// <summary>What says how blocks are dropped until a sparsity is reached: without one it has no effect under <see cref="BlockKind.Learned"/>.</summary>
    public static readonly string[] OfTarget = [nameof(Defaults.Balanced), nameof(Defaults.PruneFrom), nameof(Defaults.PruneSteps), nameof(Defaults.PruneEvery)];

    private static readonly Dictionary<BlockKind, string[]> _properties = new()
    {
        [BlockKind.RBGP4] = [nameof(Defaults.Sparsity), nameof(Defaults.Seed), nameof(Defaults.Base), nameof(Defaults.Factors)],
        [BlockKind.Uniform] = [nameof(Defaults.Sparsity), nameof(Defaults.Rows), nameof(Defaults.Cols), nameof(Defaults.Balanced)],
        [BlockKind.Hierarchical] =
        [
            nameof(Defaults.Sparsity), nameof(Defaults.Rows), nameof(Defaults.Cols), nameof(Defaults.OuterRows), nameof(Defaults.OuterCols), nameof(Defaults.Additive),
            nameof(Defaults.PruneFrom), nameof(Defaults.PruneSteps), nameof(Defaults.PruneEvery),
        ],
        [BlockKind.Learned] = [nameof(Defaults.Rows), nameof(Defaults.Cols), nameof(Defaults.Penalty), nameof(Defaults.Sparsity), .. OfTarget],
    };

    public override ImmutableArray<string> Attributes => ["BlockSparse"];

    public override ImmutableArray<DiagnosticDescriptor> Diagnostics => BlockSparseDiagnostics.All;

    public override bool DecidesMask => true;

    public override ModifierSpec? Read(ModifierSource source, DiagnosticSink sink)
    {
        var attribute = source.Attribute;
        if (!attribute.TryGet(0, out int number))
        {
            sink.LeaveToCompiler();
            return null;
        }

        var kind = (BlockKind)number;
        if (!_properties.TryGetValue(kind, out var properties))
        {
            sink.Report(BlockSparseDiagnostics.BlockOptionRange, attribute.Argument(0), "The kind of [BlockSparse]", number, "it is a member of BlockKind");
            return null;
        }

        foreach (var setting in attribute.NamedArguments.Where(setting => !properties.Contains(setting.Key)))
        {
            var users = _properties.Where(pair => pair.Value.Contains(setting.Key)).Select(pair => pair.Key);
            sink.Report(BlockSparseDiagnostics.BlockOptionWithoutEffect, attribute.Argument(setting.Key), setting.Key, kind, string.Join(" or ", users));
        }
        return new BlockOptions(attribute, sink).Read(kind);
    }

    public override MatrixSpec Apply(ModifierSpec spec, MatrixSpec matrix, ModifierUse use)
    {
        if (matrix.HasShape && spec is RamanujanSpec graphs)
            new RamanujanCheck(graphs, matrix, use).Run();
        else if (matrix.HasShape && spec is ChosenBlockSpec blocks)
            CheckChosen(blocks, matrix, use);
        return matrix.With(spec);
    }

    /// <summary>Reports a matrix that blocks do not divide: at the dimension, or at the class attribute that reaches the layer.</summary>
    private static void CheckChosen(ChosenBlockSpec blocks, MatrixSpec matrix, ModifierUse use)
    {
        var (rows, columns) = blocks.Unit;
        if (matrix.Rows % rows != 0)
            Report(use.Rows, matrix.Rows, "output", rows, "rows");
        else if (matrix.Depth % columns != 0)
            Report(use.Depth, matrix.Depth, "input", columns, "columns");
        else
            BlockRounding.Check(blocks, matrix, use);

        void Report(SyntaxNode place, int features, string side, int size, string what)
        {
            var neighbours = GroupChecks.Neighbours(features, size);
            use.Sink.Report(BlockSparseDiagnostics.BlocksNotDividing, place, neighbours, use.Path, features, side, size, what, neighbours, use.OptOut);
        }
    }
}
