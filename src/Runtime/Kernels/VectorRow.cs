using System.Runtime.CompilerServices;

namespace SparseSharp.Kernels;

/// <summary>
/// Up to four neighbouring vectors: a row of a panel, the sums of a row, or the sums of a few rows. A local of this type is as many locals
/// for the JIT, which lie in registers; those beyond the count are never used, and do not exist.
/// </summary>
/// <remarks>Four fields of at most 512 bits are the most that the JIT takes apart.</remarks>
internal unsafe struct VectorRow<TPath, TVector, TVectors>
    where TPath : struct, IVectorPath<TVector>
    where TVector : unmanaged
    where TVectors : unmanaged, ICount
{
    public TVector V0;
    public TVector V1;
    public TVector V2;
    public TVector V3;

    /// <summary>Floats of the row.</summary>
    public static int Width
    {
        [MethodImpl(Jit.Inline)]
        get => sizeof(TVectors) * TPath.Lanes;
    }

    /// <summary>Loads a row.</summary>
    /// <param name="source">Where offsets count from: constant ones are parts of an address, and cost no instruction.</param>
    /// <param name="offset">Floats from there to the row.</param>
    [MethodImpl(Jit.Inline)]
    public void Load(ref float source, int offset = 0)
    {
        V0 = TPath.Load(ref source, offset);
        if (sizeof(TVectors) > 1)
            V1 = TPath.Load(ref source, offset + TPath.Lanes);
        if (sizeof(TVectors) > 2)
            V2 = TPath.Load(ref source, offset + (2 * TPath.Lanes));
        if (sizeof(TVectors) > 3)
            V3 = TPath.Load(ref source, offset + (3 * TPath.Lanes));
    }

    /// <summary>Loads words as they are.</summary>
    [MethodImpl(Jit.Inline)]
    public void LoadWords(ref uint source)
    {
        V0 = TPath.Load(ref source, 0);
        if (sizeof(TVectors) > 1)
            V1 = TPath.Load(ref source, TPath.Lanes);
        if (sizeof(TVectors) > 2)
            V2 = TPath.Load(ref source, 2 * TPath.Lanes);
        if (sizeof(TVectors) > 3)
            V3 = TPath.Load(ref source, 3 * TPath.Lanes);
    }

    /// <summary>Loads one vector of each of a few columns.</summary>
    /// <param name="columns">The first column.</param>
    /// <param name="lane">Where in a column.</param>
    /// <param name="width">From a column to the next.</param>
    [MethodImpl(Jit.Inline)]
    public void LoadColumns(ref float columns, int lane, nint width)
    {
        V0 = TPath.Load(ref columns, lane);
        if (sizeof(TVectors) > 1)
            V1 = TPath.Load(ref columns, width + lane);
        if (sizeof(TVectors) > 2)
            V2 = TPath.Load(ref columns, (2 * width) + lane);
        if (sizeof(TVectors) > 3)
            V3 = TPath.Load(ref columns, (3 * width) + lane);
    }

    /// <summary>Puts a value into all lanes.</summary>
    [MethodImpl(Jit.Inline)]
    public void Fill(float value)
    {
        V0 = TPath.Create(value);
        if (sizeof(TVectors) > 1)
            V1 = V0;
        if (sizeof(TVectors) > 2)
            V2 = V0;
        if (sizeof(TVectors) > 3)
            V3 = V0;
    }

    [MethodImpl(Jit.Inline)]
    public void Clear()
    {
        V0 = TPath.Zero;
        if (sizeof(TVectors) > 1)
            V1 = TPath.Zero;
        if (sizeof(TVectors) > 2)
            V2 = TPath.Zero;
        if (sizeof(TVectors) > 3)
            V3 = TPath.Zero;
    }

    /// <summary>Adds <c>a·x</c>.</summary>
    [MethodImpl(Jit.Inline)]
    public void MultiplyAdd(TVector a, in VectorRow<TPath, TVector, TVectors> x)
    {
        V0 = TPath.MultiplyAdd(a, x.V0, V0);
        if (sizeof(TVectors) > 1)
            V1 = TPath.MultiplyAdd(a, x.V1, V1);
        if (sizeof(TVectors) > 2)
            V2 = TPath.MultiplyAdd(a, x.V2, V2);
        if (sizeof(TVectors) > 3)
            V3 = TPath.MultiplyAdd(a, x.V3, V3);
    }

    /// <summary>Adds <c>a·x</c> with x in memory: each vector is an operand of its multiply-add.</summary>
    [MethodImpl(Jit.Inline)]
    public void MultiplyAdd(TVector a, ref float x, int offset = 0)
    {
        V0 = TPath.MultiplyAdd(a, TPath.Load(ref x, offset), V0);
        if (sizeof(TVectors) > 1)
            V1 = TPath.MultiplyAdd(a, TPath.Load(ref x, offset + TPath.Lanes), V1);
        if (sizeof(TVectors) > 2)
            V2 = TPath.MultiplyAdd(a, TPath.Load(ref x, offset + (2 * TPath.Lanes)), V2);
        if (sizeof(TVectors) > 3)
            V3 = TPath.MultiplyAdd(a, TPath.Load(ref x, offset + (3 * TPath.Lanes)), V3);
    }

    /// <summary>Adds <c>a·x</c> to one of the vectors.</summary>
    [MethodImpl(Jit.Inline)]
    public void MultiplyAdd(int vector, TVector a, TVector x)
    {
        switch (vector)
        {
            case 0: V0 = TPath.MultiplyAdd(a, x, V0); break;
            case 1: V1 = TPath.MultiplyAdd(a, x, V1); break;
            case 2: V2 = TPath.MultiplyAdd(a, x, V2); break;
            default: V3 = TPath.MultiplyAdd(a, x, V3); break;
        }
    }

    /// <summary>Adds <c>a·x</c> to one of the vectors, with x in memory: words as they are.</summary>
    [MethodImpl(Jit.Inline)]
    public void MultiplyAdd(int vector, TVector a, ref uint x, int offset)
    {
        switch (vector)
        {
            case 0: V0 = TPath.MultiplyAdd(a, TPath.Load(ref x, offset), V0); break;
            case 1: V1 = TPath.MultiplyAdd(a, TPath.Load(ref x, offset), V1); break;
            case 2: V2 = TPath.MultiplyAdd(a, TPath.Load(ref x, offset), V2); break;
            default: V3 = TPath.MultiplyAdd(a, TPath.Load(ref x, offset), V3); break;
        }
    }

    [MethodImpl(Jit.Inline)]
    public void Relu()
    {
        V0 = TPath.Relu(V0);
        if (sizeof(TVectors) > 1)
            V1 = TPath.Relu(V1);
        if (sizeof(TVectors) > 2)
            V2 = TPath.Relu(V2);
        if (sizeof(TVectors) > 3)
            V3 = TPath.Relu(V3);
    }

    /// <summary>Clears what has no positive gate.</summary>
    [MethodImpl(Jit.Inline)]
    public void Gate(ref float gate)
    {
        V0 = TPath.Gate(TPath.Load(ref gate, 0), V0);
        if (sizeof(TVectors) > 1)
            V1 = TPath.Gate(TPath.Load(ref gate, TPath.Lanes), V1);
        if (sizeof(TVectors) > 2)
            V2 = TPath.Gate(TPath.Load(ref gate, 2 * TPath.Lanes), V2);
        if (sizeof(TVectors) > 3)
            V3 = TPath.Gate(TPath.Load(ref gate, 3 * TPath.Lanes), V3);
    }

    [MethodImpl(Jit.Inline)]
    public readonly void Store(ref float target, int offset = 0)
    {
        TPath.Store(V0, ref target, offset);
        if (sizeof(TVectors) > 1)
            TPath.Store(V1, ref target, offset + TPath.Lanes);
        if (sizeof(TVectors) > 2)
            TPath.Store(V2, ref target, offset + (2 * TPath.Lanes));
        if (sizeof(TVectors) > 3)
            TPath.Store(V3, ref target, offset + (3 * TPath.Lanes));
    }
}
