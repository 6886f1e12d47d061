using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Numerics;

public sealed class PeakTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(97)]
    public void The_largest_magnitude_is_found_wherever_it_is(int count)
    {
        var random = new Random(count);
        float[] values = [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
        Assert.Equal(values.Select(Math.Abs).DefaultIfEmpty().Max(), Peak.Of(values));
        for (var i = 0; i < count; i++)
        {
            foreach (var odd in (float[])[-3, float.NegativeInfinity, float.PositiveInfinity, float.NaN, -float.NaN])
            {
                var kept = values[i];
                values[i] = odd;
                Assert.Equal(Math.Abs(odd), Peak.Of(values));
                values[i] = kept;
            }
        }
    }

    [Fact]
    public void What_is_not_finite_stays()
    {
        Assert.Equal(2, Peak.Larger(1, 2));
        Assert.True(float.IsNaN(Peak.Larger(float.NaN, 1)));
        Assert.True(float.IsNaN(Peak.Larger(1, float.NaN)));
        Assert.Equal(float.PositiveInfinity, Peak.Larger(float.PositiveInfinity, 1e38f));
    }
}
