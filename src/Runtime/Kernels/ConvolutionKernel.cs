using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SparseSharp.Kernels;

/// <summary>Kernels over tables of positions: size, stride, dilation and padding of a convolution are in the tables only.</summary>
internal static class ConvolutionKernel
{
    /// <inheritdoc cref="ConvolutionMultiply{TColumns}"/>
    public static void Multiply(ConvolutionFormat format, in ConvolutionRun run)
    {
        switch (format)
        {
            case ConvolutionFormat.Columns: Run<ConvolutionMultiply<SharedColumns>, ConvolutionRun>(in run); break;
            case ConvolutionFormat.Pairs: Run<ConvolutionMultiply<PairedColumns>, ConvolutionRun>(in run); break;
            case ConvolutionFormat.Singles: Run<ConvolutionMultiply<SingleColumns>, ConvolutionRun>(in run); break;
            case ConvolutionFormat.OneChannel: Run<DepthwiseMultiply, ConvolutionRun>(in run); break;
            default: Run<ConvolutionMultiply<MixedColumns>, ConvolutionRun>(in run); break;
        }
    }

    /// <summary>Chooses the path: a tile has as many vectors as <see cref="ConvolutionTiles.Pixels"/>.</summary>
    [MethodImpl(Jit.Inline)]
    public static void Run<TKernel, TRun>(in TRun run)
        where TKernel : struct, IPanelKernel<TRun>
        where TRun : struct
    {
        if (PanelGeometry.Has512)
            TKernel.Run<Path512, Vector512<float>, Four>(in run);
        else if (PanelGeometry.Has256)
            TKernel.Run<Path256, Vector256<float>, Three>(in run);
        else if (PanelGeometry.Has128)
            TKernel.Run<Path128, Vector128<float>, Three>(in run);
        else
            TKernel.RunScalar(PanelGeometry.Lanes, in run);
    }
}

