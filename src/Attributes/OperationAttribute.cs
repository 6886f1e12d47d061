using System;

namespace SparseSharp;

/// <summary>
/// Marks a static method as an operation that <c>Forward</c> applies to values of the model: <c>x.Apply(Swish)</c>. The emitted passes call
/// the method and its gradient.
/// </summary>
/// <remarks>
/// <para>
/// Element by element: <c>static float Swish(float x)</c> with the gradient <c>static float SwishGradient(float x, float y, float dy)</c>,
/// which returns <c>dy · dy/dx</c>.
/// </para>
/// <para>
/// On the rows of a panel: <c>static void Op(PanelRows x, PanelRows y)</c> with the gradient
/// <c>static void OpGradient(PanelRows x, PanelRows y, PanelRows dy, PanelRows dx)</c>, which adds to <c>dx</c>. Further operands follow
/// the first one, and their gradients follow <c>dx</c> in the same order.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OperationAttribute : Attribute
{
    /// <summary>The name of the gradient, a static method of the same class: <c>nameof(SwishGradient)</c>.</summary>
    public string? Gradient { get; set; }

    /// <summary>
    /// Features of the result of an operation on rows, at least 1. If it is not set, the result has the features of the first operand.
    /// </summary>
    public int Outputs { get; set; }
}
