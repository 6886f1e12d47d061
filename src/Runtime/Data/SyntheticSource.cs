using SparseSharp.Numerics;

namespace SparseSharp.Data;

/// <summary>The random numbers of one drawn image for one purpose.</summary>
/// <param name="seed">Seed of the images.</param>
/// <param name="index">Number of the image.</param>
/// <param name="stream">The purpose.</param>
internal struct SyntheticSource(ulong seed, int index, uint stream)
{
    /// <summary>Classes of the images.</summary>
    private const int Classes = 10;

    private (uint A, uint B, uint C, uint D) _words;
    private uint _taken;

    /// <summary>The class of an image: every ten images hold every class once, in random order.</summary>
    public static int Label(ulong seed, int index, uint stream)
    {
        Span<int> labels = stackalloc int[Classes];
        for (var i = 0; i < Classes; i++)
            labels[i] = i;
        var random = new SyntheticSource(seed, index / Classes, stream);
        for (var i = Classes - 1; i > 0; i--)
        {
            var other = (int)(random.Next() * (i + 1));
            (labels[i], labels[other]) = (labels[other], labels[i]);
        }
        return labels[index % Classes];
    }

    /// <summary>Uniform in [0, 1).</summary>
    public float Next() => Philox.Uniform(Word());

    /// <summary>Uniform in [low, high).</summary>
    public float Next(float low, float high) => low + ((high - low) * Next());

    /// <summary>Uniform in ±limit.</summary>
    public float Spread(float limit) => Next(-limit, limit);

    /// <summary>Nearly normal with deviation 1: the sum of four uniform bytes (Irwin-Hall), scaled.</summary>
    public float Normal()
    {
        const float mean = 4 * 127.5f;
        const float deviation = 147.8f;
        var word = Word();
        return ((word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + (word >> 24) - mean) / deviation;
    }

    /// <summary>A random word.</summary>
    public uint Word()
    {
        var place = _taken++ & 3;
        if (place == 0)
            _words = Philox.Next(seed, (_taken - 1) >> 2, (uint)index, stream, (uint)Philox.Purpose.SyntheticData);
        return place switch { 0 => _words.A, 1 => _words.B, 2 => _words.C, _ => _words.D };
    }
}
