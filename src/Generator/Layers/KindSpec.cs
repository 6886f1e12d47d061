using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Layers;

/// <summary>
/// What the attribute of a layer says: plain values, no Roslyn type. Planning and emitting ask it for whatever depends on the
/// kind of a layer.
/// </summary>
internal abstract record KindSpec
{
    /// <summary>The class of the layer at run time.</summary>
    public abstract string Name { get; }

    /// <summary>Features that the layer takes; 0 where they are not valid.</summary>
    public abstract int Inputs { get; }

    /// <summary>Features that the layer gives; 0 where they are not valid.</summary>
    public abstract int Outputs { get; }

    /// <summary>The weight matrices, with their modifiers.</summary>
    public virtual EquatableArray<MatrixSpec> Matrices => EquatableArray<MatrixSpec>.Empty;

    /// <summary>Names of the vectors that learn beside the matrices, as files have them.</summary>
    public virtual EquatableArray<string> Vectors => EquatableArray<string>.Empty;

    /// <summary>The shape in words, for example <c>784 to 1024 features with a bias</c>.</summary>
    public abstract string Shape { get; }

    /// <summary>Whether there is a bias.</summary>
    public bool HasBias => Vectors.Contains("bias");

    /// <summary>Whether the layer is told of a pass before it begins.</summary>
    public virtual bool IsPrepared => false;

    /// <summary>Operations of the products of one sample with all weights, multiply and add counted as two.</summary>
    public virtual long DenseFlops => 2 * Matrices.Sum(matrix => matrix.Weights);

    /// <summary>What <c>Through</c> adds to the graph.</summary>
    /// <param name="layer">Index of the layer in the model.</param>
    public abstract Operation Through(int layer);

    /// <summary>What to change so that the layer takes a value, for example <c>change [Linear(64, 10)] to [Linear(32, 10)]</c>.</summary>
    /// <param name="features">Features of the value.</param>
    public abstract string ChangeFor(int features);

    /// <summary>The arguments that construct the layer, without parentheses.</summary>
    /// <param name="layer">Its plan.</param>
    /// <param name="names">Expressions of the constructor that prints them.</param>
    public abstract string Arguments(LayerPlan layer, ConstructorNames names);
}

/// <summary>What the constructor of a model calls things.</summary>
/// <param name="Pattern">The sparsity pattern of a matrix as an expression.</param>
/// <param name="Seed">The seed of the model.</param>
/// <param name="Stream">The random stream of the layer.</param>
internal sealed record ConstructorNames(Func<MatrixPlan, string> Pattern, string Seed, string Stream);
