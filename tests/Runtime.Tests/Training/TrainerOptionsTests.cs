using SparseSharp.Training;

namespace SparseSharp.Runtime.Tests.Training;

public sealed class TrainerOptionsTests
{
    public static TheoryData<TrainerOptions> Wrong => new(
        new TrainerOptions { AccumulationSteps = 0 },
        new TrainerOptions { Threads = 0 },
        new TrainerOptions { TotalSteps = 0 },
        new TrainerOptions { CheckpointPath = "x", CheckpointEvery = 0 },
        new TrainerOptions { CheckpointEvery = 10 },
        new TrainerOptions { ResumeIfPresent = true },
        new TrainerOptions { ClipNorm = 0 },
        new TrainerOptions { ClipNorm = double.NaN },
        new TrainerOptions { Schedule = null! },
        new TrainerOptions { MaxSteps = 0 },
        new TrainerOptions { GradientSmoothing = 1 },
        new TrainerOptions { GradientSmoothing = double.NaN },
        new TrainerOptions { Augmentations = 0 },
        new TrainerOptions { AverageOutputs = true },
        new TrainerOptions { AdaptGradientNormEvery = 4 },
        new TrainerOptions { Augmentations = 2, AdaptGradientNormEvery = 0 },
        new TrainerOptions { Augmentations = 2, AugmentationOrder = (AugmentationOrder)2 },
        new TrainerOptions { EarlyStopping = new(0) },
        new TrainerOptions { EarlyStopping = new(1, MinDelta: -1) });

    [Theory, MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void A_setting_out_of_range_is_an_error(TrainerOptions options) => Assert.ThrowsAny<ArgumentException>(options.Check);

    [Fact]
    public void The_defaults_are_valid() => new TrainerOptions().Check();

    [Fact]
    public void Other_data_or_batches_are_an_error_that_names_both_values()
    {
        var plan = new FitPlan(1000, 64, 320);
        plan.Check(new FitPlan(1000, 64, 320));
        Assert.Contains("1000 training samples, not 999", Error(plan with { Samples = 999 }));
        Assert.Contains("batch size 64, not 32", Error(plan with { BatchSize = 32 }));
        plan.Check(plan with { TotalSteps = 640 });

        string Error(FitPlan next) => Assert.Throws<InvalidOperationException>(() => plan.Check(next)).Message;
    }
}
