using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Kernels;

/// <summary>
/// The weight gradient of a convolution: sums over pixels stay in registers as vectors of samples, whose lanes are summed once per list of
/// pixels. Neither operand is transposed or copied.
/// </summary>
internal static unsafe class ConvolutionGradient
{
    /// <summary>The sums of four channels, with the same columns for all of them.</summary>
    public static void Columns(in ConvolutionGradientRun run) =>
        ConvolutionKernel.Run<SharedColumnGradient, ConvolutionGradientRun>(in run);

    /// <summary>The sums of quads of pairs.</summary>
    public static void Pairs(in ConvolutionGradientRun run) =>
        ConvolutionKernel.Run<PairedColumnGradient, ConvolutionGradientRun>(in run);

    /// <summary>The sums of columns of one channel.</summary>
    public static void Singles(in ConvolutionGradientRun run) =>
        ConvolutionKernel.Run<SingleColumnGradient, ConvolutionGradientRun>(in run);

    /// <summary>Sums up the lanes of four rows and writes them in the order of <see cref="ConvolutionGradientRun.Slot"/>.</summary>
    [MethodImpl(Jit.Inline)]
    public static void Write<TPath, TVector, TVectors>(
        in VectorRow<TPath, TVector, TVectors> r0, in VectorRow<TPath, TVector, TVectors> r1, in VectorRow<TPath, TVector, TVectors> r2,
        in VectorRow<TPath, TVector, TVectors> r3, float* target, bool accumulate)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        Write(TPath.Sums(r0.V0, r0.V1, r1.V0, r1.V1, r2.V0, r2.V1, r3.V0, r3.V1), target, accumulate);
        if (sizeof(TVectors) > 3)
        {
            Write(TPath.Sums(r0.V2, r0.V3, r1.V2, r1.V3, r2.V2, r2.V3, r3.V2, r3.V3), target + 8, accumulate);
        }
        else
        {
            var sums = TPath.Sums(r0.V2, r1.V2, r2.V2, r3.V2, r0.V2, r1.V2, r2.V2, r3.V2).GetLower();
            if (accumulate)
                sums += Vector128.Load(target + 8);
            sums.Store(target + 8);
        }
    }

    /// <summary>Writes eight sums.</summary>
    [MethodImpl(Jit.Inline)]
    public static void Write(Vector256<float> sums, float* target, bool accumulate)
    {
        if (accumulate)
            sums += Vector256.Load(target);
        sums.Store(target);
    }

    /// <summary>The sum over all lanes of all pixels.</summary>
    public static float Sum(in ConvolutionGradientRun run, int width, nint row, nint column)
    {
        var sum = 0f;
        for (var pixel = 0; pixel < run.PixelCount; pixel++)
        {
            var x = run.X + run.Pixels[2 * pixel] + column;
            var dy = run.DY + run.Pixels[(2 * pixel) + 1] + (row * run.ChannelStride);
            for (var lane = 0; lane < width; lane++)
                sum += x[lane] * dy[lane];
        }
        return sum;
    }
}

