using System.Runtime.CompilerServices;

namespace SparseSharp.Architecture.Tests;

/// <summary>The rooms of the runtime and the floors that they are on: a room uses rooms of its floor and of lower ones.</summary>
public static class Floors
{
    /// <summary>The folder of the runtime.</summary>
    public static string Runtime { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", "src", "Runtime"));

    /// <summary>
    /// The floors from the lowest on; rooms of a floor in an order in which each uses only those before it, but for the highest.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<string>> All { get; } =
    [
        ["Numerics", "Workers"],
        ["Masks", "Masks/Search", "Patterns"],
        ["Panels", "Kernels", "Matrices"],
        ["Products", "Normalisation", "Convolutions", "Learning"],
        ["Sparsity"],
        ["Layers"],
        ["Models"],
        ["Autograd", "Data", "Files", "Pruning", "Training"],
    ];

    /// <summary>Files that use files of a higher room, or of a later one of their own floor: <c>from -> to</c>.</summary>
    public static IEnumerable<string> Violations(FileGraph graph)
    {
        var places = All.SelectMany((rooms, floor) => rooms.Select((
            room,
            place) => (room, place: (floor, floor == All.Count - 1 ? 0 : place)))).ToDictionary(entry => entry.room, entry => entry.place);
        return
            from file in graph.Files
            from used in graph.Uses[file]
            where Place(used).CompareTo(Place(file)) > 0
            select $"{file} -> {used}";

        (int Floor, int Place) Place(string file) =>
            places.TryGetValue(RoomOf(file), out var place)
                ? place
                : throw new InvalidOperationException($"{file} is in no room of the house.");
    }

    /// <summary>The room of a file: its folder.</summary>
    public static string RoomOf(string file) => Path.GetDirectoryName(file)!.Replace('\\', '/') is { Length: > 0 } folder ? folder : ".";

    /// <summary>Prints rooms, what they use, and circles.</summary>
    public static void Print(FileGraph graph, TextWriter output)
    {
        for (var floor = All.Count - 1; floor >= 0; floor--)
        {
            output.WriteLine($"Floor {floor + 1}");
            foreach (var room in All[floor])
                PrintRoom(graph, room, output);
        }
        output.WriteLine();
        foreach (var violation in Violations(graph))
            output.WriteLine($"upwards: {violation}");
        foreach (var circle in graph.Circles())
            output.WriteLine($"circle of {circle.Count}: {string.Join(", ", circle)}");
    }

    private static void PrintRoom(FileGraph graph, string room, TextWriter output)
    {
        string[] files = [.. graph.Files.Where(file => RoomOf(file) == room)];
        var used =
            from file in files
            from other in graph.Uses[file]
            let target = RoomOf(other)
            where target != room
            group other by target into uses
            orderby uses.Key
            select $"{uses.Key} ({uses.Distinct().Count()})";
        output.WriteLine($"  {room,-13} {files.Length,3} files, uses {string.Join(", ", used)}");
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
