using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Operations;

/// <summary>
/// A method of an activation that stands for an operation in <c>Forward</c>. Its arguments are further activations, and behind them
/// constants.
/// </summary>
/// <param name="Name">Of the method.</param>
/// <param name="Make">The operation for these constants.</param>
/// <param name="Operands">How many further activations it takes.</param>
/// <param name="Constants">The constants that it takes.</param>
internal sealed record OperationMethod(
    string Name, Func<IReadOnlyList<float>, Operation> Make, int Operands = 0, params ConstantParameter[] Constants);

/// <param name="Name">In messages.</param>
/// <param name="IsValid">Whether a constant may be used.</param>
/// <param name="Fault">Reported for one that may not, with the constant.</param>
internal sealed record ConstantParameter(string Name, Func<float, bool> IsValid, DiagnosticDescriptor Fault);

/// <summary>What an operator of C# stands for in <c>Forward</c>.</summary>
/// <param name="Arithmetic">The operator.</param>
/// <param name="Symbol">As it is written.</param>
/// <param name="OfValues">Between two activations; null where it has no meaning there.</param>
/// <param name="OfConstant">Between an activation and a constant behind it.</param>
internal sealed record OperationOperator(Arithmetic Arithmetic, string Symbol, Operation? OfValues, Func<float, Operation> OfConstant);

/// <summary>The operators that <c>Forward</c> may use.</summary>
internal enum Arithmetic
{
    Add,
    Subtract,
    Multiply,
    Divide,
}
