using SparseSharp.Training;

namespace SparseSharp.Runtime.Tests.Annealing;

public sealed class FlopsMeterTests
{
    [Theory]
    [InlineData(1, "100 1 1")]
    [InlineData(.426667, "100 .14 1")]
    [InlineData(.44, "90 .2 1", "10 .2 .2")]
    [InlineData(.29, "90 .2 .5", "10 .2 .2")]
    [InlineData(.52, "30 .6 1", "60 .2 1", "10 .2 .2")]
    [InlineData(.38, "30 .6 .6", "60 .2 .5", "10 .2 .2")]
    [InlineData(.65, "90 .5 1", "10 .5 .5")]
    public void Golden_trainings(double ratio, params string[] phases)
    {
        var meter = new FlopsMeter(1);
        foreach (var phase in phases)
        {
            var values = phase.Split(' ').Select(word => double.Parse(word, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            for (var step = 0; step < values[0]; step++)
            {
                meter.Add(0, values[1], values[2]);
                meter.Next();
            }
        }
        Assert.Equal(ratio, meter.Ratio(0), 5.1e-7);
    }

    [Fact]
    public void Layers_count_by_their_work()
    {
        var report = new FlopsReport([new("Stem", 300, .2, .5), new("Head", 100, 1, 1)]);
        Assert.Equal(400, report.DenseInference);
        Assert.Equal(.4, report.InferenceRatio, 1e-12);
        Assert.Equal(.625, report.TrainingRatio, 1e-12);
        Assert.Equal("inference 0.400 of dense (1/2.5), training 0.625 (1/1.6)", $"{report}");
    }

    [Fact]
    public void Sums_that_were_saved_go_on()
    {
        var (meter, resumed) = (new FlopsMeter(2), new FlopsMeter(2));
        Assert.Equal(1, meter.Ratio(0));
        meter.Add(0, .5, 1);
        meter.Add(1, 1, 1);
        meter.Next();
        resumed.Restore(meter.Sums, meter.Steps);
        foreach (var one in new[] { meter, resumed })
        {
            one.Add(0, .2, .2);
            one.Next();
        }
        Assert.Equal(meter.Ratio(0), resumed.Ratio(0));
        Assert.Equal(meter.Ratio(1), resumed.Ratio(1));
    }
}
