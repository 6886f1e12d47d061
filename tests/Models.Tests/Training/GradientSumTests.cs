using SparseSharp.Learning;
using SparseSharp.Models.Tests.Annealing;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Blocks;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Training;

/// <summary>
/// Training on parts of a batch: copies of a model sum the buffers that their rules name, and nothing else. That must be enough, whatever
/// the rule.
/// </summary>
public sealed class GradientSumTests
{
    private const int Steps = 14;

    /// <summary>Step before which annealed layers stop to let masked weights learn.</summary>
    private const int FreezeAt = 8;

    public static TheoryData<string> Models =>
    [
        nameof(MixedNet), nameof(BlockNet), nameof(Aimed), nameof(PlainNet), nameof(RegrowTiles), nameof(RegrowEights),
        nameof(RegrowSixes), nameof(RegrowRows),
        nameof(AnnealedByChannel), nameof(AnnealedByLayer), nameof(AnnealedByWeight), nameof(AnnealedReached), nameof(AnnealedBudget),
        nameof(AnnealedPattern),
    ];

    [Theory, MemberData(nameof(Models))]
    public void Copies_that_sum_their_gradients_stay_equal(string model)
    {
        var (first, second) = Train(model, leaveOut: null);

        Assert.Equal(first, second);
    }

    /// <summary>That the test above can fail: a buffer that nobody sums drives the copies apart.</summary>
    [Theory]
    [InlineData(nameof(PlainNet), "weight")]
    [InlineData(nameof(PlainNet), "bias")]
    [InlineData(nameof(BlockNet), "weight")]
    [InlineData(nameof(AnnealedByChannel), "weight")]
    [InlineData(nameof(RegrowTiles), "weight")]
    [InlineData(nameof(RegrowTiles), "all weights")]
    public void A_buffer_that_is_left_out_drives_them_apart(string model, string buffer)
    {
        var (first, second) = Train(model, buffer);

        Assert.NotEqual(first, second);
    }

    private static (int[] First, int[] Second) Train(string model, string? leaveOut) => model switch
    {
        nameof(MixedNet) => Train<MixedNet>(leaveOut),
        nameof(BlockNet) => Train<BlockNet>(leaveOut),
        nameof(Aimed) => Train<Aimed>(leaveOut),
        nameof(PlainNet) => Train<PlainNet>(leaveOut),
        nameof(RegrowTiles) => Train<RegrowTiles>(leaveOut),
        nameof(RegrowEights) => Train<RegrowEights>(leaveOut),
        nameof(RegrowSixes) => Train<RegrowSixes>(leaveOut),
        nameof(RegrowRows) => Train<RegrowRows>(leaveOut),
        nameof(AnnealedByChannel) => Train<AnnealedByChannel>(leaveOut),
        nameof(AnnealedByLayer) => Train<AnnealedByLayer>(leaveOut),
        nameof(AnnealedByWeight) => Train<AnnealedByWeight>(leaveOut),
        nameof(AnnealedReached) => Train<AnnealedReached>(leaveOut),
        nameof(AnnealedBudget) => Train<AnnealedBudget>(leaveOut),
        nameof(AnnealedPattern) => Train<AnnealedPattern>(leaveOut),
        _ => throw new ArgumentException($"There is no model {model}.", nameof(model)),
    };

    /// <summary>Trains two copies, one on 5 and one on 7 samples of each batch; returns their weights, masks and biases as bits.</summary>
    private static (int[] First, int[] Second) Train<TModel>(string? leaveOut)
        where TModel : class, ISparseModel<TModel>
    {
        var (inputs, outputs) = (TModel.Descriptor.InputFeatures, TModel.Descriptor.OutputFeatures);
        TModel[] models = [TModel.Create(3), TModel.Create(3)];
        using var firstPass = new TrainingPass<TModel>(models[0], WorkerPool.Shared);
        using var secondPass = new TrainingPass<TModel>(models[1], WorkerPool.Shared);
        Optimizer[] optimizers = [new AdamW(0.01), new AdamW(0.01)];
        for (var step = 1; step <= Steps; step++)
        {
            if (step == FreezeAt)
                Freeze(models);
            using var few = Behaviour.Steps.RandomBatch(5, inputs, outputs, 10 * step);
            using var more = Behaviour.Steps.RandomBatch(7, inputs, outputs, (10 * step) + 5);
            firstPass.Run(few, Loss.MeanSquaredError, accumulate: false, randomKey: 1, step);
            secondPass.Run(more, Loss.MeanSquaredError, accumulate: false, randomKey: 2, step);
            foreach (var (first, second) in models[0].Linears.Zip(models[1].Linears))
                Sum(first, second, leaveOut);
            var update = new UpdateStep(step, LearningRate: 0.01f, GradientScale: 1f / 12, Decay: true);
            firstPass.Update(optimizers[0], in update);
            secondPass.Update(optimizers[1], in update);
        }
        return (Behaviour.Steps.Bits(models[0]), Behaviour.Steps.Bits(models[1]));
    }

    private static void Sum(Linear first, Linear second, string? leaveOut)
    {
        GradientBuffer[] gradients = [.. Gradients(first)];
        var pairs = gradients.Zip(Gradients(second)).ToArray();
        Assert.Equal(gradients.Length, pairs.Length);
        foreach (var (own, other) in pairs)
        {
            Assert.Equal(own.Name, other.Name);
            Assert.Equal(own.Values.Length, other.Values.Length);
            if (own.Name == leaveOut)
                continue;
            for (var i = 0; i < own.Values.Length; i++)
                own.Values[i] = other.Values[i] = own.Values[i] + other.Values[i];
        }
    }

    private static IEnumerable<GradientBuffer> Gradients(Linear layer) => layer.Parts.Learned.SelectMany(part => part.Gradients);

    private static void Freeze(ISparseModel[] models)
    {
        foreach (var layer in models.SelectMany(model => model.Linears))
        {
            layer.Weights.Annealing?.Freeze();
            layer.Weights.Annealing?.Anneal(0);
        }
    }
}
