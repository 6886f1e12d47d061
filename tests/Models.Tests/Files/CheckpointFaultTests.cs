using SparseSharp.Models.Tests.Training;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Files;

/// <summary>
/// Checkpoints and models with values that no training leaves behind: refused as a whole, on the way in and on the way out.
/// </summary>
public sealed class CheckpointFaultTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sparsesharp-").FullName;

    private string PathOf(string name) => Path.Combine(_directory, name);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("steps", "-1")]
    [InlineData("steps", "9223372036854775807")]
    [InlineData("batches", "-1")]
    [InlineData("epochs", "-1")]
    [InlineData("epochs", "1.5")]
    [InlineData("epoch batches", "7")]
    [InlineData("loss sum", "NaN")]
    [InlineData("correct", "1")]
    [InlineData("samples", "-1")]
    [InlineData("ticks", "-1")]
    [InlineData("switched at", "8")]
    [InlineData("best loss", "NaN")]
    [InlineData("best loss", "-Infinity")]
    [InlineData("epochs without improvement", "-1")]
    [InlineData("stopped", "2")]
    [InlineData("plan samples", "-1")]
    [InlineData("plan samples", "0")]
    [InlineData("plan batch size", "0")]
    [InlineData("plan batch size", "301")]
    [InlineData("plan total steps", "-1")]
    public void A_position_that_cannot_be_is_refused(string key, string value)
    {
        var file = Checkpoint();
        var changed = file.Metadata.ToDictionary();
        changed[key] = value;
        Refused(new SafeTensors(file.Tensors, changed), $"{(key == "plan samples" ? "plan " : key)}");
    }

    [Theory]
    [InlineData("kept.mask_off", 1L)]
    [InlineData("stem.mask_off", 2L)]
    [InlineData("stem.mask_off", -1L)]
    [InlineData("stem.mask_flips", -1L)]
    [InlineData("stem.mask_flips", 50177L)]
    public void A_number_of_a_layer_that_cannot_be_is_refused(string name, long value) =>
        Refused(With(NamedTensor.Of(name, [value])), name);

    [Theory]
    [InlineData("stem.weight.state1", -1e-30f, "second moments are not negative")]
    [InlineData("head.bias.state1", -1f, "second moments are not negative")]
    [InlineData("head.bias.state0", float.NaN, "not a number, at [3]")]
    [InlineData("head.bias", float.PositiveInfinity, "not a number, at [3]")]
    [InlineData("soft.weight_scale", -1f, "not negative")]
    public void A_value_that_cannot_be_is_refused(string name, float value, string message)
    {
        var tensor = Checkpoint()[name];
        var values = tensor.ToFloats();
        values[Math.Min(3, values.Length - 1)] = value;
        Refused(With(NamedTensor.Of(name, values, [.. tensor.Shape])), message);
    }

    [Fact]
    public void A_negative_number_of_operations_is_refused() =>
        Refused(
            With(NamedTensor.Of("operations", [.. Enumerable.Repeat(BitConverter.DoubleToInt64Bits(-1), 6)])),
            "not a finite number from 0 on");

    [Fact]
    public void Models_and_checkpoints_say_which_they_are()
    {
        using var model = new MixedNet(seed: 1);
        using var trainer = Trainer(model);
        trainer.SaveCheckpoint(PathOf("training"));
        model.Save(PathOf("model"));
        Assert.Contains(
            "this is a checkpoint of a training", Assert.Throws<SafeTensorsException>(() => model.LoadWeights(PathOf("training"))).Message);
        Assert.Contains(
            "this is a saved model, not a checkpoint", Assert.Throws<SafeTensorsException>(() => trainer.Resume(PathOf("model"))).Message);
    }

    [Fact]
    public unsafe void Nothing_that_is_not_finite_replaces_a_good_file()
    {
        using var model = new MixedNet(seed: 1);
        using var trainer = Trainer(model);
        using var batch = Batch(Train, 0, 60);
        trainer.Step(batch);
        trainer.SaveCheckpoint(PathOf("training"));
        model.Save(PathOf("model"));
        var (training, saved) = (File.ReadAllBytes(PathOf("training")), File.ReadAllBytes(PathOf("model")));

        var moments = model.Rows.Parameters[0].State(1);
        moments[5] = float.PositiveInfinity;
        Assert.StartsWith(
            "Layer Rows: weight.state1[0, 5] is Infinity",
            Assert.Throws<NotFiniteNumberException>(() => trainer.SaveCheckpoint(PathOf("training"))).Message);
        model.Save(PathOf("model"));
        moments[5] = 0;
        model.Head.Parameters[0].Values[45] = float.NaN;
        Assert.StartsWith(
            "Layer Head: weight[0, 45] is NaN",
            Assert.Throws<NotFiniteNumberException>(() => trainer.SaveCheckpoint(PathOf("training"))).Message);
        Assert.StartsWith(
            "Layer Head: weight[0, 45] is NaN", Assert.Throws<NotFiniteNumberException>(() => model.Save(PathOf("model"))).Message);
        model.Head.Parameters[0].Values[45] = 0;
        model.Head.Parameters[1].Values[2] = float.NegativeInfinity;
        Assert.StartsWith(
            "Layer Head: bias[2] is -Infinity", Assert.Throws<NotFiniteNumberException>(() => model.Save(PathOf("model"))).Message);

        Assert.Equal(training, File.ReadAllBytes(PathOf("training")));
        Assert.Equal(saved, File.ReadAllBytes(PathOf("model")));
        Assert.Equal(2, Directory.GetFiles(_directory).Length);
        Assert.Throws<ArgumentException>(() => model.Head.SetBias([0, 0, float.NaN, 0, 0, 0, 0, 0, 0, 0]));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_reported_before_the_first_step()
    {
        using var model = new MixedNet(seed: 1);
        var before = Bits(model);
        var path = Path.Combine(_directory, "absent", "training");
        using var trainer =
            new Trainer<MixedNet>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), new TrainerOptions { CheckpointPath = path });
        var error = Assert.Throws<DataFileException>(() => trainer.Fit(Train, epochs: 1, batchSize: 64).ToList());
        Assert.StartsWith($"{path}: the file cannot be written: there is no directory", error.Message);
        Assert.Equal(before, Bits(model));
    }

    [Fact]
    public void Saving_blocks_takes_no_matrix_of_all_weights()
    {
        using var model = new LargeBlocks(seed: 1);
        model.Save(PathOf("model"));
        var size = new FileInfo(PathOf("model")).Length;
        var before = GC.GetAllocatedBytesForCurrentThread();
        model.Save(PathOf("model"));
        // A matrix would be 16 times as long as the blocks.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 6 * size);
    }

    private static Trainer<MixedNet> Trainer(MixedNet model) =>
        new(model, Loss.SoftmaxCrossEntropy, new AdamW(1e-3f), new TrainerOptions { Schedule = LearningRateSchedule.Constant });

    private SafeTensors Checkpoint()
    {
        using var model = new MixedNet(seed: 1);
        using var trainer = Trainer(model);
        trainer.Fit(Train, epochs: 1, batchSize: 64).ToList();
        trainer.SaveCheckpoint(PathOf("whole"));
        return SafeTensors.Read(PathOf("whole"));
    }

    private SafeTensors With(NamedTensor changed)
    {
        var file = Checkpoint();
        return new SafeTensors(file.Tensors.Select(tensor => tensor.Name == changed.Name ? changed : tensor), file.Metadata);
    }

    private void Refused(SafeTensors file, string message)
    {
        using var model = new MixedNet(seed: 2);
        using var trainer = Trainer(model);
        var before = Bits(model);
        file.Write(PathOf("changed"));
        Assert.Contains(message, Assert.Throws<SafeTensorsException>(() => trainer.Resume(PathOf("changed"))).Message);
        Assert.Equal(before, Bits(model));
        Assert.Equal(0, trainer.StepsDone);
        trainer.Resume(PathOf("whole"));
        Assert.Equal(5, trainer.StepsDone);
    }
}

/// <summary>A large layer of few blocks.</summary>
[SparseModel]
public sealed partial class LargeBlocks
{
    [Linear(1024, 1024, Bias = false), BlockSparse(Uniform, Sparsity = 0.9375)]
    public partial Linear Even { get; }

    Activation Forward([Input(1024)] Activation x) => x.Through(Even);
}
