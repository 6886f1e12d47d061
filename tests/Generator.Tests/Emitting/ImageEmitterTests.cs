namespace SparseSharp.Generator.Tests.Emitting;

/// <summary>What the passes of models on images do by fewer calls than <c>Forward</c> has operations.</summary>
public sealed class ImageEmitterTests
{
    [Fact]
    public void AMaximumFusesReluBeforeItAndBehindIt()
    {
        var passes = Passes("x.Through(Stem).Relu().MaxPool(2).Through(Body).MaxPool(2).Relu()");
        Assert.Contains("= maxima of h2, 2 x 2, stride 2", passes);
        Assert.Contains("relu of maxima of", passes);
        Assert.Contains("at the first maxima, times relu'(h2)", passes);
        Assert.DoesNotContain(".Activate(", passes);
    }

    /// <summary>Channels of an input move as rows where no operation wants images.</summary>
    [Fact]
    public void ChannelsMoveAsTheyLie()
    {
        Assert.DoesNotContain("ChannelPass", Passes("x.Channels(0, 2).Concat(x.Channels(1, 1))"));
        Assert.Contains("ChannelPass.Take(", Passes("x.Subsample(2).Concat(x.Subsample(2).Channels(1, 1))"));
    }

    private static string Passes(string value) => new Emitted(
        $$"""
        namespace Samples;

        [SparseModel]
        public sealed partial class Net
        {
            [Conv2d(3, 8)]
            public partial Conv2d Stem { get; }

            [Conv2d(8, 4)]
            public partial Conv2d Body { get; }

            Activation Forward([Input(3, 16, 16)] Activation x) => {{value}};
        }
        """)["Samples.Net"];
}
