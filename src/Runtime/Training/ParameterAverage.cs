using System.Numerics;
using System.Runtime.InteropServices;
using SparseSharp.Layers;
using SparseSharp.Numerics;

namespace SparseSharp.Training;

/// <summary>
/// The moving average of one parameter, in the order of its values. Where only kept weights exist, their order changes with the mask: the
/// average of a weight moves along, that of one that is
/// dropped is forgotten, and one that comes back begins with the value that it has then.
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="parameter">The parameter.</param>
internal sealed class ParameterAverage(LayerWeights layer, Parameter parameter) : IDisposable
{
    private readonly PinnedBuffer<float> _values = new(parameter.Length);
    private readonly bool _moves = parameter == layer.Parameter && layer.Matrix.IsPacked;

    /// <summary>
    /// Place in <c>[rows, columns]</c> of each packed weight, from 1; 0 where there is none. Empty where weights do not move.
    /// </summary>
    private int[] _positions = [];
    private ulong[] _mask = [];

    /// <summary>The parameter.</summary>
    public Parameter Parameter => parameter;

    /// <summary>Begins anew with the values as they are.</summary>
    public void Restart()
    {
        var values = parameter.Values;
        _values.Resize(values.Length);
        values.CopyTo(_values.Span);
        Locate();
    }

    /// <summary>Brings the average into the order of the values as they are.</summary>
    public void Align()
    {
        // Copies that learn in place of the values give them back.
        _ = parameter.Values;
        if (_moves && !_mask.AsSpan().SequenceEqual(layer.Matrix.Mask!.Words))
            Move();
        else if (_values.Length != parameter.Length)
            Restart();
    }

    /// <summary>Adds the values of a step to a share of the average; <see cref="Align"/> comes before.</summary>
    /// <param name="rate">Share of the values.</param>
    /// <param name="worker">Number of the worker.</param>
    /// <param name="workers">Workers that take part.</param>
    public void Add(float rate, int worker, int workers)
    {
        var length = (long)parameter.Length;
        var share = (int)(length * worker / workers)..(int)(length * (worker + 1) / workers);
        var values = parameter.RawValues[share];
        var average = _values.Span[share];
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(average);
        var added = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] += (added[i] - vectors[i]) * rate;
        for (var i = vectors.Length * Vector<float>.Count; i < average.Length; i++)
            average[i] += (values[i] - average[i]) * rate;
    }

    /// <summary>Copies the average in its full shape.</summary>
    public void Export(Span<float> full)
    {
        Align();
        layer.Export(parameter, _values.Span, full);
    }

    /// <summary>Takes an average in its full shape.</summary>
    public void Import(ReadOnlySpan<float> full)
    {
        Restart();
        layer.Import(parameter, full, _values.Span);
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();

    private void Move()
    {
        var (rows, columns) = (layer.Matrix.Rows, layer.Matrix.Columns);
        using var full = new NativeBuffer<float>((long)rows * columns);
        full.Span.Fill(float.NaN);
        for (var i = 0; i < _positions.Length; i++)
        {
            if (_positions[i] > 0)
                full.Span[_positions[i] - 1] = _values.Span[i];
        }
        Restart();
        for (var i = 0; i < _positions.Length; i++)
        {
            if (_positions[i] > 0 && full.Span[_positions[i] - 1] is var before && !float.IsNaN(before))
                _values.Span[i] = before;
        }
    }

    /// <summary>Notes where the weights belong: numbers go the way of weights, as bits that nobody computes with.</summary>
    private void Locate()
    {
        if (!_moves)
            return;
        _mask = layer.Matrix.Mask!.Words.ToArray();
        int[] numbers = [.. Enumerable.Range(1, layer.Matrix.Rows * layer.Matrix.Columns)];
        _positions = new int[parameter.Length];
        layer.Matrix.Import(MemoryMarshal.Cast<int, float>(numbers.AsSpan()), MemoryMarshal.Cast<int, float>(_positions.AsSpan()));
    }
}
