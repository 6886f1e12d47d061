using SparseSharp.Models.Tests.Testing;
using SparseSharp.Runtime.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>What is allocated on the managed heap, on all threads that compute, once everything has been used once.</summary>
[Collection(AloneCollection.Name)]
public sealed class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Predict_allocates_nothing(int batch)
    {
        using var model = new MixedPolicies(seed: 2);
        var (inputs, outputs) = (new float[batch * 37], new float[batch * 6]);
        Assert.Equal(0, Allocated(WorkerPool.Shared, () => model.Predict(inputs, outputs)));
    }

    [Fact]
    public void A_training_step_allocates_nothing_also_where_masks_are_refreshed()
    {
        using var model = new MixedPolicies(seed: 2);
        using var pool = new WorkerPool(2);
        using var pass = new TrainingPass<MixedPolicies>(model, pool);
        using var batch = Steps.RandomBatch(100, 37, 6, seed: 3);
        foreach (var optimizer in (Optimizer[])[new Sgd(0.01f), new Sgd(0.01f, 0.9f, nesterov: true, weightDecay: 1e-4f), new AdamW(1e-3f)])
        {
            var step = 0;
            Assert.Equal(0, Allocated(pool, () =>
            {
                for (var i = 0; i < 6; i++)
                    Steps.Run(pass, batch, optimizer, ++step);
                pass.GradientSquares();
            }));
        }
    }

    /// <summary>Between prunings: those pack what is left again.</summary>
    [Fact]
    public void A_training_step_of_blocks_allocates_nothing()
    {
        using var model = new Blocks.BlockNet(seed: 2);
        using var pool = new WorkerPool(2);
        using var pass = new TrainingPass<Blocks.BlockNet>(model, pool);
        using var batch = Steps.RandomBatch(100, 64, 10, seed: 3);
        var (outputs, optimizer, step) = (new float[100 * 10], new Sgd(0.01f, 0.9f), 100);
        Assert.Equal(0, Allocated(pool, () =>
        {
            for (var i = 0; i < 6; i++)
                Steps.Run(pass, batch, optimizer, ++step);
            pass.GradientSquares();
        }));
        Assert.Equal(0, Allocated(WorkerPool.Shared, () => model.Predict(batch.Inputs, outputs)));
    }

    [Fact]
    public void A_training_step_in_bfloat16_allocates_nothing()
    {
        AssertAllocatesNothing<Precision.RoundedPlain>();
        AssertAllocatesNothing<Precision.RoundedPairs>();
        AssertAllocatesNothing<Precision.RoundedRegrown>();
        AssertAllocatesNothing<Precision.RoundedGraphs>();
    }

    [Fact]
    public void A_training_step_of_convolutions_allocates_nothing()
    {
        AssertAllocatesNothing<Convolutions.SparseImages>();
        AssertAllocatesNothing<Convolutions.StaticImages>();
        AssertAllocatesNothing<Convolutions.DrawnImages>();
        AssertAllocatesNothing<Convolutions.PrunedChannels>();
        AssertAllocatesNothing<Normalisation.NormedImages>();
    }

    [Fact]
    public void A_training_step_with_normalisations_allocates_nothing()
    {
        AssertAllocatesNothing<Normalisation.NormedSamples>();
        AssertAllocatesNothing<Normalisation.FoldedImages>();
    }

    [Fact]
    public void A_training_step_and_predictions_of_fixed_classifiers_allocate_nothing()
    {
        AssertAllocatesNothing<Classifiers.FixedVectors>();
        AssertAllocatesNothing<Classifiers.FixedImages>();
        using var model = new Classifiers.FixedVectors(seed: 2);
        var (inputs, outputs) = (new float[100 * 16], new float[100 * 6]);
        Assert.Equal(0, Allocated(WorkerPool.Shared, () => model.Predict(inputs, outputs)));
        Assert.Equal(0, Allocated(WorkerPool.Shared, () => model.Predict(inputs.AsSpan(0, 16), outputs.AsSpan(0, 6))));
    }

    private static void AssertAllocatesNothing<TModel>()
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        using var model = TModel.Create(seed: 2);
        using var pool = new WorkerPool(2);
        using var pass = new TrainingPass<TModel>(model, pool);
        using var batch = Steps.RandomBatch(100, TModel.Descriptor.InputFeatures, TModel.Descriptor.OutputFeatures, seed: 3);
        var (optimizer, step) = (new Sgd(0.01f, 0.9f), 0);
        Assert.Equal(0, Allocated(pool, () =>
        {
            for (var i = 0; i < 6; i++)
                Steps.Run(pass, batch, optimizer, ++step);
        }));
    }

    [Fact]
    public void What_a_helper_allocates_is_seen()
    {
        using var pool = new WorkerPool(2);
        Assert.InRange(Allocated(pool, () => pool.Run(new Allocator())), 1, long.MaxValue);
    }

    /// <summary>What the threads of a pool allocate. Other threads do not count: the test runner allocates on its own.</summary>
    internal static long Allocated(WorkerPool pool, Action action)
    {
        var probe = new Probe(pool.Workers);
        return Allocations.LeastOf(
            () =>
            {
                for (var run = 0; run < 3; run++)
                    action();
            },
            () =>
            {
                pool.Run(probe);
                return probe.Total;
            });
    }

    /// <summary>Asks every thread of a pool how much it has allocated so far.</summary>
    private sealed class Probe(int workers) : ISharedWork
    {
        private readonly long[] _bytes = new long[workers];

        public long Total => _bytes.Sum();

        public void Run(int worker, int workers) => _bytes[worker] = GC.GetAllocatedBytesForCurrentThread();
    }

    private sealed class Allocator : ISharedWork
    {
        private object? _last;

        public void Run(int worker, int workers) => _last = worker > 0 ? new float[10] : _last;
    }
}
