namespace SparseSharp.Runtime.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Constant_is_one() => Assert.Equal(1, LearningRateSchedule.Constant.Factor(123, 0));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 0.5)]
    [InlineData(29, 0.25)]
    [InlineData(30, 0.125)]
    public void Steps_fall_at_their_interval(long step, double factor) =>
        Assert.Equal(factor, LearningRateSchedule.Step(10, 0.5).Factor(step, 0), 12);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(50, 0.55)]
    [InlineData(100, 0.1)]
    [InlineData(1000, 0.1)]
    public void Cosine_goes_from_one_to_its_floor_and_stays(long step, double factor) =>
        Assert.Equal(factor, LearningRateSchedule.Cosine(0.1).Factor(step, 100), 12);

    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(3, 0.8)]
    [InlineData(4, 1)]
    [InlineData(5, 1)]
    [InlineData(15, 0.5)]
    [InlineData(25, 0)]
    public void Warm_up_rises_and_hands_the_rest_over(long step, double factor) =>
        Assert.Equal(factor, LearningRateSchedule.WarmUp(5, LearningRateSchedule.Cosine()).Factor(step, 25), 12);

    [Fact]
    public void Only_a_cosine_needs_the_total()
    {
        Assert.True(LearningRateSchedule.Cosine().NeedsTotal);
        Assert.True(LearningRateSchedule.WarmUp(3, LearningRateSchedule.Cosine()).NeedsTotal);
        Assert.False(LearningRateSchedule.WarmUp(3).NeedsTotal);
        Assert.False(LearningRateSchedule.Step(3).NeedsTotal);
    }

    [Fact]
    public void Settings_out_of_range_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Step(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Step(5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.WarmUp(0));
    }

    [Fact]
    public void The_text_of_a_schedule_tells_its_settings() =>
        Assert.Equal(
            "WarmUp(steps: 10, then: Cosine(floor: 0.01))",
            LearningRateSchedule.WarmUp(10, LearningRateSchedule.Cosine(0.01)).ToString());
}
