using System;

namespace SparseSharp;

/// <summary>
/// A classifier whose projection does not learn, on a partial property of type <c>FixedClassifier</c>: <c>y = α·W·x/‖x‖ + b</c>. Rows of
/// <c>W</c> are those of a Hadamard matrix, which nobody stores; <c>α</c> and <c>b</c> learn (Hoffer, Hubara and Soudry, "Fix your
/// classifier", 2018).
/// </summary>
/// <param name="features">Input features, at least 1.</param>
/// <param name="classes">Classes, at least 1; at most the smallest power of two that is not less than the features.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FixedClassifierAttribute(int features, int classes) : Attribute
{
    /// <summary>Input features.</summary>
    public int Features { get; } = features;

    /// <summary>Classes.</summary>
    public int Classes { get; } = classes;

    /// <summary>Whether rows are random orthonormal ones, the same in every model, instead of those of a Hadamard matrix.</summary>
    public bool Random { get; set; }
}
