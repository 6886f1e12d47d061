using System.Runtime.CompilerServices;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Memory lives as long as anybody can see it, and whoever comes too late hears whose memory it was.</summary>
[Collection(AloneCollection.Name)]
public sealed class LifetimeTests
{
    [Fact]
    public void Spans_keep_the_memory_of_a_model_alive()
    {
        var (weight, bias, gradient) = Orphans();
        var expected = weight.ToArray();
        Churn();
        Assert.Equal(expected, weight.ToArray());
        Assert.Equal(0.25f, bias[0]);
        Assert.All(gradient.ToArray(), value => Assert.Equal(0, value));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static Views Orphans()
        {
            var model = new MixedPolicies(seed: 1);
            var layer = model.Linears[0];
            var values = new float[layer.Outputs];
            values.AsSpan().Fill(0.25f);
            layer.SetBias(values);
            return new(layer.Weight, layer.Bias, layer.Parameters[0].Gradient);
        }
    }

    [Fact]
    public void Spans_of_a_disposed_model_and_batch_stay_readable()
    {
        var model = new MixedPolicies(seed: 1);
        var weight = model.Linears[0].Weight;
        var expected = weight.ToArray();
        var batch = new Batch(3, 5, 0);
        batch.Count = 3;
        var inputs = batch.Inputs;
        inputs.Fill(2);
        model.Dispose();
        batch.Dispose();
        Churn();
        Assert.Equal(expected, weight.ToArray());
        Assert.All(inputs.ToArray(), value => Assert.Equal(2, value));
    }

