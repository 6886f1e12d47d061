using SparseSharp.Models.Tests.Annealing;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Blocks;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Training;

/// <summary>Layers that trainings leave as they are, and layers that learn at rates of their own.</summary>
public sealed class FreezeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sparsesharp-").FullName;

    public static TheoryData<string> Models =>
    [
        nameof(MixedNet), nameof(BlockNet), nameof(Aimed), nameof(RegrowTiles), nameof(AnnealedByChannel), nameof(AnnealedByLayer),
        nameof(AnnealedBudget), nameof(AnnealedPattern), nameof(MixedPolicies),
    ];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory, MemberData(nameof(Models))]
    public void A_frozen_layer_keeps_its_bits_and_the_others_learn(string model)
    {
        switch (model)
        {
            case nameof(MixedNet): Check<MixedNet>(); break;
            case nameof(BlockNet): Check<BlockNet>(); break;
            case nameof(Aimed): Check<Aimed>(); break;
            case nameof(RegrowTiles): Check<RegrowTiles>(); break;
            case nameof(AnnealedByChannel): Check<AnnealedByChannel>(); break;
            case nameof(AnnealedByLayer): Check<AnnealedByLayer>(); break;
            case nameof(AnnealedBudget): Check<AnnealedBudget>(); break;
            case nameof(AnnealedPattern): Check<AnnealedPattern>(); break;
            default: Check<MixedPolicies>(); break;
        }
    }

    [Fact]
    public void No_gradient_of_a_frozen_layer_is_computed()
    {
        using var model = new PlainNet(1);
        model.Stem.Freeze();
        model.Stem.Parameters[0].GradientBuffer.Fill(7);
        using var trainer = Make(model);

        trainer.Step(Data<PlainNet>(2));

        Assert.All(model.Stem.Parameters[0].Gradient.ToArray(), value => Assert.Equal(7, value));
        Assert.Equal(2.0 / 3, trainer.Flops.Layers[0].TrainingRatio, 1e-9);
    }

    [Fact]
    public void Unfreeze_lets_a_layer_learn_again()
    {
        using var model = new PlainNet(1);
        using var trainer = Make(model);
        model.Freeze();
        var before = Steps.Bits(model);
        trainer.Step(Data<PlainNet>(2));
        Assert.Equal(before, Steps.Bits(model));

        model.Unfreeze();
        trainer.Step(Data<PlainNet>(2));

        Assert.NotEqual(before, Steps.Bits(model));
    }

    [Fact]
    public void Clipping_leaves_frozen_layers_out()
    {
        using var all = new PlainNet(1);
        using var head = new PlainNet(1);
        foreach (var layer in head.Linears.SkipLast(1))
            layer.Freeze();
        using var first = Make(all, new() { ClipNorm = 1e6 });
        using var second = Make(head, new() { ClipNorm = 1e6 });

        Assert.True(first.Step(Data<PlainNet>(2)).GradientNorm > second.Step(Data<PlainNet>(2)).GradientNorm);
    }

    [Fact]
    public void A_group_learns_at_its_own_rate_and_without_decay()
    {
        using var plain = new PlainNet(1);
        using var grouped = new PlainNet(1);
        var before = plain.Stem.Weight.ToArray();
        using var first = new Trainer<PlainNet>(plain, Loss.MeanSquaredError, new Sgd(0.01), Quiet());
        using var second = new Trainer<PlainNet>(grouped, Loss.MeanSquaredError, new Sgd(0.01, weightDecay: 0.5), Quiet() with
        {
            Groups = [new(grouped.Stem) { RateFactor = 0.25, Decays = false }],
        });

        first.Step(Data<PlainNet>(2));
        second.Step(Data<PlainNet>(2));

        for (var i = 0; i < before.Length; i++)
            Assert.Equal(0.25 * (plain.Stem.Weight[i] - before[i]), grouped.Stem.Weight[i] - before[i], 1e-6);
    }

    [Fact]
    public void Groups_of_other_layers_and_layers_in_two_groups_are_refused()
    {
        using var model = new PlainNet(1);
        using var other = new PlainNet(1);

        Assert.Contains(
            "none of PlainNet", Assert.Throws<ArgumentException>(() => Make(model, new() { Groups = [new(other.Stem)] })).Message);
        Assert.Contains(
            "Stem is in two groups",
            Assert.Throws<ArgumentException>(() => Make(model, new() { Groups = [new(model.Stem), ParameterGroup.Of(model)] })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(model, new() { Groups = [new(model.Stem) { RateFactor = 0 }] }));
    }

    [Fact]
    public void A_training_goes_on_with_other_groups_and_says_so()
    {
        var path = Path.Combine(_directory, "checkpoint");
        using var model = new PlainNet(1);
        using (var trainer = Make(model))
        {
            trainer.Step(Data<PlainNet>(2));
            trainer.SaveCheckpoint(path);
        }
        var lines = new List<string>();
        using var resumed = Make(model, new() { Groups = [new(model.Stem) { RateFactor = 0.1 }], Log = lines.Add });

        resumed.Resume(path);

        Assert.Contains("another parameter groups: it was none, and is Stem 0.1 now", Assert.Single(lines));
    }

    private static void Check<TModel>()
        where TModel : class, ISparseModel<TModel>
    {
        var model = TModel.Create(1);
        using var trainer = Make(model);
        trainer.Step(Data<TModel>(1));
        var frozen = model.Linears[0];
        frozen.Freeze();
        var (weight, bias, mask) = (frozen.Weight.ToArray(), frozen.Bias.ToArray(), frozen.Mask?.Copy());
        int[][] others = [.. model.Linears.Skip(1).Select(layer => Values.Bits(layer.Weight))];

        for (var step = 2; step < 9; step++)
            trainer.Step(Data<TModel>(step));

        Assert.Equal(weight, frozen.Weight.ToArray());
        Assert.Equal(bias, frozen.Bias.ToArray());
        Assert.Equal(0, mask?.Flips(frozen.Mask!) ?? 0);
        Assert.All(model.Linears.Skip(1).Zip(others), pair => Assert.NotEqual(pair.Second, Values.Bits(pair.First.Weight)));
    }

    private static Batch Data<TModel>(int seed)
        where TModel : class, ISparseModel<TModel> =>
            Steps.RandomBatch(12, TModel.Descriptor.InputFeatures, TModel.Descriptor.OutputFeatures, seed);

    private static TrainerOptions Quiet() => new() { Log = _ => { }, TotalSteps = 20 };

    private static Trainer<TModel> Make<TModel>(TModel model, TrainerOptions? options = null)
        where TModel : class, ISparseModel<TModel> =>
        new(model, Loss.MeanSquaredError, new AdamW(0.01), (options ?? new()) with { TotalSteps = 20, Log = options?.Log ?? (_ => { }) });
}
