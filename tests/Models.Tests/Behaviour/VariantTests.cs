namespace SparseSharp.Models.Tests.Behaviour;

[SparseModel]
internal sealed partial class VariantBase
{
    [Linear(64, 32)]
    public partial Linear Stem { get; }

    [Linear(32, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(64)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

[SparseModel(VariantOf = typeof(VariantBase)), NMSparse(2, 4)]
internal sealed partial class VariantOf24;

/// <summary>What <see cref="VariantOf24"/> is, written out.</summary>
[SparseModel, NMSparse(2, 4)]
internal sealed partial class WrittenOut24
{
    [Linear(64, 32)]
    public partial Linear Stem { get; }

    [Linear(32, 10), Dense]
    public partial Linear Head { get; }

    private Activation Forward([Input(64)] Activation x) => x.Through(Stem).Relu().Through(Head);
}

/// <summary>Models whose layers and Forward are those of another class.</summary>
public sealed class VariantTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_variant_trains_as_the_class_that_is_written_out()
    {
        using var variant = new VariantOf24(seed: 5);
        using var written = new WrittenOut24(seed: 5);
        Train(variant);
        Train(written);
        Assert.Equal(written.Predict(Inputs()), variant.Predict(Inputs()));
        Assert.Equal(0.5, variant.Stem.Density);
    }

    /// <summary>Tensors have the same names, so that a dense network can be pruned into a variant.</summary>
    [Fact]
    public void Weights_of_the_model_load_into_a_variant()
    {
        using var model = new VariantBase(seed: 5);
        Train(model);
        model.Save(_path);
        using var variant = VariantOf24.Load(_path);
        Assert.Equal(model.Head.Weight.ToArray(), variant.Head.Weight.ToArray());
    }

    private static float[] Inputs() => [.. Enumerable.Range(0, 64 * 16).Select(i => MathF.Sin(i))];

    private static void Train<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel>
    {
        using var trainer = new Trainer<TModel>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f));
        trainer.Train(new Dataset(Inputs(), 64, (int[])[.. Enumerable.Range(0, 16).Select(i => i % 10)]), epochs: 3, batchSize: 8);
    }
}
