using SparseSharp.Numerics;

namespace SparseSharp.Benchmarks.Products;

/// <summary>The matrices of a product, row-major and random; all contenders work on the same ones.</summary>
internal sealed class Operands : IDisposable
{
    public Operands(ProductShape shape)
    {
        Shape = shape;
        X = Random(shape.Batch, shape.Inputs, stream: 0);
        Dy = Random(shape.Batch, shape.Outputs, stream: 1);
        Y = new NativeBuffer<float>((long)shape.Batch * shape.Outputs);
        Dx = new NativeBuffer<float>((long)shape.Batch * shape.Inputs);
        Dw = new NativeBuffer<float>((long)shape.Outputs * shape.Inputs);
    }

    public ProductShape Shape { get; }

    /// <summary>Input <c>[batch, in]</c>.</summary>
    public NativeBuffer<float> X { get; }

    /// <summary>Gradient of the output <c>[batch, out]</c>.</summary>
    public NativeBuffer<float> Dy { get; }

    /// <summary>Receives the output <c>[batch, out]</c>.</summary>
    public NativeBuffer<float> Y { get; }

    /// <summary>Receives the gradient of the input <c>[batch, in]</c>.</summary>
    public NativeBuffer<float> Dx { get; }

    /// <summary>Receives the gradient of the weights <c>[out, in]</c>.</summary>
    public NativeBuffer<float> Dw { get; }

    public void Dispose()
    {
        X.Dispose();
        Dy.Dispose();
        Y.Dispose();
        Dx.Dispose();
        Dw.Dispose();
    }

    private static NativeBuffer<float> Random(int rows, int columns, uint stream)
    {
        var buffer = new NativeBuffer<float>((long)rows * columns);
        KaimingUniform.Fill(buffer.Span, 1, seed: 1, stream);
        return buffer;
    }
}
