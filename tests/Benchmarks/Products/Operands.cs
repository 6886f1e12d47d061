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
        Y = new PinnedBuffer<float>((long)shape.Batch * shape.Outputs);
        Dx = new PinnedBuffer<float>((long)shape.Batch * shape.Inputs);
        Dw = new PinnedBuffer<float>((long)shape.Outputs * shape.Inputs);
    }

    public ProductShape Shape { get; }

    /// <summary>Input <c>[batch, in]</c>.</summary>
    public PinnedBuffer<float> X { get; }

    /// <summary>Gradient of the output <c>[batch, out]</c>.</summary>
    public PinnedBuffer<float> Dy { get; }

    /// <summary>Receives the output <c>[batch, out]</c>.</summary>
    public PinnedBuffer<float> Y { get; }

    /// <summary>Receives the gradient of the input <c>[batch, in]</c>.</summary>
    public PinnedBuffer<float> Dx { get; }

    /// <summary>Receives the gradient of the weights <c>[out, in]</c>.</summary>
    public PinnedBuffer<float> Dw { get; }

    public void Dispose()
    {
        X.Dispose();
        Dy.Dispose();
        Y.Dispose();
        Dx.Dispose();
        Dw.Dispose();
    }

    private static PinnedBuffer<float> Random(int rows, int columns, uint stream)
    {
        var buffer = new PinnedBuffer<float>((long)rows * columns);
        KaimingUniform.Fill(buffer.Span, 1, seed: 1, stream);
        return buffer;
    }
}
