namespace SparseSharp.Generator.Graphs;

/// <summary>What numbers are drawn for: each purpose has a stream of its own.</summary>
internal enum Purpose
{
    Elements = 1,
    Signs = 2,
    Permutations = 3,
    Relabelling = 4,
    Shifts = 5,
}

/// <summary>Random numbers of graphs (SplitMix64; Steele, Lea and Flood, 2014): the same ones on every machine.</summary>
internal sealed class SplitMix64(ulong state)
{
    /// <summary>Added to the purpose for the inner factor of a layer, so that equal factors of one layer differ.</summary>
    private const int Inner = 16;

    private ulong _state = state;

    public static SplitMix64 For(ulong seed, Purpose purpose, bool isInner) =>
        new(unchecked(seed ^ ((ulong)((int)purpose + (isInner ? Inner : 0)) * 0xD1342543DE82EF95)));

    public ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>A permutation of 0 to <paramref name="count"/> - 1 (Fisher and Yates, from the end).</summary>
    public int[] Shuffle(int count)
    {
        var items = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i >= 1; i--)
            Swap(items, i, Below(i + 1));
        return items;
    }

    /// <summary><paramref name="count"/> of the numbers 0 to <paramref name="bound"/> - 1, ascending.</summary>
    public int[] Subset(int bound, int count)
    {
        var items = Enumerable.Range(0, bound).ToArray();
        for (var i = 0; i < count; i++)
            Swap(items, i, i + Below(bound - i));
        Array.Resize(ref items, count);
        Array.Sort(items);
        return items;
    }

    private static void Swap(int[] items, int i, int j) => (items[i], items[j]) = (items[j], items[i]);
}
