using SparseSharp.Matrices;

namespace SparseSharp.Runtime.Tests.Annealing;

public sealed unsafe class LargestSelectionTests
{
    [Theory]
    [InlineData(.2, 1, "10000")]
    [InlineData(.4, 2, "10010")]
    [InlineData(.5, 3, "11010")]
    [InlineData(1, 5, "11111")]
    public void Golden_budgets(double density, long keep, string mask)
    {
        float[] weight = [.5f, -.2f, .05f, -.5f, .2f];
        Assert.Equal(keep, Budget.Weights(density, weight.Length));
        Assert.Equal(mask, Largest(weight, keep));
    }

    [Theory]
    [InlineData(.3, 10, 3)]
    [InlineData(.7, 1000, 700)]
    [InlineData(.0001, 100, 1)]
    public void A_whole_product_is_not_rounded_up(double density, long count, long keep) =>
        Assert.Equal(keep, Budget.Weights(density, count));

    [Fact]
    public void Finds_what_sorting_finds_also_among_ties_and_over_several_layers()
    {
        var random = new Random(1);
        for (var round = 0; round < 50; round++)
        {
            var weight = Enumerable.Range(0, 300)
                .Select(_ => (round % 2 == 0 ? random.Next(-5, 6) : random.NextSingle() - .5f) * 1e-3f)
                .ToArray();
            var keep = random.Next(1, weight.Length + 1);
            var expected = Enumerable.Range(0, weight.Length).OrderByDescending(i => Math.Abs(weight[i])).ThenBy(i => i).Take(keep).Order();
            Assert.Equal(Text(expected, weight.Length), Largest(weight, keep));

            fixed (float* w = weight)
            {
                Magnitudes[] parts = [new(w, 100), new(w + 100, 200)];
                Assert.Equal(
                    new LargestSelection().Find<Magnitudes>([new(w, weight.Length)], keep),
                    new LargestSelection().Find<Magnitudes>(parts, keep));
            }
        }
    }

    /// <summary>Which weights get a gradient under a limit: all kept ones, and of the others those closest to the threshold.</summary>
    [Theory]
    [InlineData(".4 .1 -.2 -.3", "1 1 0 0")]
    [InlineData(".4 -.1 -.2 -.3", "1 .25 0 0")]
    [InlineData(".4 .3 .2 .1", "1 1 1 1")]
    [InlineData("-.1 -.1 -.1 -.1", ".25 .25 0 0")]
    [InlineData(".5 -.01 -.3 -.02 -.2 .1 -.02 -.4", "1 .25 0 .25 0 1 0 0")]
    public void Golden_limits(string excesses, string shares)
    {
        const float Threshold = .5f;
        var excess = Parse(excesses);
        var weight = excess.Select(u => u + Threshold).ToArray();
        var threshold = Threshold;
        fixed (float* w = weight)
        {
            var ranked = new Excesses(w, weight.Length, weight.Length, new(&threshold, ThresholdScope.PerLayer));
            var cut = new LargestSelection().Find<Excesses>([ranked], BackwardLimit.Count(excess.Count(u => u > 0), .5, excess.Length));
            var expected = Parse(shares);
            for (var i = 0; i < expected.Length; i++)
            {
                var share = cut.Takes(ranked[i]) ? excess[i] > 0 ? 1 : .25f : 0;
                Assert.Equal(expected[i], share);
            }
        }
    }

    private static string Largest(float[] weight, long keep)
    {
        fixed (float* w = weight)
        {
            var cut = new LargestSelection().Find<Magnitudes>([new(w, weight.Length)], keep);
            return string.Concat(weight.Select(value => cut.Takes(Magnitudes.Of(value)) ? '1' : '0').ToArray());
        }
    }

    private static string Text(IEnumerable<int> kept, int count)
    {
        var text = new string('0', count).ToCharArray();
        foreach (var i in kept)
            text[i] = '1';
        return new(text);
    }

    private static float[] Parse(string text) =>
        [.. text.Split(' ').Select(word => float.Parse(word, System.Globalization.CultureInfo.InvariantCulture))];
}
