namespace SparseSharp.Numerics;

/// <summary>
/// A vector of floats of some width: what code that is the same for every width is written with. A mask has all bits of a lane set, or
/// none.
/// </summary>
internal unsafe interface IFloatLanes<TSelf>
    where TSelf : struct, IFloatLanes<TSelf>
{
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    static abstract TSelf Create(float value);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The first argument with the sign of the second.</summary>
    static abstract TSelf CopySign(TSelf magnitude, TSelf sign);

    /// <summary>Lanes of <paramref name="a"/> where the mask is set, else of <paramref name="b"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>Whether a lane of a mask is set.</summary>
    static abstract bool Any(TSelf mask);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf operator &(TSelf a, TSelf b);

    static abstract TSelf operator |(TSelf a, TSelf b);

    static abstract TSelf operator ~(TSelf value);

    static abstract TSelf operator >(TSelf a, TSelf b);

    static abstract TSelf operator <(TSelf a, TSelf b);

    static abstract TSelf operator >=(TSelf a, TSelf b);

    static abstract TSelf operator <=(TSelf a, TSelf b);

    /// <summary>Other lanes of the vector in the place of each; 0 where there is no lane of that number.</summary>
    /// <param name="places">A number for each lane.</param>
    TSelf Take(int* places);

    void Store(float* target);
}
