using System.Globalization;
using SparseSharp.Kernels;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Normalisation;

/// <summary>Trainings of models with normalisations: threads, files, checkpoints, steps that are taken back.</summary>
public sealed class BatchNormTrainingTests
{
    private static readonly string _directory = Directory.CreateTempSubdirectory("norms").FullName;

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var one = Everything(Train<NormedImages>(threads: 1));
        Assert.Equal(one, Everything(Train<NormedImages>(threads: 2)));
        Assert.Equal(one, Everything(Train<NormedImages>(threads: 3)));
        one = Everything(Train<SharedNorms>(threads: 1));
        Assert.Equal(one, Everything(Train<SharedNorms>(threads: 2)));
        Assert.Equal(one, Everything(Train<SharedNorms>(threads: 3)));
        one = Everything(Train<NormedSamples>(threads: 1));
        Assert.Equal(one, Everything(Train<NormedSamples>(threads: 2)));
        Assert.Equal(one, Everything(Train<NormedSamples>(threads: 3)));
    }

    /// <summary>
    /// A prediction computes a normalisation with the convolution before it; a pass of another framework, without a training, does not.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(130)]
    public void Folded_predictions_are_those_of_the_layers_one_by_one(int samples)
    {
        using var model = Train<FoldedImages>(threads: 1);
        using var passes = new AutogradPass<FoldedImages>(model, seed: 1);
        var (inputs, outputs) = (Values.Uniform(samples * 126, seed: 4), new float[samples * 4]);
        passes.Forward(inputs, outputs, training: false);
        Assert.InRange(Values.MaxError([.. outputs.Select(value => (double)value)], model.Predict(inputs)), 0, 1e-5);
    }

    [Fact]
    public void Files_of_sample_normalisations_have_the_shapes_of_PyTorch()
    {
        var path = Path.Combine(_directory, "samples");
        using var model = Train<NormedSamples>(threads: 1);
        model.Save(path);
        var tensors = SafeTensors.Read(path).Tensors.Select(tensor => $"{tensor.Name} {string.Join('x', tensor.Shape)}").Order();
        Assert.Equal(
            [
                "features.bias 40", "features.weight 40", "images.bias 6x5x4", "images.weight 6x5x4", "stem_norm.bias 8",
                "stem_norm.weight 8",
            ],
            tensors.Where(tensor => tensor.StartsWith("features", StringComparison.Ordinal)
                || tensor.StartsWith("images", StringComparison.Ordinal) || tensor.StartsWith("stem_norm", StringComparison.Ordinal)));
        using var loaded = NormedSamples.Load(path);
        Assert.Equal(Everything(model), Everything(loaded));

        var checkpoint = Path.Combine(_directory, "samples.checkpoint");
        using var trainer = Trainer.For(model, Loss.SoftmaxCrossEntropy, new Adam(0.01));
        Steps(trainer, 0, 3);
        trainer.SaveCheckpoint(checkpoint);
        Steps(trainer, 3, 3);
        using var resumed = Trainer.For(loaded, Loss.SoftmaxCrossEntropy, new Adam(0.01));
        resumed.Resume(checkpoint);
        Steps(resumed, 3, 3);
        Assert.Equal(Everything(model), Everything(loaded));
    }

    [Fact]
    public void A_frozen_sample_normalisation_stays_as_it_is()
    {
        using var model = Train<NormedSamples>(threads: 1);
        var (features, groups) = (model.Features.Weight.ToArray(), model.StemNorm.Bias.ToArray());
        model.Features.Freeze();
        model.StemNorm.Freeze();
        using var trainer = Trainer.For(model, Loss.SoftmaxCrossEntropy, new Adam(0.01));
        Steps(trainer, 0, 2);
        Assert.Equal(features, model.Features.Weight);
        Assert.Equal(groups, model.StemNorm.Bias);
    }

    [Fact]
    public void A_resumed_training_gives_the_same_bits()
    {
        var path = Path.Combine(_directory, "checkpoint");
        using var model = new NormedImages(seed: 3);
        using var trainer = Trainer.For(model, Loss.SoftmaxCrossEntropy, new Adam(0.01), new TrainerOptions { Average = Average.Ema(0.9) });
        Steps(trainer, 0, 5);
        trainer.SaveCheckpoint(path);
        Steps(trainer, 5, 5);

        using var other = new NormedImages(seed: 9);
        using var resumed = Trainer.For(other, Loss.SoftmaxCrossEntropy, new Adam(0.01), new TrainerOptions { Average = Average.Ema(0.9) });
        resumed.Resume(path);
        Steps(resumed, 5, 5);
        Assert.Equal(Everything(model), Everything(other));
        Assert.Equal(10, other.DownNorm.BatchesTracked);
        using var average = trainer.CopyAverage();
        using var resumedAverage = resumed.CopyAverage();
        Assert.Equal(Everything(average), Everything(resumedAverage));
        Assert.Equal(model.StemNorm.RunningMean, average.StemNorm.RunningMean);
    }

    [Fact]
    public void Files_have_the_names_of_PyTorch()
    {
        var path = Path.Combine(_directory, "model");
        using var model = Train<NormedImages>(threads: 1);
        model.Save(path);
        var tensors = SafeTensors.Read(path).Tensors.Where(tensor => tensor.Name.StartsWith("stem_norm", StringComparison.Ordinal));
        Assert.Equal(
            [
                ("stem_norm.bias", TensorType.F32, "8"), ("stem_norm.num_batches_tracked", TensorType.I64, ""),
                ("stem_norm.running_mean", TensorType.F32, "8"), ("stem_norm.running_var", TensorType.F32, "8"),
                ("stem_norm.weight", TensorType.F32, "8"),
            ],
            tensors.Select(tensor => (tensor.Name, tensor.Type, string.Join(' ', tensor.Shape))).Order());
        using var loaded = NormedImages.Load(path);
        Assert.Equal(Everything(model), Everything(loaded));
        var inputs = Values.Uniform(5 * 126, seed: 8);
        Assert.Equal(model.Predict(inputs), loaded.Predict(inputs));
    }

    /// <summary>Old files of PyTorch have no number of batches; a variance below 0 is damage.</summary>
    [Fact]
    public void Files_of_others()
    {
        var path = Path.Combine(_directory, "other");
        using var model = Train<NormedImages>(threads: 1);
        model.Save(path);
        var tensors = SafeTensors.Read(path).Tensors;
        new SafeTensors(tensors.Where(tensor => !tensor.Name.EndsWith("tracked", StringComparison.Ordinal)), null).Write(path);
        model.LoadWeights(path);
        Assert.Equal(0, model.StemNorm.BatchesTracked);

        var before = Everything(model);
        NamedTensor[] damaged =
        [
            .. tensors.Select(tensor => tensor.Name == "down_norm.running_var"
                ? NamedTensor.Of(tensor.Name, [.. Enumerable.Repeat(-1f, 12)]) : tensor),
        ];
        new SafeTensors(damaged, null).Write(path);
        var fault = Assert.Throws<SafeTensorsException>(() => model.LoadWeights(path));
        Assert.Contains("'down_norm.running_var' holds -1, but no value may be below 0", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, Everything(model));
        Assert.Throws<ArgumentException>(() => model.DownNorm.SetRunningStatistics(new float[12], [.. Enumerable.Repeat(-1f, 12)]));
        Assert.Equal(before, Everything(model));
    }

    [Fact]
    public void A_frozen_layer_stays_as_it_is()
    {
        using var model = Train<NormedImages>(threads: 1);
        var (weight, means, batches) =
            (model.StemNorm.Weight.ToArray(), model.StemNorm.RunningMean.ToArray(), model.StemNorm.BatchesTracked);
        model.StemNorm.Freeze();
        using var trainer = Trainer.For(model, Loss.SoftmaxCrossEntropy, new Adam(0.01));
        Steps(trainer, 0, 3);
        Assert.Equal(weight, model.StemNorm.Weight);
        Assert.Equal(means, model.StemNorm.RunningMean);
        Assert.Equal(batches, model.StemNorm.BatchesTracked);
        Assert.Equal(batches + 3, model.DownNorm.BatchesTracked);
        model.StemNorm.Unfreeze();
        Steps(trainer, 3, 1);
        Assert.NotEqual(means, model.StemNorm.RunningMean.ToArray());
    }

    [Fact]
    public void A_step_that_is_taken_back_leaves_no_trace()
    {
        using var model = Train<NormedImages>(threads: 1);
        using var trainer = Trainer.For(
            model, Loss.SoftmaxCrossEntropy, new Sgd(0.01), new TrainerOptions { AccumulationSteps = 2 });
        Steps(trainer, 0, 2);
        var before = Everything(model);
        // The statistics of these inputs have no variance in single precision.
        using var wrong = Batches.Of(19, 126, 4, seed: 1);
        wrong.Inputs.Fill(3e38f);
        wrong.Inputs[..(9 * 126)].Fill(-3e38f);
        Steps(trainer, 2, 1);
        Assert.Throws<DivergenceException>(() =>
        {
            trainer.Step(wrong);
            trainer.Step(wrong);
        });
        Assert.Equal(before, Everything(model));

        using var other = NormedImages.Create(seed: 1);
        var path = Path.Combine(_directory, "before");
        model.Save(path);
        other.LoadWeights(path);
        using var clean = Trainer.For(
            other, Loss.SoftmaxCrossEntropy, new Sgd(0.01), new TrainerOptions { AccumulationSteps = 2 });
        Steps(trainer, 5, 2);
        Steps(clean, 5, 2);
        Assert.Equal(Everything(model), Everything(other));
    }

    [Fact]
    public void Each_of_the_accumulated_batches_adds_to_the_statistics()
    {
        using var model = new NormedImages(seed: 3);
        using var trainer = Trainer.For(
            model, Loss.SoftmaxCrossEntropy, new Sgd(1e-20), new TrainerOptions { AccumulationSteps = 3 });
        using var other = new NormedImages(seed: 3);
        using var each = Trainer.For(other, Loss.SoftmaxCrossEntropy, new Sgd(1e-20));
        Steps(trainer, 0, 2);
        Assert.Equal(0, model.StemNorm.BatchesTracked);
        Steps(trainer, 2, 1);
        Assert.Equal(3, model.StemNorm.BatchesTracked);
        Steps(each, 0, 3);
        Assert.Equal(other.StemNorm.RunningMean, model.StemNorm.RunningMean);
        Assert.Equal(other.DownNorm.RunningVariance, model.DownNorm.RunningVariance);
    }

    /// <summary>Passes of other frameworks: a forward pass alone leaves no trace, and a backward pass lets its statistics count.</summary>
    [Fact]
    public void Passes_of_other_frameworks()
    {
        using var model = new NormedImages(seed: 3);
        using var passes = new AutogradPass<NormedImages>(model, seed: 1);
        var (inputs, outputs) = (Values.Uniform(19 * 126, seed: 4), new float[19 * 4]);
        passes.Forward(inputs, outputs, training: true);
        Assert.Equal(0, model.StemNorm.BatchesTracked);
        var expected = model.Predict(inputs);
        var evaluation = new float[19 * 4];
        passes.Forward(inputs, evaluation, training: false);
        Assert.InRange(Values.MaxError([.. expected.Select(value => (double)value)], evaluation), 0, 1e-5);
        Assert.NotEqual(outputs, evaluation);

        var gradients = passes.Parameters.Select(parameter => new float[parameter.Shape.Aggregate(1L, (a, b) => a * b)]).ToArray();
        Backward(passes.Forward(inputs, outputs, training: true));
        Assert.Equal(1, model.StemNorm.BatchesTracked);
        Backward(passes.Forward(inputs, outputs, training: false));
        Assert.Equal(1, model.StemNorm.BatchesTracked);

        unsafe void Backward(AutogradTape tape)
        {
            var handles = gradients.Select(gradient => System.Runtime.InteropServices.GCHandle.Alloc(
                gradient, System.Runtime.InteropServices.GCHandleType.Pinned)).ToArray();
            Assert.True(passes.Backward(tape, new float[19 * 4], [], [.. handles.Select(handle => handle.AddrOfPinnedObject())]));
            foreach (var handle in handles)
                handle.Free();
        }
    }

    [Fact]
    public void A_batch_of_one_sample_is_refused_where_samples_are_all_there_is()
    {
        using var model = new NormedVectors(seed: 3);
        using var trainer = Trainer.For(model, Loss.SoftmaxCrossEntropy, new Sgd(0.01));
        var before = Everything(model);
        using var single = Batches.Of(1, 4, 4, seed: 1);
        Assert.Contains("takes 2", Assert.Throws<ArgumentException>(() => trainer.Step(single)).Message, StringComparison.Ordinal);
        var data = new Dataset(Values.Uniform(9 * 4, seed: 2), 4, Enumerable.Range(0, 9).Select(i => i % 4).ToArray());
        Assert.Throws<ArgumentException>(() => trainer.Train(data, epochs: 1, batchSize: 4));
        Assert.Equal(before, Everything(model));
        trainer.Train(data, epochs: 1, batchSize: 5);

        // An image has pixels enough.
        using var images = new NormedImages(seed: 3);
        using var other = Trainer.For(images, Loss.SoftmaxCrossEntropy, new Sgd(0.01));
        using var image = Batches.Of(1, 126, 4, seed: 1);
        other.Step(image);
    }

    [Fact]
    public void Pruning_copies_the_statistics()
    {
        using var model = Train<NormedVectors>(threads: 1);
        using var other = new NormedVectors(seed: 5);
        var before = Everything(model);
        MagnitudePruning.Apply(model, other);
        Assert.Equal(model.StemNorm.RunningMean, other.StemNorm.RunningMean);
        Assert.Equal(model.StemNorm.BatchesTracked, other.StemNorm.BatchesTracked);
        Assert.Equal(before, Everything(model));
    }

    private static TModel Train<TModel>(int threads)
        where TModel : class, ISparseModel<TModel>
    {
        var model = TModel.Create(seed: 3);
        using var trainer = Trainer.For(
            model, Loss.SoftmaxCrossEntropy, new Sgd(0.05, momentum: 0.9), new TrainerOptions { Threads = threads, ClipNorm = 1 });
        Steps(trainer, 0, 4);
        return model;
    }

    private static void Steps<TModel>(Trainer<TModel> trainer, int first, int count)
        where TModel : class, ISparseModel<TModel>
    {
        for (var step = first; step < first + count; step++)
        {
            using var batch = Batches.Of(19, TModel.Descriptor.InputFeatures, TModel.Descriptor.OutputFeatures, seed: step);
            trainer.Step(batch);
        }
    }

    /// <summary>All that files hold of the layers, in words.</summary>
    private static string[] Everything(ISparseModel model) =>
    [
        .. model.Layers.SelectMany(layer => (IEnumerable<string>)[
            .. layer.Parameters.SelectMany(parameter => parameter.Values.ToArray()).Select(Text),
            .. layer.Parts.Named.SelectMany(vector => vector.Values.ToArray()).Select(Text),
            .. layer.Parts.Counters.Select(counter => Text(counter.Value))]),
    ];

    private static string Text<TNumber>(TNumber number)
        where TNumber : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
