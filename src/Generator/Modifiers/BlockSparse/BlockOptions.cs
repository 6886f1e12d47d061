using System.Globalization;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.BlockSparse;

/// <summary>Reads the options of blocks from an attribute; what is out of range is reported.</summary>
internal sealed class BlockOptions(AttributeData attribute, DiagnosticSink sink)
{
    /// <summary>The attribute itself knows what its properties are where the user sets none.</summary>
    private static readonly BlockSparseAttribute Defaults = new(BlockKind.RBGP4);

    /// <summary>
    /// What says how blocks are dropped until a sparsity is reached: without one it has no effect under <see cref="BlockKind.Learned"/>.
    /// </summary>
    private static readonly string[] _ofTarget =
    [
        nameof(Defaults.Balanced), nameof(Defaults.PruneFrom), nameof(Defaults.PruneSteps), nameof(Defaults.PruneEvery),
    ];

    private bool _isValid = true;

    /// <summary>Null where an option is not valid.</summary>
    public BlockSpec? Read(BlockKind kind)
    {
        if (kind == BlockKind.RBGP4)
            return Ramanujan();
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

    private RamanujanSpec? Ramanujan()
    {
        var sparsity = attribute.Get(nameof(Defaults.Sparsity), Defaults.Sparsity);
        var kind = (BaseGraph)attribute.Get(nameof(Defaults.Base), (int)Defaults.Base);
        var factors = attribute.GetArray<int>(nameof(Defaults.Factors));
        var halvings = BlockSettings.HalvingsOf(sparsity);
        var valid = true;
        if (halvings == 0 && (attribute.Sets(nameof(Defaults.Sparsity)) || factors.Count == 0))
        {
            var nearest = NearestSparsities(sparsity);
            sink.Report(
                BlockSparseDiagnostics.BlockSparsityNotDyadic,
                attribute.Argument(nameof(Defaults.Sparsity)),
                nearest,
                Text(sparsity),
                string.Join(" and ", nearest.Values));
            valid = false;
        }
        if (!Enum.IsDefined(typeof(BaseGraph), kind))
        {
            sink.Report(
                BlockSparseDiagnostics.BlockOptionRange,
                attribute.Argument(nameof(Defaults.Base)),
                nameof(Defaults.Base),
                (int)kind,
                "it is a member of BaseGraph");
            valid = false;
        }
        return valid ? new(halvings, kind, attribute.Get(nameof(Defaults.Seed), Defaults.Seed), factors.ToEquatableArray()) : null;
    }

    /// <summary>The two nearest sparsities that halvings give.</summary>
    private static Suggestion NearestSparsities(double sparsity) => new(
    [
        .. Enumerable.Range(1, BlockSettings.MostHalvings)
            .Select(BlockSettings.SparsityOf)
            .OrderBy(known => Math.Abs(known - sparsity))
            .Take(2)
            .OrderBy(known => known)
            .Select(Text),
    ]);

    private LearnedSpec Learned(int rows, int columns)
    {
        var hasTarget = attribute.Sets(nameof(Defaults.Sparsity));
        var target = hasTarget ? new LearnedTarget(Sparsity(), attribute.Get(nameof(Defaults.Balanced), false), Pruning()) : null;
        var penalty = Number(
            nameof(Defaults.Penalty),
            hasTarget ? 0 : Defaults.Penalty,
            BlockSettings.IsPenalty,
            "it is a finite number that is not negative, usually near 0.001");
        if (hasTarget)
            return new(rows, columns, penalty, target);

        foreach (var setting in attribute.NamedArguments.Where(setting => _ofTarget.Contains(setting.Key)))
            sink.Report(BlockSparseDiagnostics.LearnedOptionWithoutSparsity, attribute.Argument(setting.Key), setting.Key);
        if (penalty == 0)
            sink.Report(
                BlockSparseDiagnostics.NothingDropsBlocks,
                attribute.Argument(nameof(Defaults.Penalty)),
                new Suggestion(Text(Defaults.Penalty)),
                Text(Defaults.Penalty));
        return new(rows, columns, penalty, target);
    }

    private PruneSpec Pruning() => new(
        Steps(nameof(Defaults.PruneFrom), Defaults.PruneFrom),
        Steps(nameof(Defaults.PruneSteps), Defaults.PruneSteps),
        Steps(nameof(Defaults.PruneEvery), Defaults.PruneEvery),
        Fits: !attribute.Sets(nameof(Defaults.PruneSteps)));

    private double Sparsity() => Number(
        nameof(Defaults.Sparsity),
        Defaults.Sparsity,
        BlockSettings.IsSparsity,
        "it is the share of weights that do not exist, greater than 0 and less than 1");

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
        var set = attribute.Get<object>(property, otherwise) as IConvertible;
        var value = set?.ToDouble(CultureInfo.InvariantCulture) ?? otherwise;
        if (!isValid(value))
            Fault(property, value, range);
        return value;
    }

    private void Fault(string property, double value, string range)
    {
        sink.Report(BlockSparseDiagnostics.BlockOptionRange, attribute.Argument(property), property, Text(value), range);
        _isValid = false;
    }

    internal static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
