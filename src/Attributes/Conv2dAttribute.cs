using System;

namespace SparseSharp;

/// <summary>
/// A convolution of images, as PyTorch defines it, on a partial property of type <c>Conv2d</c>: weights
/// <c>[out, in / groups, kernel height, kernel width]</c>.
/// </summary>
/// <remarks>
/// The size of the images follows from the values that <c>Forward</c> feeds the layer with. To sparsity patterns the weights are a matrix
/// <c>[out, height·width·in / groups]</c> whose columns go tap by tap, channels inside.
/// </remarks>
/// <param name="inputs">Channels of the input, at least 1.</param>
/// <param name="outputs">Channels of the output, at least 1.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class Conv2dAttribute(int inputs, int outputs) : Attribute
{
    /// <summary>Channels of the input.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>Channels of the output.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>Rows and columns of the kernel, at least 1; 3 unless said otherwise.</summary>
    public int Kernel { get; set; } = 3;

    /// <summary>Rows of the kernel where they differ from <see cref="Kernel"/>; 0 unless said otherwise.</summary>
    public int KernelHeight { get; set; }

    /// <summary>Columns of the kernel where they differ from <see cref="Kernel"/>; 0 unless said otherwise.</summary>
    public int KernelWidth { get; set; }

    /// <summary>Pixels of the input from one output pixel to the next, at least 1; 1 unless said otherwise.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>Rows from one output pixel to the next where they differ from <see cref="Stride"/>; 0 unless said otherwise.</summary>
    public int StrideHeight { get; set; }

    /// <summary>Columns from one output pixel to the next where they differ from <see cref="Stride"/>; 0 unless said otherwise.</summary>
    public int StrideWidth { get; set; }

    /// <summary>Pixels of zeros on all sides of the input, at least 0; 0 unless said otherwise.</summary>
    public int Padding { get; set; }

    /// <summary>Rows of zeros above the input where they differ from <see cref="Padding"/>; -1 unless said otherwise.</summary>
    public int PaddingTop { get; set; } = -1;

    /// <summary>Columns of zeros to the left of the input where they differ from <see cref="Padding"/>; -1 unless said otherwise.</summary>
    public int PaddingLeft { get; set; } = -1;

    /// <summary>Rows of zeros below the input where they differ from <see cref="Padding"/>; -1 unless said otherwise.</summary>
    public int PaddingBottom { get; set; } = -1;

    /// <summary>
    /// Columns of zeros to the right of the input where they differ from <see cref="Padding"/>; -1 unless said otherwise.
    /// </summary>
    public int PaddingRight { get; set; } = -1;

    /// <summary>
    /// Whether the padding makes an output of <c>ceil(input / stride)</c> pixels, as ONNX and TensorFlow have it; explicit paddings unless
    /// said otherwise.
    /// </summary>
    public SamePadding Same { get; set; }

    /// <summary>Pixels of the input from one tap of the kernel to the next, at least 1; 1 unless said otherwise.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Rows from one tap to the next where they differ from <see cref="Dilation"/>; 0 unless said otherwise.</summary>
    public int DilationHeight { get; set; }

    /// <summary>Columns from one tap to the next where they differ from <see cref="Dilation"/>; 0 unless said otherwise.</summary>
    public int DilationWidth { get; set; }

    /// <summary>
    /// Parts of the channels that do not mix: it divides both numbers of channels. As many as there are inputs make a depthwise
    /// convolution. 1 unless said otherwise.
    /// </summary>
    public int Groups { get; set; } = 1;

    /// <summary>Whether the layer adds a bias of shape <c>[out]</c>; true unless said otherwise.</summary>
    public bool Bias { get; set; } = true;
}
