using SparseSharp.Patterns;
using SparseSharp.Training;

namespace SparseSharp.Runtime.Tests.Annealing;

public sealed class AnnealCurveTests
{
    private const double Digits = 5.1e-11;

    [Theory]
    [InlineData(0, 1, 1, .9975273768, 1)]
    [InlineData(.02, .98, .9990133642, .9968587867, .9990133642)]
    [InlineData(.05, .95, .9938441703, .9955037268, .9955037268)]
    [InlineData(.10, .9, .9755282581, .9918374288, .9918374288)]
    [InlineData(.25, .75, .8535533906, .9525741268, .9525741268)]
    [InlineData(.40, .6, .6545084972, .7685247835, .7685247835)]
    [InlineData(.50, .5, .5, .5, .5)]
    [InlineData(.60, .4, .3454915028, .2314752165, .3454915028)]
    [InlineData(.75, .25, .1464466094, .0474258732, .1464466094)]
    [InlineData(.90, .1, .0244717419, .0081625712, .0244717419)]
    [InlineData(1, 0, 0, .0024726232, .0024726232)]
    public void Golden_factors(double x, double linear, double cosine, double sigmoid, double sigmoidCosine)
    {
        Assert.Equal(linear, AnnealCurve.Factor(AnnealSchedule.Linear, x), Digits);
        Assert.Equal(cosine, AnnealCurve.Factor(AnnealSchedule.Cosine, x), Digits);
        Assert.Equal(sigmoid, AnnealCurve.Factor(AnnealSchedule.Sigmoid, x), Digits);
        Assert.Equal(sigmoidCosine, AnnealCurve.Factor(AnnealSchedule.SigmoidCosine, x), Digits);
        Assert.Equal(1, AnnealCurve.Factor(AnnealSchedule.Constant, x));
    }

    [Theory]
    [InlineData(0, .5)]
    [InlineData(1, .4998766401)]
    [InlineData(10, .4959187144)]
    [InlineData(25, .4762870634)]
    [InlineData(49, .2649820259)]
    [InlineData(50, .25)]
    [InlineData(51, .2421473102)]
    [InlineData(75, .0732233047)]
    [InlineData(89, .0147798078)]
    [InlineData(90, 0)]
    [InlineData(99, 0)]
    public void Golden_shares_of_a_hundred_epochs(int epoch, double alpha) =>
        Assert.Equal(alpha, new GradientAnnealing().AlphaAt(epoch, 100), Digits);

    [Fact]
    public void Golden_shares_of_ten_epochs()
    {
        double[] golden = [.5, .495919, .486702, .458414, .384262, .25, .172746, .103054, .047746, 0];
        for (var epoch = 0; epoch < golden.Length; epoch++)
            Assert.Equal(golden[epoch], new GradientAnnealing().AlphaAt(epoch, 10), 5.1e-7);
    }

    [Fact]
    public void The_default_curve_is_symmetric_with_the_smaller_one_falls_and_is_above_a_line_in_its_first_half()
    {
        var before = double.PositiveInfinity;
        for (var i = 0; i <= 1000; i++)
        {
            var x = i / 1000.0;
            var larger = AnnealCurve.Factor(AnnealSchedule.SigmoidCosine, x);
            var smaller = Math.Min(AnnealCurve.Factor(AnnealSchedule.Sigmoid, 1 - x), AnnealCurve.Factor(AnnealSchedule.Cosine, 1 - x));
            Assert.Equal(1, larger + smaller, 1e-12);
            Assert.True(larger <= before, $"it rises at {x}");
            Assert.True(x > 0.5 || larger >= 1 - x - 1e-12, $"it is below the line at {x}");
            before = larger;
        }
    }

    [Theory]
    [InlineData(.02, AnnealSchedule.Cosine)]
    [InlineData(.0402, AnnealSchedule.Cosine)]
    [InlineData(.0404, AnnealSchedule.Sigmoid)]
    [InlineData(.49, AnnealSchedule.Sigmoid)]
    [InlineData(.51, AnnealSchedule.Cosine)]
    [InlineData(.9596, AnnealSchedule.Cosine)]
    [InlineData(.9598, AnnealSchedule.Sigmoid)]
    public void The_larger_curve_wins(double x, AnnealSchedule winner) =>
        Assert.Equal(AnnealCurve.Factor(winner, x), AnnealCurve.Factor(AnnealSchedule.SigmoidCosine, x));

