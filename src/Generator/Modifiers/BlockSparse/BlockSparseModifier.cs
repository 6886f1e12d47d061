using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Modifiers.BlockSparse;

/// <summary>
/// Reads <c>[BlockSparse]</c> and the attributes of its kinds, and checks blocks against the matrices that they apply to.
/// </summary>
internal sealed class BlockSparseModifier : Modifier
{
    /// <summary>The attribute that has the options of all kinds.</summary>
    public const string ShortForm = "BlockSparse";

    /// <summary>The kinds with the attributes that have the options of one kind.</summary>
    private static readonly Kind[] _kinds =
    [
        Kind.Of<Rbgp4BlocksAttribute>(BlockKind.RBGP4),
        Kind.Of<UniformBlocksAttribute>(BlockKind.Uniform),
        Kind.Of<HierarchicalBlocksAttribute>(BlockKind.Hierarchical),
        Kind.Of<LearnedBlocksAttribute>(BlockKind.Learned),
    ];

    public override ImmutableArray<string> Attributes => [ShortForm, .. _kinds.Select(kind => kind.Attribute)];

    public override ImmutableArray<DiagnosticDescriptor> Diagnostics => BlockSparseDiagnostics.All;

    public override bool DecidesMask => true;

    public override ModifierSpec? Read(ModifierSource source, DiagnosticSink sink)
    {
        var attribute = source.Attribute;
        var name = Vocabulary.ShortName(attribute);
        var kind = name == ShortForm ? ReadShortForm(attribute, sink) : Array.Find(_kinds, kind => kind.Attribute == name);
        return kind is null ? null : new BlockOptions(attribute, sink).Read(kind.Value);
    }

    public override MatrixSpec Apply(ModifierSpec spec, MatrixSpec matrix, ModifierUse use)
    {
        if (matrix.HasShape && spec is RamanujanSpec graphs)
            return matrix.With(new RamanujanCheck(graphs, matrix, use).Run());
        if (matrix.HasShape && spec is ChosenBlockSpec blocks)
            CheckChosen(blocks, matrix, use);
        return matrix.With(spec);
    }

    /// <summary>The kind that the short form chooses, null where there is none. Options of other kinds are reported.</summary>
    private static Kind? ReadShortForm(AttributeData attribute, DiagnosticSink sink)
    {
        if (!attribute.TryGet(0, out int number))
        {
            sink.LeaveToCompiler();
            return null;
        }
        if (Array.Find(_kinds, kind => (int)kind.Value == number) is not { } chosen)
        {
            sink.Report(
                BlockSparseDiagnostics.BlockOptionRange,
                attribute.Argument(0),
                "The kind of [BlockSparse]",
                number,
                "it is a member of BlockKind");
            return null;
        }
        foreach (var setting in attribute.NamedArguments.Where(setting => !chosen.Options.Contains(setting.Key)))
        {
            var users = _kinds.Where(kind => kind.Options.Contains(setting.Key)).Select(kind => kind.Value);
            sink.Report(
                BlockSparseDiagnostics.BlockOptionWithoutEffect,
                attribute.Argument(setting.Key),
                setting.Key,
                chosen.Value,
                string.Join(" or ", users));
        }
        return chosen;
    }

    /// <summary>Reports a matrix that blocks do not divide: at the dimension, or at the class attribute that reaches the layer.</summary>
    private static void CheckChosen(ChosenBlockSpec blocks, MatrixSpec matrix, ModifierUse use)
    {
        var (rows, columns) = blocks.Unit;
        if (matrix.Rows % rows != 0)
            Report(use.Rows, matrix.Rows, "output", rows, "rows", GroupChecks.Neighbours(matrix.Rows, rows));
        else if (matrix.Depth % columns != 0)
            Report(
                use.Depth, use.Place.Columns(matrix.Depth), "input", columns, "columns", use.Place.NearestInputs(matrix.Depth, columns));
        else
            BlockRounding.Check(blocks, matrix, use);

        void Report(SyntaxNode place, object features, string side, int size, string what, Suggestion neighbours) => use.Sink.Report(
            BlockSparseDiagnostics.BlocksNotDividing, place, neighbours, use.Path, features, side, size, what, neighbours, use.OptOut);
    }

    /// <summary>A kind of blocks.</summary>
    /// <param name="Attribute">The attribute of this kind alone, as users write it.</param>
    /// <param name="Options">Its properties: the options of the kind.</param>
    private sealed record Kind(BlockKind Value, string Attribute, string[] Options)
    {
        public static Kind Of<TAttribute>(BlockKind value)
            where TAttribute : Attribute
        {
            var options = typeof(TAttribute).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
            return new(
                value, typeof(TAttribute).Name.Replace(nameof(System.Attribute), ""), Array.ConvertAll(options, option => option.Name));
        }
    }
}
