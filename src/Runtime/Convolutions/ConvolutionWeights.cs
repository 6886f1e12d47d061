using SparseSharp.Kernels;
using SparseSharp.Matrices;

namespace SparseSharp.Convolutions;

/// <summary>
/// Which weights of a convolution exist and where they lie: any mask over <c>[outputs, taps·inputs/groups]</c>, and any order of the
/// parameter. Products choose how to pack them.
/// </summary>
internal sealed class ConvolutionWeights
{
    private ulong[]? _mask;
    private ulong[]? _transposedMask;
    private int[]? _positions;

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
        Forward = new(shape, isTransposed: false);
        Transposed = new(shape, isTransposed: true);
        Take(mask, transposedMask, positions, parameters);
    }

    public ConvolutionShape Shape { get; }

    /// <summary>Weights of the parameter.</summary>
    public int Parameters { get; private set; }

    /// <summary>As the forward pass sees them.</summary>
    internal WeightView Forward { get; }

    /// <summary>As the gradient of the input sees them.</summary>
    internal WeightView Transposed { get; }

    /// <summary>The weights of a matrix <c>[outputs, taps·inputs/groups]</c> as they are now, in the order of its parameter.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="matrix">The matrix, in any format.</param>
    public static ConvolutionWeights Of(ConvolutionShape shape, Matrix matrix)
    {
        Check(shape, matrix);
        return matrix is { IsDense: false, IsPacked: true }
            ? new(shape, matrix.Mask, PositionsOf(matrix, null), checked((int)matrix.Memory.Length), matrix.SecondMask)
            : new(shape, matrix.IsDense ? null : matrix.Mask, transposedMask: matrix.IsDense ? null : matrix.SecondMask);
    }

    /// <summary>
    /// Takes another mask over the same parameter, whose order is that of the mask. Products follow by their own <c>Update</c>.
    /// </summary>
    /// <param name="mask">The mask, or null where all weights exist.</param>
    /// <param name="transposedMask">Which of the kept weights the gradient of the input uses, if not all.</param>
    /// <returns>Whether it differs from the one before.</returns>
    public bool Update(Mask? mask, Mask? transposedMask = null)
    {
        if (_positions is not null)
            throw new InvalidOperationException("Where weights of a packed parameter lie depends on the mask.");
        if (IsSame(mask, _mask) && IsSame(transposedMask, _transposedMask))
            return false;
        Take(mask, transposedMask, positions: null, parameters: null);
        return true;
    }

    /// <summary>Takes the mask that a matrix has now, with the order of its parameter.</summary>
    /// <param name="matrix">The matrix that the weights were made of.</param>
    /// <returns>Whether the mask differs from the one before.</returns>
    public bool Update(Matrix matrix)
    {
        Check(Shape, matrix);
        var (mask, second) = matrix.IsDense ? (null, null) : (matrix.Mask, matrix.SecondMask);
        if (IsSame(mask, _mask) && IsSame(second, _transposedMask))
            return false;
        if (mask is not null && matrix.IsPacked)
            Take(mask, second, PositionsOf(matrix, _positions), checked((int)matrix.Memory.Length));
        else
            Take(mask, second, positions: null, parameters: null);
        return true;
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

    private static void Check(ConvolutionShape shape, Matrix matrix)
    {
        if (matrix.Rows != shape.Outputs || matrix.Columns != shape.Columns)
        {
            throw new ArgumentException(
                $"The matrix is [{matrix.Rows}, {matrix.Columns}], not [{shape.Outputs}, {shape.Columns}].", nameof(matrix));
        }
    }

    private static int[] PositionsOf(Matrix matrix, int[]? positions)
    {
        positions ??= new int[checked(matrix.Rows * matrix.Columns)];
        matrix.FindPlaces(positions);
        return positions;
    }

    private static bool IsSame(Mask? mask, ulong[]? known) =>
        mask is null ? known is null : known is not null && mask.Words.SequenceEqual(known);

    private void Take(Mask? mask, Mask? transposedMask, int[]? positions, int? parameters)
    {
        CheckMask(mask, nameof(mask));
        CheckMask(transposedMask, nameof(transposedMask));
        var count = checked(Shape.Outputs * Shape.Columns);
        Parameters = positions is null ? count : CheckPositions(positions, count, parameters);
        if (positions is null && parameters is { } length && length != count)
            throw new ArgumentException($"The parameter has {count} weights, not {length}.", nameof(parameters));
        _positions = positions;
        Forward.Take(mask, positions);
        Transposed.Take(transposedMask ?? mask, positions);
        Keep(mask, ref _mask);
        Keep(transposedMask, ref _transposedMask);
    }

    private static void Keep(Mask? mask, ref ulong[]? known)
    {
        if (mask is null)
        {
            known = null;
            return;
        }
        known ??= new ulong[mask.Words.Length];
        mask.Words.CopyTo(known);
    }

    private void CheckMask(Mask? mask, string name)
    {
        if (mask is not null && (mask.Rows != Shape.Outputs || mask.Columns != Shape.Columns))
            throw new ArgumentException($"A mask is [{mask.Rows}, {mask.Columns}], not [{Shape.Outputs}, {Shape.Columns}].", name);
    }

    /// <summary>Throws unless positions lie in the parameter, of which they tell the length if nobody else does.</summary>
    private static int CheckPositions(int[] positions, int count, int? parameters)
    {
        if (positions.Length != count)
            throw new ArgumentException($"There are {positions.Length} positions of {count} weights.", nameof(positions));
        var (least, most) = (0, -1);
        foreach (var position in positions)
            (least, most) = (Math.Min(least, position), Math.Max(most, position));
        var length = parameters ?? most + 1;
        return least < -1 || most >= length
            ? throw new ArgumentException($"A position lies outside of the parameter's {length} weights.", nameof(positions))
            : length;
    }
}
