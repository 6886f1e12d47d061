using SparseSharp.Kernels;
using SparseSharp.Layers;

namespace SparseSharp;

/// <summary>
/// Gives the weights of one model to another that has masks: the step between the two trainings of ASP (train dense, prune once by
/// magnitude, train the kept weights with the same settings).
/// </summary>
public static class MagnitudePruning
{
    /// <summary>
    /// Copies weights, biases and whatever else layers hold; every layer with a pattern keeps the largest magnitudes. Of a layer that is
    /// sparse in the first model, what is pruned stays pruned wherever the pattern in the second allows it
    /// (<see cref="Linear.SetWeightInUse(ReadOnlySpan{float})"/>). The first model is not changed.
    /// </summary>
    /// <typeparam name="TDense">Class of the trained model, usually without masks.</typeparam>
    /// <typeparam name="TSparse">Class of the other: the same layers by kind, name, shape and bias, in the same order.</typeparam>
    /// <param name="dense">The trained model.</param>
    /// <param name="sparse">Receives what products of the first use.</param>
    /// <exception cref="ArgumentException">The layers are not alike, which is found before a weight changes; or a weight is not
    /// finite.</exception>
    public static void Apply<TDense, TSparse>(TDense dense, TSparse sparse)
        where TDense : class, ISparseModel<TDense>
        where TSparse : class, ISparseModel<TSparse>
    {
        ArgumentNullException.ThrowIfNull(dense);
        ArgumentNullException.ThrowIfNull(sparse);
        Check(TDense.Descriptor, TSparse.Descriptor);
        CheckKinds(dense, TDense.Descriptor, sparse, TSparse.Descriptor);
        foreach (var (source, target) in dense.Layers.Zip(sparse.Layers, (source, target) => (source.Parts, target.Parts)))
        {
            var (weights, vectors, counters) = Read(source);
            using var scope = target.Lifetime.Change();
            for (var i = 0; i < weights.Length; i++)
                Set(source.Matrices[i], weights[i], target.Matrices[i]);
            for (var i = 0; i < vectors.Length; i++)
                target.Named[i].Set(vectors[i]);
            for (var i = 0; i < counters.Length; i++)
                target.Counters[i].Value = counters[i];
        }
    }

    private static (float[][] Weights, float[][] Vectors, long[] Counters) Read(LayerParts layer)
    {
        using var scope = layer.Lifetime.Use();
        return (
            [.. layer.Matrices.Select(InUse)], [.. layer.Named.Select(vector => vector.Values.ToArray())],
            [.. layer.Counters.Select(counter => counter.Value)]);

        static float[] InUse(LayerWeights weights)
        {
            var weight = new float[weights.Count];
            weights.CopyInUse(weight);
            return weight;
        }
    }

    private static void Set(LayerWeights source, float[] weight, LayerWeights target)
    {
        if (source.IsDense)
            target.Set(weight);
        else if (target.Pattern is { } pattern && source.Matrix.EffectiveMask is { } mask && pattern.Accepts(mask))
            target.SetInUse(weight, mask);
        else
            target.SetInUse(weight);
    }

    private static void CheckKinds(ISparseModel dense, ModelDescriptor from, ISparseModel sparse, ModelDescriptor to)
    {
        for (var i = 0; i < dense.Layers.Count; i++)
        {
            var (source, target) = (dense.Layers[i].GetType(), sparse.Layers[i].GetType());
            if (source != target)
                throw new ArgumentException($"{from.Name}.{from.Layers[i].Path} is a {source.Name} where {to.Name} has a {target.Name}: both need the same layers in the same order.");
        }
    }

    private static void Check(ModelDescriptor from, ModelDescriptor to)
    {
        var layers = from.Layers.Select(Shape).Zip(to.Layers.Select(Shape));
        if (layers.FirstOrDefault(pair => pair.First != pair.Second) is { First: { } source, Second: var target })
            throw new ArgumentException(
                $"{from.Name} has {source} where {to.Name} has {target}: both need the same layers in the same order.");
        if (from.Layers.Count != to.Layers.Count)
            throw new ArgumentException($"{from.Name} has {from.Layers.Count} layers, but {to.Name} has {to.Layers.Count}: both need the "
                + "same layers in the same order.");

        static string Shape(LayerDescriptor layer) =>
            $"{layer.Path} ({layer.Inputs} to {layer.Outputs}, {(layer.Bias ? "with" : "without")} a bias)";
    }
}