    [Fact]
    public void Every_member_of_a_disposed_model_names_its_class()
    {
        var model = new MixedPolicies(seed: 1);
        var layer = model.Linears[0];
        var (features, outputs) = (model.Linears[0].Inputs, new float[6]);
        var weight = new float[layer.Inputs * layer.Outputs];
        var mask = layer.Mask!;
        using var trainer = new Trainer<MixedPolicies>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f));
        using var batch = Labelled(4, 37);
        var folder = Directory.CreateTempSubdirectory("sparsesharp-");
        string File(string name) => Path.Combine(folder.FullName, name);
        model.Save(File("good.safetensors"));
        trainer.SaveCheckpoint(File("good.ckpt"));
        model.Dispose();
        Action[] uses =
        [
            () => model.Predict(new float[features], outputs),
            () => _ = layer.Weight[^1],
            () => _ = layer.Bias.Length,
            () => _ = layer.BlockScales.Length,
            () => _ = layer.Parameters[0].Gradient.Length,
            () => _ = layer.MeanThreshold,
            () => layer.SetWeight(weight),
            () => layer.SetWeight(weight, mask),
            () => layer.SetMask(mask),
            () => layer.SetBias(new float[layer.Outputs]),
            () => layer.CopyEffectiveWeight(weight),
            () => layer.FoldBlocks(),
            () => layer.Forward(new float[layer.Inputs], new float[layer.Outputs]),
            () => layer.GradInput(new float[layer.Outputs], new float[layer.Inputs]),
            () => layer.GradWeight(new float[layer.Inputs], new float[layer.Outputs]),
            () => trainer.Step(batch),
            () => trainer.Evaluate(Digits(8)),
            () => trainer.SaveCheckpoint(File("late.ckpt")),
            () => trainer.Resume(File("good.ckpt")),
            () => _ = trainer.Fit(Digits(8), 1, 4).Count(),
            () => model.Save(File("late.safetensors")),
            () => model.LoadWeights(File("good.safetensors")),
            () => _ = new Trainer<MixedPolicies>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f)),
            () => MagnitudePruning.Apply(model, model),
        ];
        Assert.All(uses, use => Assert.Equal(nameof(MixedPolicies), Assert.Throws<ObjectDisposedException>(use).ObjectName));
        model.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_disposed_batch_is_refused_by_name()
    {
        using var model = new MixedPolicies(seed: 1);
        using var trainer = new Trainer<MixedPolicies>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f));
        var batch = Labelled(4, 37);
        batch.Dispose();
        Action[] uses = [() => batch.Inputs[^1] = 1, () => batch.Labels[0] = 1, () => _ = batch.Targets.Length, () => trainer.Step(batch)];
        Assert.All(uses, use => Assert.Equal(nameof(Batch), Assert.Throws<ObjectDisposedException>(use).ObjectName));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_disposed_trainer_is_refused_by_name(int threads)
    {
        using var model = new MixedPolicies(seed: 1);
        var trainer = new Trainer<MixedPolicies>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), new() { Threads = threads });
        using var batch = Labelled(4, 37);
        trainer.Step(batch);
        trainer.Dispose();
        Action[] uses = [() => trainer.Step(batch), () => trainer.Evaluate(Digits(8)), () => trainer.SaveCheckpoint("late.ckpt"),
            () => _ = trainer.Fit(Digits(8), 1, 4).Count()];
        Assert.All(uses, use => Assert.Equal($"Trainer<{nameof(MixedPolicies)}>", Assert.Throws<ObjectDisposedException>(use).ObjectName));
        model.Predict(new float[37], new float[6]);
    }

    [Fact]
    public void A_trainer_that_is_disposed_inside_its_loop_ends_the_loop()
    {
        using var model = new MixedPolicies(seed: 1);
        var trainer = new Trainer<MixedPolicies>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), new() { Threads = 2 });
        var epochs = 0;
        Assert.Throws<ObjectDisposedException>(() =>
        {
            foreach (var epoch in trainer.Fit(Digits(64), 3, 8))
            {
                epochs++;
                trainer.Dispose();
            }
        });
        Assert.Equal(1, epochs);
    }

    [Fact]
    public void A_trainer_that_is_disposed_by_its_callback_finishes_the_epoch_in_its_memory()
    {
        using var model = new MixedPolicies(seed: 1);
        Trainer<MixedPolicies>? trainer = null;
        trainer = new(model, Loss.SoftmaxCrossEntropy, new Sgd(0.1f), new() { Threads = 2, OnStep = _ => trainer!.Dispose() });
        Assert.Throws<ObjectDisposedException>(() => trainer.Fit(Digits(64), 3, 8).Count());
    }

    [Fact]
    public void Two_threads_in_one_trainer_end_in_an_error_not_in_a_hang()
    {
        using var model = new MixedPolicies(seed: 1);
        using var trainer = new Trainer<MixedPolicies>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.01f), new() { Threads = 2 });
        var data = Digits(2000);
        var failures = new List<Exception>();
        using var start = new Barrier(2);
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(Train)).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => Assert.True(thread.Join(TimeSpan.FromMinutes(1)), "A fit hangs."));
        Assert.All(failures, failure => Assert.Contains("one thread at a time", Assert.IsType<InvalidOperationException>(failure).Message));
        Assert.InRange(failures.Count, 1, 2);

        void Train()
        {
            start.SignalAndWait();
            try
            {
                foreach (var _ in trainer.Fit(data, 2, 64)) { }
            }
            catch (Exception failure)
            {
                lock (failures)
                    failures.Add(failure);
            }
        }
    }

    [Fact]
    public void Disposing_a_model_while_others_predict_gives_right_outputs_or_the_exception()
    {
        using var count = new ThreadCount(2);
        var inputs = Values.Uniform(130 * 37, seed: 1);
        var expected = new float[130 * 6];
        using (var twin = new MixedPolicies(seed: 2))
            twin.Predict(inputs, expected);
        for (var round = 0; round < 40; round++)
        {
            var model = new MixedPolicies(seed: 2);
            var wrong = new List<string>();
            var callers = Enumerable.Range(0, 4).Select(caller => new Thread(() => Call(model, 1 + (caller * 43), wrong))).ToArray();
            Array.ForEach(callers, caller => caller.Start());
            Thread.SpinWait(2000 * round);
            model.Dispose();
            GC.Collect();
            Array.ForEach(callers, caller => Assert.True(caller.Join(TimeSpan.FromMinutes(1)), "A prediction hangs."));
            Assert.Empty(wrong);
        }

        void Call(MixedPolicies model, int samples, List<string> wrong)
        {
            var outputs = new float[samples * 6];
            try
            {
                while (true)
                {
                    model.Predict(inputs.AsSpan(0, samples * 37), outputs);
                    if (!outputs.AsSpan().SequenceEqual(expected.AsSpan(0, samples * 6)))
                        Note($"Other outputs for {samples} samples.");
                }
            }
            catch (ObjectDisposedException late) when (late.ObjectName == nameof(MixedPolicies))
            {
            }
            catch (Exception failure)
            {
                Note(failure.ToString());
            }

            void Note(string text)
            {
                lock (wrong)
                    wrong.Add(text);
            }
        }
    }

    [Fact]
    public void Predictions_beside_a_training_see_the_model_between_two_steps()
    {
        using var count = new ThreadCount(2);
        using var model = new MixedPolicies(seed: 2);
        using var trainer = new Trainer<MixedPolicies>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.05f));
        using var batch = Labelled(16, 37);
        var sample = Values.Uniform(37, seed: 3);
        var states = new List<float[]>();
        var (done, torn) = (false, 0);
        var seen = new List<float[]>();
        var reader = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                var outputs = new float[6];
                model.Predict(sample, outputs);
                seen.Add(outputs);
            }
        });
        reader.Start();
        for (var step = 0; step < 200; step++)
        {
            trainer.Step(batch);
            var outputs = new float[6];
            model.Predict(sample, outputs);
            states.Add(outputs);
        }
        Volatile.Write(ref done, true);
        Assert.True(reader.Join(TimeSpan.FromMinutes(1)));
        using var fresh = new MixedPolicies(seed: 2);
        var first = new float[6];
        fresh.Predict(sample, first);
        states.Add(first);
        torn = seen.Count(outputs => !states.Any(state => state.AsSpan().SequenceEqual(outputs)));
        Assert.Equal(0, torn);
        Assert.NotEmpty(seen);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_failure_of_any_worker_reaches_the_caller_and_releases_the_others(int failing)
    {
        using var pool = new WorkerPool(3);
        for (var round = 0; round < 3; round++)
        {
            var work = new FailingTeam(failing);
            var run = Task.Run(() => Assert.Throws<ArithmeticException>(() => pool.Run(work)));
            await run.WaitAsync(TimeSpan.FromSeconds(30));
        }
        pool.Run(new FailingTeam(-1));
    }

    [Fact]
    public void Models_that_nobody_disposes_do_not_pile_up()
    {
        var before = Settled();
        for (var i = 0; i < 300; i++)
            Make();
        var after = Environment.WorkingSet;
        Assert.True(after - before < 300L << 20, $"300 models of 8 MB have left {(after - before) >> 20} MB.");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Make()
        {
            var model = new StaticDigits(seed: 1);
            _ = model.Linears[0].Parameters[0].Gradient.Length;
        }

        static long Settled()
        {
            Churn();
            return Environment.WorkingSet;
        }
    }

    [Fact]
    public void A_nested_model_and_its_owner_share_one_life()
    {
        var model = new Towers(seed: 1);
        var inputs = new float[2 * Towers.Features];
        model.Predict(inputs, new float[2 * Towers.Results]);
        model.Dispose();
        Assert.Equal(
            nameof(Towers), Assert.Throws<ObjectDisposedException>(() => model.Predict(inputs, new float[2 * Towers.Results])).ObjectName);
        Assert.Equal(nameof(Towers), Assert.Throws<ObjectDisposedException>(() => _ = model.Linears[^1].Weight).ObjectName);
    }

    private static void Churn()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var other = new MixedPolicies(seed: 9);
            other.Predict(new float[37], new float[6]);
        }
    }

    private static Batch Labelled(int samples, int features)
    {
        var batch = new Batch(samples, features, 0) { Count = samples };
        Values.Uniform(samples * features, seed: 4).CopyTo(batch.Inputs);
        for (var i = 0; i < samples; i++)
            batch.Labels[i] = i % 6;
        return batch;
    }

    private static Dataset Digits(int samples) =>
        new(Values.Uniform(samples * 37, seed: 5), 37, Enumerable.Range(0, samples).Select(i => i % 6).ToArray());

    private readonly ref struct Views(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, ReadOnlySpan<float> gradient)
    {
        private readonly ReadOnlySpan<float> _weight = weight;
        private readonly ReadOnlySpan<float> _bias = bias;
        private readonly ReadOnlySpan<float> _gradient = gradient;

        public void Deconstruct(out ReadOnlySpan<float> weight, out ReadOnlySpan<float> bias, out ReadOnlySpan<float> gradient)
        {
            weight = _weight;
            bias = _bias;
            gradient = _gradient;
        }
    }

    private sealed class FailingTeam(int failing) : ISharedWork
    {
        private TeamBarrier _barrier;

        public void Abort() => _barrier.Fail();

        public void Run(int worker, int workers)
        {
            if (worker == failing)
            {
                Thread.Sleep(20);
                throw new ArithmeticException("This worker fails.");
            }
            if (failing >= 0)
                _barrier.Wait(workers);
        }
    }
}
