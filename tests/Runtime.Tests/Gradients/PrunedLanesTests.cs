using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Gradients;

/// <summary>The vectors of every width against the reference. They run on any processor, if slowly.</summary>
public sealed unsafe class PrunedLanesTests
{
    [Fact]
    public void Worked_examples_are_those_of_the_reference()
    {
        foreach (var (group, keep) in Groups.Worked)
        {
            foreach (var uniform in (float[])[0, 0.1f, 0.5f, 0.75f, 0.9f])
                Check(keep, [.. Enumerable.Repeat(group, 16)], [.. Enumerable.Repeat(uniform, 16)]);
        }
    }

    [Fact]
    public void Random_groups_are_those_of_the_reference()
    {
        var random = new Random(3);
        foreach (var (keep, size) in Groups.Patterns)
        {
            for (var round = 0; round < 100; round++)
            {
                // What single precision can hold: reference and vectors start from the same values.
                var groups = Enumerable.Range(0, 16)
                    .Select(lane => (lane + round) % 3 == 0
                        ? Groups.Integers(random, size)
                        : [.. Enumerable.Range(
                            0, size).Select(_ => (double)(float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 3))))])
                    .ToArray();
                Check(keep, groups, [.. Enumerable.Range(0, 16).Select(_ => random.Next(1 << 24) / (float)(1 << 24))]);
            }
        }
    }

    /// <summary>
    /// The largest uniform number there is, and sums that lose digits: the last threshold must not pass the end of the sum.
    /// </summary>
    [Fact]
    public void As_many_values_are_left_as_there_is_room_for()
    {
        var random = new Random(4);
        var uniform = 1 - (1f / (1 << 24));
        foreach (var (keep, size) in Groups.Patterns)
        {
            for (var round = 0; round < 100; round++)
            {
                var group = Enumerable.Range(0, size).Select(_ => (double)(float)(0.1 + (random.NextDouble() * 1e-6))).ToArray();
                Assert.Equal(
                    keep,
                    Prune<Lanes16>(keep, [.. Enumerable.Repeat(group, 16)], [.. Enumerable.Repeat(uniform, 16)])[0].Count(x => x != 0));
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Faults_show_and_stay_in_their_group(float fault)
    {
        foreach (var (keep, size) in Groups.Patterns)
        {
            var groups = Enumerable.Range(0, 16).Select(lane => Enumerable.Range(1, size).Select(i => (double)i).ToArray()).ToArray();
            groups[3][^1] = fault;
            var uniforms = Enumerable.Repeat(0.4f, 16).ToArray();
            CheckWidth<Lanes16>();
            CheckWidth<Lanes8>();
            CheckWidth<Lanes4>();

            void CheckWidth<TLanes>()
                where TLanes : struct, IFloatLanes<TLanes>
            {
                var pruned = Prune<TLanes>(keep, groups, uniforms);
                Assert.Equal([double.NaN, .. new double[size - 1]], pruned[3]);
                Assert.All(pruned[4], value => Assert.True(double.IsFinite(value)));
                Assert.Equal(keep, pruned[4].Count(x => x != 0));
            }
        }
    }

    private static void Check(int keep, double[][] groups, float[] uniforms)
    {
        CheckWidth<Lanes16>(keep, groups, uniforms);
        CheckWidth<Lanes8>(keep, groups, uniforms);
        CheckWidth<Lanes4>(keep, groups, uniforms);
    }

    private static void CheckWidth<TLanes>(int keep, double[][] groups, float[] uniforms)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var actual = Prune<TLanes>(keep, groups, uniforms);
        for (var lane = 0; lane < groups.Length; lane++)
        {
            var expected = new double[groups[lane].Length];
            MinimumVariance.Prune(groups[lane], keep, uniforms[lane], expected);
            if (IsOnTheEdge(groups[lane], keep, uniforms[lane]))
                continue;
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[lane][i]) <= 1e-5 * Math.Abs(expected[i]), $"{keep} of [{string.Join(", ", groups[lane])}] at {uniforms[lane]}: {actual[lane][i]} instead of {expected[i]} at {i}");
        }
    }

    /// <summary>
    /// Whether rounding may decide: a change of the uniform number or of the largest value in the sixth digit gives other values.
    /// </summary>
    private static bool IsOnTheEdge(double[] group, int keep, double uniform)
    {
        var (below, above) = (new double[group.Length], new double[group.Length]);
        MinimumVariance.Prune(group, keep, Math.Max(0, uniform - 1e-5), below);
        MinimumVariance.Prune(group, keep, Math.Min(1 - 1e-12, uniform + 1e-5), above);
        return !below.AsSpan().SequenceEqual(above);
    }

    private static double[][] Prune<TLanes>(int keep, double[][] groups, float[] uniforms)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var size = groups[0].Length;
        var result = groups.Select(_ => new double[size]).ToArray();
        var values = stackalloc float[32 * 16];
        for (var first = 0; first < groups.Length; first += TLanes.Count)
        {
            for (var i = 0; i < size * TLanes.Count; i++)
                values[i] = (float)groups[first + (i % TLanes.Count)][i / TLanes.Count];
            fixed (float* uniform = &uniforms[first])
                PrunedLanes.Prune(keep, size, values, TLanes.Load(uniform));
            for (var i = 0; i < size * TLanes.Count; i++)
                result[first + (i % TLanes.Count)][i / TLanes.Count] = values[i];
        }
        return result;
    }
}
