using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>
/// Lists of pixels: where each lies in the input and in the gradient of the output, counted from the first vector of a block. There are
/// lists for any number of vectors that a block may have.
/// </summary>
internal sealed unsafe class PixelTable : IDisposable
{
    private readonly PinnedBuffer<int> _pixels;
    private readonly int[] _firstPixels;
    private readonly nint _inputStride;
    private readonly nint _gradientStride;
    private readonly int _blocks;
    private readonly int _lists;

    /// <param name="phase">The forward phase.</param>
    /// <param name="pixels">The pixels of an image, in order.</param>
    /// <param name="cuts">Blocks of these pixels, vectors of a block at most, and whether each tap has lists of its own.</param>
    /// <param name="input">Layout of the input, and the distance of its vectors.</param>
    /// <param name="gradient">The same of the gradient of the output.</param>
    public PixelTable(
        TapPhase phase, Extent[] pixels, (int Blocks, int Vectors, bool HasListPerTap) cuts, (ImageLayout Layout, nint Stride) input,
        (ImageLayout Layout, nint Stride) gradient)
    {
        (_inputStride, _gradientStride) = (input.Stride, gradient.Stride);
        (_blocks, _lists) = (cuts.Blocks, cuts.HasListPerTap ? phase.Taps.Length : 1);
        Vectors = (int)Math.Min(cuts.Vectors, Math.Min(MostVectors(input), MostVectors(gradient)));
        _firstPixels = new int[(Vectors * _blocks * _lists) + 1];
        var all = new List<int>();
        for (var place = 0; place < _firstPixels.Length - 1; place++)
        {
            var (block, list) = (place / _lists % _blocks, place % _lists);
            for (var vector = 0; vector <= place / _lists / _blocks; vector++)
            {
                var end = (int)((long)pixels.Length * (block + 1) / _blocks);
                for (var pixel = (int)((long)pixels.Length * block / _blocks); pixel < end; pixel++)
                {
                    var at = pixels[pixel];
                    if (cuts.HasListPerTap && !phase.IsInside(at, phase.Taps[list]))
                        continue;
                    var (row, column) = (at.Rows * phase.InputStride.Rows, at.Columns * phase.InputStride.Columns);
                    all.Add(checked((int)((vector * input.Stride) + input.Layout.Offset(0, 0, row, column))));
                    all.Add(checked((int)((vector * gradient.Stride) + gradient.Layout.Offset(0, 0, at.Rows, at.Columns))));
                }
            }
            _firstPixels[place + 1] = all.Count / 2;
        }
        _pixels = new PinnedBuffer<int>(all.Count);
        all.CopyTo(_pixels.Span);
    }

    /// <summary>Vectors of a block at most.</summary>
    public int Vectors { get; }

    /// <summary>Whether the table is for vectors at these distances.</summary>
    public bool IsFor(nint inputStride, nint gradientStride) => (_inputStride, _gradientStride) == (inputStride, gradientStride);

    /// <summary>A list: its pixels, and how many there are.</summary>
    /// <param name="vectors">Vectors of the block.</param>
    /// <param name="block">Block of the pixels of an image.</param>
    /// <param name="list">The list.</param>
    public (nint Pixels, int Count) Of(int vectors, int block, int list)
    {
        var at = ((((vectors - 1) * _blocks) + block) * _lists) + list;
        return ((nint)(_pixels.Pointer + (2 * (nint)_firstPixels[at])), _firstPixels[at + 1] - _firstPixels[at]);
    }

    public void Dispose() => _pixels.Dispose();

    /// <summary>How many vectors lie within reach of a position.</summary>
    private static long MostVectors((ImageLayout Layout, nint Stride) value) =>
        value.Stride == 0 ? int.MaxValue : 1 + ((int.MaxValue - (long)value.Layout.Offset(0, 0, value.Layout.Size.Rows, 0)) / value.Stride);
}