/// <summary>Weights times lines, for four channels and a few pixels at a time.</summary>
/// <remarks>
/// Tile of 4 channels by 3 pixels, 4 with 512 bits. A line is loaded from the position of its column, which comes from the packed weights,
/// and that of its pixel, which is in a register.
/// </remarks>
/// <typeparam name="TColumns">How the weights are packed.</typeparam>
internal readonly unsafe struct ConvolutionMultiply<TColumns> : IPanelKernel<ConvolutionRun>
    where TColumns : struct, IConvolutionColumns
{
    [MethodImpl(Jit.Leaf)]
    public static void Run<TPath, TVector, TVectors>(in ConvolutionRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        var options = run.Options;
        var channels = run.Channels;
        nint c0 = run.Rows[0], c1 = run.Rows[1], c2 = run.Rows[2], c3 = run.Rows[3];
        var tile = run.Tiles;
        var counted = run.Counted;
        VectorRow<TPath, TVector, TVectors> r0 = default, r1 = default, r2 = default, r3 = default;
        for (var n = run.TileCount; n != 0; n--)
        {
            nint e1 = tile[5], e2 = tile[6], e3 = tile[7];
            if ((options & ConvolutionOptions.Load) != 0)
            {
                var y = run.Y + tile[ConvolutionTiles.Output];
                PixelRow.Load(ref r0, y + (c0 * run.ChannelStride), e1, e2, e3);
                PixelRow.Load(ref r1, y + (c1 * run.ChannelStride), e1, e2, e3);
                PixelRow.Load(ref r2, y + (c2 * run.ChannelStride), e1, e2, e3);
                PixelRow.Load(ref r3, y + (c3 * run.ChannelStride), e1, e2, e3);
            }
            else if ((options & ConvolutionOptions.Bias) != 0)
            {
                r0.Fill(run.Bias[c0]);
                r1.Fill(run.Bias[c1]);
                r2.Fill(run.Bias[c2]);
                r3.Fill(run.Bias[c3]);
            }
            else
            {
                r0.Clear();
                r1.Clear();
                r2.Clear();
                r3.Clear();
            }
            var x = run.X + tile[0];
            nint d1 = tile[1], d2 = tile[2], d3 = tile[3];
            for (var span = 0; span < run.SpanCount; span++)
            {
                var segment = run.Segments + (ConvolutionTiles.Segment * (nint)run.Spans[span]);
                TColumns.Add(x, d1, d2, d3, run.Index + segment[0], run.Weights + segment[1], segment + 2, ref r0, ref r1, ref r2, ref r3);
            }
            nint first = tile[ConvolutionTiles.Output];
            e1 = tile[5];
            e2 = tile[6];
            e3 = tile[7];
            PixelRow.Finish(ref r0, in run, options, c0, first, e1, e2, e3, counted);
            if (channels > 1)
                PixelRow.Finish(ref r1, in run, options, c1, first, e1, e2, e3, counted);
            if (channels > 2)
                PixelRow.Finish(ref r2, in run, options, c2, first, e1, e2, e3, counted);
            if (channels > 3)
                PixelRow.Finish(ref r3, in run, options, c3, first, e1, e2, e3, counted);
            tile += ConvolutionTiles.Record;
            counted += sizeof(TVectors);
        }
    }

    /// <summary>One lane at a time, sums in stored order.</summary>
    public static void RunScalar(int width, in ConvolutionRun run)
    {
        Span<float> sums = stackalloc float[ConvolutionTiles.Rows];
        for (var tile = 0; tile < run.TileCount; tile++)
        {
            var numbers = run.Tiles + (tile * ConvolutionTiles.Record);
            nint before = -1;
            for (var pixel = 0; pixel < ConvolutionTiles.Pixels; pixel++)
            {
                var x = run.X + numbers[0];
                nint y = numbers[ConvolutionTiles.Output];
                if (pixel > 0)
                {
                    x += numbers[pixel];
                    y += numbers[ConvolutionTiles.Output + pixel];
                }
                // A pixel that is repeated to fill the tile: vectors are loaded before the first is stored, single lanes are not.
                if (y == before)
                    continue;
                before = y;
                for (var lane = 0; lane < width; lane++)
                {
                    for (var row = 0; row < ConvolutionTiles.Rows; row++)
                    {
                        nint channel = run.Rows[row];
                        sums[row] = (run.Options & ConvolutionOptions.Load) != 0 ? run.Y[y + (channel * run.ChannelStride) + lane]
                            : (run.Options & ConvolutionOptions.Bias) != 0 ? run.Bias[channel]
                            : 0;
                    }
                    for (var span = 0; span < run.SpanCount; span++)
                    {
                        var segment = run.Segments + (ConvolutionTiles.Segment * (nint)run.Spans[span]);
                        TColumns.AddScalar(x + lane, run.Index + segment[0], run.Weights + segment[1], segment + 2, sums);
                    }
                    var counts = run.Counted is null ? null : run.Lanes + run.Counted[(tile * ConvolutionTiles.Pixels) + pixel] + lane;
                    for (var row = 0; row < run.Channels; row++)
                        Finish(in run, run.Rows[row], y + lane, lane, width, counts, sums[row]);
                }
            }
        }
    }

    private static void Finish(in ConvolutionRun run, nint channel, nint position, int lane, int width, float* counts, float sum)
    {
        if ((run.Options & ConvolutionOptions.Sums) != 0 && *counts > 0)
        {
            run.Sums[(channel * 2 * width) + lane] += sum;
            run.Sums[(((channel * 2) + 1) * width) + lane] += sum * sum;
        }
        position += channel * run.ChannelStride;
        if ((run.Options & ConvolutionOptions.Scale) != 0)
            sum = (run.Scale[channel] * sum) + run.Shift[channel];
        if ((run.Options & ConvolutionOptions.Residual) != 0)
            sum += run.Residual[position];
        if ((run.Options & ConvolutionOptions.Relu) != 0 && sum < 0)
            sum = 0;
        run.Y[position] = (run.Options & ConvolutionOptions.Gate) != 0 && !(run.Gate[position] > 0) ? 0 : sum;
    }
}
