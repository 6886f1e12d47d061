namespace SparseSharp.Matrices;

/// <summary>
/// The two orders of the weights of an output channel: <c>[taps, channels]</c> in a matrix, <c>[channels, taps]</c> in PyTorch's
/// <c>[out, in, height, width]</c>.
/// </summary>
/// <param name="Taps">Taps of the kernel.</param>
/// <param name="Channels">Input channels of a group.</param>
internal readonly record struct KernelOrder(int Taps, int Channels)
{
    /// <summary>From the order of a matrix to that of PyTorch; any number of output channels.</summary>
    public void ToImages<T>(ReadOnlySpan<T> matrix, Span<T> images) => Swap(matrix, images, Taps, Channels);

    /// <summary>From PyTorch's order to that of a matrix.</summary>
    public void ToMatrix<T>(ReadOnlySpan<T> images, Span<T> matrix) => Swap(images, matrix, Channels, Taps);

    private static void Swap<T>(ReadOnlySpan<T> source, Span<T> target, int outer, int inner)
    {
        var row = outer * inner;
        if (source.Length != target.Length || source.Length % row != 0)
            throw new ArgumentException($"{source.Length} and {target.Length} weights are not the same rows of {row}.", nameof(source));
        for (var first = 0; first < source.Length; first += row)
        {
            for (var i = 0; i < outer; i++)
            {
                for (var j = 0; j < inner; j++)
                    target[first + (j * outer) + i] = source[first + (i * inner) + j];
            }
        }
    }
}
