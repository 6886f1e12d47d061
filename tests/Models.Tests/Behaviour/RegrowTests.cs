using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Masks that drop small weights and grow others by their gradient, while only kept weights exist.</summary>
[Trait("Category", "Kernels")]
public sealed class RegrowTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    public static TheoryData<string> Models => [nameof(RegrowTiles), nameof(RegrowEights), nameof(RegrowSixes), nameof(RegrowRows)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Weights_masks_and_state_follow_the_definition_in_double(string name)
    {
        switch (name)
        {
            case nameof(RegrowTiles): AssertFollows<RegrowTiles>(); break;
            case nameof(RegrowEights): AssertFollows<RegrowEights>(); break;
            case nameof(RegrowSixes): AssertFollows<RegrowSixes>(); break;
            default: AssertFollows<RegrowRows>(); break;
        }
    }

    [Fact]
    public void Between_refreshes_a_step_is_that_of_a_static_mask()
    {
        using var model = new RegrowShared(seed: 4);
        using var other = new StaticShared(seed: 4);
        using var batch = Steps.RandomBatch(40, 24, 8, seed: 5);
        Run(model, batch, 1, 1);
        Run(other, batch, 1, 1);
        Assert.Equal(Steps.Bits(other), Steps.Bits(model));
        Assert.Equal(0, model.Shared.FlipRate);
        Run(model, batch, 2, 2);
        Run(other, batch, 2, 2);
        Assert.NotEqual(Steps.Bits(other), Steps.Bits(model));
    }

    [Fact]
    public unsafe void Scores_come_from_the_gradient_of_all_weights_over_every_use_and_batch_of_a_step()
    {
        using var model = new RegrowShared(seed: 4);
        using var other = new ThroughShared(seed: 4);
        using var pool = new WorkerPool(2);
        using var pass = new TrainingPass<RegrowShared>(model, pool);
        using var dense = new TrainingPass<ThroughShared>(other, pool);
        for (var part = 0; part < 3; part++)
        {
            using var batch = Steps.RandomBatch(40 + part, 24, 8, seed: part);
            pass.Run(batch, Loss.MeanSquaredError, accumulate: part > 0, randomKey: 0, step: 4);
            dense.Run(batch, Loss.MeanSquaredError, accumulate: part > 0, randomKey: 0);
        }
        foreach (var (layer, reference) in model.Linears.Zip(other.Linears))
        {
            var gradient = new ReadOnlySpan<float>(layer.Matrix.MaskedGradient, layer.Weight.Length);
            Assert.Equal(Values.Bits(reference.Parameters[0].Gradient), Values.Bits(gradient));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Any_number_of_threads_gives_the_same_bits(int threads)
    {
        using var expected = new RegrowShared(seed: 4);
        using var model = new RegrowShared(seed: 4);
        using var batch = Steps.RandomBatch(100, 24, 8, seed: 5);
        Run(expected, batch, 1, 9, threads: 2);
        Run(model, batch, 1, 9, threads: threads);
        Assert.Equal(Steps.Bits(expected), Steps.Bits(model));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Optimizer_state_stays_with_its_weight(int states)
    {
        Optimizer optimizer = states switch { 0 => new Sgd(0.1f), 1 => new Sgd(0.1f, 0.9f), _ => new AdamW(0.01f) };
        using var model = new RegrowRows(seed: 4);
        using var other = new RegrowRows(seed: 4);
        using var batch = Steps.RandomBatch(30, 20, 134, seed: 5);
        Run(model, batch, 1, 2, optimizer: optimizer);
        // The same second step without its refresh.
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<RegrowRows>(other, pool);
        Steps.Run(pass, batch, optimizer, 1);
        pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0);
        pass.Update(optimizer, new UpdateStep(2, optimizer.LearningRate, GradientScale: 1, Decay: true));

        Assert.NotEqual(0, model.Only.Mask!.Flips(other.Only.Mask!));
        AssertMoved(other.Only, model.Only, other.Only.Weight.ToArray(), model.Only.Weight.ToArray());
        for (var slot = 0; slot < states; slot++)
            AssertMoved(other.Only, model.Only, State(other.Only, slot), State(model.Only, slot));
    }

    [Fact]
    public void A_sum_over_gradients_sees_the_present_mask_only()
    {
        using var model = new RegrowRows(seed: 4);
        using var batch = Steps.RandomBatch(30, 20, 134, seed: 5);
        Run(model, batch, 1, 2);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<RegrowRows>(model, pool);
        pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0, step: 3);
        var gradient = new float[model.Only.Weight.Length];
        model.Only.Matrix.Export(model.Only.Parameters[0].Gradient, gradient);
        var expected = gradient.Sum(value => (double)value * value);
        Assert.Equal(expected, pass.GradientSquares(), 1e-6 * expected);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_stops_the_search_with_its_place()
    {
        using var model = new RegrowTiles(seed: 4);
        using var batch = Steps.RandomBatch(30, 20, 264, seed: 5);
        batch.Inputs[3] = float.PositiveInfinity;
        var error = Assert.Throws<NotFiniteNumberException>(() => Run(model, batch, 3, 3));
        Assert.StartsWith("weight gradient[", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A schedule brings the share of exchanged weights down with the learning rate, in the end to nothing.</summary>
    [Fact]
    public void The_mask_settles_as_the_learning_rate_falls()
    {
        using var batch = Steps.RandomBatch(30, 20, 264, seed: 5);
        long[] flips = [.. ((float[])[1, 0.8f, 0]).Select(share =>
        {
            using var model = new RegrowTiles(seed: 4);
            Run(model, batch, 3, 3, share);
            return model.Only.Weights.Rule.Flips;
        })];
        Assert.True(flips[0] > flips[1] && flips[1] > 0 && flips[2] == 0, string.Join(", ", flips));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void A_training_resumes_with_the_same_bits(int steps)
    {
        using var model = new RegrowShared(seed: 1);
        using var other = new RegrowShared(seed: 2);
        var options = new TrainerOptions { AccumulationSteps = 2, ClipNorm = 0.5 };
        using var trainer = new Trainer<RegrowShared>(model, Loss.MeanSquaredError, new AdamW(0.01f), options);
        using var resumed = new Trainer<RegrowShared>(other, Loss.MeanSquaredError, new AdamW(0.01f), options);
        using var batch = Steps.RandomBatch(50, 24, 8, seed: 5);
        for (var i = 0; i < 2 * steps; i++)
            trainer.Step(batch);
        Assert.NotEqual(0, model.Shared.FlipRate);
        trainer.SaveCheckpoint(_file);
        resumed.Resume(_file);
        Assert.Equal(model.Linears.Select(layer => layer.FlipRate), other.Linears.Select(layer => layer.FlipRate));
        for (var i = 0; i < 14; i++)
            Assert.Equal(trainer.Step(batch), resumed.Step(batch));
        Assert.Equal(Steps.Bits(model), Steps.Bits(other));
    }

    private static void AssertFollows<TModel>()
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        const float Rate = 2;
        const float Momentum = 0.5f;
        using var model = TModel.Create(3);
        var layer = model.Linears[0];
        layer.GradInput(new float[layer.Outputs], new float[layer.Inputs]); // The other orientation has to follow too.
        var reference = new RegrowReference(layer, Momentum);
        using var pool = new WorkerPool(2);
        using var pass = new TrainingPass<TModel>(model, pool);
        for (var step = 1; step <= 9; step++)
        {
            var share = step < 5 ? 1 : 0.75f;
            using var batch = Steps.RandomBatch(70, layer.Inputs, layer.Outputs, seed: step);
            var before = reference.Mask;
            pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0, step);
            pass.Update(new Sgd(Rate, Momentum), new UpdateStep(step, share * Rate, GradientScale: 1, Decay: true));
            reference.Step(batch, step, share * Rate, share);

            Assert.Equal(0, layer.Mask!.Flips(reference.Mask));
            Assert.True(layer.Mask.Follows(layer.NMPattern()));
            AssertClose(reference.Weight, layer.Weight);
            AssertClose(reference.Velocity, State(layer, 0));
            if (step % layer.NMPattern().RefreshEvery == 0)
            {
                var flips = reference.Mask.Flips(before);
                Assert.True(flips > 0);
                Assert.Equal(flips / ((double)layer.Weight.Length * layer.NMPattern().RefreshEvery), layer.FlipRate, 1e-12);
            }
            AssertProducts(layer);
        }
    }

    private static void AssertProducts(Linear layer)
    {
        var reference = new Kernels.LayerReference(layer);
        var dy = Values.Uniform(2 * layer.Outputs, seed: 4);
        var dx = new float[2 * layer.Inputs];
        layer.GradInput(dy, dx);
        Assert.InRange(Values.MaxError(reference.GradInput(dy), dx), 0, 1e-5);
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= 1e-5))
                Assert.Fail($"element {i} is {actual[i]}, not {expected[i]}");
        }
    }

    /// <summary>What both masks keep has the same bits; all else is exactly 0.</summary>
    private static void AssertMoved(Linear from, Linear to, float[] before, float[] after)
    {
        for (var i = 0; i < before.Length; i++)
        {
            var (row, column) = (i / from.Inputs, i % from.Inputs);
            var stays = from.Mask![row, column] && to.Mask![row, column];
            Assert.Equal(stays ? BitConverter.SingleToInt32Bits(before[i]) : 0, BitConverter.SingleToInt32Bits(after[i]));
        }
    }

    private static float[] State(Linear layer, int slot)
    {
        var dense = new float[layer.Inputs * layer.Outputs];
        layer.Matrix.Export(layer.Parameters[0].State(slot), dense);
        return dense;
    }

    private static void Run<TModel>(
        TModel model, Batch batch, int first, int last, float share = 1, int threads = 1, Optimizer? optimizer = null)
        where TModel : class, ISparseModel<TModel>
    {
        optimizer ??= new Sgd(0.5f, momentum: 0.9f);
        using var pool = new WorkerPool(threads);
        using var pass = new TrainingPass<TModel>(model, pool);
        for (var step = first; step <= last; step++)
        {
            pass.Run(batch, Loss.MeanSquaredError, accumulate: false, randomKey: 0, step);
            pass.Update(optimizer, new UpdateStep(step, share * optimizer.LearningRate, GradientScale: 1, Decay: true));
        }
    }
}
