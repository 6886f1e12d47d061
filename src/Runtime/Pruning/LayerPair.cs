using SparseSharp.Kernels;
using SparseSharp.Layers;

namespace SparseSharp.Pruning;

/// <summary>A layer of a dense model and the one of the same path in an N:M model.</summary>
/// <param name="Path">Property path of both.</param>
/// <param name="Dense">The dense one.</param>
/// <param name="Sparse">The other one, which may be dense too.</param>
internal sealed record LayerPair(string Path, ILayer Dense, ILayer Sparse)
{
    /// <summary>All layers of two models, in the order of the second.</summary>
    /// <exception cref="ArgumentException">A layer has no counterpart or another shape, or cannot be pruned.</exception>
    public static IReadOnlyList<LayerPair> Of<TDense, TSparse>(TDense dense, TSparse sparse)
        where TDense : class, ISparseModel<TDense>
        where TSparse : class, ISparseModel<TSparse>
    {
        var (from, to) = (TDense.Descriptor, TSparse.Descriptor);
        var teachers = from.Layers.Zip(dense.Layers).ToDictionary(pair => pair.First.Path, pair => pair);
        var pairs = new List<LayerPair>();
        foreach (var (entry, layer) in to.Layers.Zip(sparse.Layers))
        {
            if (!teachers.Remove(entry.Path, out var teacher))
                throw new ArgumentException(
                    $"{from.Name} has no layer {entry.Path}, but {to.Name} has: both models need layers of the same paths.");
            Check(from, teacher.First, to, entry);
            if (teacher.Second.GetType() != layer.GetType())
                throw new ArgumentException($"{from.Name}.{entry.Path} is a {teacher.Second.GetType().Name}, {to.Name}.{entry.Path} a {layer.GetType().Name}: they must be alike.");
            if (teacher.Second is Conv2d from2d && layer is Conv2d to2d && from2d.Window != to2d.Window)
                throw new ArgumentException($"{from.Name}.{entry.Path} is {from2d}, {to.Name}.{entry.Path} is {to2d}: they must be alike.");
            if (teacher.Second.Pattern is not null)
                throw new ArgumentException($"{from.Name}.{entry.Path} has the pattern {teacher.First.Pattern}: AdaPrune starts from dense "
                    + "layers; zeros among their weights are fine.");
            if (layer.Pattern is NMPattern { Policy: MaskPolicy.SoftThreshold })
                throw new ArgumentException($"{to.Name}.{entry.Path} has the policy SoftThreshold, which does not use its weights as they "
                    + "are: give the model for AdaPrune another one, such as Static.");
            pairs.Add(new LayerPair(entry.Path, teacher.Second, layer));
        }
        return teachers.Count == 0
            ? pairs
            : throw new ArgumentException(
                $"{to.Name} has no layer {teachers.Keys.First()}, but {from.Name} has: both models need layers of the same paths.");
    }

    /// <summary>Gives the second layer what the first holds, with weights under the mask of their magnitudes if it has a pattern.</summary>
    public void Copy()
    {
        var (weights, vectors, counters) = Read(Dense.Parts);
        using var scope = Sparse.Parts.Lifetime.Change();
        for (var i = 0; i < weights.Length; i++)
            Sparse.Parts.Matrices[i].Set(weights[i]);
        for (var i = 0; i < vectors.Length; i++)
            Sparse.Parts.Named[i].Set(vectors[i]);
        for (var i = 0; i < counters.Length; i++)
            Sparse.Parts.Counters[i].Value = counters[i];
    }

    private static (float[][] Weights, float[][] Vectors, long[] Counters) Read(LayerParts layer)
    {
        using var scope = layer.Lifetime.Use();
        return (
            [.. layer.Matrices.Select(weights => weights.Values.ToArray())], [.. layer.Named.Select(vector => vector.Values.ToArray())],
            [.. layer.Counters.Select(counter => counter.Value)]);
    }

    private static void Check(ModelDescriptor from, LayerDescriptor dense, ModelDescriptor to, LayerDescriptor sparse)
    {
        if ((dense.Inputs, dense.Outputs, dense.Bias) == (sparse.Inputs, sparse.Outputs, sparse.Bias))
            return;
        throw new ArgumentException(
            $"{from.Name}.{dense.Path} is {Shape(dense)}, {to.Name}.{sparse.Path} is {Shape(sparse)}: they must be alike.");

        static string Shape(LayerDescriptor layer) => $"{layer.Inputs} to {layer.Outputs} {(layer.Bias ? "with" : "without")} a bias";
    }
}
