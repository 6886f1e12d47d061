using System.Runtime.CompilerServices;

namespace SparseSharp.Kernels;

/// <summary>The weights of one channel times lines, for two tiles of pixels at a time.</summary>
/// <remarks>
/// At 3 pixels a tile: 6 accumulators; a load of a position, 6 lines and a broadcast for 6 multiply-adds: bound by loads.
/// </remarks>
internal readonly unsafe struct DepthwiseMultiply : IPanelKernel<ConvolutionRun>
{
    [MethodImpl(Jit.Leaf)]
    public static void Run<TPath, TVector, TVectors>(in ConvolutionRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        var options = run.Options;
        nint channel = run.Rows[0];
        var tile = run.Tiles;
        var counted = run.Counted;
        VectorRow<TPath, TVector, TVectors> r0 = default, r1 = default;
        for (var n = run.TileCount; n > 0; n -= 2)
        {
            // The last tile of an odd number is its own partner.
            var next = n > 1 ? tile + ConvolutionTiles.Record : tile;
            if ((options & ConvolutionOptions.Load) != 0)
            {
                var y = run.Y + (channel * run.ChannelStride);
                PixelRow.Load(ref r0, y + tile[ConvolutionTiles.Output], tile[5], tile[6], tile[7]);
                PixelRow.Load(ref r1, y + next[ConvolutionTiles.Output], next[5], next[6], next[7]);
            }
            else if ((options & ConvolutionOptions.Bias) != 0)
            {
                r0.Fill(run.Bias[channel]);
                r1.Fill(run.Bias[channel]);
            }
            else
            {
                r0.Clear();
                r1.Clear();
            }
            var x0 = run.X + tile[0];
            var x1 = run.X + next[0];
            nint d1 = tile[1], d2 = tile[2], d3 = tile[3], e1 = next[1], e2 = next[2], e3 = next[3];
            for (var span = 0; span < run.SpanCount; span++)
            {
                var segment = run.Segments + (ConvolutionTiles.Segment * (nint)run.Spans[span]);
                var index = run.Index + segment[0];
                var weights = run.Weights + segment[1];
                for (var column = segment[2]; column != 0; column--)
                {
                    nint position = *index;
                    var weight = TPath.Create(*weights);
                    PixelRow.MultiplyAdd(ref r0, weight, x0 + position, d1, d2, d3);
                    PixelRow.MultiplyAdd(ref r1, weight, x1 + position, e1, e2, e3);
                    index++;
                    weights++;
                }
            }
            PixelRow.Finish(ref r0, in run, options, channel, tile[ConvolutionTiles.Output], tile[5], tile[6], tile[7], counted);
            if (n > 1)
            {
                PixelRow.Finish(
                    ref r1, in run, options, channel, next[ConvolutionTiles.Output], next[5], next[6], next[7], counted + sizeof(TVectors));
            }
            tile += 2 * ConvolutionTiles.Record;
            counted += 2 * sizeof(TVectors);
        }
    }

    public static void RunScalar(int width, in ConvolutionRun run) => ConvolutionMultiply<OneColumn>.RunScalar(width, in run);
}
