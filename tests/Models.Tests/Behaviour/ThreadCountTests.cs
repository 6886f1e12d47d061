using SparseSharp.Models.Tests.Testing;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Changing the number of threads, also while models compute.</summary>
[Collection(AloneCollection.Name)]
public sealed class ThreadCountTests
{
    [Fact]
    public void Predictions_go_on_while_the_number_of_threads_changes()
    {
        using var count = new ThreadCount(2);
        using var model = new MixedPolicies(seed: 2);
        var inputs = Values.Uniform(130 * 37, seed: 1);
        var expected = new float[130 * 6];
        model.Predict(inputs, expected);
        var (done, failures) = (false, 0);
        var callers = Enumerable.Range(0, 2).Select(_ => new Thread(Call)).ToArray();
        Array.ForEach(callers, caller => caller.Start());
        for (var change = 0; change < 60; change++)
            ComputeThreads.Count = 1 + (change % 3);
        Volatile.Write(ref done, true);
        Array.ForEach(callers, caller => Assert.True(caller.Join(TimeSpan.FromMinutes(1)), "A prediction hangs."));
        Assert.Equal(0, failures);

        void Call()
        {
            var outputs = new float[expected.Length];
            while (!Volatile.Read(ref done))
            {
                model.Predict(inputs, outputs);
                if (!outputs.AsSpan().SequenceEqual(expected))
                    Interlocked.Increment(ref failures);
            }
        }
    }

    [Fact]
    public void A_pool_that_was_disposed_leaves_the_work_to_the_caller()
    {
        var pool = new WorkerPool(3);
        pool.Dispose();
        var work = new Members();
        pool.Run(work);
        Assert.Equal([1], work.Seen);
    }

    [Fact]
    public void Less_than_one_thread_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ComputeThreads.Count = 0);

    private sealed class Members : ISharedWork
    {
        public List<int> Seen { get; } = [];

        public void Run(int worker, int workers)
        {
            lock (Seen)
                Seen.Add(workers);
        }
    }
}
