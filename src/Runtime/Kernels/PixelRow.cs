using System.Runtime.CompilerServices;

namespace SparseSharp.Kernels;

/// <summary>A channel of a tile of pixels: vectors that lie anywhere.</summary>
internal static unsafe class PixelRow
{
    /// <summary>Loads a line of each pixel.</summary>
    /// <param name="row">Receives them.</param>
    /// <param name="source">The line of the first pixel.</param>
    /// <param name="d1">From there to that of the second one, in floats.</param>
    /// <param name="d2">To that of the third one.</param>
    /// <param name="d3">To that of the fourth one.</param>
    [MethodImpl(Jit.Inline)]
    public static void Load<TPath, TVector, TVectors>(
        ref VectorRow<TPath, TVector, TVectors> row, float* source, nint d1, nint d2, nint d3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        row.V0 = TPath.Load(ref *source, 0);
        if (sizeof(TVectors) > 1)
            row.V1 = TPath.Load(ref *source, d1);
        if (sizeof(TVectors) > 2)
            row.V2 = TPath.Load(ref *source, d2);
        if (sizeof(TVectors) > 3)
            row.V3 = TPath.Load(ref *source, d3);
    }

    /// <summary>Adds <c>a·x</c> with the lines in memory.</summary>
    [MethodImpl(Jit.Inline)]
    public static void MultiplyAdd<TPath, TVector, TVectors>(
        ref VectorRow<TPath, TVector, TVectors> row, TVector a, float* x, nint d1, nint d2, nint d3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        row.V0 = TPath.MultiplyAdd(a, TPath.Load(ref *x, 0), row.V0);
        if (sizeof(TVectors) > 1)
            row.V1 = TPath.MultiplyAdd(a, TPath.Load(ref *x, d1), row.V1);
        if (sizeof(TVectors) > 2)
            row.V2 = TPath.MultiplyAdd(a, TPath.Load(ref *x, d2), row.V2);
        if (sizeof(TVectors) > 3)
            row.V3 = TPath.MultiplyAdd(a, TPath.Load(ref *x, d3), row.V3);
    }

    /// <summary>Does what is left to do to the sums of a channel, and writes them.</summary>
    /// <param name="row">The sums.</param>
    /// <param name="run">The operands.</param>
    /// <param name="options">What to do.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="first">Position of the first pixel in channel 0 of the output.</param>
    /// <param name="e1">From there to the second one.</param>
    /// <param name="e2">To the third one.</param>
    /// <param name="e3">To the fourth one.</param>
    /// <param name="counted">Where it stands which samples of each pixel count.</param>
    [MethodImpl(Jit.Inline)]
    public static void Finish<TPath, TVector, TVectors>(
        ref VectorRow<TPath, TVector, TVectors> row, in ConvolutionRun run, ConvolutionOptions options, nint channel, nint first, nint e1,
        nint e2, nint e3, int* counted)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        var position = first + (channel * run.ChannelStride);
        if ((options & ConvolutionOptions.Finish) != 0)
        {
            if ((options & ConvolutionOptions.Sums) != 0)
                AddSums(in row, ref run.Sums[channel * 2 * TPath.Lanes], ref *run.Lanes, counted);
            if ((options & ConvolutionOptions.Scale) != 0)
                Scale(ref row, TPath.Create(run.Scale[channel]), TPath.Create(run.Shift[channel]));
            if ((options & ConvolutionOptions.Residual) != 0)
                Add(ref row, run.Residual + position, e1, e2, e3);
            if ((options & ConvolutionOptions.Relu) != 0)
                row.Relu();
            if ((options & ConvolutionOptions.Gate) != 0)
                Gate(ref row, run.Gate + position, e1, e2, e3);
        }
        var y = run.Y + position;
        TPath.Store(row.V0, ref *y, 0);
        if (sizeof(TVectors) > 1)
            TPath.Store(row.V1, ref *y, e1);
        if (sizeof(TVectors) > 2)
            TPath.Store(row.V2, ref *y, e2);
        if (sizeof(TVectors) > 3)
            TPath.Store(row.V3, ref *y, e3);
    }

    [MethodImpl(Jit.Inline)]
    private static void AddSums<TPath, TVector, TVectors>(
        in VectorRow<TPath, TVector, TVectors> row, ref float sums, ref float lanes, int* counted)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        var sum = TPath.Load(ref sums, 0);
        var squares = TPath.Load(ref sums, TPath.Lanes);
        AddSum<TPath, TVector>(row.V0, ref lanes, counted[0], ref sum, ref squares);
        if (sizeof(TVectors) > 1)
            AddSum<TPath, TVector>(row.V1, ref lanes, counted[1], ref sum, ref squares);
        if (sizeof(TVectors) > 2)
            AddSum<TPath, TVector>(row.V2, ref lanes, counted[2], ref sum, ref squares);
        if (sizeof(TVectors) > 3)
            AddSum<TPath, TVector>(row.V3, ref lanes, counted[3], ref sum, ref squares);
        TPath.Store(sum, ref sums, 0);
        TPath.Store(squares, ref sums, TPath.Lanes);
    }

    [MethodImpl(Jit.Inline)]
    private static void AddSum<TPath, TVector>(TVector value, ref float lanes, nint counted, ref TVector sum, ref TVector squares)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        value = TPath.Gate(TPath.Load(ref lanes, counted), value);
        sum = TPath.Add(sum, value);
        squares = TPath.MultiplyAdd(value, value, squares);
    }

    [MethodImpl(Jit.Inline)]
    private static void Scale<TPath, TVector, TVectors>(ref VectorRow<TPath, TVector, TVectors> row, TVector scale, TVector shift)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        row.V0 = TPath.MultiplyAdd(scale, row.V0, shift);
        if (sizeof(TVectors) > 1)
            row.V1 = TPath.MultiplyAdd(scale, row.V1, shift);
        if (sizeof(TVectors) > 2)
            row.V2 = TPath.MultiplyAdd(scale, row.V2, shift);
        if (sizeof(TVectors) > 3)
            row.V3 = TPath.MultiplyAdd(scale, row.V3, shift);
    }

    [MethodImpl(Jit.Inline)]
    private static void Add<TPath, TVector, TVectors>(ref VectorRow<TPath, TVector, TVectors> row, float* other, nint e1, nint e2, nint e3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        row.V0 = TPath.Add(row.V0, TPath.Load(ref *other, 0));
        if (sizeof(TVectors) > 1)
            row.V1 = TPath.Add(row.V1, TPath.Load(ref *other, e1));
        if (sizeof(TVectors) > 2)
            row.V2 = TPath.Add(row.V2, TPath.Load(ref *other, e2));
        if (sizeof(TVectors) > 3)
            row.V3 = TPath.Add(row.V3, TPath.Load(ref *other, e3));
    }

    [MethodImpl(Jit.Inline)]
    private static void Gate<TPath, TVector, TVectors>(ref VectorRow<TPath, TVector, TVectors> row, float* gate, nint e1, nint e2, nint e3)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        row.V0 = TPath.Gate(TPath.Load(ref *gate, 0), row.V0);
        if (sizeof(TVectors) > 1)
            row.V1 = TPath.Gate(TPath.Load(ref *gate, e1), row.V1);
        if (sizeof(TVectors) > 2)
            row.V2 = TPath.Gate(TPath.Load(ref *gate, e2), row.V2);
        if (sizeof(TVectors) > 3)
            row.V3 = TPath.Gate(TPath.Load(ref *gate, e3), row.V3);
    }
}
