using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;

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
    string Name, Func<IReadOnlyList<float>, Operation> Make, int Operands = 0, params ConstantParameter[] Constants)
{
    /// <summary>Whether all arguments are further activations, one or more.</summary>
    public bool TakesMore { get; init; }

    /// <summary>What is wrong with constants that are valid one by one; null where nothing is, or nothing can be.</summary>
    public Func<IReadOnlyList<float>, ConstantFault?>? Check { get; init; }
}

/// <summary>A constant of a method. Flags are 0 or 1.</summary>
/// <param name="Name">The name of the parameter, which a call may say.</param>
/// <param name="IsValid">Whether a constant may be used.</param>
/// <param name="Fault">Reported for one that may not, with the constant, the name, the method and <paramref name="Range"/>.</param>
/// <param name="Range">What to give, for the message.</param>
internal sealed record ConstantParameter(string Name, Func<float, bool> IsValid, DiagnosticDescriptor Fault, string Range = "")
{
    private const int Most = 32767;

    /// <summary>What it is where a call does not give it; null where a call has to.</summary>
    public float? Otherwise { get; init; }

    /// <summary>Whether it is true or false.</summary>
    public bool IsFlag { get; init; }

    /// <summary>A whole number.</summary>
    public static ConstantParameter Integer(string name, int least, int? otherwise = null) =>
        new(name, value => value >= least && value <= Most, Descriptors.OperationNumber, $"{Words.Number(least)} to {Words.Number(Most)}")
        {
            Otherwise = otherwise,
        };

    /// <summary>True or false.</summary>
    public static ConstantParameter Flag(string name, bool otherwise) => new(name, _ => true, Descriptors.OperationNumber)
    {
        IsFlag = true,
        Otherwise = otherwise ? 1 : 0,
    };
}

/// <param name="Constant">Which constant of the method does not go with the others.</param>
/// <param name="Descriptor">What is reported.</param>
/// <param name="Range">What to give, for the message.</param>
internal sealed record ConstantFault(int Constant, DiagnosticDescriptor Descriptor, string Range);

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
