using System.ComponentModel;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>
/// Activation functions with constants, and their gradients, which need the results alone. Each works on the rows of the calling team
/// member; an output may be the same block as an input.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class ShapedActivations
{
    private const int Chunk = 256;

    /// <summary><c>y = x</c> where x is positive, else <c>slope·x</c>; the slope is not negative.</summary>
    public static void LeakyRelu(in PanelPass pass, float slope, ref float x, ref float y, int features) =>
        Apply(new LeakyRelu(slope), Elementwise.Rows(in pass, ref x, features), Elementwise.Rows(in pass, ref y, features));

    /// <summary>The gradient of <see cref="LeakyRelu(in PanelPass, float, ref float, ref float, int)"/>.</summary>
    public static void LeakyReluGrad(
        in PanelPass pass, float slope, ref float dy, ref float y, ref float dx, int features, bool accumulate) =>
        Differentiate(in pass, new LeakyRelu(slope), ref dy, ref y, ref dx, features, accumulate);

    /// <summary><c>y = min(max(x, least), most)</c>; a NaN stays.</summary>
    public static void Clip(in PanelPass pass, float least, float most, ref float x, ref float y, int features) =>
        Apply(new Clip(least, most), Elementwise.Rows(in pass, ref x, features), Elementwise.Rows(in pass, ref y, features));

    /// <summary>
    /// The gradient of <see cref="Clip(in PanelPass, float, float, ref float, ref float, int)"/>: 0 where the result is a bound.
    /// </summary>
    public static void ClipGrad(
        in PanelPass pass, float least, float most, ref float dy, ref float y, ref float dx, int features, bool accumulate) =>
        Differentiate(in pass, new Clip(least, most), ref dy, ref y, ref dx, features, accumulate);

    /// <summary><c>y = x</c> where x is positive, else <c>alpha·(exp(x) - 1)</c>.</summary>
    public static void Elu(in PanelPass pass, float alpha, ref float x, ref float y, int features)
    {
        var source = Elementwise.Rows(in pass, ref x, features);
        var target = Elementwise.Rows(in pass, ref y, features);
        Span<float> buffer = stackalloc float[Chunk];
        for (var at = 0; at < source.Length; at += Chunk)
        {
            var part = source.Slice(at, Math.Min(Chunk, source.Length - at));
            var negative = buffer[..part.Length];
            TensorPrimitives.Min(part, 0f, negative);
            TensorPrimitives.Exp(negative, negative);
            TensorPrimitives.Subtract(negative, 1f, negative);
            TensorPrimitives.Multiply(negative, alpha, negative);
            TensorPrimitives.Max(part, 0f, target.Slice(at, part.Length));
            TensorPrimitives.Add(target.Slice(at, part.Length), negative, target.Slice(at, part.Length));
        }
    }

    /// <summary>The gradient of <see cref="Elu(in PanelPass, float, ref float, ref float, int)"/>.</summary>
    public static void EluGrad(in PanelPass pass, float alpha, ref float dy, ref float y, ref float dx, int features, bool accumulate) =>
        Differentiate(in pass, new Elu(alpha), ref dy, ref y, ref dx, features, accumulate);

    private static void Apply<TShape>(TShape shape, Span<float> x, Span<float> y)
        where TShape : struct, IShape
    {
        fixed (float* source = x, target = y)
        {
            if (PanelGeometry.Lanes == Lanes16.Count)
                Apply<TShape, Lanes16>(shape, source, target, y.Length);
            else if (PanelGeometry.Lanes == Lanes8.Count)
                Apply<TShape, Lanes8>(shape, source, target, y.Length);
            else
                Apply<TShape, Lanes4>(shape, source, target, y.Length);
        }
    }

    private static void Differentiate<TShape>(
        in PanelPass pass, TShape shape, ref float dy, ref float y, ref float dx, int features, bool accumulate)
        where TShape : struct, IShapeGradient
    {
        var rows = Elementwise.Rows(in pass, ref dx, features);
        fixed (float* gradient = Elementwise.Rows(in pass, ref dy, features))
        fixed (float* result = Elementwise.Rows(in pass, ref y, features))
        fixed (float* target = rows)
        {
            if (PanelGeometry.Lanes == Lanes16.Count)
                Differentiate<TShape, Lanes16>(shape, gradient, result, target, rows.Length, accumulate);
            else if (PanelGeometry.Lanes == Lanes8.Count)
                Differentiate<TShape, Lanes8>(shape, gradient, result, target, rows.Length, accumulate);
            else
                Differentiate<TShape, Lanes4>(shape, gradient, result, target, rows.Length, accumulate);
        }
    }

    /// <summary>Rows are whole vectors, in panels and in sample-major passes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TShape, TLanes>(TShape shape, float* x, float* y, int length)
        where TShape : struct, IShape
        where TLanes : struct, IFloatLanes<TLanes>
    {
        for (var i = 0; i < length; i += TLanes.Count)
            shape.Value(TLanes.Load(x + i)).Store(y + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate<TShape, TLanes>(TShape shape, float* dy, float* y, float* dx, int length, bool accumulate)
        where TShape : struct, IShapeGradient
        where TLanes : struct, IFloatLanes<TLanes>
    {
        for (var i = 0; i < length; i += TLanes.Count)
        {
            var gradient = shape.Gradient(TLanes.Load(dy + i), TLanes.Load(y + i));
            (accumulate ? TLanes.Load(dx + i) + gradient : gradient).Store(dx + i);
        }
    }
}

/// <summary>The gradient of a function with constants.</summary>
internal interface IShapeGradient
{
    /// <summary>The gradient of the operand from that of the result and the result.</summary>
    TLanes Gradient<TLanes>(TLanes dy, TLanes y)
        where TLanes : struct, IFloatLanes<TLanes>;
}

/// <summary>A function with constants.</summary>
internal interface IShape : IShapeGradient
{
    TLanes Value<TLanes>(TLanes x)
        where TLanes : struct, IFloatLanes<TLanes>;
}

/// <summary>A line through 0 with another slope on its left.</summary>
internal readonly struct LeakyRelu(float slope) : IShape
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Value<TLanes>(TLanes x)
        where TLanes : struct, IFloatLanes<TLanes> => TLanes.Select(x > TLanes.Create(0), x, TLanes.Create(slope) * x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Gradient<TLanes>(TLanes dy, TLanes y)
        where TLanes : struct, IFloatLanes<TLanes> => TLanes.Select(y > TLanes.Create(0), dy, TLanes.Create(slope) * dy);
}

/// <summary>A line between two bounds.</summary>
internal readonly struct Clip(float least, float most) : IShape
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Value<TLanes>(TLanes x)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var (low, high) = (TLanes.Create(least), TLanes.Create(most));
        return TLanes.Select(x < low, low, TLanes.Select(x > high, high, x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Gradient<TLanes>(TLanes dy, TLanes y)
        where TLanes : struct, IFloatLanes<TLanes> => dy & (y > TLanes.Create(least)) & (y < TLanes.Create(most));
}

/// <summary>A line on the right of 0 and an exponential function on the left.</summary>
internal readonly struct Elu(float alpha) : IShapeGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Gradient<TLanes>(TLanes dy, TLanes y)
        where TLanes : struct, IFloatLanes<TLanes> => TLanes.Select(y > TLanes.Create(0), dy, dy * (y + TLanes.Create(alpha)));
}
