using System.Numerics.Tensors;
using SparseSharp.Kernels;
using SparseSharp.Models;
using SparseSharp.Pruning;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// Turns a trained dense or unstructured sparse model into an N:M one without training (Hubara et al., 2021): a magnitude mask per layer,
/// and kept weights that bring its output on a few calibration inputs as close as they can to what the dense weights make of the same
/// inputs. Layers are done in the order of the forward pass, each on what the pruned layers before it hand on. In addition to Adam there is
/// the exact solution.
/// </summary>
public static class AdaPrune
{
    /// <summary>Fills an N:M model from a dense one.</summary>
    /// <typeparam name="TDense">Class of the dense model.</typeparam>
    /// <typeparam name="TSparse">
    /// Class of the N:M model: layers of the same paths, kinds, shapes and biases; those without a pattern, and those that are not fully
    /// connected, are copied.
    /// </typeparam>
    /// <param name="dense">The trained model. Weights that are 0 may mean that it is sparse without a pattern. It is not changed.</param>
    /// <param name="sparse">Receives masks, weights and biases.</param>
    /// <param name="calibrationInputs">Samples, row-major <c>[samples, input features]</c>: about a thousand that are typical; no labels
    /// are needed.</param>
    /// <param name="options">Settings, or null for the standard ones.</param>
    /// <returns>The error of every pruned layer.</returns>
    /// <exception cref="ArgumentException">The models do not fit each other, or the inputs do not fit the models.</exception>
    /// <exception cref="NotFiniteNumberException">An input or a weight is NaN or infinite.</exception>
    public static AdaPruneReport Apply<TDense, TSparse>(
        TDense dense, TSparse sparse, ReadOnlySpan<float> calibrationInputs, AdaPruneOptions? options = null)
        where TDense : class, ISparseModel<TDense>
        where TSparse : class, ISparseModel<TSparse>
    {
        ArgumentNullException.ThrowIfNull(dense);
        ArgumentNullException.ThrowIfNull(sparse);
        options ??= new AdaPruneOptions();
        options.Check();
        var pairs = LayerPair.Of(dense, sparse);
        CheckInputs(calibrationInputs, TSparse.Descriptor);
        foreach (var pair in pairs)
            pair.Copy();

        var reports = new List<PrunedLayer>();
        foreach (var layer in LayerInputs.Order(sparse).Where(layer => layer.Pattern is NMPattern))
        {
            var (path, teacher, _) = pairs.Single(pair => pair.Sparse == layer);
            reports.Add(Prune(path, (Linear)teacher, layer, LayerInputs.Of(sparse, layer, calibrationInputs), options));
        }
        return new AdaPruneReport(reports);
    }

    /// <summary>
    /// The N of N:M for a layer that is sparse without a pattern: the smallest one at which 95 % of its groups lose nothing, if zeros lie
    /// at random.
    /// </summary>
    /// <param name="sparsity">Share of zeros, from 0 to 1.</param>
    /// <param name="group">M, from 2 to 32.</param>
    /// <returns>N, from 1 to M; M means that the layer had better stay dense.</returns>
    public static int KeepFor(double sparsity, int group)
    {
        if (!(sparsity >= 0 && sparsity <= 1))
            throw new ArgumentOutOfRangeException(nameof(sparsity), sparsity, "A sparsity lies from 0 to 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(group, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(group, NMSettings.MaximumGroup);
        return BinomialKeep.Choose(sparsity, group);
    }

    /// <summary><see cref="KeepFor"/> for every weight matrix of a model, by the share of its weights that are 0.</summary>
    /// <typeparam name="TModel">The model's class.</typeparam>
    /// <param name="model">A model that is sparse without a pattern.</param>
    /// <param name="group">M, from 2 to 32.</param>
    public static IReadOnlyList<KeepSuggestion> Suggest<TModel>(TModel model, int group)
        where TModel : class, ISparseModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = ModelLifetime.Of(model, TModel.Descriptor.Name).Use();
        return
        [
            .. PlacedWeights.Of(model, TModel.Descriptor).Select(placed =>
            {
                var sparsity = placed.Weights.Values.Count(0f) / (double)placed.Weights.Count;
                return new KeepSuggestion(placed.Path, sparsity, KeepFor(sparsity, group));
            }),
        ];
    }

