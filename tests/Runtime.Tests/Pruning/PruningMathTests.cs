using SparseSharp.Pruning;
using SparseSharp.Runtime.Tests.Masks;

namespace SparseSharp.Runtime.Tests.Pruning;

public sealed class PruningMathTests
{
    /// <summary>2 on the diagonal and 1 beside it.</summary>
    private static readonly LayerMoments s_tridiagonal = new([2, 1, 0, 0, 1, 2, 1, 0, 0, 1, 2, 1, 0, 0, 1, 2], new double[4], 1);

    [Theory]
    [InlineData(2, "4 -3 2 1", "5.5 -1.5 0 0")]
    [InlineData(2, "1 1 1 1", "2 2 0 0")]
    [InlineData(4, ".5 -1 2 -4 8 -.25 1 -3", "0 0 2.0625 -3.9375 8.0625 0 0 -2.9375")]
    [InlineData(2, "4 -3 2 1 1 1 1 1", "5.5 -1.5 0 0 2 2 0 0", 4)]
    public void Golden_absorption(int keep, string group, string expected, int? size = null)
    {
        var weight = Tiles.Parse(group);
        var pattern = Tiles.Rows(keep, size ?? weight.Length);
        MeanAbsorption.Apply(weight, Mask.Magnitude(weight, 1, weight.Length, pattern), pattern);
        Assert.Equal(Tiles.Parse(expected), weight);
    }

    [Fact]
    public void Golden_errors_and_closed_form()
    {
        float[] weight = [4, -3, 2, 1];
        var mask = Mask.Magnitude(weight, 1, 4, Tiles.Rows(2, 4));
        var solved = new float[4];
        LeastSquares.Solve(s_tridiagonal, weight, mask, solved, ridge: 0);
        Assert.Equal([10f / 3, -5f / 3, 0, 0], solved);
        Assert.Equal(14, s_tridiagonal.Error([0, 0, -2, -1], 0), 1e-12);
        Assert.Equal(21.5, s_tridiagonal.Error([1.5, 1.5, -2, -1], 0), 1e-12);
        Assert.Equal(34 / 3.0, s_tridiagonal.Error([-2 / 3.0, 4 / 3.0, -2, -1], 0), 1e-12);
    }

    /// <summary>The table of the specification: N for M of 4, 8 and 16.</summary>
    [Theory]
    [InlineData(.5, 4, 6, 11)]
    [InlineData(.6, 3, 5, 10)]
    [InlineData(.7, 3, 5, 8)]
    [InlineData(.75, 3, 4, 7)]
    [InlineData(.8, 2, 4, 6)]
    [InlineData(.9, 2, 2, 4)]
    [InlineData(.95, 1, 2, 2)]
    public void Keep_suits_the_sparsity(double sparsity, int ofFour, int ofEight, int ofSixteen)
    {
        Assert.Equal(ofFour, AdaPrune.KeepFor(sparsity, 4));
        Assert.Equal(ofEight, AdaPrune.KeepFor(sparsity, 8));
        Assert.Equal(ofSixteen, AdaPrune.KeepFor(sparsity, 16));
    }

    [Fact]
    public void Keep_is_never_zero_and_dense_without_zeros()
    {
        Assert.Equal(1, AdaPrune.KeepFor(1, 8));
        Assert.Equal(1, AdaPrune.KeepFor(.999, 4));
        Assert.Equal(8, AdaPrune.KeepFor(0, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => AdaPrune.KeepFor(double.NaN, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => AdaPrune.KeepFor(1.1, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => AdaPrune.KeepFor(.5, 33));
    }

    [Fact]
    public void Moments_give_the_squared_error_of_the_outputs()
    {
        const int Samples = 30, Features = 7;
        var inputs = Tiles.Gaussian(Samples * Features, 60);
        var moments = LayerMoments.From(inputs, Features);
        double[] difference = [.3, 0, -1.2, .5, 0, .1, 2];
        const double Bias = .7;
        var expected = 0.0;
        for (var sample = 0; sample < Samples; sample++)
            expected += Math.Pow(Bias + Enumerable.Range(0, Features).Sum(i => difference[i] * inputs[(sample * Features) + i]), 2);
        Assert.Equal(expected, moments.Error(difference, Bias), 1e-9 * expected);

        var best = moments.BestBias(difference);
        Assert.True(moments.Error(difference, best) < moments.Error(difference, best + .001));
        Assert.True(moments.Error(difference, best) < moments.Error(difference, best - .001));
        Assert.Equal(moments.Error(difference, best), moments.Centered().Error(difference, 0), 1e-9);
    }

    /// <summary>At the solution every kept weight has no gradient left, so any step from it makes the error larger.</summary>
    [Fact]
    public void The_closed_form_is_a_minimum()
    {
        const int Features = 16, Rows = 5;
        var moments = LayerMoments.From(Tiles.Gaussian(200 * Features, 61), Features);
        var weight = Tiles.Gaussian(Rows * Features, 62);
        var mask = Mask.Magnitude(weight, Rows, Features, Tiles.Rows(2, 4));
        var solved = new float[weight.Length];
        LeastSquares.Solve(moments, weight, mask, solved);
        for (var row = 0; row < Rows; row++)
        {
            var difference = Enumerable.Range(row * Features, Features).Select(i => (double)solved[i] - weight[i]).ToArray();
            var least = moments.Error(difference, 0);
            for (var i = 0; i < Features; i++)
            {
                Assert.Equal(mask[row, i], solved[(row * Features) + i] != 0);
                if (!mask[row, i])
                    continue;
                foreach (var step in (double[])[.01, -.01])
                {
                    var moved = (double[])difference.Clone();
                    moved[i] += step;
                    Assert.True(moments.Error(moved, 0) > least);
                }
            }
        }
    }

    [Fact]
    public void Inputs_that_are_always_zero_leave_finite_weights()
    {
        var moments = new LayerMoments(new double[16], new double[4], 3);
        float[] weight = [4, -3, 2, 1];
        var solved = new float[4];
        LeastSquares.Solve(moments, weight, Mask.Magnitude(weight, 1, 4, Tiles.Rows(2, 4)), solved);
        Assert.Equal([4, -3, 0, 0], solved);
    }

    [Fact]
    public void Cholesky_solves_and_rejects()
    {
        double[] matrix = [4, 0, 0, 2, 5, 0, 1, 3, 6];
        double[] vector = [4 + 4 + 3, 2 + 10 + 9, 1 + 6 + 18];
        Assert.True(Cholesky.Solve(matrix, vector));
        Assert.Equal([1, 2, 3], vector.Select(value => Math.Round(value, 12)));
        Assert.False(Cholesky.Solve([1, 0, 2, 1], [1, 1]));
    }
}