    [Theory]
    [InlineData(.9, 100, 90)]
    [InlineData(.9, 10, 9)]
    [InlineData(.9, 15, 13)]
    [InlineData(.29, 100, 29)]
    [InlineData(1, 10, 10)]
    [InlineData(.5, 1, 0)]
    public void The_hard_zero_is_a_whole_epoch(double hardZero, long count, long from)
    {
        Assert.Equal(from, AnnealCurve.ZeroFrom(hardZero, count));
        foreach (var schedule in Enum.GetValues<AnnealSchedule>())
        {
            var annealing = new GradientAnnealing { HardZero = hardZero, Schedule = schedule };
            for (var index = 0L; index < count; index++)
                Assert.Equal(index >= from, annealing.AlphaAt(index, count) == 0);
        }
    }

    [Fact]
    public void A_share_is_computed_from_the_start_and_never_from_the_one_before() =>
        Assert.Equal(.25, new GradientAnnealing().AlphaAt(50, 100), 1e-15);

    [Fact]
    public void After_tuning_the_curve_begins_anew_and_the_hard_zero_stays()
    {
        var annealing = new GradientAnnealing();
        Assert.Equal(.6, annealing.AlphaAt(.6, 9, 100, tuned: 10));
        Assert.Equal(.6, annealing.AlphaAt(.6, 10, 100, tuned: 10));
        Assert.Equal(.3, annealing.AlphaAt(.6, 55, 100, tuned: 10), 1e-15);
        Assert.True(annealing.AlphaAt(.6, 89, 100, tuned: 10) > 0);
        Assert.Equal(0, annealing.AlphaAt(.6, 90, 100, tuned: 10));
        Assert.Equal(.6, annealing.AlphaAt(.6, 7, 8, tuned: 10) + .6);
    }

    [Fact]
    public void Golden_tuning()
    {
        double[] dense = [2.0, 1.8, 1.6, 1.5, 1.4];
        double[] sparse = [2.1, 1.81, 1.7, 1.514, 1.415];
        double[] golden = [.525, .522375, .54849375, .54575128125, .5730388453];
        var alpha = .5;
        for (var epoch = 0; epoch < golden.Length; epoch++)
        {
            alpha = AlphaTuner.Next(alpha, sparse[epoch], dense[epoch]);
            Assert.Equal(golden[epoch], alpha, 5.1e-11);
        }
    }

    [Fact]
    public void Tuning_compares_strictly_and_stays_a_share()
    {
        Assert.Equal(.5 * .995, AlphaTuner.Next(.5, 1.01, 1));
        Assert.Equal(1, AlphaTuner.Next(.99, 2, 1));
        Assert.Equal(0, AlphaTuner.Next(0, 2, 1));
    }

    [Fact]
    public void Settings_out_of_range_are_named()
    {
        AssertNamed(nameof(GradientAnnealing.Alpha), new() { Alpha = 1.01 }, new() { Alpha = -.01 }, new() { Alpha = double.NaN });
        AssertNamed(nameof(GradientAnnealing.HardZero), new() { HardZero = 0 }, new() { HardZero = 1.01 }, new() { HardZero = double.NaN });
        AssertNamed(nameof(GradientAnnealing.BackwardDensity), new() { BackwardDensity = 0 }, new() { BackwardDensity = 2 });
        AssertNamed(nameof(GradientAnnealing.InitialThreshold), new() { InitialThreshold = -3200 }, new() { InitialThreshold = 20.5 });
        AssertNamed(
            nameof(GradientAnnealing.ThresholdRate), new() { ThresholdRate = 0 }, new() { ThresholdRate = double.PositiveInfinity });
        new GradientAnnealing { Alpha = 0, HardZero = 1, InitialThreshold = -20 }.Check();
    }

    private static void AssertNamed(string name, params GradientAnnealing[] faults)
    {
        foreach (var fault in faults)
            Assert.StartsWith(name, Assert.Throws<ArgumentException>(fault.Check).Message);
    }
}
