using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Precision;

namespace SparseSharp.Models.Tests.Files;

/// <summary>
/// Weights that are finite, but that products would make infinite, are refused wherever they come from: they could never be saved again.
/// </summary>
public sealed class WeightLimitTests : IDisposable
{
    /// <summary>Rounds to infinity in bfloat16.</summary>
    private const float TooLarge = 3.4e38f;

    private const float Largest = 3.39e38f;

    private readonly string _directory = Directory.CreateTempSubdirectory("sparsesharp-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_layer_in_bfloat16_takes_what_stays_finite()
    {
        using var model = new RoundedPlain(1);
        var layer = model.Linears[0];
        var weight = layer.Weight.ToArray();
        weight[5] = Largest;
        layer.SetWeight(weight);
        var kept = layer.Weight.ToArray();
        var inUse = new float[weight.Length];
        layer.CopyEffectiveWeight(inUse);
        Assert.True(float.IsFinite(inUse[5]));

        weight[5] = TooLarge;

        Assert.Contains("would make infinite", Assert.Throws<ArgumentException>(() => layer.SetWeight(weight)).Message);
        Assert.Equal(kept, layer.Weight.ToArray());
    }

    [Fact]
    public void A_layer_in_float32_takes_all_floats()
    {
        using var model = new Training.PlainNet(1);
        var weight = model.Stem.Weight.ToArray();
        weight[5] = -float.MaxValue;

        model.Stem.SetWeight(weight);

        Assert.Equal(-float.MaxValue, model.Stem.Weight[5]);
    }

    [Fact]
    public void Soft_thresholded_weights_have_room_for_their_factor()
    {
        using var model = new OneSoftGroup(1);

        Assert.Contains(
            "would make infinite", Assert.Throws<ArgumentException>(() => model.Soft.SetWeight([3e38f, 2.9e38f, 1, 2])).Message);
        model.Soft.SetWeight([1.6e38f, -1.6e38f, 1.59e38f, 1]);

        var inUse = new float[4];
        model.Soft.CopyEffectiveWeight(inUse);
        Assert.All(inUse, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_file_with_such_a_weight_is_refused_and_changes_nothing()
    {
        var path = Path.Combine(_directory, "model");
        using var model = new RoundedPlain(1);
        model.Save(path);
        var file = SafeTensors.Read(path);
        var before = Steps.Bits(model);
        new SafeTensors(
            file.Tensors.Select(tensor => tensor.Name.EndsWith(".weight", StringComparison.Ordinal) ? Damaged(tensor) : tensor),
            file.Metadata).Write(path);

        var fault = Assert.Throws<SafeTensorsException>(() => model.LoadWeights(path));

        Assert.Contains("which products of layer", fault.Message);
        Assert.Equal(before, Steps.Bits(model));
    }

    [Fact]
    public void A_checkpoint_with_such_a_weight_is_refused_and_changes_nothing()
    {
        var path = Path.Combine(_directory, "checkpoint");
        using var model = new RoundedPlain(1);
        using var trainer = new Trainer<RoundedPlain>(model, Loss.MeanSquaredError, new AdamW(0.01), new() { Log = _ => { } });
        trainer.SaveCheckpoint(path);
        var file = SafeTensors.Read(path);
        var before = Steps.Bits(model);
        new SafeTensors(
            file.Tensors.Select(tensor => tensor.Name.EndsWith(".weight", StringComparison.Ordinal) ? Damaged(tensor) : tensor),
            file.Metadata).Write(path);

        Assert.Contains("would make infinite", Assert.Throws<SafeTensorsException>(() => trainer.Resume(path)).Message);
        Assert.Equal(before, Steps.Bits(model));
    }

    private static NamedTensor Damaged(NamedTensor tensor)
    {
        var values = tensor.ToFloats();
        values[1] = TooLarge;
        return NamedTensor.Of(tensor.Name, values, [.. tensor.Shape]);
    }
}
