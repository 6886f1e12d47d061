using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>
/// Gives every value rows of the workspace. Values whose lives do not overlap may have the same rows; an element-wise op writes over an
/// operand that nobody needs afterwards.
/// </summary>
/// <remarks>Moments are numbered: 0 is the packing of the input, then one for each op of a pass.</remarks>
internal sealed class WorkspacePlanner
{
    private readonly ValueTable _values;
    private readonly int[] _owners;
    private readonly int[] _first;
    private readonly int[] _last;

    public WorkspacePlanner(ValueTable values)
    {
        _values = values;
        _owners = new int[values.Count];
        _first = new int[values.Count];
        _last = new int[values.Count];
        for (var value = 0; value < values.Count; value++)
        {
            _owners[value] = values.Cell(value);
            _first[value] = int.MaxValue;
            _last[value] = -1;
        }
    }

    /// <summary>Notes that something other than an op uses a value: the packing, the loss, the unpacking.</summary>
    public void Use(int value, int moment)
    {
        var cell = _owners[value];
        _first[cell] = Math.Min(_first[cell], moment);
        _last[cell] = Math.Max(_last[cell], moment);
    }

    /// <summary>Notes the uses of an op.</summary>
    public void Use(OpPlan op, int moment)
    {
        foreach (var value in op.Reads)
            Use(value, moment);
        foreach (var value in op.Writes)
            Use(value, moment);
    }

    /// <summary>Lets an op write its result over an operand that dies there. All uses must be known, and ops must come in order.</summary>
    public void ShareInPlace(OpPlan op, int moment)
    {
        if (!op.IsElementWise || op.Writes.Length == 0)
            return;
        var result = _owners[op.Writes[0]];
        if (_first[result] != moment)
            return;
        foreach (var operand in op.Reads)
        {
            var cell = _owners[operand];
            if (cell == result || _last[cell] != moment || _first[cell] == moment)
                continue;
            _last[cell] = _last[result];
            for (var value = 0; value < _owners.Length; value++)
            {
                if (_owners[value] == result)
                    _owners[value] = cell;
            }
            return;
        }
    }

    /// <summary>Places the values: large ones first or early ones first, whichever needs fewer rows, each at the first place that is free in its life.</summary>
    public WorkspacePlan Place()
    {
        var cells = Enumerable.Range(0, _owners.Length).Where(value => _owners[value] == value && _last[value] >= 0).ToArray();
        var bySize = FirstFit(cells.OrderByDescending(Rows).ThenBy(cell => _first[cell]).ThenBy(cell => cell));
        var byStart = FirstFit(cells.OrderBy(cell => _first[cell]).ThenByDescending(Rows).ThenBy(cell => cell));
        var (rows, slots) = byStart.Rows < bySize.Rows ? byStart : bySize;

        var values = new ValuePlan[_owners.Length];
        for (var value = 0; value < values.Length; value++)
        {
            var cell = _owners[value];
            values[value] = new(_values.Name(value), _values.Features(value), slots[cell], _first[cell], _last[cell]);
        }
        return new(rows, new(values));
    }

    private (int Rows, int[] Slots) FirstFit(IEnumerable<int> order)
    {
        var slots = new int[_owners.Length];
        var placed = new List<int>();
        var total = 0;
        foreach (var cell in order)
        {
            var slot = 0;
            foreach (var other in placed)
            {
                if (slots[other] >= slot + Rows(cell))
                    break;
                if (_first[other] <= _last[cell] && _first[cell] <= _last[other])
                    slot = Math.Max(slot, slots[other] + Rows(other));
            }

            slots[cell] = slot;
            total = Math.Max(total, slot + Rows(cell));
            var position = placed.FindIndex(other => slots[other] > slot);
            placed.Insert(position < 0 ? placed.Count : position, cell);
        }
        return (total, slots);
    }

    private int Rows(int value) => ValueTable.PaddedRows(_values.Features(value));
}
