using System.Numerics.Tensors;

namespace SparseSharp.Kernels;

/// <summary>Activation functions and their derivatives over spans.</summary>
internal static class ActivationMath
{
    private const int Chunk = 256;
    private const float GeluScale = 0.7978845608f; // √(2/π)
    private const float GeluCubic = 0.044715f;

    /// <summary><c>y = activation(x)</c>; y may be x.</summary>
    public static void Apply(ActivationKind kind, ReadOnlySpan<float> x, Span<float> y)
    {
        switch (kind)
        {
            case ActivationKind.Relu:
                TensorPrimitives.Max(x, 0f, y);
                break;
            case ActivationKind.Tanh:
                TensorPrimitives.Tanh(x, y);
                break;
            case ActivationKind.Sigmoid:
                TensorPrimitives.Sigmoid(x, y);
                break;
            case ActivationKind.KTanh:
                KTanh.Tanh(x, y);
                break;
            case ActivationKind.KSigmoid:
                ApproximateSigmoid(x, y);
                break;
            case ActivationKind.Gelu:
            case ActivationKind.Silu:
            case ActivationKind.KSwish:
            case ActivationKind.KGelu:
                ApplyGated(kind, x, y);
                break;
            case ActivationKind.Relu6:
                Clamp(x, 6, y);
                break;
            case ActivationKind.HardSigmoid:
                HardSigmoid(x, y);
                break;
            case ActivationKind.HardSwish:
                ApplyHardSwish(x, y);
                break;
            default:
                x.CopyTo(y);
                break;
        }
    }

    /// <summary>
    /// <c>dx = dy · activation'</c>, or adds it to dx. <paramref name="saved"/> is the activation's output or its input, as the table
    /// says; dx may be dy.
    /// </summary>
    public static void Backward(ActivationKind kind, ReadOnlySpan<float> dy, ReadOnlySpan<float> saved, Span<float> dx, bool accumulate)
    {
        Span<float> buffer = stackalloc float[Chunk];
        for (var at = 0; at < dy.Length; at += Chunk)
        {
            var count = Math.Min(Chunk, dy.Length - at);
            var slope = buffer[..count];
            Slope(kind, saved.Slice(at, count), slope);
            var target = dx.Slice(at, count);
            if (accumulate)
                TensorPrimitives.MultiplyAdd(dy.Slice(at, count), slope, target, target);
            else
                TensorPrimitives.Multiply(dy.Slice(at, count), slope, target);
        }
    }

    private static void Slope(ActivationKind kind, ReadOnlySpan<float> saved, Span<float> slope)
    {
        switch (kind)
        {
            case ActivationKind.Relu:
                for (var i = 0; i < saved.Length; i++)
                    slope[i] = saved[i] > 0 ? 1f : 0f;
                break;
            case ActivationKind.Tanh or ActivationKind.KTanh: // 1 - y²
                TensorPrimitives.Multiply(saved, saved, slope);
                TensorPrimitives.Subtract(1f, slope, slope);
                break;
            case ActivationKind.Sigmoid or ActivationKind.KSigmoid: // y (1 - y)
                TensorPrimitives.Subtract(1f, saved, slope);
                TensorPrimitives.Multiply(slope, saved, slope);
                break;
            case ActivationKind.Gelu:
            case ActivationKind.Silu:
            case ActivationKind.KSwish:
            case ActivationKind.KGelu:
                GatedSlope(kind, saved, slope);
                break;
            case ActivationKind.Relu6:
                for (var i = 0; i < saved.Length; i++)
                    slope[i] = saved[i] > 0 && saved[i] < 6 ? 1f : 0f;
                break;
            case ActivationKind.HardSigmoid:
                for (var i = 0; i < saved.Length; i++)
                    slope[i] = saved[i] > 0 && saved[i] < 1 ? 1f / 6 : 0f;
                break;
            case ActivationKind.HardSwish:
                for (var i = 0; i < saved.Length; i++)
                    slope[i] = saved[i] <= -3 ? 0f : saved[i] >= 3 ? 1f : (saved[i] / 3) + 0.5f;
                break;
            default:
                slope.Fill(1f);
                break;
        }
    }

    /// <summary><c>x·sigmoid(a(x))</c>: SiLU with a = x, GELU in its tanh form with a = 2·√(2/π)·(x + 0.044715·x³).</summary>
    private static void ApplyGated(ActivationKind kind, ReadOnlySpan<float> x, Span<float> y)
    {
        Span<float> buffer = stackalloc float[Chunk];
        for (var at = 0; at < x.Length; at += Chunk)
        {
            var count = Math.Min(Chunk, x.Length - at);
            var gate = buffer[..count];
            Gate(kind, x.Slice(at, count), gate);
            TensorPrimitives.Multiply(x.Slice(at, count), gate, y.Slice(at, count));
        }
    }

    private static void Gate(ActivationKind kind, ReadOnlySpan<float> x, Span<float> gate)
    {
        if (IsGelu(kind))
        {
            for (var i = 0; i < x.Length; i++)
                gate[i] = 2 * GeluScale * (x[i] + (GeluCubic * x[i] * x[i] * x[i]));
            x = gate;
        }
        if (kind is ActivationKind.KSwish or ActivationKind.KGelu)
            ApproximateSigmoid(x, gate);
        else
            TensorPrimitives.Sigmoid(x, gate);
    }

    /// <summary><c>min(max(x, 0), most)</c>; y may be x.</summary>
    private static void Clamp(ReadOnlySpan<float> x, float most, Span<float> y)
    {
        TensorPrimitives.Max(x, 0f, y);
        TensorPrimitives.Min(y, most, y);
    }

    /// <summary><c>min(max(x / 6 + 1/2, 0), 1)</c>; y may be x.</summary>
    private static void HardSigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        TensorPrimitives.Multiply(x, 1f / 6, y);
        TensorPrimitives.Add(y, 0.5f, y);
        Clamp(y, 1, y);
    }

    private static void ApplyHardSwish(ReadOnlySpan<float> x, Span<float> y)
    {
        Span<float> buffer = stackalloc float[Chunk];
        for (var at = 0; at < x.Length; at += Chunk)
        {
            var part = x.Slice(at, Math.Min(Chunk, x.Length - at));
            HardSigmoid(part, buffer[..part.Length]);
            TensorPrimitives.Multiply(part, buffer[..part.Length], y.Slice(at, part.Length));
        }
    }

    /// <summary><c>(1 + tanh(x / 2)) / 2</c>; y may be x.</summary>
    private static void ApproximateSigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        TensorPrimitives.Multiply(x, .5f, y);
        KTanh.Tanh(y, y);
        TensorPrimitives.Add(y, 1f, y);
        TensorPrimitives.Multiply(y, .5f, y);
    }

    private static bool IsGelu(ActivationKind kind) => kind is ActivationKind.Gelu or ActivationKind.KGelu;

    /// <summary><c>s + x·s·(1 - s)·a'(x)</c> with the gate s.</summary>
    private static void GatedSlope(ActivationKind kind, ReadOnlySpan<float> x, Span<float> slope)
    {
        Gate(kind, x, slope);
        var cubic = IsGelu(kind) ? 3 * GeluCubic : 0;
        var scale = IsGelu(kind) ? 2 * GeluScale : 1;
        for (var i = 0; i < x.Length; i++)
        {
            var s = slope[i];
            slope[i] = s + (x[i] * s * (1 - s) * scale * (1 + (cubic * x[i] * x[i])));
        }
    }
}
