using SparseSharp.Generator.Graphs;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Tests.Graphs;

public sealed class RamanujanTestTests
{
    private const string Good = "0246 1357 0347 1256 0257 1346 0356 1247";

    [Fact]
    public void AGoodGraphIsAccepted() => Assert.True(RamanujanTest.Accepts(Lists.Parse(8, Good)));

    [Theory]
    [InlineData("0446 1357 0347 1256 0257 1346 0356 1247")] // an edge twice
    [InlineData("0146 1357 0347 1256 0257 1346 0356 1247")] // columns of different degrees
    [InlineData("0248 1357 0347 1256 0257 1346 0356 1247")] // a column that is not there
    [InlineData("0246 1357 0347 1256 0257 1346 0356")] // a row is missing
    [InlineData("0246 1357 0347 1256 0257 1346 0356 1247 0246")] // a row too many
    [InlineData("0123 0123 0123 0123 4567 4567 4567 4567")] // two components
    [InlineData("01 12 23 34 45 56 67 07")] // a circle: the bound says nothing
    [InlineData("0 1 2 3 4 5 6 7")]
    public void ADamagedGraphIsRejected(string rows) => Assert.False(RamanujanTest.Accepts(Lists.Parse(8, rows)));

    [Fact]
    public void ListsThatAreNotAscendingOrCutShortAreRejected()
    {
        var graph = Lists.Parse(8, Good);
        var neighbours = graph.Neighbours.ToArray();
        (neighbours[0], neighbours[1]) = (neighbours[1], neighbours[0]);
        Assert.False(RamanujanTest.Accepts(graph with { Neighbours = new(neighbours) }));
        Assert.False(RamanujanTest.Accepts(graph with { Neighbours = graph.Neighbours.Take(31).ToEquatableArray() }));
    }

    [Fact]
    public void EveryExchangeThatWidensTheSecondSingularValueIsSeen()
    {
        // Two edges change their columns: still biregular, and the decision must be that of the spectrum.
        var graph = BipartiteGraph.Of(12, [.. Enumerable.Range(0, 12).Select(u => new[] { u, (u + 1) % 12, (u + 3) % 12 })]);
        var (accepted, rejected) = (0, 0);
        for (ulong seed = 0; seed < 400; seed++)
        {
            var damaged = Exchange(graph, new SplitMix64(seed), times: 1 + ((int)seed % 12));
            var second = Spectrum.Of(damaged)[1];
            Assert.Equal(second <= 2 * Math.Sqrt(2) * (1 + 1e-9), RamanujanTest.Accepts(damaged));
            Assert.Equal(second, RamanujanTest.SecondSingularValue(damaged), 9);
            _ = RamanujanTest.Accepts(damaged) ? accepted++ : rejected++;
        }
        Assert.True(accepted > 0 && rejected > 0, $"{accepted} accepted, {rejected} rejected");
    }

    [Theory]
    [InlineData(4, 4, 2)]
    [InlineData(3, 5, 2)]
    [InlineData(5, 3, 4)]
    [InlineData(4, 7, 4)]
    [InlineData(2, 9, 16)]
    [InlineData(4, 4, 16)]
    [InlineData(6, 6, 8)]
    public void TheSmallMatricesOfALiftDecideAsTheGraph(int left, int right, int fold)
    {
        foreach (var lift in FieldLift.Attempts(left, right, fold, new SplitMix64(3)).Take(12))
        {
            var spectrum = Spectrum.Of(lift.Graph());
            Assert.Equal(spectrum[1], lift.SecondSingularValue(), 8);
            Assert.Equal(spectrum[1] <= RamanujanTest.Bound(right, left) * (1 + 1e-9), lift.IsAccepted());
            Assert.Equal(lift.IsAccepted(), RamanujanTest.Accepts(lift.Graph()));
        }
    }

    [Theory]
    [InlineData(2, 4, 2)]
    [InlineData(4, 4, 4)]
    [InlineData(8, 2, 8)]
    [InlineData(8, 16, 16)]
    [InlineData(16, 16, 4)]
    public void WhatIsCertainIsAcceptedToo(int left, int right, int fold)
    {
        Assert.True(FieldLift.IsCertain(left, right, fold));
        var lift = FieldLift.Attempts(left, right, fold, new SplitMix64(0)).First();
        Assert.True(lift.IsAccepted());
        Assert.Equal(Math.Sqrt(Math.Max(left, right)), lift.SecondSingularValue(), 9);
    }

    [Fact]
    public void TheLargestEigenvalueIsThatOfJacobi()
    {
        var random = new SplitMix64(5);
        foreach (var size in new[] { 1, 2, 3, 7, 20 })
        {
            var matrix = new double[size, size];
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j <= i; j++)
                    matrix[i, j] = matrix[j, i] = random.Below(19) - 9;
            }
            Assert.Equal(Spectrum.Eigenvalues(matrix).Max(), SymmetricMatrix.LargestEigenvalue([.. matrix.Cast<double>()], size), 9);
        }
    }

    private static BipartiteGraph Exchange(BipartiteGraph graph, SplitMix64 random, int times)
    {
        int[][] rows = [.. Enumerable.Range(0, graph.Rows).Select(graph.Row)];
        while (times > 0)
        {
            var (u, v) = (random.Below(graph.Rows), random.Below(graph.Rows));
            var (i, j) = (random.Below(graph.Degree), random.Below(graph.Degree));
            if (rows[u].Contains(rows[v][j]) || rows[v].Contains(rows[u][i]))
                continue;
            (rows[u][i], rows[v][j]) = (rows[v][j], rows[u][i]);
            times--;
        }
        return BipartiteGraph.Of(graph.Columns, rows);
    }
}