/// <summary>Four channels by the columns of a call.</summary>
/// <remarks>At 4 by 3: 12 accumulators; 4 lines of the output's gradient and 3 of the input for 12 multiply-adds.</remarks>
internal readonly unsafe struct SharedColumnGradient : IPanelKernel<ConvolutionGradientRun>
{
    [MethodImpl(Jit.Leaf)]
    public static void Run<TPath, TVector, TVectors>(in ConvolutionGradientRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        nint first = run.Rows[0] * run.ChannelStride, o1 = (run.Rows[1] * run.ChannelStride) - first,
            o2 = (run.Rows[2] * run.ChannelStride) - first, o3 = (run.Rows[3] * run.ChannelStride) - first;
        var gradient = run.DY + first;
        var index = run.Index;
        var target = run.Target;
        for (var call = run.Calls; call != 0; call--)
        {
            var x0 = run.X + index[0];
            var x1 = run.X + index[1];
            var x2 = run.X + index[2];
            var x3 = sizeof(TVectors) > 3 ? run.X + index[3] : x2;
            VectorRow<TPath, TVector, TVectors> r0 = default, r1 = default, r2 = default, r3 = default, line = default;
            r0.Clear();
            r1.Clear();
            r2.Clear();
            r3.Clear();
            var pixel = run.Pixels;
            for (var n = run.PixelCount; n != 0; n--)
            {
                nint x = pixel[0];
                var dy = gradient + pixel[1];
                line.V0 = TPath.Load(ref *x0, x);
                line.V1 = TPath.Load(ref *x1, x);
                line.V2 = TPath.Load(ref *x2, x);
                if (sizeof(TVectors) > 3)
                    line.V3 = TPath.Load(ref *x3, x);
                r0.MultiplyAdd(TPath.Load(ref *dy, 0), in line);
                r1.MultiplyAdd(TPath.Load(ref *dy, o1), in line);
                r2.MultiplyAdd(TPath.Load(ref *dy, o2), in line);
                r3.MultiplyAdd(TPath.Load(ref *dy, o3), in line);
                pixel += 2;
            }
            ConvolutionGradient.Write(in r0, in r1, in r2, in r3, target, run.Accumulate);
            index += sizeof(TVectors);
            target += ConvolutionTiles.Rows * sizeof(TVectors);
        }
    }

    public static void RunScalar(int width, in ConvolutionGradientRun run)
    {
        var columns = ConvolutionTiles.Pixels;
        for (var call = 0; call < run.Calls; call++)
        {
            for (var sum = 0; sum < ConvolutionGradientRun.Sums; sum++)
            {
                var (row, column) = (sum % ConvolutionTiles.Rows, sum / ConvolutionTiles.Rows);
                ref var target = ref run.Target[(call * ConvolutionGradientRun.Sums) + ConvolutionGradientRun.Slot(row, column)];
                var value = ConvolutionGradient.Sum(in run, width, run.Rows[row], run.Index[(call * columns) + column]);
                target = run.Accumulate ? target + value : value;
            }
        }
    }
}

/// <summary>Quads of pairs: a column for the first two channels, another one for the others.</summary>
/// <remarks>At 3 quads: 12 accumulators; 4 lines of the output's gradient and 6 of the input for 12 multiply-adds.</remarks>
internal readonly unsafe struct PairedColumnGradient : IPanelKernel<ConvolutionGradientRun>
{
    [MethodImpl(Jit.Leaf)]
    public static void Run<TPath, TVector, TVectors>(in ConvolutionGradientRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        nint first = run.Rows[0] * run.ChannelStride, o1 = (run.Rows[1] * run.ChannelStride) - first,
            o2 = (run.Rows[2] * run.ChannelStride) - first, o3 = (run.Rows[3] * run.ChannelStride) - first;
        var gradient = run.DY + first;
        var index = run.Index;
        var target = run.Target;
        for (var call = run.Calls; call != 0; call--)
        {
            var a0 = run.X + index[0];
            var b0 = run.X + index[1];
            var a1 = run.X + index[2];
            var b1 = run.X + index[3];
            var a2 = run.X + index[4];
            var b2 = run.X + index[5];
            var a3 = sizeof(TVectors) > 3 ? run.X + index[6] : a2;
            var b3 = sizeof(TVectors) > 3 ? run.X + index[7] : b2;
            VectorRow<TPath, TVector, TVectors> r0 = default, r1 = default, r2 = default, r3 = default;
            r0.Clear();
            r1.Clear();
            r2.Clear();
            r3.Clear();
            var pixel = run.Pixels;
            for (var n = run.PixelCount; n != 0; n--)
            {
                nint x = pixel[0];
                var dy = gradient + pixel[1];
                var y0 = TPath.Load(ref *dy, 0);
                var y1 = TPath.Load(ref *dy, o1);
                var line = TPath.Load(ref *a0, x);
                r0.V0 = TPath.MultiplyAdd(y0, line, r0.V0);
                r1.V0 = TPath.MultiplyAdd(y1, line, r1.V0);
                line = TPath.Load(ref *a1, x);
                r0.V1 = TPath.MultiplyAdd(y0, line, r0.V1);
                r1.V1 = TPath.MultiplyAdd(y1, line, r1.V1);
                line = TPath.Load(ref *a2, x);
                r0.V2 = TPath.MultiplyAdd(y0, line, r0.V2);
                r1.V2 = TPath.MultiplyAdd(y1, line, r1.V2);
                if (sizeof(TVectors) > 3)
                {
                    line = TPath.Load(ref *a3, x);
                    r0.V3 = TPath.MultiplyAdd(y0, line, r0.V3);
                    r1.V3 = TPath.MultiplyAdd(y1, line, r1.V3);
                }
                y0 = TPath.Load(ref *dy, o2);
                y1 = TPath.Load(ref *dy, o3);
                line = TPath.Load(ref *b0, x);
                r2.V0 = TPath.MultiplyAdd(y0, line, r2.V0);
                r3.V0 = TPath.MultiplyAdd(y1, line, r3.V0);
                line = TPath.Load(ref *b1, x);
                r2.V1 = TPath.MultiplyAdd(y0, line, r2.V1);
                r3.V1 = TPath.MultiplyAdd(y1, line, r3.V1);
                line = TPath.Load(ref *b2, x);
                r2.V2 = TPath.MultiplyAdd(y0, line, r2.V2);
                r3.V2 = TPath.MultiplyAdd(y1, line, r3.V2);
                if (sizeof(TVectors) > 3)
                {
                    line = TPath.Load(ref *b3, x);
                    r2.V3 = TPath.MultiplyAdd(y0, line, r2.V3);
                    r3.V3 = TPath.MultiplyAdd(y1, line, r3.V3);
                }
                pixel += 2;
            }
            ConvolutionGradient.Write(in r0, in r1, in r2, in r3, target, run.Accumulate);
            index += 2 * sizeof(TVectors);
            target += ConvolutionTiles.Rows * sizeof(TVectors);
        }
    }

    public static void RunScalar(int width, in ConvolutionGradientRun run)
    {
        var quads = ConvolutionTiles.Pixels;
        for (var call = 0; call < run.Calls; call++)
        {
            for (var sum = 0; sum < ConvolutionGradientRun.Sums; sum++)
            {
                var (row, quad) = (sum % ConvolutionTiles.Rows, sum / ConvolutionTiles.Rows);
                ref var target = ref run.Target[(call * ConvolutionGradientRun.Sums) + ConvolutionGradientRun.Slot(row, quad)];
                var value = ConvolutionGradient.Sum(in run, width, run.Rows[row], run.Index[(2 * ((call * quads) + quad)) + (row / 2)]);
                target = run.Accumulate ? target + value : value;
            }
        }
    }
}

