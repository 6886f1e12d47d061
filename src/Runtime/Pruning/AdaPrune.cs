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
    /// Class of the N:M model: layers of the same paths, kinds, shapes and biases; those without a pattern are copied.
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
            var inputs = LayerInputs.Of(sparse, layer, calibrationInputs, options.Pixels, options.Seed);
            reports.Add(Prune(path, (MatrixLayer)teacher, layer, inputs, options));
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

    private static PrunedLayer Prune(string path, MatrixLayer dense, MatrixLayer layer, float[][] inputs, AdaPruneOptions options)
    {
        var (pattern, mask) = ((NMPattern)layer.Pattern!, layer.Mask!);
        var groups = DenseRows.Of(dense, inputs.Length).Select((rows, group) =>
            Prune(rows, dense.Weights.Product.Kernels, pattern, mask.Slice(group * rows.Rows, rows.Rows), inputs[group], options)).ToArray();
        using (layer.Parts.Lifetime.Change())
            layer.Weights.Set([.. groups.SelectMany(rows => rows.Weight)], mask);
        if (layer.HasBias)
            layer.SetBias([.. groups.SelectMany(rows => rows.Bias)]);
        return new PrunedLayer(
            path, pattern, groups.Average(rows => rows.Plain), groups.Average(rows => rows.Absorbed), groups.Average(rows => rows.Least),
            groups.Average(rows => rows.Final));
    }

    private static PrunedRows Prune(
        DenseRows dense, ProductKernels kernels, NMPattern pattern, Mask mask, float[] inputs, AdaPruneOptions options)
    {
        var moments = LayerMoments.From(inputs, dense.Columns);
        var plain = (float[])dense.Weight.Clone();
        mask.Clear(plain);
        var absorbed = (float[])dense.Weight.Clone();
        MeanAbsorption.Apply(absorbed, mask, pattern);
        var best = new float[dense.Weight.Length];
        LeastSquares.Solve(dense.HasBias ? moments.Centered() : moments, dense.Weight, mask, best);
        var bestBias = BestBias(moments, dense, best);

        var (plainError, absorbedError) = (Error(plain, dense.Bias), Error(absorbed, dense.Bias));
        var leastError = Error(best, bestBias);
        var (start, startError) = absorbedError < plainError ? (absorbed, absorbedError) : (plain, plainError);
        var (chosen, bias) = options.Solver == AdaPruneSolver.Adam
            ? AdamCalibration.Solve(dense, kernels, inputs, mask, start, options)
            : (best, bestBias);
        var error = Error(chosen, bias);
        return error > startError
            ? new PrunedRows(start, dense.Bias, plainError, absorbedError, leastError, startError)
            : new PrunedRows(chosen, bias, plainError, absorbedError, leastError, error);

        double Error(float[] candidate, float[] candidateBias) => MeanError(moments, dense, candidate, candidateBias);
    }

    /// <summary>Mean square of what rows with other weights and bias put out less what the dense ones do.</summary>
    private static double MeanError(LayerMoments moments, DenseRows dense, float[] weight, float[] bias)
    {
        var difference = Difference(dense, weight);
        var errors = new double[dense.Rows];
        Parallel.For(0, errors.Length, LayerMoments.Workers, row =>
        {
            var biasDifference = dense.HasBias ? (double)bias[row] - dense.Bias[row] : 0;
            errors[row] = moments.Error(difference.AsSpan(row * dense.Columns, dense.Columns), biasDifference);
        });
        return Math.Max(0, TensorPrimitives.Sum<double>(errors) / ((double)moments.Samples * errors.Length));
    }

    private static float[] BestBias(LayerMoments moments, DenseRows dense, float[] weight)
    {
        var bias = (float[])dense.Bias.Clone();
        var difference = Difference(dense, weight);
        for (var row = 0; row < bias.Length; row++)
            bias[row] += (float)moments.BestBias(difference.AsSpan(row * dense.Columns, dense.Columns));
        return bias;
    }

    private static double[] Difference(DenseRows dense, float[] weight)
    {
        var difference = new double[weight.Length];
        for (var i = 0; i < weight.Length; i++)
            difference[i] = (double)weight[i] - dense.Weight[i];
        return difference;
    }

    /// <summary>What became of rows that see the same inputs, and their errors as <see cref="PrunedLayer"/> has them.</summary>
    private sealed record PrunedRows(float[] Weight, float[] Bias, double Plain, double Absorbed, double Least, double Final);
}
