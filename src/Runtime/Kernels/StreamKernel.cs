using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Kernels;

/// <summary>
/// Kernels for a few samples: lanes are outputs, and the weights of a block of outputs lie in the order in which they are used. Of N:M
/// weights the stream has selectors, which pick the inputs that the weights belong to out of a vector of inputs.
/// </summary>
/// <remarks>
/// Tile of up to 8 samples by 2 vectors of outputs; fewer samples take more blocks of outputs at a time, so that there are 8 chains of
/// sums with 512 bits. Each sum has one accumulator and adds in the order of the stream, whatever the tile: results do not depend on how
/// many samples there are.
/// </remarks>
internal static class StreamKernel
{
    /// <summary><c>Y = X·Wᵀ + b</c> for a run of blocks.</summary>
    /// <typeparam name="TKernel">What is in the stream.</typeparam>
    /// <param name="samples">Samples: a power of two, up to half of the lanes of a vector.</param>
    /// <param name="halves">Whether weights are stored as bfloat16.</param>
    /// <param name="run">The operands.</param>
    public static void Multiply<TKernel>(int samples, bool halves, in StreamRun run)
        where TKernel : struct, IStreamKernel
    {
        switch (TKernel.SelectorBits, TKernel.WindowSlots)
        {
            case (4, 8): StreamKernel<TKernel, Sixteen, Eight>.Multiply(samples, halves, in run); break;
            case (4, 6): StreamKernel<TKernel, Sixteen, Six>.Multiply(samples, halves, in run); break;
            case (4, 4): StreamKernel<TKernel, Sixteen, Four>.Multiply(samples, halves, in run); break;
            case (4, _): StreamKernel<TKernel, Sixteen, Two>.Multiply(samples, halves, in run); break;
            case (2, 3): StreamKernel<TKernel, Four, Three>.Multiply(samples, halves, in run); break;
            case (2, 2): StreamKernel<TKernel, Four, Two>.Multiply(samples, halves, in run); break;
            case (2, _): StreamKernel<TKernel, Four, One>.Multiply(samples, halves, in run); break;
            default: StreamKernel<TKernel, One, One>.Multiply(samples, halves, in run); break;
        }
    }
}

