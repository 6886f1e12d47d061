using SparseSharp.Runtime.Tests.Testing;

namespace SparseSharp.Runtime.Tests.Data;

public class BatchLoaderTests
{
    private static Dataset Numbered(int count) => new(
        Enumerable.Range(0, count * 2).Select(i => (float)i).ToArray(), 2, Enumerable.Range(0, count).ToArray());

    private static List<int[]> Epoch(BatchLoader loader, int epoch, int firstBatch = 0, Action? pause = null)
    {
        var batches = new List<int[]>();
        loader.Start(epoch, firstBatch);
        while (loader.TryNext(out var batch))
        {
            pause?.Invoke();
            for (var i = 0; i < batch.Count; i++)
                Assert.Equal([2f * batch.Labels[i], (2f * batch.Labels[i]) + 1], batch.Inputs.Slice(2 * i, 2).ToArray());
            batches.Add(batch.Labels.ToArray());
        }
        Assert.False(loader.TryNext(out _));
        return batches;
    }

    [Theory]
    [InlineData(100, 32, false, new[] { 32, 32, 32, 4 })]
    [InlineData(100, 32, true, new[] { 32, 32, 32 })]
    [InlineData(96, 32, true, new[] { 32, 32, 32 })]
    [InlineData(96, 32, false, new[] { 32, 32, 32 })]
    [InlineData(5, 32, false, new[] { 5 })]
    [InlineData(1, 1, true, new[] { 1 })]
    public void An_epoch_holds_every_sample_at_most_once(int count, int batchSize, bool dropLast, int[] sizes)
    {
        using var loader = new BatchLoader(Numbered(count), batchSize, seed: 1, dropLast: dropLast);
        Assert.Equal(sizes.Length, loader.BatchesPerEpoch);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var batches = Epoch(loader, epoch);
            Assert.Equal(sizes, batches.Select(batch => batch.Length));
            Assert.Equal(sizes.Sum(), batches.SelectMany(batch => batch).Distinct().Count());
        }
    }

    [Theory]
    [InlineData(AugmentationOrder.SampleMajor)]
    [InlineData(AugmentationOrder.ReplicaMajor)]
    public void Each_sample_has_its_augmentations(AugmentationOrder order)
    {
        const int Augmentations = 3;
        // The label of a sample, and a random number of its augmentation.
        var data = new Dataset(Enumerable.Range(0, 20).Select(i => i / 2f).ToArray(), 2, Enumerable.Range(0, 10).ToArray())
            .AsImages(1, 1, 2)
            .Transform(ImageTransform.From((_, image, random) => (image[0], image[1]) = (MathF.Floor(image[0]), random.Uniform())));
        using var loader = new BatchLoader(data, 4, seed: 3, augmentations: Augmentations, order: order);
        using var plain = new BatchLoader(data, 4, seed: 3);
        Assert.Equal((4, 3), (loader.BatchSize, loader.BatchesPerEpoch));
        loader.Start(1);
        plain.Start(1);
        var draws = new List<float>();
        foreach (var count in (int[])[4, 4, 2])
        {
            Assert.True(loader.TryNext(out var batch));
            Assert.True(plain.TryNext(out var expected));
            Assert.Equal(count * Augmentations, batch.Count);
            for (var sample = 0; sample < count; sample++)
            {
                for (var augmentation = 0; augmentation < Augmentations; augmentation++)
                {
                    var place = order == AugmentationOrder.SampleMajor ? (sample * Augmentations) + augmentation : (augmentation * count) + sample;
                    Assert.Equal(expected.Labels[sample], batch.Labels[place]);
                    Assert.Equal(expected.Labels[sample], batch.Inputs[2 * place]);
                    draws.Add(batch.Inputs[(2 * place) + 1]);
                    // The first one is that of a loader without others.
                    if (augmentation == 0)
                        Assert.Equal(expected.Inputs[(2 * sample) + 1], draws[^1]);
                }
            }
        }
        Assert.Equal(30, draws.Distinct().Count());
        Assert.False(loader.TryNext(out _));
    }

    [Fact]
    public void Augmentations_of_samples_in_memory_are_copies_with_their_targets()
    {
        var data = new Dataset((float[])[1, 2, 3, 4], 2, (float[])[5, 6, 7, 8, 9, 10], 3);
        using var loader = new BatchLoader(data, 2, seed: 1, shuffle: false, augmentations: 2, order: AugmentationOrder.ReplicaMajor);
        loader.Start(0);
        Assert.True(loader.TryNext(out var batch));
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4], batch.Inputs.ToArray());
        Assert.Equal([5, 6, 7, 8, 9, 10, 5, 6, 7, 8, 9, 10], batch.Targets.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(data, 2, seed: 1, augmentations: 0));
        Assert.Contains(
            "is too large", Assert.Throws<ArgumentException>(() => new BatchLoader(data, 2, seed: 1, augmentations: int.MaxValue)).Message);
    }

    [Fact]
    public void The_order_depends_on_seed_and_epoch_alone()
    {
        using var loader = new BatchLoader(Numbered(97), 10, seed: 3);
        using var other = new BatchLoader(Numbered(97), 10, seed: 4);
        var first = Epoch(loader, 0);
        var second = Epoch(loader, 1);
        Assert.NotEqual(first, second);
        Assert.Equal(first, Epoch(loader, 0));
        Assert.NotEqual(first, Epoch(other, 0));
    }

    [Fact]
    public void Without_shuffling_the_order_is_that_of_the_dataset()
    {
        using var loader = new BatchLoader(Numbered(25), 10, seed: 3, shuffle: false);
        Assert.Equal(Enumerable.Range(0, 25), Epoch(loader, 7).SelectMany(batch => batch));
    }

    [Fact]
    public void Any_timing_gives_the_same_batches()
    {
        var data = Numbered(60);
        using var fast = new BatchLoader(data, 4, seed: 9);
        using var slowCaller = new BatchLoader(data, 4, seed: 9);
        using var slowProducer = new BatchLoader(data, 4, seed: 9, transform: (_, _, index) => Thread.Sleep(index % 3));
        var expected = Epoch(fast, 2);
        Assert.Equal(expected, Epoch(slowCaller, 2, pause: () => Thread.Sleep(1)));
        Assert.Equal(expected, Epoch(slowProducer, 2));
    }

    [Fact]
    public void Every_batch_of_an_epoch_can_be_the_first()
    {
        using var loader = new BatchLoader(Numbered(50), 8, seed: 5);
        var whole = Epoch(loader, 3);
        for (var first = 0; first <= whole.Count; first++)
        {
            Assert.Equal(whole.Skip(first), Epoch(loader, 3, first));
            using var fresh = new BatchLoader(Numbered(50), 8, seed: 5);
            Assert.Equal(whole.Skip(first), Epoch(fresh, 3, first));
        }
    }

    [Fact]
    public void Start_abandons_what_was_going_on()
    {
        using var loader = new BatchLoader(Numbered(400), 4, seed: 5);
        var expected = Epoch(loader, 1);
        for (var round = 0; round < 50; round++)
        {
            loader.Start(0, round);
            for (var i = 0; i < round % 4; i++)
                Assert.True(loader.TryNext(out _));
            loader.Start(1);
            Assert.True(loader.TryNext(out var batch));
            Assert.Equal(expected[0], batch.Labels.ToArray());
        }
    }

    [Fact]
    public void A_batch_stays_as_it_is_until_the_next_call()
    {
        var made = 0;
        using var loader = new BatchLoader(Numbered(40), 4, seed: 5, transform: (_, _, _) => Interlocked.Increment(ref made));
        loader.Start(0);
        Assert.True(loader.TryNext(out var batch));
        var labels = batch.Labels.ToArray();
        SpinWait.SpinUntil(() => Volatile.Read(ref made) >= 3, TimeSpan.FromSeconds(10));
        Thread.Sleep(20);
        Assert.Equal(3, made);
        Assert.Equal(labels, batch.Labels.ToArray());
    }

    [Fact]
    public void A_transform_sees_each_batch_with_its_number()
    {
        using var loader = new BatchLoader(Numbered(10), 4, seed: 5, transform: (batch, epoch, index) =>
        {
            for (var i = 0; i < batch.Count; i++)
                batch.Labels[i] = (100 * epoch) + index;
        });
        loader.Start(2, 1);
        Assert.True(loader.TryNext(out var batch));
        Assert.Equal([201, 201, 201, 201], batch.Labels.ToArray());
        Assert.True(loader.TryNext(out batch));
        Assert.Equal([202, 202], batch.Labels.ToArray());
    }

    [Fact]
    public void A_fault_of_the_producer_reaches_the_caller_in_its_turn()
    {
        var fails = true;
        using var loader = new BatchLoader(Numbered(40), 4, seed: 5, transform: (_, _, index) =>
        {
            if (fails && index == 2)
                throw new InvalidDataException("sample 9");
        });
        loader.Start(0);
        Assert.True(loader.TryNext(out _));
        Assert.True(loader.TryNext(out _));
        Assert.Equal("sample 9", Assert.Throws<InvalidDataException>(() => loader.TryNext(out _)).Message);
        Assert.Throws<InvalidDataException>(() => loader.TryNext(out _));
        fails = false;
        loader.Start(0, 2);
        Assert.True(loader.TryNext(out _));
    }

    [Fact]
    public void Cancellation_ends_a_wait()
    {
        using var gate = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        using var loader = new BatchLoader(Numbered(40), 4, seed: 5, transform: (_, _, _) => gate.Wait());
        loader.Start(0, 0, cancellation.Token);
        var waiting = Task.Run(() => loader.TryNext(out _));
        Thread.Sleep(20);
        Assert.False(waiting.IsCompleted);
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => waiting.GetAwaiter().GetResult());
        Assert.Throws<OperationCanceledException>(() => loader.TryNext(out _));
        gate.Set();
        loader.Start(0);
        Assert.True(loader.TryNext(out _));
    }

    [Fact]
    public void Target_values_come_along()
    {
        var data = new Dataset(new float[] { 0, 1, 2 }, 1, new float[] { 0, 0, 1, 10, 2, 20 }, 2);
        using var loader = new BatchLoader(data, 2, seed: 1);
        loader.Start(0);
        while (loader.TryNext(out var batch))
        {
            for (var i = 0; i < batch.Count; i++)
                Assert.Equal([batch.Inputs[i], 10 * batch.Inputs[i]], batch.Targets.Slice(2 * i, 2).ToArray());
        }
    }

    [Fact]
    public void An_epoch_allocates_nothing_on_either_thread()
    {
        var (caller, producer, epoch) = (0L, 0L, 0);
        using var loader = new BatchLoader(
            Numbered(4000), 4, seed: 5, transform: (_, _, _) => producer = GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(0, Allocations.LeastOf(
            () =>
            {
                loader.Start(epoch++);
                // Starting allocates.
                var before = GC.GetAllocatedBytesForCurrentThread();
                while (loader.TryNext(out _)) { }
                caller += GC.GetAllocatedBytesForCurrentThread() - before;
            },
            // Own figures of both threads: other tests run at the same time.
            () => caller + producer));
    }

    private static Dataset Noisy(int count) => Dataset.FromBytes(
        Enumerable.Range(0, count * 2).Select(i => (byte)i).ToArray(), new(1, 1, 2), Enumerable.Range(0, count).ToArray())
        .Transform(ImageTransform.From((_, image, random) =>
        {
            image[0] += random.Uniform();
            image[1] += (float)random.Normal();
            if (random.Chance(0.1))
                Thread.Yield();
        }));

    private static float[] Values(Batch batch) => [.. batch.Inputs, .. batch.Labels.ToArray().Select(label => (float)label)];

    private static List<float[]> Batches(BatchLoader loader, int epoch, int firstBatch = 0)
    {
        var batches = new List<float[]>();
        loader.Start(epoch, firstBatch);
        while (loader.TryNext(out var batch))
            batches.Add(Values(batch));
        return batches;
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Any_number_of_threads_gives_the_same_batches(int threads)
    {
        using var one = new BatchLoader(Noisy(97), 5, seed: 9);
        using var several = new BatchLoader(Noisy(97), 5, seed: 9, threads: threads);
        for (var epoch = 0; epoch < 4; epoch++)
        {
            var expected = Batches(one, epoch);
            Assert.Equal(expected, Batches(several, epoch));
            Assert.Equal(expected.Skip(11), Batches(several, epoch, firstBatch: 11));
        }
        Assert.NotEqual(Batches(one, 0).SelectMany(batch => batch).Order(), Batches(one, 1).SelectMany(batch => batch).Order());
    }

    [Fact]
    public void Start_abandons_what_several_threads_do()
    {
        using var loader = new BatchLoader(Noisy(400), 4, seed: 5, threads: 4);
        var expected = Batches(loader, 1);
        for (var round = 0; round < 90; round++)
        {
            loader.Start(0, round);
            for (var i = 0; i < round % 7; i++)
                Assert.True(loader.TryNext(out _));
            loader.Start(1);
            for (var i = 0; i < 3; i++)
            {
                Assert.True(loader.TryNext(out var batch));
                Assert.Equal(expected[i], Values(batch));
            }
        }
    }

    [Fact]
    public void A_fault_of_several_threads_reaches_the_caller_in_its_turn()
    {
        using var loader = new BatchLoader(Numbered(40), 4, seed: 5, threads: 3, transform: (_, _, index) =>
        {
            if (index >= 2)
                throw new InvalidDataException($"batch {index}");
            Thread.Sleep(5);
        });
        for (var round = 0; round < 10; round++)
        {
            loader.Start(round);
            Assert.True(loader.TryNext(out _));
            Assert.True(loader.TryNext(out _));
            Assert.Equal("batch 2", Assert.Throws<InvalidDataException>(() => loader.TryNext(out _)).Message);
        }
    }

    [Fact]
    public void Transformed_images_allocate_nothing()
    {
        long producer = 0;
        var start = long.MaxValue;
        using var loader = new BatchLoader(Noisy(4000).Transform(new ChannelStandardization([0.5f], [0.5f])), 4, seed: 5, transform: (_, _, index) =>
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            start = index == 1 ? allocated : start;
            producer = index == 999 ? allocated - start : 0;
        });
        loader.Start(0);
        while (loader.TryNext(out _)) { }
        Assert.Equal(0, producer);
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new BatchLoader(Numbered(5), 6, 1, dropLast: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(Numbered(5), 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(Numbered(5), 2, 1, threads: 0));
        var loader = new BatchLoader(Numbered(5), 2, 1);
        Assert.Throws<InvalidOperationException>(() => loader.TryNext(out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => loader.Start(0, 4));
        loader.Dispose();
        loader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loader.TryNext(out _));
        Assert.Throws<ObjectDisposedException>(() => loader.Start(0));
    }
}
