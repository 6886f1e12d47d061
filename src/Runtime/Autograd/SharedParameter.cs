using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SparseSharp.Layers;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>A parameter of a model whose memory belongs to another framework.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class SharedParameter
{
    /// <summary>Zeroed floats that the memory must have behind the parameter: kernels read ahead.</summary>
    public const int Room = PinnedBuffer<float>.Room;

    private readonly LayerParts _layer;
    private readonly LearnedPart _part;
    private readonly Parameter _parameter;

    /// <summary>The matrix whose weights it is, or null.</summary>
    private readonly Matrix? _matrix;

    internal SharedParameter(LayerParts layer, LearnedPart part, Parameter parameter, LayerDescriptor descriptor)
    {
        (_layer, _part, _parameter) = (layer, part, parameter);
        _matrix = parameter == part.Matrix?.Parameter ? part.Matrix : null;
        Name = $"{descriptor.FileName}.{parameter.Name}";
        FullShape = _matrix is not null ? [_matrix.Rows, _matrix.Columns] : part is LearnedVector vector ? vector.Shape : [parameter.Length];
        Shape = IsPacked ? [parameter.Length] : FullShape;
    }

    /// <summary>As in a model file, for example <c>first.stem.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Elements.</summary>
    public int Length => _parameter.Length;

    /// <summary>As it learns: <c>[out, in]</c>, <c>[out]</c> or, where only kept weights exist, their number.</summary>
    public long[] Shape { get; }

    /// <summary>As others store it: <c>[out, in]</c>, <c>[out]</c>, or the shape of a value that is normalised.</summary>
    public long[] FullShape { get; }

    /// <summary>Whether only kept weights exist, in an order of their own.</summary>
    public bool IsPacked => _matrix is { IsPacked: true };

    /// <summary>Whether this is the weight of a layer with a mask.</summary>
    public bool HasMask => _matrix?.Mask is not null;

    /// <summary>Moves the parameter into other memory, which it stays in until <see cref="Return"/>.</summary>
    /// <param name="memory">Memory that does not move: <see cref="Length"/> floats, and <see cref="Room"/> zeroed ones behind them.</param>
    /// <exception cref="ArgumentException">The memory has another length.</exception>
    public void Share(Span<float> memory)
    {
        if (memory.Length != Length + Room)
            throw new ArgumentException($"{Name} needs {Length} + {Room} floats of memory, not {memory.Length}.", nameof(memory));
        using var scope = _layer.Lifetime.Change();
        _parameter.Buffer.Borrow((float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory)));
    }

    /// <summary>Where a gradient goes that <see cref="AutogradPass{TModel}.Backward"/> computes.</summary>
    /// <param name="gradient">Memory that does not move: <see cref="Length"/> floats.</param>
    /// <exception cref="ArgumentException">The memory has another length.</exception>
    public nint GradientAddress(Span<float> gradient)
    {
        if (gradient.Length != Length)
            throw new ArgumentException($"The gradient of {Name} has {Length} values, not {gradient.Length}.", nameof(gradient));
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(gradient));
    }

    /// <summary>Moves the parameter back into memory of the model.</summary>
    public void Return()
    {
        using var scope = _layer.Lifetime.Change();
        _parameter.Buffer.Return();
        _part.NoteReplacement();
    }

    /// <summary>Copies the parameter as <see cref="FullShape"/>; masked weights that do not exist are 0.</summary>
    /// <param name="target">Receives it, row-major.</param>
    public void Export(Span<float> target)
    {
        using var scope = _layer.Lifetime.Use();
        _part.Export(_parameter, _parameter.Values, target);
    }

    /// <summary>Replaces the parameter by one of <see cref="FullShape"/>; the mask of a layer is found anew.</summary>
    /// <param name="source">Row-major; every value finite.</param>
    /// <exception cref="ArgumentException">The length does not fit, or a value is not finite.</exception>
    public void Import(ReadOnlySpan<float> source)
    {
        using var scope = _layer.Lifetime.Change();
        _part.Set(source);
    }

    /// <summary>Whether the mask may have changed after a step.</summary>
    /// <param name="step">Number of the step, from 1.</param>
    public bool MaskIsDue(long step) =>
        HasMask && _matrix!.Pattern is { KeepsMaskedWeights: true } pattern && step % pattern.SearchInterval == 0;

    /// <summary>Writes 1 for each weight that is kept and 0 for the others, <c>[out, in]</c>.</summary>
    /// <param name="target">Receives the mask, row-major.</param>
    public void CopyMask(Span<byte> target)
    {
        var mask = _matrix!.Mask!;
        for (var row = 0; row < mask.Rows; row++)
        {
            var words = mask.Row(row);
            for (var column = 0; column < mask.Columns; column++)
                target[(row * mask.Columns) + column] = (byte)((words[column >> 6] >> (column & 63)) & 1);
        }
    }

    /// <summary>Clears the gradient that is coming where nothing writes to it: in the room of packed weights that no mask uses.</summary>
    internal void BeginGradient(float* gradient)
    {
        // Room that no kept weight takes, and the gradient of a frozen layer, are not computed.
        if (IsPacked || _part.IsFrozen)
            new Span<float>(gradient, Length).Clear();
        _parameter.GradientTarget = gradient;
    }

    internal void EndGradient() => _parameter.GradientTarget = null;
}