/// <inheritdoc cref="StreamKernel"/>
/// <typeparam name="TKernel">What is in the stream.</typeparam>
/// <typeparam name="TWindow">Inputs that a selector picks from.</typeparam>
/// <typeparam name="TSlots">Weights of an output that belong to the same window.</typeparam>
internal static unsafe class StreamKernel<TKernel, TWindow, TSlots>
    where TKernel : struct, IStreamKernel
    where TWindow : unmanaged, ICount
    where TSlots : unmanaged, ICount
{
    /// <summary>Weights of an output that are written out, the rest is a loop: pairs, and whole windows.</summary>
    private static int UnitSlots
    {
        [MethodImpl(Jit.Inline)]
        get => sizeof(TSlots) * (1 + (sizeof(TSlots) % 2));
    }

    /// <summary>Inputs that those belong to.</summary>
    private static int UnitInputs
    {
        [MethodImpl(Jit.Inline)]
        get => (1 + (sizeof(TSlots) % 2)) * sizeof(TWindow);
    }

    /// <summary>Weights of an output in a step.</summary>
    private static int Slots
    {
        [MethodImpl(Jit.Inline)]
        get => TKernel.StepInputs / sizeof(TWindow) * sizeof(TSlots);
    }

    /// <summary><c>Y = X·Wᵀ + b</c> for a run of blocks.</summary>
    /// <param name="samples">Samples: a power of two, up to half of the lanes of a vector.</param>
    /// <param name="halves">Whether weights are stored as bfloat16.</param>
    /// <param name="run">The operands.</param>
    public static void Multiply(int samples, bool halves, in StreamRun run)
    {
        if (halves)
            Multiply<Halves>(samples, in run);
        else
            Multiply<Floats>(samples, in run);
    }

    private static void Multiply<TWeights>(int samples, in StreamRun run)
        where TWeights : unmanaged, IWeights
    {
        if (PanelGeometry.Has512)
        {
            switch (samples)
            {
                case 8: Multiply<TWeights, Path512, Vector512<float>, Eight, One>(in run, 0); break;
                case 4: Multiply<TWeights, Path512, Vector512<float>, Four, One>(in run, 0); break;
                case 2: MultiplyTogether<TWeights, Path512, Vector512<float>, Two, Two>(in run); break;
                default: MultiplyTogether<TWeights, Path512, Vector512<float>, One, Four>(in run); break;
            }
        }
        else if (PanelGeometry.Has256)
        {
            switch (samples)
            {
                case 4: Multiply<TWeights, Path256, Vector256<float>, Four, One>(in run, 0); break;
                case 2: Multiply<TWeights, Path256, Vector256<float>, Two, One>(in run, 0); break;
                default: MultiplyTogether<TWeights, Path256, Vector256<float>, One, Two>(in run); break;
            }
        }
        else if (PanelGeometry.Has128)
        {
            if (samples == 2)
                Multiply<TWeights, Path128, Vector128<float>, Two, One>(in run, 0);
            else
                Multiply<TWeights, Path128, Vector128<float>, One, One>(in run, 0);
        }
        else
        {
            MultiplyScalar<TWeights>(samples, in run);
        }
    }

    /// <summary>
    /// Some blocks at once, whose sums fill the registers that those of more samples would, and what is left block by block.
    /// </summary>
    private static void MultiplyTogether<TWeights, TPath, TVector, TSamples, TBlocks>(in StreamRun run)
        where TWeights : unmanaged, IWeights
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TSamples : unmanaged, ICount
        where TBlocks : unmanaged, ICount
    {
        if (run.Blocks >= sizeof(TBlocks))
            Multiply<TWeights, TPath, TVector, TSamples, TBlocks>(in run, 0);
        if (run.Blocks % sizeof(TBlocks) != 0)
            Multiply<TWeights, TPath, TVector, TSamples, One>(in run, run.Blocks / sizeof(TBlocks) * sizeof(TBlocks));
    }

    /// <summary>
    /// From a block on, as many at once as the type says: sum <c>p</c> of sample s and block b has the number <c>b·samples + s</c>.
    /// </summary>
    [MethodImpl(Jit.Leaf)]
    private static void Multiply<TWeights, TPath, TVector, TSamples, TBlocks>(in StreamRun run, int first)
        where TWeights : unmanaged, IWeights
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TSamples : unmanaged, ICount
        where TBlocks : unmanaged, ICount
    {
        nint yStride = run.YStride, blockStride = run.BlockStride;
        nint block = VectorRow<TPath, TVector, Two>.Width;
        ref var stream = ref Unsafe.Add(ref run.Stream, first * blockStride);
        ref var bias = ref Unsafe.Add(ref run.Bias, first * block);
        ref var y = ref Unsafe.Add(ref run.Y, first * block);
        VectorRow<TPath, TVector, Two> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default, p6 = default,
            p7 = default;
        VectorRow<TPath, TVector, Two> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var blocks = run.Blocks - first; blocks >= sizeof(TBlocks); blocks -= sizeof(TBlocks))
        {
            p0.Load(ref bias);
            if (sizeof(TSamples) > 1)
                p1 = p0;
            if (sizeof(TSamples) > 2)
                p2 = p3 = p0;
            if (sizeof(TSamples) > 4)
                p4 = p5 = p6 = p7 = p0;
            if (sizeof(TSamples) == 2 && sizeof(TBlocks) > 1)
            {
                p2.Load(ref Unsafe.Add(ref bias, block));
                p3 = p2;
            }
            if (sizeof(TSamples) == 1 && sizeof(TBlocks) > 1)
                p1.Load(ref Unsafe.Add(ref bias, block));
            if (sizeof(TSamples) == 1 && sizeof(TBlocks) > 2)
            {
                p2.Load(ref Unsafe.Add(ref bias, 2 * block));
                p3.Load(ref Unsafe.Add(ref bias, 3 * block));
            }
            ref var x0 = ref run.X;
            ref var x1 = ref Unsafe.Add(ref run.X, run.XStride);
            ref var x2 = ref Unsafe.Add(ref run.X, 2 * run.XStride);
            ref var x3 = ref Unsafe.Add(ref run.X, 3 * run.XStride);
            ref var x4 = ref Unsafe.Add(ref run.X, 4 * run.XStride);
            ref var x5 = ref Unsafe.Add(ref run.X, 5 * run.XStride);
            ref var x6 = ref Unsafe.Add(ref run.X, 6 * run.XStride);
            ref var x7 = ref Unsafe.Add(ref run.X, 7 * run.XStride);
            ref var w0 = ref stream;
            ref var w1 = ref Unsafe.Add(ref stream, blockStride);
            ref var w2 = ref Unsafe.Add(ref stream, 2 * blockStride);
            ref var w3 = ref Unsafe.Add(ref stream, 3 * blockStride);
            for (var step = run.Steps; step != 0; step--)
            {
                if (sizeof(TWindow) > 1)
                {
                    s0.LoadWords(ref w0);
                    if (sizeof(TBlocks) > 1)
                        s1.LoadWords(ref w1);
                    if (sizeof(TBlocks) > 2)
                        s2.LoadWords(ref w2);
                    if (sizeof(TBlocks) > 2)
                        s3.LoadWords(ref w3);
                    w0 = ref Unsafe.Add(ref w0, block);
                    if (sizeof(TBlocks) > 1)
                        w1 = ref Unsafe.Add(ref w1, block);
                    if (sizeof(TBlocks) > 2)
                        w2 = ref Unsafe.Add(ref w2, block);
                    if (sizeof(TBlocks) > 2)
                        w3 = ref Unsafe.Add(ref w3, block);
                }
                var unit = Slots / UnitSlots;
                do
                {
                    AddPair<TWeights, TPath, TVector, TSamples, TBlocks>(
                        0, ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7, ref w0, ref w1, ref w2, ref w3, ref s0, ref s1,
                        ref s2, ref s3,
                        ref p0, ref p1, ref p2, ref p3, ref p4, ref p5, ref p6, ref p7);
                    if (sizeof(TSlots) > 2)
                    {
                        AddPair<TWeights, TPath, TVector, TSamples, TBlocks>(
                            2, ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7, ref w0, ref w1, ref w2, ref w3, ref s0,
                            ref s1, ref s2, ref s3,
                            ref p0, ref p1, ref p2, ref p3, ref p4, ref p5, ref p6, ref p7);
                    }
                    if (sizeof(TSlots) > 4 || sizeof(TSlots) == 3)
                    {
                        AddPair<TWeights, TPath, TVector, TSamples, TBlocks>(
                            4, ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7, ref w0, ref w1, ref w2, ref w3, ref s0,
                            ref s1, ref s2, ref s3,
                            ref p0, ref p1, ref p2, ref p3, ref p4, ref p5, ref p6, ref p7);
                    }
                    if (sizeof(TSlots) > 6)
                    {
                        AddPair<TWeights, TPath, TVector, TSamples, TBlocks>(
                            6, ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7, ref w0, ref w1, ref w2, ref w3, ref s0,
                            ref s1, ref s2, ref s3,
                            ref p0, ref p1, ref p2, ref p3, ref p4, ref p5, ref p6, ref p7);
                    }
                    x0 = ref Unsafe.Add(ref x0, UnitInputs);
                    if (sizeof(TSamples) > 1)
                        x1 = ref Unsafe.Add(ref x1, UnitInputs);
                    if (sizeof(TSamples) > 2)
                        x2 = ref Unsafe.Add(ref x2, UnitInputs);
                    if (sizeof(TSamples) > 2)
                        x3 = ref Unsafe.Add(ref x3, UnitInputs);
                    if (sizeof(TSamples) > 4)
                        x4 = ref Unsafe.Add(ref x4, UnitInputs);
                    if (sizeof(TSamples) > 4)
                        x5 = ref Unsafe.Add(ref x5, UnitInputs);
                    if (sizeof(TSamples) > 4)
                        x6 = ref Unsafe.Add(ref x6, UnitInputs);
                    if (sizeof(TSamples) > 4)
                        x7 = ref Unsafe.Add(ref x7, UnitInputs);
                    w0 = ref Unsafe.Add(ref w0, UnitSlots / sizeof(TWeights) * block);
                    if (sizeof(TBlocks) > 1)
                        w1 = ref Unsafe.Add(ref w1, UnitSlots / sizeof(TWeights) * block);
                    if (sizeof(TBlocks) > 2)
                        w2 = ref Unsafe.Add(ref w2, UnitSlots / sizeof(TWeights) * block);
                    if (sizeof(TBlocks) > 2)
                        w3 = ref Unsafe.Add(ref w3, UnitSlots / sizeof(TWeights) * block);
                }
                while ((sizeof(TWindow) < 16 || sizeof(TSlots) < 6) && --unit != 0);
            }
            if (run.Relu)
            {
                p0.Relu();
                if (sizeof(TSamples) * sizeof(TBlocks) > 1)
                    p1.Relu();
                if (sizeof(TSamples) * sizeof(TBlocks) > 2)
                    p2.Relu();
                if (sizeof(TSamples) * sizeof(TBlocks) > 2)
                    p3.Relu();
                if (sizeof(TSamples) > 4)
                    p4.Relu();
                if (sizeof(TSamples) > 4)
                    p5.Relu();
                if (sizeof(TSamples) > 4)
                    p6.Relu();
                if (sizeof(TSamples) > 4)
                    p7.Relu();
            }
            p0.Store(ref y);
            if (sizeof(TSamples) == 1)
            {
                if (sizeof(TBlocks) > 1)
                    p1.Store(ref Unsafe.Add(ref y, block));
                if (sizeof(TBlocks) > 2)
                    p2.Store(ref Unsafe.Add(ref y, 2 * block));
                if (sizeof(TBlocks) > 2)
                    p3.Store(ref Unsafe.Add(ref y, 3 * block));
            }
            else
            {
                p1.Store(ref Unsafe.Add(ref y, yStride));
                if (sizeof(TSamples) == 2 && sizeof(TBlocks) > 1)
                    p2.Store(ref Unsafe.Add(ref y, block));
                if (sizeof(TSamples) == 2 && sizeof(TBlocks) > 1)
                    p3.Store(ref Unsafe.Add(ref y, yStride + block));
                if (sizeof(TSamples) > 2)
                    p2.Store(ref Unsafe.Add(ref y, 2 * yStride));
                if (sizeof(TSamples) > 2)
                    p3.Store(ref Unsafe.Add(ref y, 3 * yStride));
                if (sizeof(TSamples) > 4)
                    p4.Store(ref Unsafe.Add(ref y, 4 * yStride));
                if (sizeof(TSamples) > 4)
                    p5.Store(ref Unsafe.Add(ref y, 5 * yStride));
                if (sizeof(TSamples) > 4)
                    p6.Store(ref Unsafe.Add(ref y, 6 * yStride));
                if (sizeof(TSamples) > 4)
                    p7.Store(ref Unsafe.Add(ref y, 7 * yStride));
            }
            stream = ref Unsafe.Add(ref stream, sizeof(TBlocks) * blockStride);
            bias = ref Unsafe.Add(ref bias, sizeof(TBlocks) * block);
            y = ref Unsafe.Add(ref y, sizeof(TBlocks) * block);
        }
    }

    /// <summary>
    /// Two weights of each output. With all registers there are, a vector of inputs, and one that holds two weights, is loaded once; with
    /// few, one weight comes after the other.
    /// </summary>
    [MethodImpl(Jit.Inline)]
    private static void AddPair<TWeights, TPath, TVector, TSamples, TBlocks>(
        int slot, ref float x0, ref float x1, ref float x2, ref float x3, ref float x4, ref float x5, ref float x6, ref float x7,
        ref uint w0, ref uint w1, ref uint w2, ref uint w3,
        ref VectorRow<TPath, TVector, Two> s0, ref VectorRow<TPath, TVector, Two> s1, ref VectorRow<TPath, TVector, Two> s2,
        ref VectorRow<TPath, TVector, Two> s3,
        ref VectorRow<TPath, TVector, Two> p0, ref VectorRow<TPath, TVector, Two> p1, ref VectorRow<TPath, TVector, Two> p2,
        ref VectorRow<TPath, TVector, Two> p3,
        ref VectorRow<TPath, TVector, Two> p4, ref VectorRow<TPath, TVector, Two> p5, ref VectorRow<TPath, TVector, Two> p6,
        ref VectorRow<TPath, TVector, Two> p7)
        where TWeights : unmanaged, IWeights
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TSamples : unmanaged, ICount
        where TBlocks : unmanaged, ICount
    {
        if (sizeof(TVector) < Path512.Bytes)
        {
            AddOne<TWeights, TPath, TVector, TSamples, TBlocks>(slot, ref x0, ref x1, ref x2, ref x3, ref w0, ref w1, ref s0, ref s1,
                ref p0, ref p1, ref p2, ref p3);
            AddOne<TWeights, TPath, TVector, TSamples, TBlocks>(slot + 1, ref x0, ref x1, ref x2, ref x3, ref w0, ref w1, ref s0, ref s1,
                ref p0, ref p1, ref p2, ref p3);
            return;
        }
        VectorRow<TPath, TVector, Two> n0 = s0, n1 = s1, n2 = s2, n3 = s3;
        Shift(ref n0);
        if (sizeof(TBlocks) > 1)
            Shift(ref n1);
        if (sizeof(TBlocks) > 2)
            Shift(ref n2);
        if (sizeof(TBlocks) > 2)
            Shift(ref n3);
        if (sizeof(TSamples) == 1)
        {
            var inputs = Inputs<TPath, TVector>(slot, ref x0);
            var others = SharesInputs(slot) ? inputs : Inputs<TPath, TVector>(slot + 1, ref x0);
            Add<TWeights, TPath, TVector>(slot, ref p0, inputs, in s0, ref w0);
            if (sizeof(TBlocks) > 1)
                Add<TWeights, TPath, TVector>(slot, ref p1, inputs, in s1, ref w1);
            if (sizeof(TBlocks) > 2)
                Add<TWeights, TPath, TVector>(slot, ref p2, inputs, in s2, ref w2);
            if (sizeof(TBlocks) > 2)
                Add<TWeights, TPath, TVector>(slot, ref p3, inputs, in s3, ref w3);
            Add<TWeights, TPath, TVector>(slot + 1, ref p0, others, in n0, ref w0);
            if (sizeof(TBlocks) > 1)
                Add<TWeights, TPath, TVector>(slot + 1, ref p1, others, in n1, ref w1);
            if (sizeof(TBlocks) > 2)
                Add<TWeights, TPath, TVector>(slot + 1, ref p2, others, in n2, ref w2);
            if (sizeof(TBlocks) > 2)
                Add<TWeights, TPath, TVector>(slot + 1, ref p3, others, in n3, ref w3);
        }
        else
        {
            VectorRow<TPath, TVector, Two> a0 = default, b0 = default, a1 = default, b1 = default;
            LoadPair<TWeights, TPath, TVector>(slot, ref w0, ref a0, ref b0);
            if (sizeof(TBlocks) > 1)
                LoadPair<TWeights, TPath, TVector>(slot, ref w1, ref a1, ref b1);
            if (sizeof(TBlocks) > 1)
            {
                AddSample(slot, ref x0, ref p0, ref p2, in s0, in n0, in s1, in n1, in a0, in b0, in a1, in b1);
                AddSample(slot, ref x1, ref p1, ref p3, in s0, in n0, in s1, in n1, in a0, in b0, in a1, in b1);
            }
            else
            {
                AddSample(slot, ref x0, ref p0, in s0, in n0, in a0, in b0);
                AddSample(slot, ref x1, ref p1, in s0, in n0, in a0, in b0);
                if (sizeof(TSamples) > 2)
                    AddSample(slot, ref x2, ref p2, in s0, in n0, in a0, in b0);
                if (sizeof(TSamples) > 2)
                    AddSample(slot, ref x3, ref p3, in s0, in n0, in a0, in b0);
                if (sizeof(TSamples) > 4)
                    AddSample(slot, ref x4, ref p4, in s0, in n0, in a0, in b0);
                if (sizeof(TSamples) > 4)
                    AddSample(slot, ref x5, ref p5, in s0, in n0, in a0, in b0);
                if (sizeof(TSamples) > 4)
                    AddSample(slot, ref x6, ref p6, in s0, in n0, in a0, in b0);
                if (sizeof(TSamples) > 4)
                    AddSample(slot, ref x7, ref p7, in s0, in n0, in a0, in b0);
            }
        }
        s0 = n0;
        Shift(ref s0);
        if (sizeof(TBlocks) > 1)
            s1 = n1;
        if (sizeof(TBlocks) > 1)
            Shift(ref s1);
        if (sizeof(TBlocks) > 2)
            s2 = n2;
        if (sizeof(TBlocks) > 2)
            Shift(ref s2);
        if (sizeof(TBlocks) > 2)
            s3 = n3;
        if (sizeof(TBlocks) > 2)
            Shift(ref s3);
    }

    /// <summary>Two weights of each output of a block, for one of several samples.</summary>
    [MethodImpl(Jit.Inline)]
    private static void AddSample<TPath, TVector>(
        int slot, ref float x, ref VectorRow<TPath, TVector, Two> p, in VectorRow<TPath, TVector, Two> s,
        in VectorRow<TPath, TVector, Two> n,
        in VectorRow<TPath, TVector, Two> a, in VectorRow<TPath, TVector, Two> b)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        var inputs = Inputs<TPath, TVector>(slot, ref x);
        var others = SharesInputs(slot) ? inputs : Inputs<TPath, TVector>(slot + 1, ref x);
        Add(ref p, inputs, in s, in a);
        Add(ref p, others, in n, in b);
    }

    /// <summary>The same of two blocks.</summary>
    [MethodImpl(Jit.Inline)]
    private static void AddSample<TPath, TVector>(
        int slot, ref float x, ref VectorRow<TPath, TVector, Two> p0, ref VectorRow<TPath, TVector, Two> p1,
        in VectorRow<TPath, TVector, Two> s0,
        in VectorRow<TPath, TVector, Two> n0, in VectorRow<TPath, TVector, Two> s1, in VectorRow<TPath, TVector, Two> n1,
        in VectorRow<TPath, TVector, Two> a0,
        in VectorRow<TPath, TVector, Two> b0, in VectorRow<TPath, TVector, Two> a1, in VectorRow<TPath, TVector, Two> b1)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        var inputs = Inputs<TPath, TVector>(slot, ref x);
        var others = SharesInputs(slot) ? inputs : Inputs<TPath, TVector>(slot + 1, ref x);
        Add(ref p0, inputs, in s0, in a0);
        Add(ref p1, inputs, in s1, in a1);
        Add(ref p0, others, in n0, in b0);
        Add(ref p1, others, in n1, in b1);
    }

    /// <summary>One weight of each output, with few registers.</summary>
    [MethodImpl(Jit.Inline)]
    private static void AddOne<TWeights, TPath, TVector, TSamples, TBlocks>(
        int slot, ref float x0, ref float x1, ref float x2, ref float x3, ref uint w0, ref uint w1,
        ref VectorRow<TPath, TVector, Two> s0, ref VectorRow<TPath, TVector, Two> s1, ref VectorRow<TPath, TVector, Two> p0,
        ref VectorRow<TPath, TVector, Two> p1, ref VectorRow<TPath, TVector, Two> p2, ref VectorRow<TPath, TVector, Two> p3)
        where TWeights : unmanaged, IWeights
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TSamples : unmanaged, ICount
        where TBlocks : unmanaged, ICount
    {
        VectorRow<TPath, TVector, Two> a0 = default, a1 = default;
        a0.V0 = Weight<TWeights, TPath, TVector>(slot, 0, ref w0);
        a0.V1 = Weight<TWeights, TPath, TVector>(slot, 1, ref w0);
        if (sizeof(TBlocks) > 1)
        {
            a1.V0 = Weight<TWeights, TPath, TVector>(slot, 0, ref w1);
            a1.V1 = Weight<TWeights, TPath, TVector>(slot, 1, ref w1);
            var inputs = Inputs<TPath, TVector>(slot, ref x0);
            Add(ref p0, inputs, in s0, in a0);
            Add(ref p1, inputs, in s1, in a1);
            Shift(ref s1);
        }
        else
        {
            AddSample(slot, ref x0, ref p0, in s0, in a0);
            if (sizeof(TSamples) > 1)
                AddSample(slot, ref x1, ref p1, in s0, in a0);
            if (sizeof(TSamples) > 2)
                AddSample(slot, ref x2, ref p2, in s0, in a0);
            if (sizeof(TSamples) > 2)
                AddSample(slot, ref x3, ref p3, in s0, in a0);
        }
        Shift(ref s0);
    }

    /// <summary>One weight of each output of a block, for a sample; where no instruction picks, inputs are gathered.</summary>
    [MethodImpl(Jit.Inline)]
    private static void AddSample<TPath, TVector>(
        int slot, ref float x, ref VectorRow<TPath, TVector, Two> p, in VectorRow<TPath, TVector, Two> s,
        in VectorRow<TPath, TVector, Two> a)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        if (sizeof(TWindow) == 1 || sizeof(TVector) > Path128.Bytes)
        {
            Add(ref p, Inputs<TPath, TVector>(slot, ref x), in s, in a);
            return;
        }
        ref var window = ref Unsafe.Add(ref x, slot / sizeof(TSlots) * sizeof(TWindow));
        p.V0 = TPath.MultiplyAdd(TPath.Gather(ref window, s.V0, (uint)(sizeof(TWindow) - 1)), a.V0, p.V0);
        p.V1 = TPath.MultiplyAdd(TPath.Gather(ref window, s.V1, (uint)(sizeof(TWindow) - 1)), a.V1, p.V1);
    }

    [MethodImpl(Jit.Inline)]
    private static void Add<TPath, TVector>(
        ref VectorRow<TPath, TVector, Two> p, TVector inputs, in VectorRow<TPath, TVector, Two> selectors,
        in VectorRow<TPath, TVector, Two> weights)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        p.V0 = TPath.MultiplyAdd(Pick<TPath, TVector>(inputs, selectors.V0), weights.V0, p.V0);
        p.V1 = TPath.MultiplyAdd(Pick<TPath, TVector>(inputs, selectors.V1), weights.V1, p.V1);
    }

    /// <summary>The same with weights that are read for one sample alone.</summary>
    [MethodImpl(Jit.Inline)]
    private static void Add<TWeights, TPath, TVector>(
        int slot, ref VectorRow<TPath, TVector, Two> p, TVector inputs, in VectorRow<TPath, TVector, Two> selectors, ref uint w)
        where TWeights : unmanaged, IWeights
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        p.V0 = TPath.MultiplyAdd(Pick<TPath, TVector>(inputs, selectors.V0), Weight<TWeights, TPath, TVector>(slot, 0, ref w), p.V0);
        p.V1 = TPath.MultiplyAdd(Pick<TPath, TVector>(inputs, selectors.V1), Weight<TWeights, TPath, TVector>(slot, 1, ref w), p.V1);
    }

    [MethodImpl(Jit.Inline)]
    private static void Shift<TPath, TVector>(ref VectorRow<TPath, TVector, Two> selectors)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        if (sizeof(TWindow) == 1)
            return;
        selectors.V0 = TPath.ShiftRight(selectors.V0, TKernel.SelectorBits);
        selectors.V1 = TPath.ShiftRight(selectors.V1, TKernel.SelectorBits);
    }

    /// <summary>The weights of two slots, one of them even.</summary>
    [MethodImpl(Jit.Inline)]
    private static void LoadPair<TWeights, TPath, TVector>(int slot, ref uint w, ref VectorRow<TPath, TVector, Two> a,
        ref VectorRow<TPath, TVector, Two> b)
        where TWeights : unmanaged, IWeights
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        a.V0 = Weight<TWeights, TPath, TVector>(slot, 0, ref w);
        a.V1 = Weight<TWeights, TPath, TVector>(slot, 1, ref w);
        b.V0 = Weight<TWeights, TPath, TVector>(slot + 1, 0, ref w);
        b.V1 = Weight<TWeights, TPath, TVector>(slot + 1, 1, ref w);
    }

    /// <summary>
    /// A vector of weights: of floats at twice their slot, of halves at their slot, that of an even slot in the lower ones.
    /// </summary>
    [MethodImpl(Jit.Inline)]
    private static TVector Weight<TWeights, TPath, TVector>(int slot, int vector, ref uint w)
        where TWeights : unmanaged, IWeights
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        if (sizeof(TWeights) == 1)
            return TPath.Load(ref w, ((2 * slot) + vector) * TPath.Lanes);
        var words = TPath.Load(ref w, ((slot & ~1) + vector) * TPath.Lanes);
        return (slot & 1) == 0 ? TPath.LowerHalves(words) : TPath.UpperHalves(words);
    }

    /// <summary>Whether the selectors of a slot and of the next one pick from the same inputs.</summary>
    [MethodImpl(Jit.Inline)]
    private static bool SharesInputs(int slot) => sizeof(TWindow) > 1 && slot / sizeof(TSlots) == (slot
        + 1) / sizeof(TSlots);

    /// <summary>
    /// The inputs of a sample that the selectors of a slot pick from, in every part of a vector within which a permutation can move them.
    /// </summary>
    [MethodImpl(Jit.Inline)]
    private static TVector Inputs<TPath, TVector>(int slot, ref float x)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        if (sizeof(TWindow) == 1)
            return TPath.Create(Unsafe.Add(ref x, slot / sizeof(TSlots) * sizeof(TWindow)));
        if (sizeof(TWindow) == 4)
            return TPath.Repeat(ref Unsafe.Add(ref x, slot / sizeof(TSlots) * sizeof(TWindow)));
        // A permutation of 256 bits reaches a group of eight; it ignores the bit that says which one.
        return TPath.Load(ref x,
            (slot / sizeof(TSlots) * sizeof(TWindow))
            + (sizeof(TVector) == Path512.Bytes ? 0 : slot % sizeof(TSlots) / TKernel.Keep * TKernel.Group));
    }

    [MethodImpl(Jit.Inline)]
    private static TVector Pick<TPath, TVector>(TVector inputs, TVector selectors)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
    {
        if (sizeof(TWindow) == 1)
            return inputs;
        return sizeof(TWindow) == 4 ? TPath.PickOfFour(inputs, selectors) : TPath.Pick(inputs, selectors);
    }

    /// <summary>
    /// The reference that the vector paths are tested against: blocks of two vectors of four outputs, sums in stored order.
    /// </summary>
    private static void MultiplyScalar<TWeights>(int samples, in StreamRun run)
        where TWeights : unmanaged, IWeights
    {
        nint block = 2 * PanelGeometry.Lanes;
        for (nint output = 0; output < run.Blocks * block; output++)
        {
            for (nint sample = 0; sample < samples; sample++)
            {
                ref var stream = ref Unsafe.Add(ref run.Stream, (output / block * run.BlockStride) + (output % block));
                ref var x = ref Unsafe.Add(ref run.X, sample * run.XStride);
                var sum = Unsafe.Add(ref run.Bias, output);
                for (var step = run.Steps; step != 0; step--)
                {
                    uint selectors = 0;
                    if (sizeof(TWindow) > 1)
                    {
                        selectors = stream;
                        stream = ref Unsafe.Add(ref stream, block);
                    }
                    for (var slot = 0; slot < Slots; slot++)
                    {
                        var weight = TWeights.Value(Unsafe.Add(ref stream, slot / sizeof(TWeights) * block), slot);
                        sum += weight * Unsafe.Add(ref x,
                            (nint)((uint)(slot / sizeof(TSlots) * sizeof(TWindow)) + (selectors & (uint)(sizeof(TWindow) - 1))));
                        selectors >>= TKernel.SelectorBits;
                    }
                    stream = ref Unsafe.Add(ref stream, Slots / sizeof(TWeights) * block);
                    x = ref Unsafe.Add(ref x, TKernel.StepInputs);
                }
                Unsafe.Add(ref run.Y, (sample * run.YStride) + output) = run.Relu && sum < 0 ? 0 : sum;
            }
        }
    }
}
