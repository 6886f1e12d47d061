using System.Globalization;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;
using SparseSharp.Rules;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads <c>[BlockSparse]</c> and checks its blocks against the layers that it applies to.</summary>
internal static class BlockSparseReader
{
    /// <summary>The attribute itself knows what its properties are where the user sets none.</summary>
    private static readonly BlockSparseAttribute Defaults = new(BlockKind.RBGP4);

    /// <summary>What says how blocks are dropped until a sparsity is reached: without one it has no effect under <see cref="BlockKind.Learned"/>.</summary>
    private static readonly string[] _ofTarget = [nameof(Defaults.Balanced), nameof(Defaults.PruneFrom), nameof(Defaults.PruneSteps), nameof(Defaults.PruneEvery)];

    private static readonly Dictionary<BlockKind, string[]> _properties = new()
    {
        [BlockKind.RBGP4] = [nameof(Defaults.Sparsity), nameof(Defaults.Seed), nameof(Defaults.Base), nameof(Defaults.Factors)],
        [BlockKind.Uniform] = [nameof(Defaults.Sparsity), nameof(Defaults.Rows), nameof(Defaults.Cols), nameof(Defaults.Balanced)],
        [BlockKind.Hierarchical] =
        [
            nameof(Defaults.Sparsity), nameof(Defaults.Rows), nameof(Defaults.Cols), nameof(Defaults.OuterRows), nameof(Defaults.OuterCols), nameof(Defaults.Additive),
            nameof(Defaults.PruneFrom), nameof(Defaults.PruneSteps), nameof(Defaults.PruneEvery),
        ],
        [BlockKind.Learned] = [nameof(Defaults.Rows), nameof(Defaults.Cols), nameof(Defaults.Penalty), nameof(Defaults.Sparsity), .. _ofTarget],
    };

    /// <summary>Null where the attribute is not valid.</summary>
    public static BlockSpec? Read(AttributeData attribute, DiagnosticSink sink)
    {
        if (!attribute.TryGet(0, out int number))
        {
            sink.LeaveToCompiler();
            return null;
        }

        var kind = (BlockKind)number;
        if (!_properties.TryGetValue(kind, out var properties))
        {
            sink.Report(Descriptors.BlockOptionRange, attribute.Argument(0), "The kind of [BlockSparse]", number, "it is a member of BlockKind");
            return null;
        }

        foreach (var setting in attribute.NamedArguments.Where(setting => !properties.Contains(setting.Key)))
        {
            var users = _properties.Where(pair => pair.Value.Contains(setting.Key)).Select(pair => pair.Key);
            sink.Report(Descriptors.BlockOptionWithoutEffect, attribute.Argument(setting.Key), setting.Key, kind, string.Join(" or ", users));
        }
        return kind == BlockKind.RBGP4 ? ReadRamanujan(attribute, sink) : new Options(attribute, sink).Read(kind);
    }

    /// <summary>Reports a layer that blocks do not divide: at the dimension, or at the class attribute that reaches the layer.</summary>
    public static void Check(BlockSpec blocks, LayerSpec layer, SparsitySource source, DiagnosticSink sink)
    {
        var (rows, columns) = blocks switch
        {
            UniformSpec uniform => (uniform.Rows, uniform.Columns),
            LearnedSpec learned => (learned.Rows, learned.Columns),
            HierarchicalSpec hierarchical => (hierarchical.OuterRows, hierarchical.OuterColumns),
            _ => (1, 1),
        };
        if (layer.Outputs % rows != 0)
            Report(source.Outputs, layer.Outputs, "output", rows, "rows");
        else if (layer.Inputs % columns != 0)
            Report(source.Inputs, layer.Inputs, "input", columns, "columns");
        else
            BlockRounding.Check(blocks, layer, source, sink);

        void Report(SyntaxNode place, int features, string side, int size, string what)
        {
            var neighbours = NMSparseReader.Neighbours(features, size);
            sink.Report(Descriptors.BlocksNotDividing, place, neighbours, layer.Path, features, side, size, what, neighbours, source.OptOut(layer.Path));
        }
    }

    private static RamanujanSpec? ReadRamanujan(AttributeData attribute, DiagnosticSink sink)
    {
        var sparsity = attribute.Get(nameof(Defaults.Sparsity), Defaults.Sparsity);
        var kind = (BaseGraph)attribute.Get(nameof(Defaults.Base), (int)Defaults.Base);
        var factors = attribute.GetArray<int>(nameof(Defaults.Factors));
        var halvings = BlockRules.HalvingsOf(sparsity);
        var valid = true;
        if (halvings == 0 && (attribute.Sets(nameof(Defaults.Sparsity)) || factors.Count == 0))
        {
            var nearest = NearestSparsities(sparsity);
            sink.Report(Descriptors.BlockSparsityNotDyadic, attribute.Argument(nameof(Defaults.Sparsity)), nearest, Text(sparsity), string.Join(" and ", nearest.Values));
            valid = false;
        }
        if (!Enum.IsDefined(typeof(BaseGraph), kind))
        {
            sink.Report(Descriptors.BlockOptionRange, attribute.Argument(nameof(Defaults.Base)), nameof(Defaults.Base), (int)kind, "it is a member of BaseGraph");
            valid = false;
        }
        return valid ? new(halvings, kind, attribute.Get(nameof(Defaults.Seed), Defaults.Seed), factors.ToEquatableArray()) : null;
    }