    private static void CheckInputs(ReadOnlySpan<float> inputs, ModelDescriptor descriptor)
    {
        var features = descriptor.InputFeatures;
        if (inputs.IsEmpty || inputs.Length % features != 0)
            throw new ArgumentException(
                $"{inputs.Length} calibration values are not whole samples: {descriptor.Name} takes {features} features each.");
        if (TensorPrimitives.IsFiniteAll(inputs))
            return;
        var index = 0;
        while (float.IsFinite(inputs[index]))
            index++;
        throw new NotFiniteNumberException(
            $"The calibration input {index / features} holds {inputs[index]} at feature {index % features}.", inputs[index]);
    }

    private static PrunedLayer Prune(string path, Linear dense, Linear layer, float[] inputs, AdaPruneOptions options)
    {
        var (pattern, mask) = ((NMPattern)layer.Pattern!, layer.Mask!);
        var moments = LayerMoments.From(inputs, layer.Inputs);
        var weight = dense.Weight.ToArray();

        var plain = (float[])weight.Clone();
        mask.Clear(plain);
        var absorbed = (float[])weight.Clone();
        MeanAbsorption.Apply(absorbed, mask, pattern);
        var best = new float[weight.Length];
        LeastSquares.Solve(dense.HasBias ? moments.Centered() : moments, weight, mask, best);
        var bestBias = BestBias(moments, dense, best);

        var (plainError, absorbedError) = (Error(plain, dense.Bias), Error(absorbed, dense.Bias));
        var leastError = Error(best, bestBias);
        var (start, startError) = absorbedError < plainError ? (absorbed, absorbedError) : (plain, plainError);
        var (chosen, bias) = options.Solver == AdaPruneSolver.Adam
            ? AdamCalibration.Solve(dense, inputs, mask, start, options)
            : (best, bestBias);
        var error = Error(chosen, bias);
        if (error > startError)
            (chosen, bias, error) = (start, dense.Bias.ToArray(), startError);
        layer.SetWeight(chosen, mask);
        if (layer.HasBias)
            layer.SetBias(bias);
        return new PrunedLayer(path, pattern, plainError, absorbedError, leastError, error);

        double Error(float[] candidate, ReadOnlySpan<float> candidateBias) => MeanError(moments, dense, candidate, candidateBias);
    }

    /// <summary>Mean square of what a layer with other weights and bias puts out less what the dense one does.</summary>
    private static double MeanError(LayerMoments moments, Linear dense, float[] weight, ReadOnlySpan<float> bias)
    {
        var difference = Difference(dense, weight);
        var biasDifference = new double[dense.Outputs];
        for (var row = 0; row < bias.Length; row++)
            biasDifference[row] = (double)bias[row] - dense.Bias[row];
        var errors = new double[dense.Outputs];
        Parallel.For(0, errors.Length, LayerMoments.Workers, row =>
            errors[row] = moments.Error(difference.AsSpan(row * dense.Inputs, dense.Inputs), biasDifference[row]));
        return Math.Max(0, TensorPrimitives.Sum<double>(errors) / ((double)moments.Samples * errors.Length));
    }

    private static float[] BestBias(LayerMoments moments, Linear dense, float[] weight)
    {
        var bias = dense.Bias.ToArray();
        var difference = Difference(dense, weight);
        for (var row = 0; row < bias.Length; row++)
            bias[row] += (float)moments.BestBias(difference.AsSpan(row * dense.Inputs, dense.Inputs));
        return bias;
    }

    private static double[] Difference(Linear dense, float[] weight)
    {
        var difference = new double[weight.Length];
        var own = dense.Weight;
        for (var i = 0; i < weight.Length; i++)
            difference[i] = (double)weight[i] - own[i];
        return difference;
    }
}
