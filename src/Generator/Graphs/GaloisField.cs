namespace SparseSharp.Generator.Graphs;

/// <summary>
/// The field with <c>2^m</c> elements, m from 1 to 8, written as the numbers below <c>2^m</c>; their sum is the exclusive or.
/// </summary>
internal sealed class GaloisField
{
    public const int LargestOrder = 256;

    /// <summary>An irreducible polynomial of each degree, bit i for the i-th power; the one of degree 8 is that of AES.</summary>
    private static readonly int[] _polynomials = [3, 7, 0xB, 0x13, 0x25, 0x43, 0x89, 0x11B];

    private readonly int _polynomial;

    /// <summary>The smallest field with at least so many elements, which must not be more than <see cref="LargestOrder"/>.</summary>
    public GaloisField(int elements)
    {
        Order = OrderFor(elements);
        _polynomial = _polynomials.First(polynomial => polynomial >= Order);
    }

    /// <summary>The number of elements.</summary>
    public int Order { get; }

    /// <summary>The power of two, at least 2, that is not less than a number.</summary>
    public static int OrderFor(int elements)
    {
        var order = 2;
        while (order < elements)
            order *= 2;
        return order;
    }

    public int Multiply(int x, int y)
    {
        var product = 0;
        for (; y > 0; y >>= 1)
        {
            if ((y & 1) != 0)
                product ^= x;
            x <<= 1;
            if ((x & Order) != 0)
                x ^= _polynomial;
        }
        return product;
    }
}
