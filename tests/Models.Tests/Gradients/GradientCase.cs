using SparseSharp.Models.Tests.Testing;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Models.Tests.Gradients;

/// <summary>A model and its reference.</summary>
internal abstract class GradientCase
{
    /// <summary>The model.</summary>
    public abstract Type Model { get; }

    /// <summary>Compares losses and gradients of a training pass with the reference.</summary>
    public abstract void CheckGradients(ReferenceLoss loss, int samples);

    /// <summary>Compares predictions with the reference.</summary>
    public abstract void CheckPredictions(int samples);
}

/// <param name="forward">The body of the model's <c>Forward</c>.</param>
internal sealed class GradientCase<TModel>(Func<TModel, Value, Value> forward) : GradientCase
    where TModel : class, ISparseModel<TModel>
{
    private const ulong RandomKey = 0xC0FFEE1234;

    /// <summary>Of central differences. Models are smooth except at the kinks of ReLU, which a step this small does not cross.</summary>
    private const double Step = 1e-7;

    /// <summary>
    /// Relative to the largest gradient of a tensor. Sums of a few hundred products in single precision are good to 1e-6.
    /// </summary>
    private const double Tolerance = 5e-5;

    private const int ParametersPerTensor = 40;

    public override Type Model => typeof(TModel);

    public override void CheckGradients(ReferenceLoss loss, int samples)
    {
        var model = TModel.Create(seed: 11);
        using var pool = new WorkerPool(1);
        using var pass = new TrainingPass<TModel>(model, pool);
        using var batch = loss.MakeBatch(samples, TModel.Descriptor.InputFeatures, TModel.Descriptor.OutputFeatures, seed: 21);
        var total = pass.Run(batch, loss.Loss, accumulate: false, RandomKey);

        var reference = new Reference(model.Linears, samples, RandomKey);
        double Mean() => loss.Mean(reference.Run(model, forward, batch.Inputs), batch);
        var expected = Mean();
        Assert.InRange(total.Sum / samples, expected - (1e-5 * Math.Abs(expected)), expected + (1e-5 * Math.Abs(expected)));
        var differences = new CentralDifferences(Mean, Step, Tolerance, ParametersPerTensor);
        for (var index = 0; index < model.Linears.Count; index++)
        {
            var layer = model.Linears[index];
            var (weight, bias) = reference.Parameters[layer];
            differences.Check($"{TModel.Descriptor.Layers[index].Path} weight", weight, WeightGradient(layer), IsFree(layer));
            if (bias.Length > 0)
                differences.Check($"{TModel.Descriptor.Layers[index].Path} bias", bias, layer.Parameters[1].Gradient);
        }
    }

    public override void CheckPredictions(int samples)
    {
        var model = TModel.Create(seed: 12);
        var inputs = Values.Uniform(samples * TModel.Descriptor.InputFeatures, seed: 22);
        var outputs = new float[samples * TModel.Descriptor.OutputFeatures];
        using (var predictor = new SparseSharp.Kernels.Predictor<TModel>(model))
            predictor.Predict(inputs, outputs);
        var expected = new Reference(model.Linears, samples, randomKey: null).Run(model, forward, inputs);
        Assert.InRange(Values.MaxError(expected, outputs), 0, 5e-6);
    }

    /// <summary>Where only kept weights exist others have no gradient; elsewhere they have that of a weight that is 0.</summary>
    private static Func<int, bool> IsFree(Linear layer) =>
        i => !layer.Matrix.IsPacked || layer.Mask![i / layer.Inputs, i % layer.Inputs];

    private static float[] WeightGradient(Linear layer)
    {
        var gradient = new float[layer.Inputs * layer.Outputs];
        layer.Matrix.Export(layer.Parameters[0].Gradient, gradient);
        return gradient;
    }
}
