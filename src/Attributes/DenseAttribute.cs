using System;

namespace SparseSharp;

/// <summary>Keeps a layer out of the defaults of its class: dense weights, and gradients that are not pruned.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DenseAttribute : Attribute;
