using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads the expressions of <c>Forward</c> into nodes. Syntax is enough, but for constants that are not literals.</summary>
internal sealed class ExpressionReader(
    INamedTypeSymbol model,
    MemberTable members,
    GraphBuilder graph,
    LocalTable locals,
    ReadingScope scope,
    DiagnosticSink sink)
{
    private const string Operations = "Through, Relu, Gelu, Silu, Tanh, Sigmoid, KTanh, KSigmoid, KSwish, KGelu, Dropout, '+', '-', '*', and '/' by a constant";

    private readonly ConstantReader _constants = new(scope);
    private readonly Advice _advice = new(model, members);
    private bool _isTooLarge;
    private readonly HashSet<string> _reportedMembers = new(StringComparer.Ordinal);

    /// <summary>The node of an expression that must be a value of the graph; null where it is not, which has been reported.</summary>
    public int? ReadActivation(ExpressionSyntax expression)
    {
        var operand = Read(expression);
        if (operand.Constant is not null)
            Unreadable(expression, "this is a constant; only an activation has a place here, and a local that is not one must be 'const'");
        return operand.Node;
    }

    /// <summary>The node of an operation on two operands, or the constant that both make together.</summary>
    public Operand ReadOperation(ExpressionSyntax whole, ExpressionSyntax left, ExpressionSyntax right, Arithmetic operation)
    {
        var (first, second) = (Read(left), Read(right));
        if (first.Constant is not null && second.Constant is not null)
            return ReadConstant(whole);
        if (!first.IsKnown || !second.IsKnown)
            return default;

        return (first.Node, second.Node) switch
        {
            ({ } a, { } b) => Combine(whole, operation, a, b),
            ({ } value, null) => WithConstant(whole, operation, value, second.Constant!.Value, right),
            _ => OfConstant(whole, operation, first.Constant!.Value, second.Node!.Value),
        };
    }

    private Operand Combine(ExpressionSyntax whole, Arithmetic operation, int left, int right)
    {
        switch (operation)
        {
            case Arithmetic.Add:
                return Node(new(NodeKind.Add, left, right), whole);
            case Arithmetic.Subtract:
                return Node(new(NodeKind.Subtract, left, right), whole);
            case Arithmetic.Multiply:
                return Node(new(NodeKind.Multiply, left, right), whole);
            default:
                Unreadable(whole, "activations cannot be divided by each other; divide by a constant, or multiply by a value that a layer computes");
                return default;
        }
    }

    private Operand WithConstant(ExpressionSyntax whole, Arithmetic operation, int value, float constant, ExpressionSyntax place)
    {
        switch (operation)
        {
            case Arithmetic.Add:
                return Node(new(NodeKind.Shift, value, Value: constant), whole);
            case Arithmetic.Subtract:
                return Node(new(NodeKind.Shift, value, Value: -constant), whole);
            case Arithmetic.Multiply:
                return Node(new(NodeKind.Scale, value, Value: constant), whole);
            default:
                if (float.IsInfinity(1 / constant))
                {
                    Unreadable(place, constant == 0 ? "an activation cannot be divided by 0" : "the reciprocal of this constant is not a finite number");
                    return default;
                }
                return Node(new(NodeKind.Scale, value, Value: 1 / constant), whole);
        }
    }

    private Operand OfConstant(ExpressionSyntax whole, Arithmetic operation, float constant, int value)
    {
        switch (operation)
        {
            case Arithmetic.Add or Arithmetic.Multiply:
                return WithConstant(whole, operation, value, constant, whole);
            case Arithmetic.Subtract:
                return Node(new(NodeKind.Shift, graph.Add(new(NodeKind.Scale, value, Value: -1), whole), Value: constant), whole);
            default:
                Unreadable(whole, "a constant cannot be divided by an activation; an activation can be divided by a constant");
                return default;
        }
    }

    private Operand ReadNegative(PrefixUnaryExpressionSyntax negative)
    {
        var operand = Read(negative.Operand);
        if (operand.Constant is not null)
            return ReadConstant(negative);
        return operand.Node is { } value ? Node(new(NodeKind.Scale, value, Value: -1), negative) : default;
    }

    private Operand Read(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                return Read(parenthesized.Expression);

            case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed:
                return Read(suppressed.Operand);

            case IdentifierNameSyntax name when locals.TryGet(name.Identifier.ValueText, out var node):
                return new(node, Constant: null);

            case InvocationExpressionSyntax call when IsForeign(call) && _advice.ForCall(call) is { } advice:
                Unreadable(call, advice);
                return default;

            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } access } call:
                return ReadCall(call, access);

            case BinaryExpressionSyntax binary when OperationOf(binary.Kind()) is { } operation:
                return ReadOperation(binary, binary.Left, binary.Right, operation);

            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } negative:
                return ReadNegative(negative);

            default:
                return ReadConstant(expression);
        }
    }

    /// <summary>Whether a call is none of an operation on a value: a local may have the name of a layer.</summary>
    private bool IsForeign(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax receiver } access =>
            !locals.Contains(receiver.Identifier.ValueText) || KindOf(access.Name.Identifier.ValueText) is null,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or MemberAccessExpressionSyntax } => true,
        MemberAccessExpressionSyntax access => KindOf(access.Name.Identifier.ValueText) is null,
        _ => true,
    };

    private Operand ReadCall(InvocationExpressionSyntax call, MemberAccessExpressionSyntax access)
    {
        if (access.Name is not IdentifierNameSyntax method || KindOf(method.Identifier.ValueText) is not { } kind)
        {
            Unreadable(call, $"'{access.Name}' is not an operation of a model; there are {Operations}");
            return default;
        }

        if (Read(access.Expression) is not { Constant: null } receiver)
        {
            Unreadable(access.Expression, "this is a constant, not an activation");
            return default;
        }

        var arguments = call.ArgumentList.Arguments;
        switch (kind)
        {
            case NodeKind.Linear when arguments.Count == 1:
                return ReadThrough(receiver, arguments[0].Expression);

            case NodeKind.Dropout when arguments.Count == 1:
                return ReadDropout(receiver, arguments[0].Expression, call);

            case NodeKind.Linear or NodeKind.Dropout:
                sink.LeaveToCompiler();
                return default;

            default:
                return receiver.Node is { } value ? Node(new(kind, value), call) : default;
        }
    }

    /// <summary>The arithmetic of an expression or a compound assignment.</summary>
    public static Arithmetic? OperationOf(SyntaxKind kind) => kind switch
    {
        SyntaxKind.AddExpression or SyntaxKind.AddAssignmentExpression => Arithmetic.Add,
        SyntaxKind.SubtractExpression or SyntaxKind.SubtractAssignmentExpression => Arithmetic.Subtract,
        SyntaxKind.MultiplyExpression or SyntaxKind.MultiplyAssignmentExpression => Arithmetic.Multiply,
        SyntaxKind.DivideExpression or SyntaxKind.DivideAssignmentExpression => Arithmetic.Divide,
        _ => null,
    };

    /// <summary>The operation that a method of an activation stands for; Linear stands for <c>Through</c>.</summary>
    private static NodeKind? KindOf(string method) => method switch
    {
        "Through" => NodeKind.Linear,
        "Relu" => NodeKind.Relu,
        "Gelu" => NodeKind.Gelu,
        "Silu" => NodeKind.Silu,
        "Tanh" => NodeKind.Tanh,
        "Sigmoid" => NodeKind.Sigmoid,
        "KTanh" => NodeKind.KTanh,
        "KSigmoid" => NodeKind.KSigmoid,
        "KSwish" => NodeKind.KSwish,
        "KGelu" => NodeKind.KGelu,
        "Dropout" => NodeKind.Dropout,
        _ => null,
    };

    private Operand ReadThrough(Operand receiver, ExpressionSyntax argument)
    {
        if (NameOf(argument) is not { } name)
        {
            Unreadable(argument, Advice.ForCreation(argument) ?? "Through takes a layer or a nested model of this class by its name");
            return default;
        }

        switch (members.Find(name))
        {
            case LayerMember layer:
                return receiver.Node is { } value ? Node(new(NodeKind.Linear, value, Layer: layer.Layer), argument, layer) : default;

            case NestedMember { Graph: { } nested } member when ModelSize.HasTooManyOperations(graph.Count + nested.Nodes.Count):
                if (!_isTooLarge)
                    sink.Report(Descriptors.ModelTooLarge, argument, member.Name, model.Name, ModelSize.MostOperations, "operations");
                _isTooLarge = true;
                return default;

            case NestedMember { Graph: { } nested } member:
                return receiver.Node is { } input ? new(graph.Inline(member, nested, input, argument), Constant: null) : default;

            case NestedMember:
                return default; // Reported at the property.

            default:
                ReportNoMember(name, argument);
                return default;
        }
    }

    /// <summary>The name in <c>Layer</c> or <c>this.Layer</c>, if it can be one of a member.</summary>
    private string? NameOf(ExpressionSyntax expression) => expression switch
    {
        ParenthesizedExpressionSyntax parenthesized => NameOf(parenthesized.Expression),
        IdentifierNameSyntax name when !locals.Contains(name.Identifier.ValueText) => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax name } => name.Identifier.ValueText,
        _ => null,
    };

    private void ReportNoMember(string name, ExpressionSyntax argument)
    {
        var property = model.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault();
        if (property?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax syntax
            && Vocabulary.IsModel(property.Type)
            && !syntax.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            if (_reportedMembers.Add(name))
                MemberReader.CheckProperty(syntax, sink);
            return;
        }
        if (property is { IsPartialDefinition: true } && Vocabulary.IsLinear(property.Type))
        {
            // Reported at the property, unless the user implements it.
            sink.LeaveToCompiler();
            return;
        }

        Unreadable(
            argument,
            _advice.ForMember(name) ?? $"'{name}' is neither a layer nor a nested model of '{model.Name}'");
    }

    private Operand ReadDropout(Operand receiver, ExpressionSyntax argument, SyntaxNode call)
    {
        if (_constants.Read(argument) is not { } probability)
        {
            Unreadable(argument, "the probability must be a constant");
            return default;
        }

        if (!(probability >= 0 && probability < 1))
        {
            sink.Report(Descriptors.DropoutProbability, argument, probability.ToString(CultureInfo.InvariantCulture));
            return default;
        }

        return receiver.Node is { } value ? Node(new(NodeKind.Dropout, value, Value: probability), call) : default;
    }

    private Operand ReadConstant(ExpressionSyntax expression)
    {
        if (_constants.Read(expression) is not { } constant)
        {
            Unreadable(expression, Explain(expression));
            return default;
        }

        if (float.IsNaN(constant) || float.IsInfinity(constant))
        {
            Unreadable(expression, "the constant is not a finite number");
            return default;
        }

        return new(Node: null, constant);
    }

    private static string Explain(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => $"'{name.Identifier.ValueText}' is neither a value of this Forward nor a numeric constant",
        ConditionalExpressionSyntax or SwitchExpressionSyntax => "a model has no conditions; it is the same for every sample",
        InvocationExpressionSyntax => $"other methods are not read; a model consists of {Operations}",
        ObjectCreationExpressionSyntax when Advice.ForCreation(expression) is { } advice => advice,
        AssignmentExpressionSyntax => "an assignment is a statement of its own",
        _ => $"a model consists of {Operations}, on activations and numeric constants",
    };

    private Operand Node(NodeSpec node, SyntaxNode place, Member? member = null) => new(graph.Add(node, place, member), Constant: null);

    private void Unreadable(SyntaxNode place, string reason) => sink.Report(Descriptors.Unreadable, place, reason);
}

/// <summary>The operators that <c>Forward</c> may use.</summary>
internal enum Arithmetic
{
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// <summary>A value of the graph, or a constant, or neither where an expression could not be read.</summary>
internal readonly record struct Operand(int? Node, float? Constant)
{
    public bool IsKnown => Node is not null || Constant is not null;
}
