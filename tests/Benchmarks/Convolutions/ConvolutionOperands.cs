using SparseSharp.Benchmarks.Peers;
using SparseSharp.Convolutions;
using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Workers;

namespace SparseSharp.Benchmarks.Convolutions;

/// <summary>Which product of a convolution.</summary>
internal enum ConvolutionPass
{
    Forward,
    GradInput,
    GradWeight,
}

/// <summary>The images of a layer, in our layout and in that of PyTorch.</summary>
internal sealed class ConvolutionOperands : IDisposable
{
    public ConvolutionOperands(ConvolutionLayer layer)
    {
        Layer = layer;
        var shape = layer.Shape;
        var random = new Random(3);
        XLayout = new(layer.Samples, shape.Inputs, shape.Image, shape.InputBorder);
        YLayout = new(layer.Samples, shape.Outputs, shape.Output, shape.GradientBorder);
        if (layer.Samples == 1)
            (XLayout, YLayout) = LayerParts.Of(shape);
        (X, Y) = (new(XLayout.Length), new(YLayout.Length));
        (DX, DY) = (new(XLayout.Length), new(YLayout.Length));
        Images = Numbers(layer.Samples * shape.Inputs * shape.Image.Area, 1);
        Gradients = Numbers(layer.Samples * shape.Outputs * shape.Output.Area, 1);
        XLayout.Import(InLanes(Images, XLayout), X.Span);
        YLayout.Import(InLanes(Gradients, YLayout), DY.Span);
        Weight = Numbers(shape.Outputs * shape.Columns, 2 / Math.Sqrt(shape.Columns));

        float[] Numbers(int count, double scale)
        {
            var numbers = new float[count];
            for (var i = 0; i < count; i++)
                numbers[i] = (float)((random.NextDouble() - 0.5) * scale);
            return numbers;
        }
    }

    /// <summary>Images of as many samples as have lanes; the others are zeros.</summary>
    private static float[] InLanes(float[] images, ImageLayout layout)
    {
        if (layout.Lanes is not { } lanes)
            return images;
        var all = new float[images.Length * lanes.Samples];
        images.CopyTo(all, 0);
        return all;
    }

    public ConvolutionLayer Layer { get; }

    public ImageLayout XLayout { get; }

    public ImageLayout YLayout { get; }

    public NativeBuffer<float> X { get; }

    public NativeBuffer<float> Y { get; }

    public NativeBuffer<float> DX { get; }

    public NativeBuffer<float> DY { get; }

    /// <summary>The input as images.</summary>
    public float[] Images { get; }

    /// <summary>The gradient of the output as images.</summary>
    public float[] Gradients { get; }

    /// <summary>All weights, <c>[outputs, taps·inputs]</c>.</summary>
    public float[] Weight { get; }

    /// <summary>All weights, or their gradient, as PyTorch has them.</summary>
    public float[] ToTorch(float[] weight)
    {
        var shape = Layer.Shape;
        var torch = new float[weight.Length];
        for (var i = 0; i < weight.Length; i++)
        {
            var (output, column) = Math.DivRem(i, shape.Columns);
            var (tap, channel) = Math.DivRem(column, shape.Inputs);
            torch[(((output * shape.Inputs) + channel) * shape.Taps) + tap] = weight[i];
        }
        return torch;
    }

    public void Dispose()
    {
        X.Dispose();
        Y.Dispose();
        DX.Dispose();
        DY.Dispose();
    }
}

/// <summary>A product of ours under a mask, shared by all workers.</summary>
internal sealed class ConvolutionEntrant : ISharedWork, IDisposable
{
    private readonly ConvolutionOperands _operands;
    private readonly ConvolutionPass _pass;
    private readonly ConvolutionProduct? _product;
    private readonly ConvolutionParts? _parts;
    private readonly LayerParts.Edges? _edges;
    private readonly ConvolutionWeightGradient? _gradient;
    private readonly float[] _target;

    public ConvolutionEntrant(ConvolutionOperands operands, ConvolutionPass pass, ConvolutionMask mask)
    {
        (_operands, _pass, Mask) = (operands, pass, mask);
        var weights = new ConvolutionWeights(operands.Layer.Shape, mask.Draw(operands.Layer.Shape));
        Density = weights.Forward.Density;
        _target = pass == ConvolutionPass.GradWeight ? new float[operands.Weight.Length] : [];
        if (operands.XLayout.Lanes is not null)
        {
            _parts = new(operands.Layer.Shape, operands.XLayout, operands.YLayout);
            _parts.Update(mask.Draw(operands.Layer.Shape), operands.Weight, changes: 0);
            _edges = new(operands);
            _product = _parts.Product;
            return;
        }
        if (pass == ConvolutionPass.GradWeight)
        {
            _gradient = new(weights, operands.XLayout, operands.YLayout);
            return;
        }
        _product = pass == ConvolutionPass.Forward
            ? ConvolutionProduct.Forward(weights, operands.XLayout, operands.YLayout)
            : ConvolutionProduct.GradInput(weights, operands.YLayout, operands.XLayout);
        _product.Pack(operands.Weight);
    }

    public ConvolutionMask Mask { get; }

    public double Density { get; }

    public void Run()
    {
        if (_edges is not null)
            WorkerPool.Shared.Run(_edges);
        WorkerPool.Shared.Run(this);
    }

    void ISharedWork.Run(int worker, int workers)
    {
        if (_gradient is not null)
            _gradient.Run(_operands.X.Span, _operands.DY.Span, _target, false, worker, workers);
        else if (_pass == ConvolutionPass.Forward)
            _product!.Run(_operands.X.Span, _operands.Y.Span, default, worker, workers);
        else
            _product!.Run(_operands.DY.Span, _operands.DX.Span, default, worker, workers);
    }

    /// <summary>Largest difference from a dense library over its largest value; null under a mask.</summary>
    public double? ErrorOf(OneDnnConvolution? library)
    {
        if (library is null || Mask.Density < 1)
            return null;
        Run();
        var (expected, actual) = (Expected(library), Result());
        var (error, largest) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            error = Math.Max(error, Math.Abs(expected[i] - actual[i]));
            largest = Math.Max(largest, Math.Abs(expected[i]));
        }
        return error / largest;
    }

    public void Dispose()
    {
        _product?.Dispose();
        _gradient?.Dispose();
    }

    private float[] Result()
    {
        if (_pass == ConvolutionPass.GradWeight)
            return _operands.ToTorch(_target);
        var images = new float[_pass == ConvolutionPass.Forward ? _operands.Gradients.Length : _operands.Images.Length];
        if (_pass == ConvolutionPass.Forward)
        {
            // Lanes beside those of the samples have nothing in them.
            var all = new float[images.Length * (_operands.YLayout.Lanes?.Samples ?? 1)];
            _operands.YLayout.Export(_operands.Y.Span, all);
            return all[..images.Length];
        }
        else
            _operands.XLayout.Export(_operands.DX.Span, images);
        return images;
    }

    private float[] Expected(OneDnnConvolution library)
    {
        switch (_pass)
        {
            case ConvolutionPass.Forward:
                library.Forward();
                return library.Output();
            case ConvolutionPass.GradInput:
                library.GradInput();
                return library.InputGradient();
            default:
                library.GradWeight();
                return library.WeightGradient();
        }
    }
}
