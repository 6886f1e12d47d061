using System;

namespace SparseSharp;

/// <summary>
/// Marks a partial class as a model. The generator reads its layers and its <c>Forward</c> method, checks every shape and every
/// sparsity rule at compile time and emits the forward and backward passes.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SparseModelAttribute : Attribute;
