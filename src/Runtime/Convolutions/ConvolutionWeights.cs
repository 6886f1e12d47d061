using SparseSharp.Matrices;

namespace SparseSharp.Convolutions;

/// <summary>
/// Which weights of a convolution exist and where they lie: any mask over <c>[outputs, taps·inputs/groups]</c>, and any order of the
/// parameter. Products choose how to pack them.
/// </summary>
internal sealed class ConvolutionWeights
{
    /// <param name="shape">The convolution.</param>
    /// <param name="mask">The mask, or null where all weights exist.</param>
    /// <param name="positions">
    /// Where each weight of <c>[outputs, taps·inputs/groups]</c> lies in the parameter, -1 where there is none; null where the parameter is
    /// in that order.
    /// </param>
    /// <param name="parameters">Length of the parameter, where there are positions.</param>
    /// <param name="transposedMask">Which of the kept weights the gradient of the input uses, if not all.</param>
    public ConvolutionWeights(
        ConvolutionShape shape, Mask? mask = null, int[]? positions = null, int? parameters = null, Mask? transposedMask = null)
    {
        Shape = shape;
        Forward = new(shape, mask, positions, isTransposed: false);
        Transposed = new(shape, transposedMask ?? mask, positions, isTransposed: true);
        Parameters = positions is null ? Forward.Count : parameters ?? positions.Max() + 1;
        if (positions is null && parameters is { } length && length != Forward.Count)
            throw new ArgumentException($"The parameter has {Forward.Count} weights, not {length}.", nameof(parameters));
        if (positions?.Any(position => position < -1 || position >= Parameters) == true)
            throw new ArgumentException($"A position lies outside of the parameter's {Parameters} weights.", nameof(positions));
    }

    public ConvolutionShape Shape { get; }

    /// <summary>Weights of the parameter.</summary>
    public int Parameters { get; }

    /// <summary>As the forward pass sees them.</summary>
    internal WeightView Forward { get; }

    /// <summary>As the gradient of the input sees them.</summary>
    internal WeightView Transposed { get; }

    /// <summary>The weights of a matrix <c>[outputs, taps·inputs/groups]</c> as they are now, in the order of its parameter.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="matrix">The matrix, in any format.</param>
    public static ConvolutionWeights Of(ConvolutionShape shape, Matrix matrix)
    {
        if (matrix.Rows != shape.Outputs || matrix.Columns != shape.Columns)
        {
            throw new ArgumentException(
                $"The matrix is [{matrix.Rows}, {matrix.Columns}], not [{shape.Outputs}, {shape.Columns}].", nameof(matrix));
        }
        if (matrix.IsDense)
            return new(shape);
        return matrix.IsPacked
            ? new(shape, matrix.Mask, PositionsOf(matrix), checked((int)matrix.Memory.Length), matrix.SecondMask)
            : new(shape, matrix.Mask, transposedMask: matrix.SecondMask);
    }

    /// <summary>Throws unless layouts are those of the input and the output.</summary>
    internal void Check(ImageLayout input, ImageLayout output)
    {
        if (input.Channels != Shape.Inputs || input.Size != Shape.Image)
            throw new ArgumentException($"{input} is no input of {Shape.Inputs} channels of {Shape.Image}.", nameof(input));
        if (output.Channels != Shape.Outputs || output.Size != Shape.Output)
            throw new ArgumentException($"{output} is no output of {Shape.Outputs} channels of {Shape.Output}.", nameof(output));
        if (input.Samples != output.Samples)
            throw new ArgumentException($"There are {input.Samples} inputs and {output.Samples} outputs.", nameof(output));
    }

    /// <summary>Where the matrix puts each weight: it packs numbers of weights instead of weights, which keep their bits.</summary>
    private static int[] PositionsOf(Matrix matrix)
    {
        var numbers = new float[checked(matrix.Rows * matrix.Columns)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BitConverter.Int32BitsToSingle(i + 1);
        var packed = new float[checked((int)matrix.Memory.Length)];
        matrix.Import(numbers, packed);
        var positions = new int[numbers.Length];
        Array.Fill(positions, -1);
        for (var i = 0; i < packed.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(packed[i]) is var number && number > 0)
                positions[number - 1] = i;
        }
        return positions;
    }
}
