using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>The samples of a batch in a span per input, for models with two to eight inputs.</summary>
/// <param name="first">Those of the first input, row-major <c>[batch, features of the input]</c>.</param>
/// <param name="second">Those of the second input.</param>
/// <param name="third">Those of the third input, if there is one.</param>
/// <param name="fourth">Those of the fourth input.</param>
/// <param name="fifth">Those of the fifth input.</param>
/// <param name="sixth">Those of the sixth input.</param>
/// <param name="seventh">Those of the seventh input.</param>
/// <param name="eighth">Those of the eighth input.</param>
/// <remarks>A <c>ref struct</c> cannot have an array of spans, so there is a field for each.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct InputSpans(
    ReadOnlySpan<float> first,
    ReadOnlySpan<float> second,
    ReadOnlySpan<float> third = default,
    ReadOnlySpan<float> fourth = default,
    ReadOnlySpan<float> fifth = default,
    ReadOnlySpan<float> sixth = default,
    ReadOnlySpan<float> seventh = default,
    ReadOnlySpan<float> eighth = default)
{
    private readonly ReadOnlySpan<float> _first = first;
    private readonly ReadOnlySpan<float> _second = second;
    private readonly ReadOnlySpan<float> _third = third;
    private readonly ReadOnlySpan<float> _fourth = fourth;
    private readonly ReadOnlySpan<float> _fifth = fifth;
    private readonly ReadOnlySpan<float> _sixth = sixth;
    private readonly ReadOnlySpan<float> _seventh = seventh;
    private readonly ReadOnlySpan<float> _eighth = eighth;

    internal ReadOnlySpan<float> this[int index] => index switch
    {
        0 => _first,
        1 => _second,
        2 => _third,
        3 => _fourth,
        4 => _fifth,
        5 => _sixth,
        6 => _seventh,
        7 => _eighth,
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    /// <summary>How many samples there are.</summary>
    /// <param name="descriptor">Of the model.</param>
    /// <exception cref="ArgumentException">A length does not fit its input, or inputs have different numbers of samples.</exception>
    internal int CountSamples(ModelDescriptor descriptor)
    {
        var samples = 0;
        for (var index = 0; index < descriptor.Inputs.Count; index++)
        {
            var input = descriptor.Inputs[index];
            var (own, rest) = int.DivRem(this[index].Length, input.Features);
            if (rest != 0)
            {
                throw new ArgumentException(
                    $"{this[index].Length} values of input '{input.Name}' are not a whole number of samples: {descriptor.Name} takes "
                        + $"{input.Features} features of this input each.",
                    input.Name);
            }
            if (index > 0 && own != samples)
            {
                throw new ArgumentException(
                    $"Input '{input.Name}' has {own} samples, but input '{descriptor.Inputs[0].Name}' has {samples}.", input.Name);
            }
            samples = own;
        }
        return samples;
    }
}
