using System.Numerics;
using System.Runtime.InteropServices;
using SparseSharp.Layers;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Training;

/// <summary>
/// The moving average of one parameter, in the order of its values. Where only kept weights exist, their order changes with the mask, and
/// that of the factors of their blocks with it: the average of a value moves along, that of one that is dropped is forgotten, and one that
/// comes back begins with the value that it has then.
/// </summary>
/// <param name="part">The part that it belongs to.</param>
/// <param name="parameter">The parameter.</param>
internal sealed class ParameterAverage(LearnedPart part, Parameter parameter) : IDisposable
{
    private readonly PinnedBuffer<float> _values = new(parameter.Length);

    /// <summary>The matrix whose packed weights, or the factors of whose blocks, the values are; null where they do not move.</summary>
    private readonly Matrix? _packed =
        part.Matrix is { IsPacked: true } matrix && (parameter == matrix.Parameter || parameter == matrix.Scales) ? matrix : null;

    /// <summary>
    /// Place in <c>[rows, columns]</c> of the weight of each value, or of the first one of its block, from 1; 0 where there is none. Empty
    /// where values do not move.
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
        if (_packed is not null && !_mask.AsSpan().SequenceEqual(_packed.Mask!.Words))
            Move(_packed);
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
        part.Export(parameter, _values.Span, full);
    }

    /// <summary>Takes an average in its full shape.</summary>
    public void Import(ReadOnlySpan<float> full)
    {
        Restart();
        part.Import(parameter, full, _values.Span);
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();

    private void Move(Matrix packed)
    {
        using var full = new NativeBuffer<float>((long)packed.Rows * packed.Columns);
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
        if (_packed is null)
            return;
        _mask = _packed.Mask!.Words.ToArray();
        int[] numbers = [.. Enumerable.Range(1, _packed.Rows * _packed.Columns)];
        var places = new int[_packed.Parameter.Length];
        _packed.Import(MemoryMarshal.Cast<int, float>(numbers.AsSpan()), MemoryMarshal.Cast<int, float>(places.AsSpan()));
        _positions = new int[parameter.Length];
        var weights = places.Length / Math.Max(1, _positions.Length);
        for (var i = 0; i < _positions.Length; i++)
            _positions[i] = places[i * weights];
    }
}
