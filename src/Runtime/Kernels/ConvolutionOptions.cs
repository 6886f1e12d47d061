namespace SparseSharp.Kernels;

/// <summary>How a convolution kernel starts its sums, and what it does to them before they are written, in this order.</summary>
[Flags]
internal enum ConvolutionOptions
{
    /// <summary>Sums start at zero and are written as they are.</summary>
    None = 0,

    /// <summary>Sums start from what the output holds.</summary>
    Load = 1,

    /// <summary>Sums start from the bias of their channel.</summary>
    Bias = 2,

    /// <summary>Add the sums of a channel, and their squares, to <see cref="ConvolutionRun.Sums"/>.</summary>
    Sums = 4,

    /// <summary>Multiply by a factor of the channel, then add another: a batch normalization whose statistics are known.</summary>
    Scale = 8,

    /// <summary>Add what another value of the same layout holds.</summary>
    Residual = 16,

    /// <summary>Write <c>max(sum, 0)</c>.</summary>
    Relu = 32,

    /// <summary>Write the sum where the gate is positive, else 0: the derivative of ReLU.</summary>
    Gate = 64,

    /// <summary>What is done after the last column only.</summary>
    Finish = Sums | Scale | Residual | Relu | Gate,
}
