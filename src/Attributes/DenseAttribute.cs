using System;

namespace SparseSharp;

/// <summary>Keeps a layer dense where the class has a sparsity attribute as the default of its layers.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DenseAttribute : Attribute;
