namespace SparseSharp.Kernels;

/// <summary>Where the samples of a batch lie: in one array, all inputs of a sample one after the other, or in an array per input.</summary>
internal readonly unsafe struct InputSource
{
    private readonly float* _samples;
    private readonly float*[]? _inputs;

    /// <summary>One array.</summary>
    /// <param name="samples">Row-major <c>[batch, input features]</c>.</param>
    public InputSource(float* samples) => _samples = samples;

    /// <summary>An array per input.</summary>
    /// <param name="inputs">In their order, row-major <c>[batch, features of the input]</c>.</param>
    public InputSource(float*[] inputs) => _inputs = inputs;

    /// <summary>A sample with all its inputs.</summary>
    /// <param name="features">Of all inputs.</param>
    /// <param name="sample">Which one.</param>
    public float* Sample(int features, nint sample) => _samples + (sample * features);

    /// <summary>What a sample has of one input.</summary>
    /// <param name="features">Of all inputs.</param>
    /// <param name="sample">Which sample.</param>
    /// <param name="index">Which input.</param>
    /// <param name="input">The input.</param>
    /// <param name="stride">From a sample to the next.</param>
    public float* Part(int features, nint sample, int index, InputDescriptor input, out nint stride)
    {
        stride = _inputs is null ? features : input.Features;
        return (_inputs is null ? _samples + input.First : _inputs[index]) + (sample * stride);
    }
}
