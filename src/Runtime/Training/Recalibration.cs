using SparseSharp.Kernels;
using SparseSharp.Models;
using SparseSharp.Training;

namespace SparseSharp;

/// <summary>
/// Computes the running statistics of batch normalisations anew, for weights or inputs that they were not made with: averaged or pruned
/// weights, or images of another size (Hoffer et al., "Mix &amp; Match", 2019).
/// </summary>
public static class Recalibration
{
    /// <summary>
    /// Forgets the running statistics of a model and replaces them by the means over some batches, which all have the same weight. Each
    /// batch goes through the model as in a training, without a gradient; weights stay as they are, and so do frozen layers.
    /// </summary>
    /// <typeparam name="TModel">The model class.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="data">Training samples, shuffled by the seed; where they are too few they are shuffled anew.</param>
    /// <param name="batches">Batches to take, at least 1.</param>
    /// <param name="batchSize">
    /// Samples of a batch, no more than there are: take many, because the mean of variances leaves out how the means of batches differ.
    /// </param>
    /// <param name="seed">Of shuffling, dropout and random transforms.</param>
    /// <exception cref="ArgumentException">The model has no batch normalisation that is not frozen, or the data do not fit it.</exception>
    /// <exception cref="NotFiniteNumberException">The statistics of a batch are not finite; the model is as it was.</exception>
    /// <exception cref="DataFileException">An image cannot be read; the model is as it was.</exception>
    public static void Apply<TModel>(TModel model, Dataset data, int batches = 200, int batchSize = 256, ulong seed = 0)
        where TModel : class, ISparseModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var descriptor = TModel.Descriptor;
        if (data.Features != descriptor.InputFeatures)
            throw new ArgumentException(
                $"{descriptor.Name} takes {descriptor.InputFeatures} features, but the data has {data.Features}.", nameof(data));
        batchSize = Math.Min(batchSize, data.Count);
        descriptor.CheckSamples(batchSize);
        using var scope = ModelLifetime.Of(model, descriptor.Name).Change();
        (BatchNormalisation Norm, string Path)[] norms =
        [
            .. model.Layers.Zip(descriptor.Layers, (layer, entry) => (Norm: layer.Parts.Statistics, entry.Path))
                .Where(layer => layer.Norm is { IsFrozen: false }).Select(layer => (layer.Norm!, layer.Path)),
        ];
        if (norms.Length == 0)
            throw new ArgumentException($"{descriptor.Name} has no batch normalisation that is not frozen.", nameof(model));
        StatisticsBackup[] before = [.. norms.Select(layer => new StatisticsBackup(layer.Norm))];
        var isDone = false;
        try
        {
            Run(model, norms, data, batches, batchSize, seed);
            isDone = true;
        }
        finally
        {
            foreach (var backup in before)
                backup.End(restore: !isDone);
        }
    }

    private static void Run<TModel>(
        TModel model, (BatchNormalisation Norm, string Path)[] norms, Dataset data, int batches, int batchSize, ulong seed)
        where TModel : class, ISparseModel<TModel>
    {
        using var pass = new StatisticsPass<TModel>(model, seed);
        using var loader = new BatchLoader(data, batchSize, seed, dropLast: true);
        foreach (var (norm, _) in norms)
        {
            norm.Running.Reset();
            norm.Running.IsCumulative = true;
        }
        for (var done = 0; done < batches; done++)
        {
            if (done % loader.BatchesPerEpoch == 0)
                loader.Start(done / loader.BatchesPerEpoch);
            _ = loader.TryNext(out var batch);
            pass.Run(batch!, done);
            foreach (var (norm, path) in norms)
            {
                if (!norm.Running.IsFinite)
                {
                    throw new NotFiniteNumberException(
                        $"The statistics of batch {done + 1} in {path} are not finite: check weights and inputs.");
                }
                norm.AcceptStatistics();
            }
        }
    }

    /// <summary>Running statistics as they were.</summary>
    private sealed class StatisticsBackup(BatchNormalisation norm)
    {
        private readonly float[] _mean = norm.Running.Mean.Span.ToArray();
        private readonly float[] _variance = norm.Running.Variance.Span.ToArray();
        private readonly long _batches = norm.Running.Batches;

        public void End(bool restore)
        {
            var running = norm.Running;
            running.IsCumulative = norm.Options.Cumulative;
            if (restore)
            {
                running.Drop();
                _mean.CopyTo(running.Mean.Span);
                _variance.CopyTo(running.Variance.Span);
                running.Batches = _batches;
            }
            norm.NoteChange();
        }
    }
}
