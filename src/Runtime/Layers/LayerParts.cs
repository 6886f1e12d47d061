using SparseSharp.Kernels;
using SparseSharp.Learning;
using SparseSharp.Matrices;
using SparseSharp.Workers;

namespace SparseSharp.Layers;

/// <summary>
/// What a layer consists of, whatever its kind: weight matrices, vectors that learn, and buffers that do not. Trainers,
/// checkpoints, files and passes of other frameworks reach a layer
/// through it. Callers hold the <see cref="Lifetime"/>.
/// </summary>
internal sealed class LayerParts
{
    /// <param name="kind">What exceptions call a layer that belongs to no model.</param>
    /// <param name="matrices">The weight matrices.</param>
    /// <param name="vectors">The vectors that learn beside them.</param>
    /// <param name="buffers">The values that do not learn.</param>
    /// <param name="counters">The whole numbers beside them.</param>
    public LayerParts(
        string kind, LayerWeights[] matrices, LearnedVector[] vectors, LayerBuffer[]? buffers = null, LayerCounter[]? counters = null)
    {
        (Matrices, Vectors, Buffers, Counters) = (matrices, vectors, buffers ?? [], counters ?? []);
        Learned = [.. matrices, .. vectors];
        LearnedParameters =
        [
            .. Learned.Select(part => (part, part.Parameters[0])),
            .. Learned.SelectMany(part => part.Parameters.Skip(1).Select(parameter => (part, parameter))),
        ];
        Parameters = [.. LearnedParameters.Select(learned => learned.Parameter)];
        Named = [.. Vectors, .. Buffers];
        Lifetime = new Lifetime(kind, layers: 0);
        Join(Lifetime);
    }

    /// <summary>The weight matrices.</summary>
    public LayerWeights[] Matrices { get; }

    /// <summary>Vectors that learn.</summary>
    public LearnedVector[] Vectors { get; }

    /// <summary>Values that do not learn.</summary>
    public LayerBuffer[] Buffers { get; }

    /// <summary>Whole numbers that do not learn.</summary>
    public LayerCounter[] Counters { get; }

    /// <summary>What the passes of a step have found out about the batches, beside gradients; null for nothing.</summary>
    public BatchNormalisation? Statistics { get; init; }

    /// <summary>What passes take of a layer without a matrix, where they skip gradients of a frozen one; else null.</summary>
    public IFreezable? OfPasses { get; init; }

    /// <summary>All that learns: matrices, then vectors.</summary>
    public LearnedPart[] Learned { get; }

    /// <summary>Vectors and buffers, which files hold under names of their own.</summary>
    public INamedVector[] Named { get; }

    /// <summary>
    /// Parameters with the parts that they belong to: those of all weights, then of vectors, then what comes with weights.
    /// </summary>
    public (LearnedPart Part, Parameter Parameter)[] LearnedParameters { get; }

    /// <summary>The parameters in this order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Who may touch the memory: shared by all layers of a model.</summary>
    public Lifetime Lifetime { get; private set; }

    /// <summary>The training that the optimizer's state and the phase of this layer belong to, or null before the first one.</summary>
    public object? Owner { get; set; }

    /// <summary>Whether trainings leave the layer as it is.</summary>
    public bool IsFrozen
    {
        get;
        set
        {
            field = value;
            foreach (var part in Learned)
                part.IsFrozen = value;
            if (Statistics is { } statistics)
                statistics.IsFrozen = value;
            if (OfPasses is { } passes)
                passes.IsFrozen = value;
        }
    }

    /// <summary>The pattern of the first matrix; null where it is dense, or there is none.</summary>
    public SparsityPattern? Pattern => Matrices.Length > 0 ? Matrices[0].Pattern : null;

    /// <summary>How masked weights learn, where their gradient is annealed, else null.</summary>
    public IAnnealing? Annealing => Matrices.Length > 0 ? Matrices[0].Annealing : null;

    /// <summary>Weights of all matrices, kept ones and others.</summary>
    public long WeightCount => Matrices.Sum(weights => weights.Count);

    /// <summary>Share of the weights that products use; 1 without a matrix.</summary>
    public double Density => Mean(weights => weights.Product.Density, otherwise: 1);

    /// <summary>Share of the weights that get a gradient at the moment, for the accounting of operations.</summary>
    public double GradientShare => Mean(weights => weights.GradientShare, otherwise: IsFrozen ? 0 : 1);

    /// <summary>Share of mask bits that the last refresh changed, per step of its interval; 0 before the first.</summary>
    public double FlipRate => Mean(weights => weights.FlipRate, otherwise: 0);

    /// <summary>Whether dense kernels compute all products.</summary>
    public bool UsesDenseKernels => Array.TrueForAll(Matrices, weights => weights.Matrix.UsesDenseKernels);

    /// <summary>Makes the layer a part of a model.</summary>
    public void Join(Lifetime lifetime)
    {
        Lifetime = lifetime;
        foreach (var parameter in Parameters)
            parameter.Lifetime = lifetime;
    }

    /// <summary>Writes all that the layer has to remember, optimizer state aside.</summary>
    public void Save(IStateWriter writer)
    {
        foreach (var weights in Matrices)
            weights.SaveValues(writer);
        foreach (var vector in Vectors)
            vector.Save(writer);
        foreach (var weights in Matrices)
            weights.SaveRule(writer);
        foreach (var buffer in Buffers)
            buffer.Save(writer);
        foreach (var counter in Counters)
            writer.AddNumber(counter.Name, counter.Value);
    }

    /// <summary>Reads and checks what <see cref="Save"/> has written, in the same order.</summary>
    /// <returns>What puts all of it in place; nothing has changed before.</returns>
    public Action Restore(IStateReader reader)
    {
        float[][] values = [.. Matrices.Select(weights => weights.ReadValues(reader))];
        Action[] vectors = [.. Vectors.Select(vector => vector.Restore(reader))];
        Action[] matrices = [.. Matrices.Zip(values, (weights, read) => weights.Restore(reader, read))];
        Action[] buffers = [.. Buffers.Select(buffer => buffer.Restore(reader))];
        long[] counters = [.. Counters.Select(counter => reader.Number(counter.Name, LayerCounter.Most))];
        return () =>
        {
            foreach (var restore in (Action[])[.. matrices, .. vectors, .. buffers])
                restore();
            for (var i = 0; i < counters.Length; i++)
                Counters[i].Value = counters[i];
        };
    }

    /// <summary>Gives the memory up.</summary>
    public void Free()
    {
        foreach (var part in Learned)
            part.Dispose();
        foreach (var buffer in Buffers)
            buffer.Dispose();
    }

    /// <summary>A mean over all weights.</summary>
    private double Mean(Func<LayerWeights, double> value, double otherwise)
    {
        if (Matrices.Length == 1)
            return value(Matrices[0]);
        var (sum, count) = (0.0, 0L);
        foreach (var weights in Matrices)
            (sum, count) = (sum + (weights.Count * value(weights)), count + weights.Count);
        return count == 0 ? otherwise : sum / count;
    }
}
