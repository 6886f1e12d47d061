using SparseSharp.Benchmarks.Measuring;

namespace SparseSharp.Runtime.Tests.Benchmarks;

public sealed class InterleavedTests
{
    private static readonly Effort Brief = new(3, TimeSpan.FromMilliseconds(0.1), IsQuick: true);

    [Fact]
    public void MedianIsTheMiddle()
    {
        Assert.Equal(3, Interleaved.Median([9, 3, 1]));
        Assert.Equal(2.5, Interleaved.Median([4, 1, 3, 2]));
        Assert.Equal(7, Interleaved.Median([7]));
    }

    [Fact]
    public void ThereIsNoMedianOfNothing() => Assert.Throws<ArgumentException>(() => Interleaved.Median([]));

    [Fact]
    public void EveryRoundBeginsWithAnotherContender()
    {
        var turns = new List<char>();
        Interleaved.Measure([Named('a'), Named('b'), Named('c')], Brief, threads: 1);
        Assert.Equal("abcbcacab", string.Concat(turns.Where((turn, i) => i == 0 || turns[i - 1] != turn)));

        // A turn is several calls; the last one of a round and the first one of the next differ here.
        Contender Named(char name) => new(name.ToString(), () => turns.Add(name));
    }

    [Fact]
    public void FiguresAreMillisecondsPerOperation()
    {
        var times =
            Interleaved.Measure([new Contender("sleep", () => Thread.Sleep(2)), new Contender("nothing", () => { })], Brief, threads: 1);
        Assert.InRange(times[0], 2, double.MaxValue);
        Assert.InRange(times[1], 0, times[0]);
    }

    [Fact]
    public void ACycleIsTimedAsAWhole()
    {
        var operations = 0;
        var prepared = 0;
        Interleaved.Measure(
            [new Contender("cycle", () => operations++) { Cycle = 40, Prepare = () => prepared++ }], Brief with { Rounds = 1 }, threads: 1);

        // Two calls to warm up, then whole cycles, each prepared once.
        Assert.Equal(2 + ((prepared - 2) * 40), operations);
        Assert.True(prepared > 2);
    }
}