/// <summary>Eight columns of one channel.</summary>
/// <remarks>8 accumulators; 9 lines for 8 multiply-adds: bound by loads.</remarks>
internal readonly unsafe struct SingleColumnGradient : IPanelKernel<ConvolutionGradientRun>
{
    [MethodImpl(Jit.Leaf)]
    public static void Run<TPath, TVector, TVectors>(in ConvolutionGradientRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        var gradient = run.DY + (run.Rows[0] * run.ChannelStride);
        var index = run.Index;
        var target = run.Target;
        for (var call = run.Calls; call != 0; call--)
        {
            var x0 = run.X + index[0];
            var x1 = run.X + index[1];
            var x2 = run.X + index[2];
            var x3 = run.X + index[3];
            var x4 = run.X + index[4];
            var x5 = run.X + index[5];
            var x6 = run.X + index[6];
            var x7 = run.X + index[7];
            TVector s0 = TPath.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
            var pixel = run.Pixels;
            for (var n = run.PixelCount; n != 0; n--)
            {
                nint x = pixel[0];
                var y = TPath.Load(ref *gradient, pixel[1]);
                s0 = TPath.MultiplyAdd(y, TPath.Load(ref *x0, x), s0);
                s1 = TPath.MultiplyAdd(y, TPath.Load(ref *x1, x), s1);
                s2 = TPath.MultiplyAdd(y, TPath.Load(ref *x2, x), s2);
                s3 = TPath.MultiplyAdd(y, TPath.Load(ref *x3, x), s3);
                s4 = TPath.MultiplyAdd(y, TPath.Load(ref *x4, x), s4);
                s5 = TPath.MultiplyAdd(y, TPath.Load(ref *x5, x), s5);
                s6 = TPath.MultiplyAdd(y, TPath.Load(ref *x6, x), s6);
                s7 = TPath.MultiplyAdd(y, TPath.Load(ref *x7, x), s7);
                pixel += 2;
            }
            ConvolutionGradient.Write(TPath.Sums(s0, s1, s2, s3, s4, s5, s6, s7), target, run.Accumulate);
            index += ConvolutionGradientRun.Singles;
            target += ConvolutionGradientRun.Singles;
        }
    }

    public static void RunScalar(int width, in ConvolutionGradientRun run)
    {
        for (var sum = 0; sum < run.Calls * ConvolutionGradientRun.Singles; sum++)
        {
            var value = ConvolutionGradient.Sum(in run, width, run.Rows[0], run.Index[sum]);
            run.Target[sum] = run.Accumulate ? run.Target[sum] + value : value;
        }
    }
}
