using System.Runtime.Intrinsics;

namespace SparseSharp.Kernels;

/// <summary>
/// The instructions of one vector width. Kernels are generic over it: one text, which the JIT compiles for the width of the processor.
/// </summary>
/// <typeparam name="TVector">The vector. It is no struct of ours, so the JIT keeps it in a register.</typeparam>
internal interface IVectorPath<TVector>
    where TVector : unmanaged
{
    /// <summary>Floats of a vector.</summary>
    static abstract int Lanes { get; }

    static abstract TVector Zero { get; }

    /// <summary>A value in all lanes.</summary>
    static abstract TVector Create(float value);

    static abstract TVector Load(ref float source, nint offset);

    /// <summary>Words as they are, in a vector of floats.</summary>
    static abstract TVector Load(ref uint source, nint offset);

    static abstract void Store(TVector value, ref float target, nint offset);

    static abstract TVector Add(TVector a, TVector b);

    /// <summary><c>a·x + sum</c>.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector x, TVector sum);

    /// <summary><c>max(value, 0)</c>; a value that is not a number stays.</summary>
    static abstract TVector Relu(TVector value);

    /// <summary>The value where the gate is positive, else 0.</summary>
    static abstract TVector Gate(TVector gate, TVector value);

    /// <summary>Four floats, repeated in every 128 bits.</summary>
    static abstract TVector Repeat(ref float source);

    /// <summary>One of four repeated floats in all lanes.</summary>
    static abstract TVector Lane(TVector four, int lane);

    /// <summary>
    /// Each of four consecutive floats in four lanes: all four of them, or the part with this number where a vector has fewer lanes.
    /// </summary>
    /// <param name="source">The first of the floats.</param>
    /// <param name="lanes">What <see cref="SpreadLanes"/> says for the part.</param>
    /// <param name="part">Number of the part.</param>
    static abstract TVector Spread(ref float source, TVector lanes, int part);

    /// <summary>The lanes that <see cref="Spread"/> takes.</summary>
    static abstract TVector SpreadLanes(int part);

    /// <summary>The sums over the lanes of eight vectors.</summary>
    static abstract Vector256<float> Sums(TVector s0, TVector s1, TVector s2, TVector s3, TVector s4, TVector s5, TVector s6, TVector s7);

    /// <summary>The sum of the parts of 128 bits.</summary>
    static abstract Vector128<float> SumParts(TVector value);

    /// <summary>A lane of the same 128 bits for every lane: its low two bits say which.</summary>
    static abstract TVector PickOfFour(TVector values, TVector selectors);

    /// <summary>A lane for every lane: its low bits say which.</summary>
    static abstract TVector Pick(TVector values, TVector selectors);

    /// <summary>A float for every lane: those bits of it that the mask has say which, counted from the source.</summary>
    static abstract TVector Gather(ref float source, TVector selectors, uint mask);

    /// <summary>The words of a vector, shifted to lower bits.</summary>
    static abstract TVector ShiftRight(TVector words, int bits);

    /// <summary>The lower half of each word as the upper half of a float.</summary>
    static abstract TVector LowerHalves(TVector words);

    /// <summary>The upper half of each word as that of a float.</summary>
    static abstract TVector UpperHalves(TVector words);
}
