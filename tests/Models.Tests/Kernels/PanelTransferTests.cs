using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Models.Tests.Kernels;

/// <summary>Samples go into a panel and come out as they were, wherever they lie in memory, and nothing beside them changes.</summary>
[Trait("Category", "Kernels")]
public sealed unsafe class PanelTransferTests
{
    private const int Guard = 64;
    private const float Untouched = -1;

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(3, 5, 0)]
    [InlineData(16, 16, 0)]
    [InlineData(16, 64, 1)]
    [InlineData(64, 128, 0)]
    [InlineData(64, 128, 4)]
    [InlineData(64, 144, 15)]
    [InlineData(50, 208, 7)]
    [InlineData(40, 100, 0)]
    [InlineData(33, 1024, 12)]
    public void What_goes_in_comes_out(int samples, int features, int offset)
    {
        foreach (var pastCaches in (ReadOnlySpan<bool>)[false, true])
        {
            Transfer(samples, features, offset, 0, features, pastCaches);
            var half = features / 2 / PanelGeometry.Lanes * PanelGeometry.Lanes;
            Transfer(samples, features, offset, half, features, pastCaches);
            Transfer(samples, features, offset, 0, half, pastCaches);
        }
    }

    private static void Transfer(int samples, int features, int offset, int first, int end, bool pastCaches)
    {
        var layout = new BatchLayout(samples);
        using var source = new NativeBuffer<float>(samples * features);
        using var target = new NativeBuffer<float>((samples * features) + (2 * Guard));
        using var panel = new NativeBuffer<float>((features + 3L) / 4 * 4 * layout.Width(0));
        for (var i = 0; i < source.Length; i++)
            source.Pointer[i] = i;
        target.Span.Fill(Untouched);
        for (var p = 0; p < layout.Panels; p++)
        {
            var (start, count, vectors) = ((nint)layout.Start(p) * features, layout.Samples(p), layout.Vectors(p));
            PanelTransfer.Pack(source.Pointer + start, features, count, vectors, 0, features, panel.Pointer);
            PanelTransfer.Unpack(panel.Pointer, vectors, first, end, target.Pointer + Guard + offset + start, features, count, pastCaches);
        }
        for (var i = -Guard - offset; i < source.Length + Guard - offset; i++)
        {
            var isMoved = i >= 0 && i < source.Length && i % features >= first && i % features < end;
            Assert.Equal(isMoved ? i : Untouched, target.Pointer[Guard + offset + i]);
        }
    }
}
