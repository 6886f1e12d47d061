using SparseSharp.Kernels;
using SparseSharp.Models.Tests.Classifiers;
using SparseSharp.Models.Tests.Convolutions;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Normalisation;

/// <summary>Models with normalisations against an independent pass in double precision, and its central differences.</summary>
[Trait("Category", "Kernels")]
public sealed class BatchNormModelTests
{
    private const double Step = 1e-6;

    /// <summary>The models whose gradients are checked here.</summary>
    public static IEnumerable<Type> Models =>
        [typeof(NormedImages), typeof(SharedNorms), typeof(NormedVectors), typeof(NormedSamples), typeof(FoldedImages), typeof(FixedVectors),
            typeof(FixedImages)];

    [Theory]
    [InlineData(2)]
    [InlineData(21)]
    public void Images_with_a_residual_sum(int samples) => Check<NormedImages>(samples, (3, 7, 6), Normed);

    [Theory]
    [InlineData(19)]
    public void Layers_used_twice_ranges_and_nested_models(int samples) => Check<SharedNorms>(samples, (4, 5, 5), (model, r, image) =>
    {
        var x = r.Normalise(model.Twice, r.Convolve(model.Body, r.Normalise(model.Inputs, image))).Tanh();
        x = r.Normalise(model.Ranged, r.Normalise(model.Twice, r.Convolve(model.Body, x)).Silu());
        return Vectors(model.Tail, r, x.Mean());
    });

    [Theory]
    [InlineData(9)]
    [InlineData(150)]
    public void Features(int samples) => Check<NormedVectors>(samples, (4, 1, 1), Vectors);

    [Theory]
    [InlineData(2)]
    [InlineData(21)]
    [InlineData(150)]
    public void Samples(int samples) => Check<NormedSamples>(samples, (3, 5, 4), (model, r, image) =>
    {
        var x = r.Normalise(model.StemNorm, r.Convolve(model.Stem, image)).Relu();
        x = r.Normalise(model.Instances, r.Convolve(model.Body, x).Tanh());
        x = r.Normalise(model.Features, r.Linear(model.Wide, (x + r.Normalise(model.Images, x)).Mean())).Relu();
        return r.Linear(model.Head, r.Normalise(model.Features, x).Map(value => 0.5 * value) + r.Normalise(model.Plain, x));
    });

    [Theory]
    [InlineData(3)]
    [InlineData(33)]
    public void Normalisations_that_predictions_compute_with_convolutions(int samples) =>
        Check<FoldedImages>(samples, (3, 7, 6), (model, r, image) =>
        {
            var x = r.Normalise(model.StemNorm, r.Convolve(model.Stem, image)).Relu();
            x = r.Convolve(model.Down, (x + r.Normalise(model.BodyNorm, r.Convolve(model.Body, x))).Relu());
            return r.Linear(model.Head, (x + r.Normalise(model.DownNorm, x)).Mean());
        });

    [Theory]
    [InlineData(2)]
    [InlineData(21)]
    [InlineData(150)]
    public void Fixed_classifiers(int samples) => Check<FixedVectors>(samples, (16, 1, 1), (model, r, x) =>
    {
        var h = r.Linear(model.Stem, x).Tanh();
        h = h + r.Classify(model.Twice, r.Classify(model.Twice, h).Map(NormReference.Gelu)) + r.Classify(model.Orthonormal, h);
        return r.Classify(model.Head, h).Map(value => 2 * value) + r.Classify(model.Other, h.Relu());
    });

    [Theory]
    [InlineData(3)]
    [InlineData(33)]
    public void Fixed_classifiers_behind_images(int samples) => Check<FixedImages>(
        samples, (3, 5, 4), (model, r, image) => r.Classify(model.Head, r.Convolve(model.Stem, image).Relu().Mean()));

    private static Images Normed(NormedImages model, NormReference r, Images image)
    {
        var x = r.Normalise(model.StemNorm, r.Convolve(model.Stem, image)).Relu();
        x = (x + r.Normalise(model.BodyNorm, r.Convolve(model.Body, x))).Tanh();
        return r.Linear(model.Head, r.Normalise(model.DownNorm, r.Convolve(model.Down, x)).Relu().Mean());
    }

    private static Images Vectors(NormedVectors model, NormReference r, Images x)
    {
        x = r.Normalise(model.StemNorm, r.Linear(model.Stem, x)).Map(NormReference.Gelu);
        x = r.Normalise(model.BodyNorm, r.Linear(model.Body, x)).Relu();
        return r.Normalise(model.HeadNorm, r.Linear(model.Head, x));
    }

    private static void Check<TModel>(
        int samples, (int Channels, int Rows, int Columns) input, Func<TModel, NormReference, Images, Images> forward)
        where TModel : class, ISparseModel<TModel>
    {
        // Relative to the largest gradient of a tensor: ReLU in single precision may fall to the other side of its kink for a value.
        const double tolerance = 5e-3;
        var model = TModel.Create(seed: 11);
        NormReference.Vary(model);
        var classes = TModel.Descriptor.OutputFeatures;
        using var batch = Batches.Of(samples, TModel.Descriptor.InputFeatures, classes, seed: 21);
        var labels = batch.Labels.ToArray();
        var image = Images.Of(batch.Inputs.ToArray(), input.Channels, input.Rows, input.Columns);
        var reference = new NormReference(model.Layers) { IsTraining = true };

        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<TModel>(model, pool);
        var total = pass.Run(batch, Loss.SoftmaxCrossEntropy, accumulate: false, randomKey: 1);
        Assert.Equal(Mean(), total.Sum / samples, tolerance: 2e-5);
        // A term before a normalisation has no influence, and then rounding is all there is.
        var differences = new CentralDifferences(Mean, Step, tolerance, perTensor: 10) { LeastScale = 1e-3 };
        foreach (var (layer, index) in model.Layers.Select((layer, index) => (layer, index)))
        {
            foreach (var (part, parameter) in layer.Parts.LearnedParameters)
            {
                var gradient = new float[reference.Parameters[parameter].Length];
                part.Export(parameter, parameter.Gradient, gradient);
                differences.Check($"{parameter.Name} of {TModel.Descriptor.Layers[index].Path}", reference.Parameters[parameter], gradient);
            }
        }

        // The running statistics are those of the batch, once the step counts.
        pass.AcceptStatistics();
        Mean();
        foreach (var layer in model.Layers.OfType<BatchNorm>())
        {
            Assert.Equal(reference.Running[layer].Batches, layer.BatchesTracked);
            Assert.InRange(Values.MaxError(reference.Running[layer].Means, layer.RunningMean), 0, 1e-5);
            Assert.InRange(Values.MaxError(reference.Running[layer].Variances, layer.RunningVariance), 0, 1e-5);
        }

        reference.IsTraining = false;
        foreach (var count in (int[])[samples, 1, Math.Min(samples, 3)])
        {
            var outputs = new float[count * classes];
            using (var predictor = new Predictor<TModel>(model))
                predictor.Predict(batch.Inputs[..(count * TModel.Descriptor.InputFeatures)], outputs);
            var few = image with { Samples = count, Values = image.Values[..(count * image.Values.Length / samples)] };
            Assert.InRange(Values.MaxError(forward(model, reference, few).Values, outputs), 0, 5e-5);
        }

        double Mean()
        {
            reference.Running.Clear();
            return forward(model, reference, image).CrossEntropy(labels);
        }
    }
}
