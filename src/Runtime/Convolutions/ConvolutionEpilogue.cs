using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>What is done to the sums of a convolution while they are in registers. An empty span leaves its part out.</summary>
internal ref struct ConvolutionEpilogue
{
    /// <summary>What sums start from, one number for each channel.</summary>
    public ReadOnlySpan<float> Bias;

    /// <summary>Factors of channels: with <see cref="Shift"/>, a batch normalization whose statistics are known.</summary>
    public ReadOnlySpan<float> Scale;

    /// <summary>What is added behind the factors.</summary>
    public ReadOnlySpan<float> Shift;

    /// <summary>A value of the output's layout that is added.</summary>
    public ReadOnlySpan<float> Residual;

    /// <summary>A value of the output's layout: what has no positive one becomes 0.</summary>
    public ReadOnlySpan<float> Gate;

    /// <summary>Receives the sums of channels and of their squares, before <see cref="Scale"/>.</summary>
    public ChannelSums? Sums;

    /// <summary>Samples that <see cref="Sums"/> count, of which the last vector has at least one; 0 for all of the layout.</summary>
    public int Samples;

    /// <summary>Whether negative results become 0.</summary>
    public bool Relu;

    /// <summary>Whether to add to what the output holds; the bias is left out then.</summary>
    public bool Accumulate;

    /// <summary>Samples of the last vector; throws unless there is one.</summary>
    internal readonly int LastSamples(ImageLayout output)
    {
        var last = (Samples == 0 ? output.Samples : Samples) - ((output.Vectors - 1) * PanelGeometry.Lanes);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, 1, nameof(Samples));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, PanelGeometry.Lanes, nameof(Samples));
        return last;
    }

    /// <summary>The steps; throws unless each operand has the length that an output has.</summary>
    internal readonly ConvolutionOptions Check(ImageLayout output, ConvolutionProduct product)
    {
        var options = Accumulate ? ConvolutionOptions.Load : ConvolutionOptions.None;
        if (Accumulate && !Bias.IsEmpty)
            throw new ArgumentException("Sums start from the output or from a bias, not from both.", nameof(Bias));
        if (Scale.Length != Shift.Length)
            throw new ArgumentException($"There are {Scale.Length} factors and {Shift.Length} numbers to add.", nameof(Scale));
        Add(Bias.Length, output.Channels, ConvolutionOptions.Bias, nameof(Bias));
        Add(Scale.Length, output.Channels, ConvolutionOptions.Scale, nameof(Scale));
        Add(Residual.Length, output.Length, ConvolutionOptions.Residual, nameof(Residual));
        Add(Gate.Length, output.Length, ConvolutionOptions.Gate, nameof(Gate));
        if (Sums is { } sums)
        {
            sums.Check(product);
            options |= ConvolutionOptions.Sums;
        }
        return Relu ? options | ConvolutionOptions.Relu : options;

        void Add(int length, int expected, ConvolutionOptions option, string name)
        {
            if (length == 0)
                return;
            if (length != expected)
                throw new ArgumentException($"{name} has {length} numbers, not {expected}.", name);
            options |= option;
        }
    }
}
