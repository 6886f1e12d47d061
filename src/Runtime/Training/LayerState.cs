using System.Numerics.Tensors;
using SparseSharp.Matrices;

namespace SparseSharp.Training;

/// <summary>What a layer has to remember, in memory.</summary>
internal sealed class LayerState : IStateWriter, IStateReader
{
    private readonly OrderedDictionary<string, (float[] Values, long[] Shape)> _floats = [];
    private readonly OrderedDictionary<string, Mask> _bits = [];
    private readonly OrderedDictionary<string, long> _numbers = [];

    /// <inheritdoc/>
    public string Owner => "this layer";

    /// <summary>The mask, or null for a dense layer.</summary>
    public Mask? Mask => _bits.GetValueOrDefault(StateNames.Mask);

    /// <summary>Whether a layer with a mask ran without it.</summary>
    public bool IsUnmasked => _numbers.GetValueOrDefault(StateNames.MaskOff) != 0;

    /// <inheritdoc/>
    public Span<float> AddFloats(string name, params ReadOnlySpan<long> shape)
    {
        var values = new float[TensorPrimitives.Product(shape)];
        Add(name, values, shape);
        return values;
    }

    /// <inheritdoc/>
    public void AddBits(string name, Mask mask) => _bits.Add(name, mask.Copy());

    /// <inheritdoc/>
    public void AddNumber(string name, long value) => _numbers.Add(name, value);

    /// <summary>Adds floats, which nobody changes from now on.</summary>
    public void Add(string name, float[] values, ReadOnlySpan<long> shape) => _floats.Add(name, (values, shape.ToArray()));

    /// <summary>Adds a mask, which nobody changes from now on.</summary>
    public void Add(string name, Mask mask) => _bits.Add(name, mask);

    /// <inheritdoc/>
    public float[] Floats(string name, params ReadOnlySpan<long> shape) => _floats[name].Values;

    /// <inheritdoc/>
    public Mask Bits(string name, int rows, int columns) => _bits[name];

    /// <inheritdoc/>
    public long Number(string name, long most) => _numbers[name];

    /// <inheritdoc/>
    public Exception Fault(string name, string fault) => new InvalidOperationException($"{name} {fault}.");

    /// <summary>Floats to change, which nobody else has.</summary>
    public float[] Change(string name) => _floats[name].Values;

    /// <summary>Elements of an array of floats; 0 where there is none.</summary>
    public int LengthOf(string name) => _floats.TryGetValue(name, out var floats) ? floats.Values.Length : 0;

    /// <summary>Writes everything.</summary>
    public void Save(IStateWriter writer)
    {
        foreach (var (name, (values, shape)) in _floats)
            values.CopyTo(writer.AddFloats(name, shape));
        foreach (var (name, mask) in _bits)
            writer.AddBits(name, mask);
        foreach (var (name, value) in _numbers)
            writer.AddNumber(name, value);
    }
}
