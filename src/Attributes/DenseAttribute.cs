using System;

namespace SparseSharp;

/// <summary>
/// Keeps a layer out of the defaults of its class: dense weights, and neither gradients nor inputs that are pruned. On a variant of a model
/// (<see cref="SparseModelAttribute.VariantOf"/>), keeps all its layers out of the defaults of that model.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, Inherited = false)]
public sealed class DenseAttribute : Attribute;
