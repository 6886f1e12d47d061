using System.ComponentModel;
using System.Runtime.InteropServices;
using SparseSharp.Convolutions;

namespace SparseSharp.Kernels;

/// <summary>The products of a convolution, over one panel or a whole batch.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class ConvolutionPass
{
    /// <summary><c>y = w * x + b</c>, then ReLU where it is fused.</summary>
    /// <param name="use">The convolution.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The input, with a border of zeros.</param>
    /// <param name="y">The output.</param>
    /// <param name="activation">None or ReLU.</param>
    public static void Forward(ConvolutionUse use, in PanelPass pass, ref float x, ref float y, ActivationKind activation) =>
        Forward(use, in pass, ref x, ref y, activation, norm: null, ref x, adds: false);

    /// <summary><c>y = w * x + b + residual</c>, then ReLU where it is fused.</summary>
    /// <param name="use">The convolution.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The input, with a border of zeros.</param>
    /// <param name="y">The output.</param>
    /// <param name="activation">None or ReLU.</param>
    /// <param name="residual">A value of the output's layout that is added.</param>
    public static void Forward(
        ConvolutionUse use, in PanelPass pass, ref float x, ref float y, ActivationKind activation, ref float residual) =>
        Forward(use, in pass, ref x, ref y, activation, norm: null, ref residual, adds: true);

    /// <summary><c>y = (w * x + b)·scale + shift</c> by the running statistics of a normalisation, then ReLU where it is fused.</summary>
    /// <param name="use">The convolution.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The input, with a border of zeros.</param>
    /// <param name="y">The output.</param>
    /// <param name="activation">None or ReLU.</param>
    /// <param name="norm">The normalisation of the output.</param>
    public static void Forward(
        ConvolutionUse use, in PanelPass pass, ref float x, ref float y, ActivationKind activation, BatchNormalisation norm)
    {
        ArgumentNullException.ThrowIfNull(norm);
        Forward(use, in pass, ref x, ref y, activation, norm, ref x, adds: false);
    }

    /// <summary><c>y = (w * x + b)·scale + shift + residual</c> by the running statistics of a normalisation, then ReLU.</summary>
    /// <param name="use">The convolution.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The input, with a border of zeros.</param>
    /// <param name="y">The output.</param>
    /// <param name="activation">None or ReLU.</param>
    /// <param name="norm">The normalisation of the output.</param>
    /// <param name="residual">A value of the output's layout that is added.</param>
    public static void Forward(
        ConvolutionUse use, in PanelPass pass, ref float x, ref float y, ActivationKind activation, BatchNormalisation norm,
        ref float residual)
    {
        ArgumentNullException.ThrowIfNull(norm);
        Forward(use, in pass, ref x, ref y, activation, norm, ref residual, adds: true);
    }

    private static void Forward(
        ConvolutionUse use, in PanelPass pass, ref float x, ref float y, ActivationKind activation, BatchNormalisation? norm,
        ref float residual, bool adds)
    {
        ArgumentNullException.ThrowIfNull(use);
        var input = ImagePass.Layout(in pass, ref x, use.Input);
        var output = ImagePass.Layout(in pass, ref y, use.Output);
        if (adds)
            ImagePass.Check(in pass, ref residual, output);
        var epilogue = new ConvolutionEpilogue
        {
            Bias = use.Product.Bias.Parameter is { } bias ? bias.Values : [],
            Scale = norm is null ? [] : norm.Scale,
            Shift = norm is null ? [] : norm.Shift,
            Residual = adds ? Value(ref residual, output) : [],
            Relu = IsRelu(activation),
        };
        use.Forward(pass.IsCut).Run(Value(ref x, input), Value(ref y, output), in epilogue, pass.Member, pass.Members);
    }

    /// <summary><c>dx = wᵀ * dy</c>, added to dx if <paramref name="accumulate"/>.</summary>
    /// <param name="use">The convolution.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="dy">Gradient of the output, with a border of zeros.</param>
    /// <param name="dx">Gradient of the input.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void GradInput(ConvolutionUse use, in PanelPass pass, ref float dy, ref float dx, bool accumulate) =>
        GradInput(use, in pass, ref dy, ref dx, ActivationKind.None, ref dx, accumulate);

    /// <summary><c>dx = (accumulate ? dx + wᵀ * dy : wᵀ * dy) · activation'(saved)</c>.</summary>
    /// <param name="use">The convolution.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="dy">Gradient of the output, with a border of zeros.</param>
    /// <param name="dx">Gradient of the input.</param>
    /// <param name="derivative">None or ReLU.</param>
    /// <param name="saved">The output of the activation.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void GradInput(
        ConvolutionUse use, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(use);
        ImagePass.Check(in pass, ref dy, use.Output);
        ImagePass.Check(in pass, ref dx, use.Input);
        ImagePass.Check(in pass, ref saved, use.Input);
        var epilogue = new ConvolutionEpilogue
        {
            Accumulate = accumulate,
            Gate = IsRelu(derivative) ? Value(ref saved, use.Input) : [],
        };
        use.GradInput.Run(Value(ref dy, use.Output), Value(ref dx, use.Input), in epilogue, pass.Member, pass.Members);
    }

    /// <summary>The gradients of the weights that learn and of the bias; where a new mask is looked for, those of all weights too.</summary>
    /// <param name="use">The convolution.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="x">Slot of the input.</param>
    /// <param name="dy">Slot of the gradient of the output.</param>
    /// <param name="accumulate">Whether to add to the gradients: a layer's second use in the model.</param>
    public static void GradWeight(ConvolutionUse use, in BatchPass batch, int x, int dy, bool accumulate) =>
        GradWeight(use, in batch, x, dy, x, dy, accumulate);

    /// <summary>The same, where the gradient of the weights is computed from a part of its operands.</summary>
    /// <param name="use">The convolution.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="x">Slot of the input.</param>
    /// <param name="dy">Slot of the gradient of the output, of which the bias gets all.</param>
    /// <param name="keptX">Slot of the input that the weights get.</param>
    /// <param name="keptDy">Slot of the gradient of the output that the weights get.</param>
    /// <param name="accumulate">Whether to add to the gradients: a layer's second use in the model.</param>
    public static void GradWeight(
        ConvolutionUse use, in BatchPass batch, int x, int dy, int keptX, int keptDy, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(use);
        var (product, layout) = (use.Product, batch.Layout);
        batch.Check(x, use.Input.Lines);
        batch.Check(dy, use.Output.Lines);
        batch.Check(keptX, use.Input.Lines);
        batch.Check(keptDy, use.Output.Lines);
        if (layout.Width(0) != PanelGeometry.Lanes)
            throw new ArgumentException("Images lie in panels of one vector.", nameof(batch));
        if (batch.Tap is { } tap)
        {
            tap.Take(product.Matrix, in batch, x, new ConvolutionPatches(use.Shape, use.Input));
            return;
        }
        if (product.IsFrozen)
            return;
        accumulate |= batch.Accumulate;
        var input = batch.Slot(keptX, 0);
        var gradient = batch.Slot(keptDy, 0);
        var stride = (nint)batch.Rows * PanelGeometry.Lanes;
        use.GradWeight.Run(
            input, stride, gradient, stride, layout.Panels, product.Matrix.Parameter.GradientBuffer, accumulate, batch.Member,
            batch.Members);
        if (product.Bias.Parameter is { } bias)
        {
            use.GradWeight.RunBias(
                batch.Slot(dy, 0), stride, layout.Panels, bias.GradientBuffer, accumulate, batch.Member, batch.Members);
        }
        if (product.Matrix.MaskedGradient is var all && all != null)
        {
            var target = new Span<float>(all, checked(product.Rows * product.Columns));
            use.AllGradWeights.Run(
                input, stride, gradient, stride, layout.Panels, target, accumulate, batch.Member, batch.Members);
        }
    }

    private static Span<float> Value(ref float value, ImageLayout layout) => MemoryMarshal.CreateSpan(ref value, layout.Length);

    private static bool IsRelu(ActivationKind kind) => kind switch
    {
        ActivationKind.None => false,
        ActivationKind.Relu => true,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Convolutions fuse ReLU alone."),
    };
}
