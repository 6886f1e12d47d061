using SparseSharp.Numerics;

namespace SparseSharp;

/// <summary>
/// Random numbers for one transform of one image: a function of the seed, the epoch, the number of the image, the place of the transform
/// among the others, and the number of the augmentation where a batch has several of an image.
/// </summary>
public sealed class RandomStream
{
    private const int PlaceShift = 24;

    /// <summary>Bits of the last word of a counter that say what random numbers are for.</summary>
    private const int PurposeBits = 8;

    private ulong _seed;
    private uint _epoch;
    private uint _image;
    private uint _place;
    private uint _purpose;
    private uint _taken;
    private (uint A, uint B, uint C, uint D) _words;

    internal RandomStream()
    {
    }

    /// <summary>Uniform in [0, 1).</summary>
    public float Uniform() => Philox.Uniform(Word());

    /// <summary>Uniform from <paramref name="low"/> up to <paramref name="high"/>.</summary>
    public double Uniform(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>A whole number from 0 to <paramref name="count"/> - 1, each as likely.</summary>
    public int Integer(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return (int)(((ulong)Word() * (uint)count) >> 32);
    }

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Normal with mean 0 and deviation 1 (Box and Muller, 1958).</summary>
    public double Normal()
    {
        // In (0, 1], whose logarithm is finite.
        var radius = Math.Sqrt(-2 * Math.Log((Word() + 1.0) / 4294967296.0));
        return radius * Math.Cos(2 * Math.PI * Word() / 4294967296.0);
    }

    internal void Begin(ulong seed, int epoch, int image, int augmentation, int place)
    {
        (_seed, _epoch, _image, _place, _taken) = (seed, (uint)epoch, (uint)image, (uint)place << PlaceShift, 0);
        _purpose = (uint)Philox.Purpose.Augmentation | ((uint)augmentation << PurposeBits);
    }

    private uint Word()
    {
        var word = _taken++;
        if ((word & 3) == 0)
            _words = Philox.Next(_seed, _place | ((word >> 2) & ((1 << PlaceShift) - 1)), _image, _epoch, _purpose);
        return (word & 3) switch { 0 => _words.A, 1 => _words.B, 2 => _words.C, _ => _words.D };
    }
}
