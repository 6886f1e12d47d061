using System.Globalization;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>
/// Floats of a layer that files and checkpoints hold under a name of their own: a vector that learns, or a buffer that does not.
/// </summary>
internal interface INamedVector
{
    /// <summary>The name within the layer, for example <c>bias</c> or <c>running_mean</c>.</summary>
    string Name { get; }

    /// <summary>Number of values.</summary>
    int Length { get; }

    /// <summary>The shape in files.</summary>
    long[] Shape => [Length];

    /// <summary>What no value may be below.</summary>
    float Least => float.MinValue;

    /// <summary>The values.</summary>
    Span<float> Values { get; }

    /// <summary>Comes after a change of the values from outside.</summary>
    void NoteReplacement();
}

/// <summary>Setting, saving and restoring named vectors.</summary>
internal static class NamedVector
{
    /// <summary>Replaces the values.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="values">As many finite ones.</param>
    /// <exception cref="ArgumentException">The number of values is another one, or a value is not finite.</exception>
    public static void Set(this INamedVector vector, ReadOnlySpan<float> values)
    {
        var name = vector.Name;
        if (values.Length != vector.Length)
            throw new ArgumentException($"The {name} has {values.Length} values; this layer needs {vector.Length}.", name);
        if (!FiniteValues.Are(values))
        {
            var first = FiniteValues.First(values);
            throw new ArgumentException($"The {name} holds {values[first]} at output {first}; every value must be finite.", name);
        }
        if (vector.Fault(values) is { } fault)
            throw new ArgumentException($"The {name} {fault}.", name);
        values.CopyTo(vector.Values);
        vector.NoteReplacement();
    }

    /// <summary>What is wrong with values beside those that are not finite, in words that follow their name; null for nothing.</summary>
    public static string? Fault(this INamedVector vector, ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (value < vector.Least)
                return string.Create(CultureInfo.InvariantCulture, $"holds {value}, but no value may be below {vector.Least}");
        }
        return null;
    }

    /// <summary>Writes the values, for checkpoints and for files of models alike.</summary>
    public static void Save(this INamedVector vector, IStateWriter writer) =>
        vector.Values.CopyTo(writer.AddFloats(vector.Name, vector.Shape));

    /// <summary>Reads and checks what <see cref="Save"/> has written.</summary>
    /// <returns>What puts it in place; nothing has changed before.</returns>
    public static Action Restore(this INamedVector vector, IStateReader reader)
    {
        var values = reader.Floats(vector.Name, vector.Shape);
        if (vector.Fault(values) is { } fault)
            throw reader.Fault(vector.Name, fault);
        return () => vector.Set(values);
    }
}
