using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Patterns;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Blocks;

/// <summary>Learned blocks that are dropped until a sparsity is reached.</summary>
public sealed class AimedBlockTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sparsesharp-aimed-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Blocks_are_dropped_on_schedule_for_good()
    {
        using var model = new Aimed(seed: 1);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<Aimed>(model, pool);
        using var batch = Steps.RandomBatch(20, 64, 10, seed: 2);
        var (free, even) = (model.Free.Mask!.Copy(), model.Even.Mask!.Copy());
        for (var step = 1; step <= 20; step++)
        {
            Steps.Run(pass, batch, new Sgd(0.05f, 0.9f), step);
            AssertSubset(model.Free.Mask!, free);
            AssertSubset(model.Even.Mask!, even);
            (free, even) = (model.Free.Mask!.Copy(), model.Even.Mask!.Copy());
            // 128 blocks of 16, and 8 rows of 4 blocks of 64.
            var progress = Math.Min(step, 14) is var at && at < 14 ? (at - 2) / 3 * 3 / 12.0 : 1;
            Assert.Equal(step < 2 ? 128 : BlockChoice.Count(1 - BlockChoice.Ramp(0.75, progress), 128), free.Count / 16);
            Assert.Equal(free.Count, model.Free.Parameters[0].Length);
            Assert.Equal(free.Count / 16, model.Free.BlockScales.Length);
        }
        Assert.Equal((0.25, 0.5), (model.Free.Density, model.Even.Density));
        for (var row = 0; row < 64; row += 8)
            Assert.Equal(2, Enumerable.Range(0, 4).Count(block => even[row, 8 * block]));
        Assert.Equal([0.25, 0.5], MaskReport.Of(model).Layers.Select(layer => layer.Density));
    }

    /// <summary>What counts is the weight that products use: a large weight with a small scale goes first.</summary>
    [Fact]
    public void The_smallest_of_the_scaled_blocks_go_and_the_others_keep_all_they_have()
    {
        using var model = new Aimed(seed: 1);
        var layer = model.Free;
        var weight = Values.Uniform(32 * 64, seed: 5);
        layer.SetWeight(weight);
        float[] scales = [.. Enumerable.Range(0, 128).Select(block => (block * 37 % 128 / 100f) - 0.1f)];
        layer.Matrix.SetScales(scales);
        var effective = new float[weight.Length];
        layer.CopyEffectiveWeight(effective);
        var scores = BlockChoice.Scores(effective, 32, 64, 4, 4);
        for (var block = 0; block < 128; block++)
            layer.Parameters[^1].State(0)[block] = block;
        for (var block = 0; block < 128; block++)
            layer.Parameters[0].State(0).Slice(16 * block, 16).Fill(block);

        Steps.Update(layer, new float[weight.Length], new Frozen(), step: 14);
        var expected = BlockChoice.Best(scores, 32, balanced: false);
        Assert.Equal(0, BlockMask.Expand(expected, 4, 4).Flips(layer.Mask!));
        int[] kept = [.. from block in Enumerable.Range(0, 128) where expected[block / 16, block % 16] select block];
        Assert.Equal(kept.Select(block => scales[block]), layer.BlockScales.ToArray());
        Assert.Equal(kept.Select(block => (float)block), layer.Parameters[^1].State(0).ToArray());
        Assert.Equal(kept.SelectMany(block => Enumerable.Repeat((float)block, 16)), layer.Parameters[0].State(0).ToArray());
        var after = new float[weight.Length];
        layer.CopyEffectiveWeight(after);
        for (var i = 0; i < after.Length; i++)
            Assert.Equal(layer.Mask![i / 64, i % 64] ? effective[i] : 0, after[i]);
    }

    [Fact]
    public void Without_a_penalty_scales_that_nothing_moves_stay()
    {
        using var model = new Aimed(seed: 1);
        Steps.Update(model.Free, new float[32 * 64], new Sgd(1), step: 1);
        Assert.Equal(-1, model.Free.BlockScales.IndexOfAnyExcept(1f));
        Steps.Update(model.Even, new float[32 * 64], new Sgd(1), step: 2);
        Assert.Equal(-1, model.Even.BlockScales.IndexOfAnyExcept(1 - 0.001f));
    }

    /// <summary>Stopped at every fourth step, so also between two prunings.</summary>
    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void A_resumed_training_goes_on_with_the_same_bits(string name)
    {
        var data = new Dataset(Values.Uniform(200 * 64, seed: 1), 64, Enumerable.Range(0, 200).Select(i => i * 7 % 10).ToArray());
        using var whole = new Aimed(seed: 1);
        var expected = Fit(whole, null, epochs: 3);
        using var first = new Aimed(seed: 1);
        Fit(first, Path.Combine(_directory, "training"), epochs: 1);
        Assert.InRange(first.Free.Density, 0.3, 0.9);
        using var second = new Aimed(seed: 2);
        var resumed = Fit(second, Path.Combine(_directory, "training"), epochs: 3);
        Assert.Equal(expected[^1], resumed[^1]);
        Assert.Equal(Steps.Bits(whole), Steps.Bits(second));
        Assert.Equal(whole.Free.BlockScales.ToArray(), second.Free.BlockScales.ToArray());
        Assert.Equal(whole.Even.BlockScales.ToArray(), second.Even.BlockScales.ToArray());
        Assert.Equal(0.25, second.Free.Density);

        double[] Fit(Aimed model, string? path, int epochs)
        {
            Optimizer optimizer = name == "sgd" ? new Sgd(0.05f, 0.9f, weightDecay: 1e-4f) : new AdamW(2e-3f);
            var options = new TrainerOptions
            {
                Seed = 3,
                CheckpointPath = path,
                CheckpointEvery = path is null
                ? null
                : 4,
                ResumeIfPresent = path is not null
            };
            using var trainer = new Trainer<Aimed>(model, Loss.SoftmaxCrossEntropy, optimizer, options);
            return [.. trainer.Fit(data, epochs, batchSize: 32).Select(report => report.Loss)];
        }
    }

    [Fact]
    public void A_training_with_other_settings_is_not_resumed()
    {
        string[] identities =
        [
            .. from pattern in (LearnedBlockPattern[])
               [
                   new(4, 4, 0, 0.5), new(4, 4, 0.1f, 0.5), new(4, 4, 0, 0.75), new(4, 4, 0, 0.5, Balanced: true),
                   new(4, 4, 0, 0.5, PruneFrom: 2),
                   new(4, 4, 0, 0.5, PruneSteps: 9), new(4, 4, 0, 0.5, PruneEvery: 9), new(4, 4, 0),
               ]
               select pattern.Identity,
        ];
        Assert.Equal(identities.Length, identities.Distinct().Count());
        Assert.Equal("learned blocks 4x4, penalty 0.5", new LearnedBlockPattern(4, 4, 0.5f).Identity);
    }

    /// <summary>A model that was loaded has its blocks already, and another training drops no others.</summary>
    [Fact]
    public void A_loaded_model_predicts_the_same_bits_and_keeps_its_blocks()
    {
        using var model = Trained();
        var path = Path.Combine(_directory, "net");
        model.Save(path);
        using var loaded = Aimed.Load(path);
        Assert.Equal(Predict(model), Predict(loaded));
        model.Free.FoldBlocks();
        model.Even.FoldBlocks();
        Assert.Equal(Predict(loaded), Predict(model));
        var mask = loaded.Free.Mask!.Copy();
        Train(loaded);
        Assert.Equal(0, loaded.Free.Mask!.Flips(mask));
    }

    private static Aimed Trained()
    {
        var model = new Aimed(seed: 1);
        Train(model);
        return model;
    }

    private static void Train(Aimed model)
    {
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<Aimed>(model, pool);
        using var batch = Steps.RandomBatch(20, 64, 10, seed: 2);
        for (var step = 1; step <= 20; step++)
            Steps.Run(pass, batch, new Sgd(0.05f, 0.9f), step);
    }

    private static void AssertSubset(Mask mask, Mask before)
    {
        for (var i = 0; i < mask.Words.Length; i++)
            Assert.Equal(0UL, mask.Words[i] & ~before.Words[i]);
    }

    private static float[] Predict(Aimed model)
    {
        var outputs = new float[7 * 10];
        model.Predict(Values.Uniform(7 * 64, seed: 9), outputs);
        return outputs;
    }

    /// <summary>Has a state and moves nothing.</summary>
    private sealed class Frozen : Optimizer
    {
        public override int StateCount => 1;

        public override float LearningRate => 1;

        public override void Update(
            Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
        {
        }
    }
}
