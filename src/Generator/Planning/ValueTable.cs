namespace SparseSharp.Generator.Planning;

/// <summary>The values of a pass while it is planned. Values that are one piece of memory from the start share a cell.</summary>
internal sealed class ValueTable
{
    private readonly List<Entry> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public int Count => _entries.Count;

    /// <summary>A value with memory of its own.</summary>
    public int Add(string name, ValueLayout layout) => Append(name, layout, _entries.Count);

    /// <summary>Another name for the memory of a value, for what the memory means later.</summary>
    public int Alias(string name, int value) => Append(name, _entries[value].Layout, _entries[value].Cell);

    /// <summary>A value with memory of its own for what another one is when rounded.</summary>
    public int AddRounded(int value) => Add(Name(value) + "Rounded", Layout(value));

    public string Name(int value) => _entries[value].Name;

    public ValueLayout Layout(int value) => _entries[value].Layout;

    /// <summary>Rows of a panel that the value takes, without the padding behind them.</summary>
    public int Lines(int value) => _entries[value].Layout.Lines;

    /// <summary>The value whose memory it is.</summary>
    public int Cell(int value) => _entries[value].Cell;

    private int Append(string name, ValueLayout layout, int cell)
    {
        var unique = name;
        for (var number = 2; !_names.Add(unique); number++)
            unique = $"{name}_{number}";
        _entries.Add(new Entry(unique, layout, cell));
        return _entries.Count - 1;
    }

    private sealed record Entry(string Name, ValueLayout Layout, int Cell);
}