    /// <summary>The two nearest sparsities that halvings give.</summary>
    private static Suggestion NearestSparsities(double sparsity) => new(
        [.. Enumerable.Range(1, BlockRules.MostHalvings).Select(BlockRules.SparsityOf).OrderBy(known => Math.Abs(known - sparsity)).Take(2).OrderBy(known => known).Select(Text)]);

    internal static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The options of blocks that are chosen by their weights.</summary>
    private sealed class Options(AttributeData attribute, DiagnosticSink sink)
    {
        private bool _isValid = true;

        public BlockSpec? Read(BlockKind kind)
        {
            var (rows, columns) = (Size(nameof(Defaults.Rows), Defaults.Rows), Size(nameof(Defaults.Cols), Defaults.Cols));
            BlockSpec spec = kind switch
            {
                BlockKind.Uniform => new UniformSpec(rows, columns, Sparsity(), attribute.Get(nameof(Defaults.Balanced), Defaults.Balanced)),
                BlockKind.Learned => Learned(rows, columns),
                _ => new HierarchicalSpec(
                    Multiple(nameof(Defaults.OuterRows), Defaults.OuterRows, rows, nameof(Defaults.Rows)),
                    Multiple(nameof(Defaults.OuterCols), Defaults.OuterCols, columns, nameof(Defaults.Cols)),
                    rows,
                    columns,
                    Sparsity(),
                    attribute.Get(nameof(Defaults.Additive), Defaults.Additive),
                    Pruning()),
            };
            return _isValid ? spec : null;
        }

        private LearnedSpec Learned(int rows, int columns)
        {
            var hasTarget = attribute.Sets(nameof(Defaults.Sparsity));
            var target = hasTarget ? new LearnedTarget(Sparsity(), attribute.Get(nameof(Defaults.Balanced), false), Pruning()) : null;
            var penalty = Number(
                nameof(Defaults.Penalty), hasTarget ? 0 : Defaults.Penalty, BlockRules.IsPenalty, "it is a finite number that is not negative, usually near 0.001");
            if (hasTarget)
                return new(rows, columns, penalty, target);

            foreach (var setting in attribute.NamedArguments.Where(setting => _ofTarget.Contains(setting.Key)))
                sink.Report(Descriptors.LearnedOptionWithoutSparsity, attribute.Argument(setting.Key), setting.Key);
            if (penalty == 0)
                sink.Report(Descriptors.NothingDropsBlocks, attribute.Argument(nameof(Defaults.Penalty)), new Suggestion(Text(Defaults.Penalty)), Text(Defaults.Penalty));
            return new(rows, columns, penalty, target);
        }

        private PruneSpec Pruning() => new(
            Steps(nameof(Defaults.PruneFrom), Defaults.PruneFrom),
            Steps(nameof(Defaults.PruneSteps), Defaults.PruneSteps),
            Steps(nameof(Defaults.PruneEvery), Defaults.PruneEvery),
            Fits: !attribute.Sets(nameof(Defaults.PruneSteps)));

        private double Sparsity() => Number(
            nameof(Defaults.Sparsity), Defaults.Sparsity, BlockRules.IsSparsity, "it is the share of weights that do not exist, greater than 0 and less than 1");

        private int Size(string property, int otherwise) => Count(property, otherwise, "it is the size of a block, at least 1");

        private int Steps(string property, int otherwise) => Count(property, otherwise, "it is a number of optimizer steps, at least 1");

        private int Multiple(string property, int otherwise, int inner, string innerProperty)
        {
            var outer = Size(property, otherwise);
            if (outer >= 1 && inner >= 1 && outer % inner != 0)
                Fault(property, outer, $"large blocks consist of small ones, so it is a multiple of {innerProperty}, {inner}");
            return outer;
        }

        private int Count(string property, int otherwise, string range) => (int)Number(property, otherwise, count => count >= 1, range);

        private double Number(string property, double otherwise, Func<double, bool> isValid, string range)
        {
            var value = attribute.Get<object>(property, otherwise) is IConvertible number ? number.ToDouble(CultureInfo.InvariantCulture) : otherwise;
            if (!isValid(value))
                Fault(property, value, range);
            return value;
        }

        private void Fault(string property, double value, string range)
        {
            sink.Report(Descriptors.BlockOptionRange, attribute.Argument(property), property, Text(value), range);
            _isValid = false;
        }
    }
}
