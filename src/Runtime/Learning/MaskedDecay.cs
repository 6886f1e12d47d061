using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SparseSharp.Learning;

/// <summary>
/// The gradient that a mask leaves of one row: <c>scale·g·(m + alpha·(1 - m)) + decay·(1 - m)·w</c>, as <see cref="GradientRule"/> says.
/// </summary>
internal readonly ref struct MaskedDecay : IGradientSource
{
    private readonly ref ulong _words;
    private readonly Vector<float> _decay;
    private readonly Vector<float> _keptScale;
    private readonly Vector<float> _maskedScale;
    private readonly Vector<int> _bits;

    /// <param name="words">Mask bits of the row.</param>
    /// <param name="rule">Alpha and decay.</param>
    /// <param name="scale">Factor on the gradient of the loss.</param>
    public MaskedDecay(ReadOnlySpan<ulong> words, GradientRule rule, float scale)
    {
        _words = ref MemoryMarshal.GetReference(words);
        _decay = new(rule.Decay);
        _keptScale = new(scale);
        _maskedScale = new(scale * rule.Alpha);
        _bits = new([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768]);
    }

    private MaskedDecay(ref ulong words, in MaskedDecay other)
    {
        this = other;
        _words = ref words;
    }

    /// <inheritdoc/>
    /// <remarks>The index counts columns; those of a vector lie in one word of the mask.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Load(ref readonly float gradient, ref readonly float value, nint index)
    {
        var kept = new Vector<int>((int)(Unsafe.Add(ref _words, index >> 6) >> (int)(index & 63))) & _bits;
        var masked = Vector.Equals(kept, Vector<int>.Zero).As<int, float>();
        var scale = Vector.ConditionalSelect(masked, _maskedScale, _keptScale);
        var decay = Vector.ConditionalSelect(masked, _decay, Vector<float>.Zero);
        return Vector.MultiplyAddEstimate(decay, Vector.LoadUnsafe(in value), scale * Vector.LoadUnsafe(in gradient));
    }

    /// <summary>Writes the gradient of a slice of the row to memory.</summary>
    /// <param name="first">First column, a multiple of 64.</param>
    /// <param name="values">The weights of the slice.</param>
    /// <param name="gradient">Their gradient of the loss.</param>
    /// <param name="total">Receives the sum.</param>
    public void Compute(int first, Span<float> values, ReadOnlySpan<float> gradient, Span<float> total) =>
        UpdateLoop.Run(default(Store), new MaskedDecay(ref Unsafe.Add(ref _words, first / 64), in this), values, gradient, total, []);

    /// <summary>A rule that changes nothing: the gradient itself is its state.</summary>
    private readonly struct Store : IElementUpdate
    {
        public void Apply(Vector<float> gradient, ref float value, ref float first, ref float second) => gradient.StoreUnsafe(ref first);
    }
}
