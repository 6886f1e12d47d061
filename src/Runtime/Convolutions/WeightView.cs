using System.Runtime.InteropServices;
using SparseSharp.Masks;
using SparseSharp.Numerics;

namespace SparseSharp.Convolutions;

/// <summary>
/// Which weights of a convolution exist, and where they lie, as one of its products sees them: rows are channels of what is computed,
/// columns are taps and channels of what is read.
/// </summary>
/// <param name="shape">The convolution.</param>
/// <param name="isTransposed">Whether rows are input channels, for the gradient of the input.</param>
internal sealed unsafe class WeightView(ConvolutionShape shape, bool isTransposed)
{
    private PinnedBuffer<ulong>? _bits;

    /// <summary>Parts of the channels that do not mix.</summary>
    public int Groups => shape.Groups;

    /// <summary>Channels that are computed.</summary>
    public int Rows => isTransposed ? shape.Inputs : shape.Outputs;

    /// <summary>Channels of a group that are computed.</summary>
    public int GroupRows => isTransposed ? shape.GroupInputs : shape.GroupOutputs;

    /// <summary>Channels of a group that are read.</summary>
    public int GroupChannels => isTransposed ? shape.GroupOutputs : shape.GroupInputs;

    /// <summary>Words that say which channels a row keeps at a tap.</summary>
    public int Words { get; } = ((isTransposed ? shape.GroupOutputs : shape.GroupInputs) + 63) / 64;

    /// <summary>Kept share of the weights.</summary>
    public double Density { get; private set; } = 1;

    /// <summary>Whether all weights exist.</summary>
    public bool IsDense { get; private set; } = true;

    /// <summary>Grows whenever another mask comes.</summary>
    public int Version { get; private set; }

    /// <summary>
    /// Where each weight of <c>[outputs, taps·inputs/groups]</c> lies in the parameter; null where the parameter is in that order.
    /// </summary>
    public int[]? Positions { get; private set; }

    /// <summary>From a channel to the next in <c>[outputs, taps·inputs/groups]</c>.</summary>
    public int ChannelStride => isTransposed ? shape.Columns : 1;

    /// <summary>From a tap to the next there.</summary>
    public int TapStride => shape.GroupInputs;

    /// <summary>Where the weights of a row begin there.</summary>
    public int FirstWeight(int row) => isTransposed
        ? (row / shape.GroupInputs * shape.GroupOutputs * shape.Columns) + (row % shape.GroupInputs)
        : row * shape.Columns;

    /// <summary>The bits of a row, word by word for each tap; bits behind the last channel are 0.</summary>
    public ulong* Bits(int row) => _bits!.Pointer + ((nint)row * shape.Taps * Words);

    /// <summary>Takes another mask over the same weights.</summary>
    /// <param name="mask">The mask <c>[outputs, taps·inputs/groups]</c>, or null where all weights exist.</param>
    /// <param name="positions">Where each weight lies in the parameter, or null where it is in the order of the mask.</param>
    public void Take(Mask? mask, int[]? positions)
    {
        Version++;
        (IsDense, Density, Positions) = (mask is null, mask?.Density ?? 1, positions);
        if (mask is null)
            return;
        _bits ??= new PinnedBuffer<ulong>((long)Rows * shape.Taps * Words);
        if (isTransposed)
            CopyTransposed(mask);
        else
            Copy(mask);
    }

    private void Copy(Mask mask)
    {
        var target = _bits!.Pointer;
        for (var row = 0; row < shape.Outputs; row++)
        {
            var words = mask.Row(row);
            for (var first = 0; first < shape.Columns; first += shape.GroupInputs)
            {
                for (var channel = 0; channel < shape.GroupInputs; channel += 64)
                    *target++ = BitsOf(words, first + channel, Math.Min(64, shape.GroupInputs - channel));
            }
        }
    }

    /// <summary>Turns the weights between the channels of a group at a tap, 64 by 64.</summary>
    private void CopyTransposed(Mask mask)
    {
        var square = stackalloc ulong[BitSquare.Size];
        var (inputs, outputs, tapWords) = (shape.GroupInputs, shape.GroupOutputs, shape.Taps * Words);
        for (var group = 0; group < Groups; group++)
        {
            for (var output = 0; output < outputs; output += BitSquare.Size)
            {
                var height = Math.Min(BitSquare.Size, outputs - output);
                for (var input = 0; input < shape.Columns; input += Math.Min(BitSquare.Size, inputs - (input % inputs)))
                {
                    var (tap, first) = Math.DivRem(input, inputs);
                    var width = Math.Min(BitSquare.Size, inputs - first);
                    for (var row = 0; row < height; row++)
                        square[row] = BitsOf(mask.Row((group * outputs) + output + row), input, width);
                    BitSquare.Transpose(square, height, width);
                    var target = Bits((group * inputs) + first) + ((nint)tap * Words) + (output / 64);
                    for (var row = 0; row < width; row++)
                        target[(nint)row * tapWords] = square[row];
                }
            }
        }
    }

    /// <summary>Up to 64 bits from a position on.</summary>
    private static ulong BitsOf(ReadOnlySpan<ulong> words, int first, int count)
    {
        var (word, shift) = (first >> 6, first & 63);
        var bits = words[word] >> shift;
        if (shift + count > 64)
            bits |= words[word + 1] << (64 - shift);
        return count == 64 ? bits : bits & ((1UL << count) - 1);
    }
}
