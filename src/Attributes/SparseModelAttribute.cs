using System;

namespace SparseSharp;

/// <summary>
/// Marks a partial class as a model. The generator reads its layers and its <c>Forward</c> method, checks every shape and every
/// sparsity rule at compile time and emits the forward and backward passes.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SparseModelAttribute : Attribute
{
    /// <summary>
    /// The model whose layers and <c>Forward</c> this class has too. Attributes on this class replace those of the same kind on that one;
    /// a layer that is declared again, with its new attributes, replaces that layer. The model must be declared in the same project.
    /// </summary>
    public Type? VariantOf { get; set; }
}
