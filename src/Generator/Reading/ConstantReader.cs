using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SparseSharp.Generator.Reading;

/// <summary>
/// Values of numeric constants: literals from their token, everything else from the semantic model, which has to bind the body.
/// </summary>
internal sealed class ConstantReader(ReadingScope scope)
{
    /// <summary>The value as the float that C# converts it to, or null for anything that is not a numeric constant.</summary>
    public float? Read(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal => Convert(literal.Token.Value),
        ParenthesizedExpressionSyntax parenthesized => Read(parenthesized.Expression),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax literal } =>
            -Convert(literal.Token.Value),
        IdentifierNameSyntax or MemberAccessExpressionSyntax or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or CastExpressionSyntax
            or ConditionalExpressionSyntax or CheckedExpressionSyntax or DefaultExpressionSyntax or SizeOfExpressionSyntax =>
                Bind(expression),
        _ => null,
    };

    /// <summary>1 for true, 0 for false, or null for anything that is neither.</summary>
    public float? ReadFlag(ExpressionSyntax expression)
    {
        var value = expression is LiteralExpressionSyntax literal ? literal.Token.Value : scope.ConstantOf(expression).Value;
        return value is bool flag ? (flag ? 1 : 0) : null;
    }

    private float? Bind(ExpressionSyntax expression)
    {
        var constant = scope.ConstantOf(expression);
        return constant.HasValue ? Convert(constant.Value) : null;
    }

    private static float? Convert(object? value) => value switch
    {
        float number => number,
        char letter => letter,
        null or bool or string => null,
        IConvertible number => number.ToSingle(CultureInfo.InvariantCulture),
        _ => null,
    };
}
