using System;

namespace SparseSharp;

/// <summary>Keeps a layer out of the defaults of its class: dense weights, and neither gradients nor inputs that are pruned.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DenseAttribute : Attribute;
