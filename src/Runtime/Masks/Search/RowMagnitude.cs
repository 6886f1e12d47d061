using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Masks.Search;

/// <summary>
/// Row-wise magnitude masks: in every group of M consecutive weights the N largest are kept, of equal ones those with the lowest index. A
/// weight stays if fewer than N of its group are before it, where j is before i if |j| > |i|, or |j| = |i| and j &lt; i.
/// </summary>
/// <remarks>
/// The vector paths compare magnitudes as integers, the bits without the sign: the order is the same and -0 equals 0. "At least as large"
/// is then "larger than one less". A comparison gives -1, so the sum of all is minus the number of weights before this one.
/// </remarks>
internal static unsafe class RowMagnitude
{
    private const int WordColumns = 64;
    private const int MagnitudeBits = 0x7FFF_FFFF;
    private const int MaximumGroup = 32;
    private const int Step = MaximumGroup - 1;

    /// <summary>Finds the mask of one row.</summary>
    /// <param name="keep">N.</param>
    /// <param name="group">M, at most 32; divides the columns.</param>
    /// <param name="row">Weights of the row.</param>
    /// <param name="columns">Weights in the row.</param>
    /// <param name="words">Receives the mask, one bit per weight.</param>
    public static void Find(int keep, int group, float* row, int columns, Span<ulong> words)
    {
        if (!Vector128.IsHardwareAccelerated)
            Reference(keep, group, row, columns, words);
        else if (group is 2 or 4 or 8)
            Words(keep, group, row, columns, words);
        else
            Groups(keep, group, row, columns, words);
    }

    /// <summary>The scalar reference.</summary>
    public static void Reference(int keep, int group, float* row, int columns, Span<ulong> words)
    {
        words.Clear();
        for (var start = 0; start < columns; start += group)
            for (var i = start; i < start + group; i++)
                if (Before(row, start, group, i) < keep)
                    words[i / WordColumns] |= 1UL << (i % WordColumns);
    }

    private static int Before(float* row, int start, int group, int i)
    {
        var before = 0;
        for (var j = start; j < start + group; j++)
            if (Math.Abs(row[j]) > Math.Abs(row[i]) || (Math.Abs(row[j]) == Math.Abs(row[i]) && j < i))
                before++;
        return before;
    }

    /// <summary>Groups of 2, 4 and 8, a word of the mask at a time.</summary>
    private static void Words(int keep, int group, float* row, int columns, Span<ulong> words)
    {
        var padded = stackalloc float[WordColumns];
        for (var word = 0; word < words.Length; word++)
        {
            var source = row + (word * WordColumns);
            var left = columns - (word * WordColumns);
            var inside = ulong.MaxValue;
            if (left < WordColumns)
            {
                new ReadOnlySpan<float>(source, left).CopyTo(new Span<float>(padded, WordColumns));
                source = padded;
                inside = (1UL << left) - 1;
            }
            words[word] = inside & group switch
            {
                2 => Pairs((int*)source),
                4 => Quads((int*)source, -keep),
                _ => Octets((int*)source, -keep),
            };
        }
    }

