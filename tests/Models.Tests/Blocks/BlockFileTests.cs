using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Blocks;

/// <summary>Blocks in files: only those that exist, and only where they belong.</summary>
public sealed class BlockFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sparsesharp-blocks-").FullName;

    private string PathOf(string name) => Path.Combine(_directory, name);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_loaded_model_predicts_the_same_bits()
    {
        using var saved = Trained();
        saved.Save(PathOf("net"));
        using var loaded = BlockNet.Load(PathOf("net"));
        Assert.Equal(Predict(saved), Predict(loaded));
        Assert.InRange(loaded.Scaled.Density, 0.01, 0.99);
        // What the scales dropped is gone for good.
        Assert.Equal(loaded.Scaled.Density, loaded.Scaled.Parameters[0].Length / (64.0 * 32));
        loaded.Save(PathOf("again"));
        Assert.Equal(File.ReadAllBytes(PathOf("net")), File.ReadAllBytes(PathOf("again")));
    }

    [Fact]
    public void Only_what_exists_is_stored()
    {
        using var model = new BlockNet(seed: 1);
        model.Save(PathOf("net"));
        var file = SafeTensors.Read(PathOf("net"));
        Assert.Equal(
            [
                "additive.bias F32 [64]", "additive.weight_block_mask U8 [16, 2]", "additive.weight_blocks F32 [256, 4, 4]",
                "even.bias F32 [64]", "even.weight_block_mask U8 [16, 4]", "even.weight_blocks F32 [256, 4, 4]",
                "head.bias F32 [10]", "head.weight F32 [10, 32]",
                "nested.bias F32 [64]", "nested.weight_block_mask U8 [16, 2]", "nested.weight_blocks F32 [256, 4, 4]",
                "product.bias F32 [128]", "product.weight_blocks F32 [128, 4, 4]",
                "scaled.bias F32 [32]", "scaled.weight_block_mask U8 [8, 2]", "scaled.weight_blocks F32 [128, 4, 4]",
            ],
            file.Tensors.Select(tensor => tensor.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal("RBGP4 75 %", file.Metadata["sparsesharp.pattern.product"]);
        Assert.Equal(((RamanujanPattern)model.Product.Pattern!).Hash.ToString("X16"), file.Metadata["sparsesharp.mask.product"]);
        // In the order of the parameter.
        Assert.Equal(model.Product.Parameters[0].Values.ToArray(), file["product.weight_blocks"].ToFloats());
        Assert.Equal(model.Even.Parameters[0].Values.ToArray(), file["even.weight_blocks"].ToFloats());
    }

    [Fact]
    public void Another_mask_is_refused_with_what_to_do()
    {
        using var model = new SameSeed(seed: 1);
        using var other = new OtherSeed(seed: 1);
        model.Save(PathOf("net"));
        var before = other.Product.Weight.ToArray();
        var error = Assert.Throws<SafeTensorsException>(() => other.LoadWeights(PathOf("net")));
        var (saved, own) = (Hash(model.Product), Hash(other.Product));
        Assert.NotEqual(saved, own);
        Assert.Equal(
            $"{PathOf("net")}: tensor 'product.weight_blocks' belongs to the mask {saved}, but layer Product (RBGP4 75 %) has the mask {own}: its shape or the sparsity, seed, base or factors of its [BlockSparse] are others than when the file was saved. Give them back, or train again.",
            error.Message);
        Assert.Equal(before, other.Product.Weight.ToArray());

        static string Hash(Linear layer) => ((RamanujanPattern)layer.Pattern!).Hash.ToString("X16");
    }

    [Fact]
    public void Full_weights_are_taken_over_where_they_fit()
    {
        using var model = new SameSeed(seed: 1);
        using var dense = new WithoutBlocks(seed: 2);
        dense.Save(PathOf("dense"));
        var error = Assert.Throws<SafeTensorsException>(() => model.LoadWeights(PathOf("dense")));
        Assert.Contains("tensor 'product.weight' has a weight at [0, ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("its mask is fixed before training.", error.Message, StringComparison.Ordinal);

        dense.Product.SetWeight(model.Product.Weight);
        dense.Save(PathOf("dense"));
        using var loaded = SameSeed.Load(PathOf("dense"));
        Assert.Equal(model.Product.Parameters[0].Values.ToArray(), loaded.Product.Parameters[0].Values.ToArray());

        model.Save(PathOf("blocks"));
        Assert.Contains(
            "but layer Product is dense", Assert.Throws<SafeTensorsException>(() => dense.LoadWeights(PathOf("blocks"))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void A_resumed_training_goes_on_with_the_same_bits(string name)
    {
        var random = new Random(1);
        var data = new Dataset(Values.Uniform(200 * 64, seed: 1), 64, Enumerable.Range(0, 200).Select(_ => random.Next(10)).ToArray());
        using var whole = new BlockNet(seed: 1);
        var expected = Fit(whole, null, epochs: 3);
        using var first = new BlockNet(seed: 1);
        Fit(first, PathOf("training"), epochs: 2);
        using var second = new BlockNet(seed: 2);
        var resumed = Fit(second, PathOf("training"), epochs: 3);
        Assert.Equal(expected[^1], resumed[^1]);
        Assert.Equal(Steps.Bits(whole), Steps.Bits(second));
        Assert.Equal(whole.Scaled.BlockScales.ToArray(), second.Scaled.BlockScales.ToArray());
        Assert.Equal(0.25, second.Nested.Density);

        double[] Fit(BlockNet model, string? path, int epochs)
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
            using var trainer = new Trainer<BlockNet>(model, Loss.SoftmaxCrossEntropy, optimizer, options);
            return [.. trainer.Fit(data, epochs, batchSize: 32).Select(report => report.Loss)];
        }
    }

    private static BlockNet Trained()
    {
        var model = new BlockNet(seed: 1);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<BlockNet>(model, pool);
        using var batch = Steps.RandomBatch(20, 64, 10, seed: 2);
        for (var step = 1; step <= 60; step++)
            Steps.Run(pass, batch, new Sgd(0.5f), step);
        return model;
    }

    private static float[] Predict(BlockNet model)
    {
        var outputs = new float[7 * 10];
        model.Predict(Values.Uniform(7 * 64, seed: 9), outputs);
        return outputs;
    }
}
