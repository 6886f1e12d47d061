using SparseSharp.Kernels;
using SparseSharp.Models.Tests.Annealing;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Blocks;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Files;

/// <summary>
/// Files that people have: with more tensors or fewer, under a prefix, in shards, sparse for a dense class, dense from a sparse one.
/// </summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sparsesharp-").FullName;

    private string PathOf(string name) => Path.Combine(_directory, name);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private SafeTensors Saved(ulong seed = 3)
    {
        using var model = new SavedNet(seed);
        model.Save(PathOf("saved"));
        return SafeTensors.Read(PathOf("saved"));
    }

    [Fact]
    public void Without_strictness_more_and_less_is_fine_and_reported()
    {
        var file = Saved();
        new SafeTensors(
            [
                .. file.Tensors.Where(tensor => !tensor.Name.StartsWith("out_proj", StringComparison.Ordinal)
                    && tensor.Name != "stem.bias"),
                NamedTensor.Of("bn.num_batches_tracked", [7L]), NamedTensor.Of("classifier.weight", new float[6], 2, 3),
            ],
            file.Metadata).Write(PathOf("other"));
        using var model = new SavedNet(seed: 4);
        var (head, bias) = (model.OutProj.Weight.ToArray(), model.Stem.Bias.ToArray());
        Assert.Contains(
            "'stem.bias' of layer Stem is missing", Assert.Throws<SafeTensorsException>(() => model.LoadWeights(PathOf("other"))).Message);

        var report = model.LoadWeights(PathOf("other"), strict: false);
        Assert.Equal(["stem.bias", "out_proj"], report.Missing);
        Assert.Equal(["bn.num_batches_tracked", "classifier.weight"], report.Unused.Order(StringComparer.Ordinal));
        Assert.Equal($"Not read, and as before: stem.bias, out_proj{Environment.NewLine}In the file, but not in the model: {string.Join(", ", report.Unused)}", report.ToString());
        Assert.Equal(head, model.OutProj.Weight.ToArray());
        Assert.Equal(bias, model.Stem.Bias.ToArray());
        using var whole = SavedNet.Load(PathOf("saved"));
        Assert.Equal(whole.First.Mix.Weight.ToArray(), model.First.Mix.Weight.ToArray());
        using var loaded = SavedNet.Load(PathOf("other"), strict: false);
        Assert.Equal(whole.Second.Mix.Weight.ToArray(), loaded.Second.Mix.Weight.ToArray());
    }

    /// <summary>They are drawn only then: drawing takes longer than loading.</summary>
    [Fact]
    public void A_loaded_model_begins_with_fresh_weights_where_the_file_has_none()
    {
        string[] left = ["stem.weight", "second.mix", "first.mix.bias"];
        var file = Saved();
        new SafeTensors(
            file.Tensors.Where(tensor => !left.Any(name => tensor.Name.StartsWith(name, StringComparison.Ordinal))), file.Metadata)
            .Write(PathOf("other"));
        using var fresh = new SavedNet();
        using var whole = SavedNet.Load(PathOf("saved"));
        using var loaded = SavedNet.Load(PathOf("other"), out var report, strict: false);
        Assert.Equal(["stem", "first.mix.bias", "second.mix"], report.Missing);
        foreach (var (expected, layer) in ((Linear, Linear)[])
            [(fresh.Stem, loaded.Stem), (whole.First.Mix, loaded.First.Mix), (fresh.Second.Mix, loaded.Second.Mix), (whole.OutProj, loaded.OutProj)])
        {
            Assert.Equal(expected.Weight.ToArray(), layer.Weight.ToArray());
            Assert.Equal(expected.Mask?.Words.ToArray(), layer.Mask?.Words.ToArray());
        }
        Assert.Equal(fresh.Stem.Bias.ToArray(), loaded.Stem.Bias.ToArray());
        Assert.Equal(fresh.First.Mix.Bias.ToArray(), loaded.First.Mix.Bias.ToArray());
        Assert.Equal(fresh.Second.Mix.Bias.ToArray(), loaded.Second.Mix.Bias.ToArray());

        using var deferred = new SavedNet(1, InitialWeights.Deferred);
        Assert.All(deferred.Linears, layer => Assert.Equal(-1, layer.Weight.IndexOfAnyExcept(0)));
    }

    [Fact]
    public void A_layer_that_is_mapped_to_nothing_stays()
    {
        Saved();
        using var model = new SavedNet(seed: 4);
        var head = model.OutProj.Weight.ToArray();
        var names = new Dictionary<string, string> { ["out_proj"] = "" };
        Assert.Contains(
            "'out_proj.weight' is not part of",
            Assert.Throws<SafeTensorsException>(() => model.LoadWeights(PathOf("saved"), names)).Message);
        Assert.Equal(["out_proj"], model.LoadWeights(PathOf("saved"), strict: false, names).Missing);
        Assert.Equal(head, model.OutProj.Weight.ToArray());
    }

    [Fact]
    public void A_file_of_something_else_is_refused_also_without_strictness()
    {
        new SafeTensors([NamedTensor.Of("other.weight", new float[6], 2, 3)]).Write(PathOf("other"));
        using var model = new SavedNet(seed: 4);
        Assert.Contains(
            "'stem.weight' of layer Stem is missing",
            Assert.Throws<SafeTensorsException>(() => model.LoadWeights(PathOf("other"), strict: false)).Message);
    }

    [Fact]
    public void A_prefix_is_told_and_taken()
    {
        var file = Saved();
        new SafeTensors(
            file.Tensors.Select(tensor => new NamedTensor($"module.{tensor.Name}", tensor.Type, [.. tensor.Shape], tensor.Bytes)),
            file.Metadata).Write(PathOf("prefixed"));
        using var model = new SavedNet(seed: 4);
        Assert.Contains("is missing", Assert.Throws<SafeTensorsException>(() => model.LoadWeights(PathOf("prefixed"))).Message);
        model.LoadWeights(PathOf("prefixed"), strict: true, prefix: "module.");
        using var whole = SavedNet.Load(PathOf("saved"));
        Assert.Equal(whole.Stem.Weight.ToArray(), model.Stem.Weight.ToArray());

        using var dense = new SavedBlockDense(seed: 1);
        dense.Save(PathOf("dense"));
        var plain = SafeTensors.Read(PathOf("dense"));
        new SafeTensors(plain.Tensors.Select(
            tensor => new NamedTensor($"net.{tensor.Name}", tensor.Type, [.. tensor.Shape], tensor.Bytes))).Write(PathOf("prefixed"));
        Assert.EndsWith(
            "Give it the prefix 'net.'.", Assert.Throws<SafeTensorsException>(() => dense.LoadWeights(PathOf("prefixed"))).Message);
    }

    [Fact]
    public void Shards_are_read_through_their_index()
    {
        var file = Saved();
        var shards = file.Tensors.Select((tensor, i) => (tensor, Name: $"model-0000{(i % 3) + 1}-of-00003.safetensors")).ToList();
        foreach (var shard in shards.GroupBy(entry => entry.Name, entry => entry.tensor))
            new SafeTensors(shard).Write(PathOf(shard.Key));
        var index = PathOf("model.safetensors.index.json");
        var map = string.Join(",", shards.Select(entry => $"\"{entry.tensor.Name}\":\"{entry.Name}\""));
        File.WriteAllText(index, "{\"metadata\":{\"total_size\":12},\"weight_map\":{" + map + "}}");
        using var whole = SavedNet.Load(PathOf("saved"));
        using var model = SavedNet.Load(index);
        Assert.Equal(whole.Stem.Weight.ToArray(), model.Stem.Weight.ToArray());
        Assert.Equal(whole.OutProj.Weight.ToArray(), model.OutProj.Weight.ToArray());

        AssertFault($$$"""{"weight_map":{"stem.weight":"../x.safetensors"}}""", "which is not the name of a file beside the index");
        AssertFault($$$"""{"weight_map":{"stem.weight":"absent.safetensors"}}""", "there is no such file");
        AssertFault(
            $$$"""{"weight_map":{"gone":"{{{shards[0].Name}}}"}}""",
            "tensor 'gone' should be in model-00001-of-00003.safetensors, but is not there");
        AssertFault("{}", "it has no field 'weight_map'");
        AssertFault("""{"weight_map":{"a":""", "not an index of safetensors files");
        AssertFault("[]", "it is not an object");

        void AssertFault(string json, string message)
        {
            File.WriteAllText(index, json);
            Assert.Contains(message, Assert.Throws<SafeTensorsException>(() => SavedNet.Load(index)).Message);
        }
    }

    [Fact]
    public void A_sparse_file_loads_into_a_dense_class_and_full_weights_predict_the_same()
    {
        using var sparse = new SavedBlock(seed: 1);
        using var dense = new SavedBlockDense(seed: 2);
        sparse.Save(PathOf("sparse"));
        dense.LoadWeights(PathOf("sparse"));
        Assert.Equal(Effective(sparse.Mix), dense.Mix.Weight.ToArray());

        sparse.Save(PathOf("full"), dense: true);
        Assert.Equal(
            ["mix.bias F32 [32]", "mix.weight F32 [32, 32]"],
            SafeTensors.Read(PathOf("full")).Tensors.Select(tensor => tensor.ToString()).Order(StringComparer.Ordinal));
        dense.LoadWeights(PathOf("full"));
        Assert.Equal(Effective(sparse.Mix), dense.Mix.Weight.ToArray());
        using var again = SavedBlock.Load(PathOf("full"));
        Assert.Equal(sparse.Mix.Mask!.Words.ToArray(), again.Mix.Mask!.Words.ToArray());
    }

    [Fact]
    public void Blocks_load_into_a_dense_layer()
    {
        using var blocks = new AimedFree(seed: 1);
        blocks.Free.Matrix.SetScales([.. Enumerable.Range(0, blocks.Free.BlockScales.Length).Select(i => i % 2)]);
        blocks.Save(PathOf("blocks"));
        using var dense = new AimedFreeDense(seed: 2);
        dense.LoadWeights(PathOf("blocks"));
        Assert.Equal(Effective(blocks.Free), dense.Free.Weight.ToArray());
    }

    [Fact]
    public void What_is_pruned_stays_pruned_whatever_way_it_takes()
    {
        using var trained = new BlockNet(seed: 1);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<BlockNet>(trained, pool);
        using var batch = Steps.RandomBatch(20, 64, 10, seed: 2);
        for (var step = 1; step <= 20; step++)
            Steps.Run(pass, batch, new Sgd(0.1f), step);
        var density = trained.Nested.Density;
        Assert.InRange(density, 0.2, 0.3);

        using var copied = new BlockNet(seed: 2);
        MagnitudePruning.Apply(trained, copied);
        Assert.Equal(density, copied.Nested.Density);
        using var set = new BlockNet(seed: 3);
        set.Nested.SetWeight(trained.Nested.Weight);
        Assert.Equal(density, set.Nested.Density);
        set.Nested.SetWeightInUse(trained.Nested.Weight);
        trained.Save(PathOf("full"), dense: true);
        using var loaded = BlockNet.Load(PathOf("full"));
        foreach (var model in (BlockNet[])[copied, loaded])
        {
            foreach (var (from, to) in trained.Linears.Zip(model.Linears))
                Assert.Equal(Effective(from), Effective(to));
        }
        Assert.Equal(Effective(trained.Nested), Effective(set.Nested));
    }

    [Fact]
    public void Thresholds_are_subtracted_once()
    {
        using var trained = new AnnealedByChannel(seed: 1);
        using var copied = new AnnealedByChannel(seed: 2);
        Assert.InRange(trained.Stem.Density, 0.01, 0.99);
        MagnitudePruning.Apply(trained, copied);
        Assert.Equal(Effective(trained.Stem), Effective(copied.Stem));
        using var again = new AnnealedByChannel(seed: 3);
        again.Stem.SetWeightInUse(Effective(trained.Stem));
        Assert.Equal(Effective(trained.Stem), Effective(again.Stem));
        // Weights that learn have theirs still to be subtracted.
        again.Stem.SetWeight(trained.Stem.Weight);
        Assert.Equal(Effective(trained.Stem), Effective(again.Stem));
    }

    private static float[] Effective(Linear layer)
    {
        var weight = new float[layer.Outputs * layer.Inputs];
        layer.CopyEffectiveWeight(weight);
        return weight;
    }
}

/// <summary>As <see cref="SavedBlock"/>, dense.</summary>
[SparseModel]
public sealed partial class SavedBlockDense
{
    [Linear(32, 32)]
    public partial Linear Mix { get; }

    Activation Forward([Input(32)] Activation x) => x + x.Through(Mix).Relu();
}

/// <summary>Blocks of 8 x 4, which no kernel takes at once.</summary>
[SparseModel]
public sealed partial class AimedFree
{
    [Linear(64, 32), BlockSparse(Learned, Rows = 4, Cols = 8)]
    public partial Linear Free { get; }

    Activation Forward([Input(64)] Activation x) => x.Through(Free);
}

/// <summary>As <see cref="AimedFree"/>, dense.</summary>
[SparseModel]
public sealed partial class AimedFreeDense
{
    [Linear(64, 32)]
    public partial Linear Free { get; }

    Activation Forward([Input(64)] Activation x) => x.Through(Free);
}