    private static ulong Pairs(int* source)
    {
        ulong bits = 0;
        var second = Vector256.Create(0, 1, 0, 1, 0, 1, 0, 1);
        for (var i = 0; i < WordColumns; i += Vector256<int>.Count)
        {
            var own = Vector256.Load(source + i) & Vector256.Create(MagnitudeBits);
            var other = Vector256.Shuffle(own, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));
            var dropped = Vector256.GreaterThan(other, own - second);
            bits |= (ulong)(~dropped).ExtractMostSignificantBits() << i;
        }
        return bits;
    }

    /// <summary>Every lane meets the three others of its group: the next, the one after and the one before, in a circle.</summary>
    private static ulong Quads(int* source, int limit)
    {
        ulong bits = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (var i = 0; i < WordColumns; i += Vector512<int>.Count)
                bits |= Quads(Vector512.Load(source + i), limit) << i;
        }
        else
        {
            for (var i = 0; i < WordColumns; i += Vector256<int>.Count)
                bits |= (ulong)Quads(Vector256.Load(source + i), limit) << i;
        }
        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Quads(Vector512<int> weights, int limit)
    {
        var own = weights & Vector512.Create(MagnitudeBits);
        var next = Vector512.Shuffle(own, Vector512.Create(1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12));
        var opposite = Vector512.Shuffle(own, Vector512.Create(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
        var last = Vector512.Shuffle(own, Vector512.Create(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14));
        var before = Vector512.GreaterThan(next, own - Vector512.Create(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1))
            + Vector512.GreaterThan(opposite, own - Vector512.Create(0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1))
            + Vector512.GreaterThan(last, own - Vector512.Create(0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1));
        return Vector512.GreaterThan(before, Vector512.Create(limit)).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Quads(Vector256<int> weights, int limit)
    {
        var own = weights & Vector256.Create(MagnitudeBits);
        var next = Vector256.Shuffle(own, Vector256.Create(1, 2, 3, 0, 5, 6, 7, 4));
        var opposite = Vector256.Shuffle(own, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5));
        var last = Vector256.Shuffle(own, Vector256.Create(3, 0, 1, 2, 7, 4, 5, 6));
        var before = Vector256.GreaterThan(next, own - Vector256.Create(0, 0, 0, 1, 0, 0, 0, 1))
            + Vector256.GreaterThan(opposite, own - Vector256.Create(0, 0, 1, 1, 0, 0, 1, 1))
            + Vector256.GreaterThan(last, own - Vector256.Create(0, 1, 1, 1, 0, 1, 1, 1));
        return Vector256.GreaterThan(before, Vector256.Create(limit)).ExtractMostSignificantBits();
    }

    /// <summary>Every lane meets the seven others of its group: all turn by one lane seven times.</summary>
    private static ulong Octets(int* source, int limit)
    {
        ulong bits = 0;
        for (var i = 0; i < WordColumns; i += Vector256<int>.Count)
        {
            var own = Vector256.Load(source + i) & Vector256.Create(MagnitudeBits);
            var other = Turn(own);
            var before = Vector256.GreaterThan(other, own - Vector256.Create(0, 0, 0, 0, 0, 0, 0, 1));
            other = Turn(other);
            before += Vector256.GreaterThan(other, own - Vector256.Create(0, 0, 0, 0, 0, 0, 1, 1));
            other = Turn(other);
            before += Vector256.GreaterThan(other, own - Vector256.Create(0, 0, 0, 0, 0, 1, 1, 1));
            other = Turn(other);
            before += Vector256.GreaterThan(other, own - Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1));
            other = Turn(other);
            before += Vector256.GreaterThan(other, own - Vector256.Create(0, 0, 0, 1, 1, 1, 1, 1));
            other = Turn(other);
            before += Vector256.GreaterThan(other, own - Vector256.Create(0, 0, 1, 1, 1, 1, 1, 1));
            other = Turn(other);
            before += Vector256.GreaterThan(other, own - Vector256.Create(0, 1, 1, 1, 1, 1, 1, 1));
            bits |= (ulong)Vector256.GreaterThan(before, Vector256.Create(limit)).ExtractMostSignificantBits() << i;
        }
        return bits;
    }

    private static Vector256<int> Turn(Vector256<int> lanes) => Vector256.Shuffle(lanes, Vector256.Create(1, 2, 3, 4, 5, 6, 7, 0));

    /// <summary>
    /// Groups of any size: all lanes of a group meet its members one after the other. As many whole groups at a time as fill a word.
    /// </summary>
    [SkipLocalsInit]
    private static void Groups(int keep, int group, float* row, int columns, Span<ulong> words)
    {
        var steps = stackalloc int[Step + 1 + (2 * MaximumGroup)];
        new Span<int>(steps, Step + 1).Clear();
        new Span<int>(steps + Step + 1, 2 * MaximumGroup).Fill(1);

        // The last vectors of a group may reach into the next one or past the end; those lanes mean nothing and are cut off.
        var magnitudes = stackalloc int[WordColumns + MaximumGroup];
        new Span<int>(magnitudes, WordColumns + MaximumGroup).Clear();
        var span = WordColumns / group * group;
        for (var start = 0; start < columns; start += span)
        {
            var count = Math.Min(span, columns - start);
            TensorPrimitives.BitwiseAnd(new ReadOnlySpan<int>((int*)row + start, count), MagnitudeBits, new Span<int>(magnitudes, count));
            ulong bits = 0;
            for (var first = 0; first < count; first += group)
                bits |= Kept(magnitudes + first, group, keep, steps) << first;
            if (span == WordColumns)
                words[start / WordColumns] = bits;
            else
                for (var first = 0; first < count; first += group)
                    MaskBits.Write(words, start + first, group, (uint)(bits >> first) & (uint)((1UL << group) - 1));
        }
    }

    /// <summary>
    /// Bits of the N largest of a group. The vector at steps + <see cref="Step"/> + i - j holds 1 for the lanes of own weights i, i + 1,
    /// ... behind weight j.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Kept(int* magnitudes, int group, int keep, int* steps)
    {
        ulong bits = 0;
        for (var i = 0; i < group; i += Vector<int>.Count)
        {
            var own = Vector.Load(magnitudes + i);
            var before = Vector<int>.Zero;
            for (var j = 0; j < group; j++)
                before += Vector.GreaterThan(new Vector<int>(magnitudes[j]), own - Vector.Load(steps + Step + i - j));
            bits |= (ulong)SignBits(Vector.GreaterThan(before, new Vector<int>(-keep))) << i;
        }
        return bits & ((1UL << group) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint SignBits(Vector<int> lanes) => Vector<int>.Count switch
    {
        4 => lanes.AsVector128().ExtractMostSignificantBits(),
        8 => lanes.AsVector256().ExtractMostSignificantBits(),
        _ => (uint)lanes.AsVector512().ExtractMostSignificantBits(),
    };
}
