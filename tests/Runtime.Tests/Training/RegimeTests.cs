namespace SparseSharp.Runtime.Tests.Training;

/// <summary>Regimes of Hoffer, Hubara and Soudry, 2017, with the numbers that follow from their rules.</summary>
public sealed class RegimeTests
{
    private static readonly Regime _resNet44 = Regime.InEpochs(200, new(81, 0.1), new(122, 0.01), new(164, 0.001));

    [Theory]
    [InlineData(2048, 128, 0.4, new long[] { 1296, 1952, 2624, 3200 })]
    [InlineData(4096, 128, 0.565685, new long[] { 2592, 3904, 5248, 6400 })]
    [InlineData(300, 128, 0.153093, new long[] { 243, 366, 492, 600 })]
    [InlineData(128, 128, 0.1, new long[] { 81, 122, 164, 200 })]
    public void A_regime_is_adapted_to_a_large_batch(int batch, int reference, double rate, long[] epochs)
    {
        var adapted = _resNet44.ForBatch(batch, reference, adaptEpochs: true);
        Assert.Equal(epochs, adapted.Phases.Skip(1).Select(phase => phase.Start).Append(adapted.Length));
        Assert.Equal(rate, 0.1 * adapted.Factor(0, 0, epochSteps: 1), 1e-6);
        Assert.Equal(
            (double[])[rate, rate / 10, rate / 100, rate / 1000], adapted.Phases.Select(phase => Math.Round(0.1 * phase.Factor, 6)), Near);

        // The rate alone, and the epochs alone.
        Assert.Equal([81, 122, 164], _resNet44.ForBatch(batch, reference).Phases.Skip(1).Select(phase => phase.Start));
        var epochsAlone = _resNet44.ForBatch(batch, reference, scaleLearningRate: false, adaptEpochs: true);
        Assert.Equal([1, 0.1, 0.01, 0.001], epochsAlone.Phases.Select(phase => phase.Factor));
        Assert.Equal(epochs[3], epochsAlone.Length);
    }

    [Fact]
    public void Adapting_twice_is_adapting_once_and_changes_nothing_else()
    {
        var before = _resNet44.ToString();
        var once = _resNet44.ForBatch(2048, adaptEpochs: true);
        var twice = once.ForBatch(2048, adaptEpochs: true);
        Assert.Equal(once.Phases, twice.Phases);
        Assert.Equal(3200, twice.Length);
        Assert.Equal(_resNet44.ForBatch(256).Phases, twice.ForBatch(256).Phases);
        Assert.Equal(before, _resNet44.ToString());
    }

    [Fact]
    public void Phases_begin_with_their_epoch()
    {
        Assert.True(_resNet44.NeedsEpochs);
        Assert.False(_resNet44.NeedsTotal);
        Assert.Equal(1, _resNet44.Factor((81 * 391) - 1, 0, 391));
        Assert.Equal(0.1, _resNet44.Factor(81 * 391, 0, 391));
        Assert.Equal(0.001, _resNet44.Factor(1000 * 391, 0, 391));
        Assert.Contains("counts epochs", Assert.Throws<InvalidOperationException>(() => _resNet44.Factor(1, 0)).Message);
    }

    [Fact]
    public void A_regime_in_steps_keeps_its_updates()
    {
        var regime = Regime.InSteps(78_000, new(31_590, 0.1), new(47_580, 0.01));
        Assert.False(regime.NeedsEpochs);
        Assert.Equal(0.1, regime.Factor(31_590, 0));
        Assert.Equal(1, regime.Factor(31_589, 0, epochSteps: 12));
        var adapted = regime.ForBatch(4096, adaptEpochs: true);
        Assert.Equal(78_000, adapted.Length);
        Assert.Equal(Math.Sqrt(32) * 0.1, adapted.Factor(31_590, 0), 1e-12);
        // 12 whole batches an epoch; epochs alone would give 76,800 updates.
        Assert.Equal(6500, adapted.EpochsOf(50_000, 4096));
        Assert.Equal(200, regime.EpochsOf(50_000, 128));
        Assert.Equal(6400, _resNet44.ForBatch(4096, adaptEpochs: true).EpochsOf(50_000, 4096));
        Assert.Equal(10, Regime.InSteps(10).EpochsOf(100, 128));
    }

    [Fact]
    public void A_warm_up_hands_epochs_over()
    {
        var schedule = LearningRateSchedule.WarmUp(5, Regime.InEpochs(4, new RegimePhase(2, 0.5)));
        Assert.True(schedule.NeedsEpochs);
        Assert.Equal(0.4, schedule.Factor(1, 0, 10), 12);
        Assert.Equal(1, schedule.Factor(24, 0, 10));
        Assert.Equal(0.5, schedule.Factor(25, 0, 10));
    }

    [Fact]
    public void What_cannot_be_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Regime.InEpochs(0));
        Assert.Contains("phases begin after 3", Assert.Throws<ArgumentException>(() => Regime.InEpochs(9, new(3, 0.1), new(3, 0.01))).Message);
        Assert.Contains("end of the regime at 9", Assert.Throws<ArgumentException>(() => Regime.InEpochs(9, new RegimePhase(9, 0.1))).Message);
        Assert.Throws<ArgumentException>(() => Regime.InSteps(9, new RegimePhase(0, 0.1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Regime.InSteps(9, new RegimePhase(1, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Regime.InSteps(9, new RegimePhase(1, double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _resNet44.ForBatch(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _resNet44.ForBatch(128, reference: 0));
        Assert.Throws<OverflowException>(() => Regime.InEpochs(int.MaxValue).ForBatch(256, adaptEpochs: true).EpochsOf(10, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _resNet44.EpochsOf(0, 1));
    }

    [Fact]
    public void The_text_of_a_regime_tells_its_phases()
    {
        Assert.Equal("Regime(200 epochs: 1, 0.1 from 81, 0.01 from 122, 0.001 from 164)", _resNet44.ToString());
        Assert.Equal("Regime(9 steps: 4)", Regime.InSteps(9).ForBatch(16, 1).ToString());
    }

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) < 1e-6;
}
