using SparseSharp.Generator.Operations;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Planning;

/// <summary>
/// Gives every value rows of the workspace. Values whose lives do not overlap may have the same rows; an element-wise call writes over an
/// operand that nobody needs afterwards.
/// </summary>
/// <remarks>Moments are numbered: 0 is the packing of the input, then one for each call of a pass.</remarks>
internal sealed class WorkspacePlanner
{
    private readonly ValueTable _values;
    private readonly bool _inParts;
    private readonly int[] _owners;
    private readonly Life[] _lives;
    private readonly Life[] _cells;

    /// <param name="values">The values.</param>
    /// <param name="inParts">Whether images may lie in parts.</param>
    public WorkspacePlanner(ValueTable values, bool inParts = false)
    {
        (_values, _inParts) = (values, inParts);
        _owners = new int[values.Count];
        _lives = new Life[values.Count];
        _cells = new Life[values.Count];
        for (var value = 0; value < values.Count; value++)
        {
            _owners[value] = values.Cell(value);
            _lives[value] = _cells[value] = Life.None;
        }
    }

    /// <summary>Notes that something other than a call uses a value: the packing, the loss, the unpacking.</summary>
    public void Use(int value, int moment)
    {
        _lives[value] = _lives[value].With(moment);
        _cells[_owners[value]] = _cells[_owners[value]].With(moment);
    }

    /// <summary>Notes the uses of a call.</summary>
    public void Use(Call call, int moment)
    {
        foreach (var value in call.Reads)
            Use(value, moment);
        foreach (var value in call.Writes)
            Use(value, moment);
    }

    /// <summary>
    /// Lets a call write its result over an operand that dies there. All uses must be known, and calls must come in order.
    /// </summary>
    public void ShareInPlace(Call call, int moment)
    {
        if (!call.IsElementWise || call.Writes.Count == 0)
            return;
        var result = _owners[call.Writes[0]];
        if (_cells[result].First != moment)
            return;
        foreach (var operand in call.ElementReads)
        {
            var cell = _owners[operand];
            if (cell == result || _cells[cell].Last != moment)
                continue;
            _cells[cell] = _cells[cell].With(_cells[result].Last);
            for (var value = 0; value < _owners.Length; value++)
            {
                if (_owners[value] == result)
                    _owners[value] = cell;
            }
            return;
        }
    }

    /// <summary>
    /// Places the values: large ones first or early ones first, whichever needs fewer rows, each at the first place that is free in its
    /// life.
    /// </summary>
    public WorkspacePlan Place()
    {
        var cells = Enumerable.Range(0, _owners.Length).Where(value => _owners[value] == value && _cells[value].Last >= 0).ToArray();
        var bySize = FirstFit(cells.OrderByDescending(Rows).ThenBy(cell => _cells[cell].First).ThenBy(cell => cell));
        var byStart = FirstFit(cells.OrderBy(cell => _cells[cell].First).ThenByDescending(Rows).ThenBy(cell => cell));
        var (rows, slots) = byStart.Rows < bySize.Rows ? byStart : bySize;

        var values = new ValuePlan[_owners.Length];
        for (var value = 0; value < values.Length; value++)
            values[value] =
                new(_values.Name(value), _values.Layout(value), slots[_owners[value]], _lives[value].First, _lives[value].Last);
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
                if (_cells[other].Overlaps(_cells[cell]))
                    slot = Math.Max(slot, slots[other] + Rows(other));
            }

            slots[cell] = slot;
            total = Math.Max(total, slot + Rows(cell));
            var position = placed.FindIndex(other => slots[other] > slot);
            placed.Insert(position < 0 ? placed.Count : position, cell);
        }
        return (total, slots);
    }

    private int Rows(int value) => DataLayout.PaddedRows(_inParts ? _values.Layout(value).MostLines : _values.Lines(value));

    /// <summary>From the moment of the first use to that of the last.</summary>
    private readonly record struct Life(int First, int Last)
    {
        public static readonly Life None = new(int.MaxValue, -1);

        public Life With(int moment) => new(Math.Min(First, moment), Math.Max(Last, moment));

        public bool Overlaps(Life other) => First <= other.Last && other.First <= Last;
    }
}
