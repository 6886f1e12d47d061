using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SparseSharp.Learning;

/// <summary>One vector of an update rule: reads and writes <c>Vector&lt;float&gt;.Count</c> elements of every array.</summary>
internal interface IElementUpdate
{
    /// <summary>Updates the elements at the references; a rule touches only the states it has.</summary>
    /// <param name="gradient">Their gradient, with all factors.</param>
    /// <param name="value">The first of the elements.</param>
    /// <param name="first">Their first state.</param>
    /// <param name="second">Their second state.</param>
    void Apply(Vector<float> gradient, ref float value, ref float first, ref float second);
}

/// <summary>What a rule takes as the gradient.</summary>
internal interface IGradientSource
{
    /// <summary>The gradient of <c>Vector&lt;float&gt;.Count</c> elements.</summary>
    /// <param name="gradient">The first of them in the gradient of the loss.</param>
    /// <param name="value">The first of them in the parameter.</param>
    /// <param name="index">Its place in the slice that is updated.</param>
    Vector<float> Load(ref readonly float gradient, ref readonly float value, nint index);
}

/// <summary>The gradient of the loss, scaled.</summary>
internal readonly struct ScaledGradient(float scale) : IGradientSource
{
    private readonly Vector<float> _scale = new(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Load(ref readonly float gradient, ref readonly float value, nint index) => _scale * Vector.LoadUnsafe(in gradient);
}

/// <summary>
/// Runs a rule over flat arrays in a single pass. The elements after the last whole vector go through a copy that is filled up with
/// zeros, so every element sees the same operations and the bits do not depend on where an array is cut into slices.
/// </summary>
internal static class UpdateLoop
{
    public static void Run<TRule, TSource>(
        TRule rule, TSource source, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where TRule : struct, IElementUpdate
        where TSource : struct, IGradientSource, allows ref struct
    {
        Check(values.Length, gradient.Length, first.Length, second.Length);
        var lanes = Vector<float>.Count;
        ref var value = ref MemoryMarshal.GetReference(values);
        ref var slope = ref MemoryMarshal.GetReference(gradient);
        // A state that the rule does not have is never touched: any valid reference will do.
        ref var state0 = ref first.IsEmpty ? ref value : ref MemoryMarshal.GetReference(first);
        ref var state1 = ref second.IsEmpty ? ref value : ref MemoryMarshal.GetReference(second);
        nint whole = values.Length - (values.Length % lanes);
        for (nint i = 0; i < whole; i += lanes)
        {
            rule.Apply(
                source.Load(ref Unsafe.Add(ref slope, i), ref Unsafe.Add(ref value, i), i),
                ref Unsafe.Add(ref value, i), ref Unsafe.Add(ref state0, i), ref Unsafe.Add(ref state1, i));
        }
        if (whole < values.Length)
            RunTail(rule, source, whole, values[(int)whole..], gradient[(int)whole..], From(first, whole), From(second, whole));
    }

    private static void RunTail<TRule, TSource>(
        TRule rule, TSource source, nint start, Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where TRule : struct, IElementUpdate
        where TSource : struct, IGradientSource, allows ref struct
    {
        var lanes = Vector<float>.Count;
        Span<float> copies = stackalloc float[4 * lanes];
        copies.Clear();
        values.CopyTo(copies);
        gradient.CopyTo(copies[lanes..]);
        first.CopyTo(copies[(2 * lanes)..]);
        second.CopyTo(copies[(3 * lanes)..]);
        rule.Apply(source.Load(ref copies[lanes], ref copies[0], start), ref copies[0], ref copies[2 * lanes], ref copies[3 * lanes]);
        copies[..values.Length].CopyTo(values);
        copies.Slice(2 * lanes, first.Length).CopyTo(first);
        copies.Slice(3 * lanes, second.Length).CopyTo(second);
    }

    private static Span<float> From(Span<float> state, nint start) => state.IsEmpty ? state : state[(int)start..];

    private static void Check(int values, int gradient, int first, int second)
    {
        if (gradient != values || (first != 0 && first != values) || (second != 0 && second != values))
        {
            throw new ArgumentException(
                $"Slices of one parameter must be equally long, not {values} values, {gradient} gradients and {first} and {second} states.");
        }
    }
}
