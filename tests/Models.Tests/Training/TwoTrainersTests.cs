using SparseSharp.Models.Tests.Annealing;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>
/// The optimizer's state lives with the model: it belongs to the trainer that stepped last, and another one never goes on with it
/// unnoticed.
/// </summary>
public sealed class TwoTrainersTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("sparsesharp-trainers").FullName, "saved");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void A_second_trainer_does_not_touch_the_first_until_it_steps()
    {
        using var model = new MixedNet(seed: 1);
        using var reference = new MixedNet(seed: 1);
        using var batch = Batch(Train, 0, 60);
        using var first = New(model);
        using var alone = New(reference);
        for (var i = 0; i < 3; i++)
            Assert.Equal(alone.Step(batch), first.Step(batch));
        using var second = New(model);
        second.Evaluate(Validation);
        second.SaveCheckpoint(_path);
        for (var i = 0; i < 3; i++)
            Assert.Equal(alone.Step(batch), first.Step(batch));
        Assert.Equal(Bits(reference), Bits(model));
    }

    [Fact]
    public void The_first_trainer_gets_an_error_after_the_second_has_stepped_and_nothing_changes()
    {
        using var model = new MixedNet(seed: 1);
        using var batch = Batch(Train, 0, 60);
        using var first = New(model);
        using var second = New(model);
        first.Step(batch);
        second.Step(batch);
        var before = Bits(model);
        Assert.Contains("Another trainer has trained MixedNet", Assert.Throws<InvalidOperationException>(() => first.Step(batch)).Message);
        Assert.Throws<InvalidOperationException>(() => first.Train(Train, 1, 64));
        Assert.Throws<InvalidOperationException>(() => first.SaveCheckpoint(_path));
        Assert.Equal(before, Bits(model));
        Assert.False(File.Exists(_path));
        first.Evaluate(Validation);
        second.Step(batch);
    }

    [Fact]
    public void A_second_trainer_starts_with_a_state_of_its_own()
    {
        using var model = new MixedNet(seed: 1);
        using var copy = new MixedNet(seed: 1);
        using var batch = Batch(Train, 0, 60);
        using (var first = New(model))
            first.Step(batch);
        using (var first = New(copy))
            first.Step(batch);
        foreach (var parameter in copy.Linears.SelectMany(layer => layer.Parameters))
            parameter.ClearState();
        using var second = New(model);
        using var other = New(copy);
        for (var i = 0; i < 3; i++)
            Assert.Equal(other.Step(batch), second.Step(batch));
        Assert.Equal(Bits(copy), Bits(model));
    }

    [Fact]
    public void The_first_trainer_can_go_back_to_its_checkpoint()
    {
        using var model = new MixedNet(seed: 1);
        using var batch = Batch(Train, 0, 60);
        using var first = New(model);
        using var second = New(model);
        first.Step(batch);
        first.SaveCheckpoint(_path);
        first.Step(batch);
        var expected = Bits(model);
        second.Step(batch);
        first.Resume(_path);
        first.Step(batch);
        Assert.Equal(expected, Bits(model));
        Assert.Throws<InvalidOperationException>(() => second.Step(batch));
    }

    [Fact]
    public void A_checkpoint_before_the_first_step_holds_no_foreign_state()
    {
        using var model = new MixedNet(seed: 1);
        using var copy = new MixedNet(seed: 2);
        using var batch = Batch(Train, 0, 60);
        using (var first = New(model))
            first.Step(batch);
        using var second = New(model);
        second.SaveCheckpoint(_path);
        using var resumed = New(copy);
        resumed.Resume(_path);
        for (var i = 0; i < 3; i++)
            Assert.Equal(second.Step(batch), resumed.Step(batch));
        Assert.Equal(Bits(model), Bits(copy));
    }

    [Fact]
    public void A_break_in_a_fit_is_found_out_too()
    {
        using var model = new MixedNet(seed: 1);
        using var batch = Batch(Train, 0, 60);
        using var first = New(model);
        using var second = New(model);
        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (var _ in first.Fit(Train, epochs: 3, batchSize: 64))
                second.Step(batch);
        });
        Assert.Contains("Another trainer", error.Message);
        Assert.Equal(1, first.EpochsDone);
    }

    [Fact]
    public void Masked_weights_learn_again_when_a_new_training_steps_and_not_before()
    {
        using var model = new AnnealedHalf(seed: 1);
        var random = new Random(1);
        float[] inputs = [.. Enumerable.Range(0, 200 * 40).Select(_ => (float)random.NextDouble())];
        var data = new Dataset(inputs, 40, Enumerable.Range(0, 200).Select(i => i % 8).ToArray());
        using var first = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.05, momentum: 0.9));
        first.Train(data, epochs: 4, batchSize: 50);
        Assert.True(model.Stem.Weights.Annealing!.IsFrozen);
        using var second = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.05), new() { TotalSteps = 100 });
        Assert.True(model.Stem.Weights.Annealing!.IsFrozen);
        using var batch = Batch(data, 0, 60);
        second.Step(batch);
        Assert.False(model.Stem.Weights.Annealing!.IsFrozen);
    }

    private static Trainer<MixedNet> New(MixedNet model) => Trainer.For(model, Loss.CrossEntropy, new Sgd(0.05, momentum: 0.9));
}
