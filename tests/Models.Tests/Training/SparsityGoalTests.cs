using SparseSharp.Patterns;

using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>A training ends with the sparsity that was asked for, or says that it does not.</summary>
public sealed class SparsityGoalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-goals").FullName;
    private readonly List<string> _log = [];

    private string Checkpoint => Path.Combine(_folder, "training");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Early stopping that takes the first epoch for the best one, and never ends.</summary>
    private static EarlyStopping First => new(Patience: 100, MinDelta: 1e9, RestoreBest: true);

    /// <summary>Five steps an epoch: the schedules of the model end after steps 13 and 14.</summary>
    [Fact]
    public void The_best_epoch_is_one_after_pruning_has_ended()
    {
        using var model = new Timed(seed: 1);
        var (reports, states) = Fit(model, epochs: 5, new TrainerOptions { EarlyStopping = First });
        Assert.Equal([false, false, true, true, true], reports.Select(report => report.Layers.All(layer => layer.IsFinal)));
        Assert.Equal(states[2], Bits(model));
        Assert.Equal([0.25, 0.25], model.Linears.Take(2).Select(layer => layer.Density));
        Assert.Empty(_log);
    }

    [Fact]
    public void Patience_begins_after_pruning_has_ended()
    {
        using var model = new Timed(seed: 1);
        var (reports, _) = Fit(model, epochs: 9, new TrainerOptions { EarlyStopping = First with { Patience = 2 } });
        Assert.Equal(5, reports.Length);
        Assert.True(reports[^1].StoppedEarly);
        Assert.Equal([0.25, 0.25], model.Linears.Take(2).Select(layer => layer.Density));
    }

    [Fact]
    public void A_fit_that_ends_before_its_schedules_says_so_before_its_first_step_and_at_its_end()
    {
        using var model = new Timed(seed: 1);
        var before = new List<string>();
        var options = new TrainerOptions { EarlyStopping = First, OnStep = report => before.AddRange(report.Step == 1 ? _log : []) };
        var (reports, states) = Fit(model, epochs: 2, options);
        Assert.Equal(2, before.Count);
        Assert.StartsWith("Layer Levels has its sparsity of 75 % only from step 14 on, but this fit ends after step 10. ", before[0]);
        Assert.Contains("PruneSteps so that their sum is at most 10", before[0]);
        Assert.StartsWith("Layer Scaled has", before[1]);
        Assert.Equal(4, _log.Count);
        Assert.StartsWith("Layer Levels ended without its sparsity of 75 %, with ", _log[2]);
        Assert.EndsWith(", not in its final form: Levels, Scaled", reports[^1].ToString());
        Assert.DoesNotContain("final form", reports[0].ToString());
        // Nothing was best: the model is that of the last step.
        Assert.Equal(states[^1], Bits(model));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Schedules_without_a_length_fit_the_training(int epochs)
    {
        using var model = new Untimed(seed: 1);
        var (reports, _) = Fit(model, epochs, new TrainerOptions());
        Assert.Empty(_log);
        Assert.All(reports[^1].Layers, layer => Assert.True(layer.IsFinal));
        Assert.Equal([0.25, 0.25], model.Linears.Take(2).Select(layer => layer.Density));
    }

    /// <summary>Bits of trainings that are long enough are those of before.</summary>
    [Fact]
    public void Schedules_of_long_trainings_stay()
    {
        var schedule = new PruneSchedule(1, 1000, 50);
        Assert.Equal(schedule, schedule.Within(0));
        Assert.Equal(schedule, schedule.Within(1001));
        Assert.Equal(new PruneSchedule(1, 749, 50), schedule.Within(1000));
        Assert.Equal(new PruneSchedule(1, 14, 1), schedule.Within(20));
        foreach (var steps in Enumerable.Range(2, 2000))
            Assert.InRange(schedule.Within(steps).Last, 2, steps);
    }

    /// <summary>Also where the length of the fit is another one when it goes on.</summary>
    [Fact]
    public void A_training_goes_on_with_the_schedule_that_it_began_with()
    {
        using var whole = new Untimed(seed: 1);
        Fit(whole, epochs: 4, new TrainerOptions { TotalSteps = 12 });
        using var first = new Untimed(seed: 1);
        var options = new TrainerOptions { CheckpointPath = Checkpoint, ResumeIfPresent = true, TotalSteps = 12 };
        Fit(first, epochs: 1, options);
        Assert.InRange(first.Levels.Density, 0.26, 1);
        using var second = new Untimed(seed: 2);
        Fit(second, epochs: 4, options);
        Assert.Equal(Bits(whole), Bits(second));
    }

    /// <summary>A checkpoint from before schedules were fitted.</summary>
    [Fact]
    public void An_old_checkpoint_goes_on_with_the_old_schedule()
    {
        using var first = new Untimed(seed: 1);
        var options = new TrainerOptions { CheckpointPath = Checkpoint, ResumeIfPresent = true, TotalSteps = 20 };
        Fit(first, epochs: 1, options);
        _log.Clear();
        var file = SafeTensors.Read(Checkpoint);
        new SafeTensors(
            [.. file.Tensors],
            file.Metadata.Where(pair => pair.Key != "fitted steps").ToDictionary(pair => pair.Key, pair => pair.Value)).Write(Checkpoint);
        using var second = new Untimed(seed: 2);
        Fit(second, epochs: 4, options);
        Assert.Equal(4, _log.Count(line => line.Contains("1001", StringComparison.Ordinal)
            || line.Contains("ended without", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_best_epoch_of_a_switching_training_has_its_masks()
    {
        using var model = new SwitchingNet(seed: 1);
        var (reports, states) = Fit(model, epochs: 4, new TrainerOptions { EarlyStopping = First }, new AdamW(1e-3f, epsilon: 1e-30f));
        Assert.Equal([false, false, true, true], reports.Select(report => report.Layers.All(layer => layer.IsFinal)));
        Assert.Equal(states[2], Bits(model));
        Assert.All(model.Linears.Take(2), layer => Assert.False(layer.IsDense));
        Assert.Empty(_log);
    }

    /// <summary>A number of steps that the fit does not come to.</summary>
    [Fact]
    public void A_fit_that_ends_in_a_dense_phase_says_so()
    {
        using var model = new SwitchingNet(seed: 1);
        Fit(model, epochs: 2, new TrainerOptions { TotalSteps = 100 }, new AdamW(1e-3f, epsilon: 1e-30f));
        Assert.True(model.Stem.IsDense);
        Assert.Equal(4, _log.Count);
        Assert.StartsWith("Layer Stem has its 2:4 transposable mask only from step 51 on, but this fit ends after step 10. ", _log[0]);
        Assert.Contains("TotalSteps", _log[0]);
        Assert.StartsWith("Layer Rows ended without its 2:4 mask, with 100 % of its weights", _log[3]);
    }

    [Fact]
    public void The_best_epoch_with_a_dense_tail_is_dense()
    {
        using var model = new PhasedNet(seed: 1);
        var (reports, states) = Fit(model, epochs: 4, new TrainerOptions { EarlyStopping = First, DenseTail = 0.5 });
        Assert.Equal([false, false, true, true], reports.Select(report => report.Layers.All(layer => layer.IsFinal)));
        Assert.Equal(states[2], Bits(model));
        Assert.True(model.Stem.IsDense);
    }

    [Fact]
    public void The_best_epoch_of_an_annealed_training_has_a_mask_that_stays()
    {
        using var model = new AnnealedGoal(seed: 1);
        var (reports, states) = Fit(model, epochs: 5, new TrainerOptions { EarlyStopping = First });
        // The hard zero is at 0.8 of five epochs.
        Assert.Equal([false, false, false, false, true], reports.Select(report => report.Layers.All(layer => layer.IsFinal)));
        Assert.Equal(states[4], Bits(model));

        using var shorter = new AnnealedGoal(seed: 1);
        Fit(shorter, epochs: 2, new TrainerOptions { TotalSteps = 25 });
        Assert.Equal(2, _log.Count);
        Assert.StartsWith("Layer Stem has a mask that stays only from step 21 on, but this fit ends after step 10. ", _log[0]);
    }

    /// <summary>What an older version took for the best epoch is none.</summary>
    [Fact]
    public void A_best_epoch_from_before_pruning_ended_is_not_resumed()
    {
        using var first = new Timed(seed: 1);
        var options = new TrainerOptions { EarlyStopping = First, CheckpointPath = Checkpoint, ResumeIfPresent = true };
        Fit(first, epochs: 1, options);
        var file = SafeTensors.Read(Checkpoint);
        var metadata = file.Metadata.ToDictionary(pair => pair.Key, pair => pair.Value);
        (metadata["best loss"], metadata["epochs without improvement"]) = ("0", "90");
        new SafeTensors([.. file.Tensors], metadata).Write(Checkpoint);
        using var second = new Timed(seed: 2);
        var (reports, states) = Fit(second, epochs: 5, options);
        Assert.DoesNotContain(reports, report => report.StoppedEarly);
        Assert.Equal(states[1], Bits(second));
    }

    private (EpochReport[] Reports, List<uint[]> States) Fit<TModel>(
        TModel model, int epochs, TrainerOptions options, Optimizer? optimizer = null)
        where TModel : class, ISparseModel<TModel>
    {
        var states = new List<uint[]>();
        using var trainer = new Trainer<TModel>(
            model, Loss.SoftmaxCrossEntropy, optimizer ?? new Sgd(0.01f),
            options with { Log = _log.Add, OnEpoch = _ => states.Add(Bits(model)) });
        return ([.. trainer.Fit(Train, epochs, batchSize: 64, validation: Validation)], states);
    }
}

/// <summary>Schedules of a length that is given.</summary>
[SparseModel]
internal sealed partial class Timed
{
    [Linear(784, 32), BlockSparse(Hierarchical, OuterRows = 16, OuterCols = 196, Rows = 4, Cols = 98, Sparsity = 0.75, PruneFrom = 2, PruneSteps = 12, PruneEvery = 3)]
    public partial Linear Levels { get; }

    [Linear(32, 32), BlockSparse(Learned, Sparsity = 0.75, PruneFrom = 1, PruneSteps = 12, PruneEvery = 4)]
    public partial Linear Scaled { get; }

    [Linear(32, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image) => image.Through(Levels).Relu().Through(Scaled).Relu().Through(Head);
}

/// <summary>Schedules without a length.</summary>
[SparseModel]
internal sealed partial class Untimed
{
    [Linear(784, 32), BlockSparse(Hierarchical, OuterRows = 16, OuterCols = 196, Rows = 4, Cols = 98, Sparsity = 0.75)]
    public partial Linear Levels { get; }

    [Linear(32, 32), BlockSparse(Learned, Sparsity = 0.75)]
    public partial Linear Scaled { get; }

    [Linear(32, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image) => image.Through(Levels).Relu().Through(Scaled).Relu().Through(Head);
}

/// <summary>A learned threshold per layer.</summary>
[SparseModel]
internal sealed partial class AnnealedGoal
{
    [Linear(784, 32), GradientAnneal]
    public partial Linear Stem { get; }

    [Linear(32, 10)]
    public partial Linear Head { get; }

    Activation Forward([Input(784)] Activation image) => image.Through(Stem).Relu().Through(Head);
}
