using SparseSharp.Settings;

namespace SparseSharp.Generator.Graphs;

/// <summary>
/// Splits a layer into the factors of its mask and builds their graphs. Ways are ordered by integers alone, so that they have the same
/// order on every machine: wide blocks first, for fast kernels; then degrees of three and more, halvings shared out between the factors so
/// that whole tiles of the input are skipped, the widest guaranteed spectral gap, and short lists.
/// </summary>
/// <remarks>Another order means other masks: saved models would no longer fit.</remarks>
internal sealed class BlockPlanner
{
    /// <summary>Entries of the lists of both factors together, which are constants in the emitted code.</summary>
    public const int MostEdges = 2048;

    private static readonly int[] _blockWidths = [4, 2, 1];

    private readonly BlockRequest _request;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<(FactorShape Shape, bool IsInner), PlannedFactor?> _built = [];

    private BlockPlanner(BlockRequest request, CancellationToken cancellation)
    {
        _request = request;
        _cancellation = cancellation;
    }

    /// <summary>The plan of a request of which the output features are a multiple of four, and the sparsity a dyadic one.</summary>
    public static BlockResult Plan(BlockRequest request, CancellationToken cancellation)
    {
        var planner = new BlockPlanner(request, cancellation);
        return request.Factors.Count > 0 ? planner.PlanExplicit() : planner.PlanFreely();
    }

    private BlockResult PlanFreely()
    {
        if (Halvings(_request.Rows / BlockRequest.SharedRows) < _request.Halvings)
            return new(Plan: null, BlockFaultKind.Outputs);
        if (Halvings(_request.Columns) < _request.Halvings)
            return new(Plan: null, BlockFaultKind.Inputs);

        foreach (var width in _blockWidths.Where(width => _request.Columns % width == 0))
        {
            var candidates = Candidates(width).ToList();
            candidates.Sort();
            foreach (var candidate in candidates)
            {
                if (TryBuild(candidate) is { } plan)
                    return new(plan);
            }
        }
        return _built.Count > 0 ? Closest() : new(Plan: null, BlockFaultKind.Degrees);
    }

    private IEnumerable<Candidate> Candidates(int width)
    {
        var (rows, columns) = (_request.Rows / BlockRequest.SharedRows, _request.Columns / width);
        var (rowParts, columnParts) = (Divisors(rows), Divisors(columns));
        for (var outerHalvings = 0; outerHalvings <= _request.Halvings; outerHalvings++)
        {
            _cancellation.ThrowIfCancellationRequested();
            var halvings = _request.Halvings - outerHalvings;

            // A tile without a pattern would be a coarse dense one.
            foreach (var innerRows in halvings == 0 ? [1] : rowParts)
            {
                foreach (var innerColumns in halvings == 0 ? [1] : columnParts)
                {
                    var inner = new FactorShape(innerRows, innerColumns, halvings);
                    var outer = new FactorShape(rows / innerRows, columns / innerColumns, outerHalvings);
                    if ((long)outer.Edges + inner.Edges <= MostEdges
                        && PlannedFactor.Exists(inner, _request.Base)
                        && PlannedFactor.Exists(outer, _request.Base))
                        yield return new(outer, BlockRequest.SharedRows, 1, inner, 1, width);
                }
            }
        }
    }

    private BlockResult PlanExplicit()
    {
        var f = _request.Factors;
        if (ExplicitFault() is { } fault)
            return new(Plan: null, BlockFaultKind.Factors, fault);
        var candidate = new Candidate(new(f[0], f[1], f[2]), f[3], f[4], new(f[5], f[6], f[7]), f[8], f[9]);
        return TryBuild(candidate) is { } plan ? new(plan) : Closest();
    }

    private string? ExplicitFault()
    {
        var f = _request.Factors;
        if (f.Count != 10)
            return $"are {f.Count} numbers, not 10";
        for (var index = 0; index < f.Count; index++)
        {
            var isHalvings = index is 2 or 7;
            if (f[index] < (isHalvings ? 0 : 1) || (isHalvings && f[index] > BlockSettings.MostHalvings))
                return $"have {f[index]} in place {index}, which must be {(isHalvings ? $"from 0 to {BlockSettings.MostHalvings}" : "at least 1")}";
        }

        var rows = (long)f[0] * f[3] * f[5] * f[8];
        var columns = (long)f[1] * f[4] * f[6] * f[9];
        if (rows != _request.Rows || columns != _request.Columns)
            return $"give {rows} output features ({f[0]} x {f[3]} x {f[5]} x {f[8]}) and {columns} input features ({f[1]} x {f[4]} x {f[6]} x {f[9]}), but the layer has {_request.Rows} and {_request.Columns}";
        if (f[2] + f[7] is var halvings
            && (halvings is < 1 or > BlockSettings.MostHalvings || (_request.Halvings > 0 && halvings != _request.Halvings)))
            return $"halve the weights {halvings} times, {(_request.Halvings > 0 ? $"but Sparsity needs {_request.Halvings}" : $"which must be 1 to {BlockSettings.MostHalvings} times")}";

        FactorShape[] shapes = [new(f[0], f[1], f[2]), new(f[5], f[6], f[7])];
        foreach (var shape in shapes)
        {
            if (!shape.IsPossible)
                return $"have a factor {shape} that is no graph: {shape.Fault}";
            if (!PlannedFactor.Exists(shape, _request.Base))
                return $"have a factor {shape}, but a sum of permutations is square and has at least 3 neighbours";
        }
        return (long)shapes[0].Edges + shapes[1].Edges > MostEdges
            ? $"have graphs with {shapes[0].Edges + shapes[1].Edges} edges, more than {MostEdges}"
            : null;
    }

    private BlockPlan? TryBuild(Candidate candidate)
    {
        if (Build(candidate.Outer, isInner: false) is not { } outer || Build(candidate.Inner, isInner: true) is not { } inner)
            return null;
        var hash = MaskHash.Of(
            outer.Graph, candidate.RowRepeats, candidate.ColumnRepeats, inner.Graph, candidate.BlockRows, candidate.BlockColumns);
        return new(outer, candidate.RowRepeats, candidate.ColumnRepeats, inner, candidate.BlockRows, candidate.BlockColumns, hash);
    }

    private PlannedFactor? Build(FactorShape shape, bool isInner)
    {
        if (!_built.TryGetValue((shape, isInner), out var factor))
            _built.Add((shape, isInner), factor = PlannedFactor.Build(shape, _request.Base, _request.Seed, isInner, _cancellation));
        return factor;
    }

    /// <summary>The factor that came closest to being accepted, where the attempts at it are known.</summary>
    private BlockResult Closest()
    {
        var best = new BlockResult(Plan: null, BlockFaultKind.Graphs);
        if (_request.Base != BaseGraph.GfLift)
            return best;
        foreach (var ((shape, isInner), factor) in _built.Select(pair => (pair.Key, pair.Value)))
        {
            if (factor is not null)
                continue;
            var second = PlannedFactor.ClosestSecond(shape, _request.Seed, isInner, _cancellation);
            if (best.Bound == 0 || second * best.Bound < best.Second * shape.Bound)
                best = best with { Shape = shape, Second = second };
        }
        return best;
    }

    /// <summary>How often a number can be halved.</summary>
    private static int Halvings(int number)
    {
        var count = 0;
        for (; number % 2 == 0; number /= 2)
            count++;
        return count;
    }

    private static int[] Divisors(int number) => [.. Enumerable.Range(1, number).Where(divisor => number % divisor == 0)];
}
