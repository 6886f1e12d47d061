using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Operations;
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
    private const string Through = "Through";

    private static readonly string _operations =
        $"{Through}, {ApplyReader.Name}, {string.Join(", ", Catalogue.Methods.Select(method => method.Name))}, '+', '-', '*', and '/' by a "
            + "constant";

    private static Operation Negative => Catalogue.Find(Arithmetic.Multiply).OfConstant(-1);

    private readonly ConstantReader _constants = new(scope);
    private readonly ApplyReader _applied = new(model, scope, sink);
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
        if (Catalogue.Find(operation).OfValues is { } combination)
            return Node(new(combination, left, right), whole);
        Unreadable(
            whole, "activations cannot be divided by each other; divide by a constant, or multiply by a value that a layer computes");
        return default;
    }

    private Operand WithConstant(ExpressionSyntax whole, Arithmetic operation, int value, float constant, ExpressionSyntax place)
    {
        if (operation != Arithmetic.Divide || !float.IsInfinity(1 / constant))
            return Node(new(Catalogue.Find(operation).OfConstant(constant), value), whole);
        Unreadable(place, constant == 0
            ? "an activation cannot be divided by 0"
            : "the reciprocal of this constant is not a finite number");
        return default;
    }

    private Operand OfConstant(ExpressionSyntax whole, Arithmetic operation, float constant, int value)
    {
        switch (operation)
        {
            case Arithmetic.Add or Arithmetic.Multiply:
                return WithConstant(whole, operation, value, constant, whole);
            case Arithmetic.Subtract:
                return WithConstant(whole, Arithmetic.Add, graph.Add(new(Negative, value), whole), constant, whole);
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
        return operand.Node is { } value ? Node(new(Negative, value), negative) : default;
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
        MemberAccessExpressionSyntax access when access.Name.Identifier.ValueText == ApplyReader.Name && IsGivenLayer(call) => true,
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax receiver } access =>
            !locals.Contains(receiver.Identifier.ValueText) || !IsOperation(access.Name.Identifier.ValueText),
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or MemberAccessExpressionSyntax } => true,
        MemberAccessExpressionSyntax access => !IsOperation(access.Name.Identifier.ValueText),
        _ => true,
    };

    /// <summary>Whether a layer or a nested model is the only argument.</summary>
    private bool IsGivenLayer(InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments.Count == 1
        && NameOf(call.ArgumentList.Arguments[0].Expression) is { } name
        && members.Find(name) is not null;

    private Operand ReadCall(InvocationExpressionSyntax call, MemberAccessExpressionSyntax access)
    {
        if (access.Name is not IdentifierNameSyntax { Identifier.ValueText: var name } || !IsOperation(name))
        {
            Unreadable(call, $"'{access.Name}' is not an operation of a model; there are {_operations}");
            return default;
        }

        if (Read(access.Expression) is not { Constant: null } receiver)
        {
            Unreadable(access.Expression, "this is a constant, not an activation");
            return default;
        }

        var arguments = call.ArgumentList.Arguments;
        if (name == ApplyReader.Name)
            return ReadApply(receiver, arguments, call);
        var method = Catalogue.FindMethod(name);
        if (method is not null)
            return ReadMethod(method, receiver, arguments, call);
        if (arguments.Count > 0)
            return ReadThrough(receiver, arguments);
        sink.LeaveToCompiler();
        return default;
    }

    /// <summary>A call of a method that stands for an operation.</summary>
    private Operand ReadMethod(OperationMethod method, Operand receiver, SeparatedSyntaxList<ArgumentSyntax> arguments, SyntaxNode call)
    {
        var count = method.TakesMore ? arguments.Count : method.Operands;
        if (Match(method, arguments, count) is not { } given)
        {
            sink.LeaveToCompiler();
            return default;
        }

        var operands = new List<int?> { receiver.Node };
        for (var index = 0; index < count; index++)
            operands.Add(ReadActivation(arguments[index].Expression));

        var constants = new List<float>();
        for (var index = 0; index < given.Length; index++)
        {
            var parameter = method.Constants[index];
            if ((given[index] is { } argument ? ReadArgument(method, parameter, argument) : parameter.Otherwise) is not { } constant)
                return default;
            constants.Add(constant);
        }
        if (method.Check?.Invoke(constants) is { } fault)
        {
            var (value, parameter) = (constants[fault.Constant], method.Constants[fault.Constant]);
            sink.Report(fault.Descriptor, given[fault.Constant] ?? call, Text(value), parameter.Name, method.Name, fault.Range);
            return default;
        }
        return operands.Contains(null) ? default : Node(new(method.Make(constants), [.. operands.Select(operand => operand!.Value)]), call);
    }

    /// <summary>The argument of each constant, null for one that is left out; null where the compiler takes no such call.</summary>
    private static ExpressionSyntax?[]? Match(OperationMethod method, SeparatedSyntaxList<ArgumentSyntax> arguments, int operands)
    {
        if (arguments.Count < operands || (method.TakesMore && operands == 0))
            return null;
        var given = new ExpressionSyntax?[method.Constants.Length];
        for (var index = operands; index < arguments.Count; index++)
        {
            var place = arguments[index].NameColon is { } name
                ? Array.FindIndex(method.Constants, constant => constant.Name == name.Name.Identifier.ValueText)
                : index - operands;
            if (place < 0 || place >= given.Length || given[place] is not null)
                return null;
            given[place] = arguments[index].Expression;
        }
        return given.Where((argument, index) => argument is null && method.Constants[index].Otherwise is null).Any() ? null : given;
    }

    /// <summary>A call of an operation of the user's own.</summary>
    private Operand ReadApply(Operand receiver, SeparatedSyntaxList<ArgumentSyntax> arguments, SyntaxNode call)
    {
        if (arguments.Count == 0 || arguments.Any(argument => argument.NameColon is not null))
        {
            sink.LeaveToCompiler();
            return default;
        }

        var operands = new List<int?> { receiver.Node };
        foreach (var argument in arguments.Skip(1))
            operands.Add(ReadActivation(argument.Expression));
        return _applied.Read(arguments[0].Expression, operands.Count) is { } operation && !operands.Contains(null)
            ? Node(new(operation, [.. operands.Select(operand => operand!.Value)]), call)
            : default;
    }

    private float? ReadArgument(OperationMethod method, ConstantParameter parameter, ExpressionSyntax argument)
    {
        if ((parameter.IsFlag ? _constants.ReadFlag(argument) : _constants.Read(argument)) is not { } constant)
            Unreadable(argument, $"the {parameter.Name} must be a constant");
        else if (!parameter.IsValid(constant))
            sink.Report(parameter.Fault, argument, Text(constant), parameter.Name, method.Name, parameter.Range);
        else
            return constant;
        return null;
    }

    private static string Text(float constant) => constant.ToString(CultureInfo.InvariantCulture);

    /// <summary>The arithmetic of an expression or a compound assignment.</summary>
    public static Arithmetic? OperationOf(SyntaxKind kind) => kind switch
    {
        SyntaxKind.AddExpression or SyntaxKind.AddAssignmentExpression => Arithmetic.Add,
        SyntaxKind.SubtractExpression or SyntaxKind.SubtractAssignmentExpression => Arithmetic.Subtract,
        SyntaxKind.MultiplyExpression or SyntaxKind.MultiplyAssignmentExpression => Arithmetic.Multiply,
        SyntaxKind.DivideExpression or SyntaxKind.DivideAssignmentExpression => Arithmetic.Divide,
        _ => null,
    };

    /// <summary>Whether a method of an activation has a meaning in a graph.</summary>
    private static bool IsOperation(string method) => method is Through or ApplyReader.Name || Catalogue.FindMethod(method) is not null;

    private Operand ReadThrough(Operand receiver, SeparatedSyntaxList<ArgumentSyntax> arguments)
    {
        var argument = arguments[0].Expression;
        if (NameOf(argument) is not { } name)
        {
            Unreadable(argument, Advice.ForCreation(argument) ?? "Through takes a layer or a nested model of this class by its name");
            return default;
        }

        switch (members.Find(name))
        {
            case LayerMember when arguments.Count > 1:
                sink.LeaveToCompiler();
                return default;

            case LayerMember layer:
                return receiver.Node is { } value
                    ? Node(new(members.Layers[layer.Layer].Kind.Through(layer.Layer), value), argument, layer)
                    : default;

            case NestedMember { Graph: { } nested } member when ModelSize.HasTooManyOperations(graph.Count + nested.Nodes.Count):
                if (!_isTooLarge)
                    sink.Report(Descriptors.ModelTooLarge, argument, member.Name, model.Name, ModelSize.MostOperations, "operations");
                _isTooLarge = true;
                return default;

            case NestedMember { Graph: { } nested } member:
                return ReadNested(receiver, arguments, member, nested);

            case NestedMember:
                return default; // Reported at the property.

            default:
                ReportNoMember(name, argument);
                return default;
        }
    }

    /// <summary>A nested model, which is given a value for each of its inputs.</summary>
    private Operand ReadNested(Operand receiver, SeparatedSyntaxList<ArgumentSyntax> arguments, NestedMember member, GraphSpec nested)
    {
        if (arguments.Any(argument => argument.NameColon is not null))
        {
            sink.LeaveToCompiler();
            return default;
        }

        var values = new List<int?> { receiver.Node };
        foreach (var argument in arguments.Skip(1))
            values.Add(ReadActivation(argument.Expression));
        var inputs = Math.Max(nested.Inputs.Count, 1);
        if (values.Count != inputs)
        {
            var given = arguments[0].Expression;
            Unreadable(
                given,
                $"'{member.Name}' has {Count(inputs, "input")}, but Through gives it {Count(values.Count, "value")}; write {Example()}");
            return default;

            string Example() => inputs == 1 ? $"x.Through({given})"
                : $"x.Through({given}, {string.Join(", ", nested.InputNames.Skip(1))})";
        }
        return values.Contains(null)
            ? default
            : new(
                graph.Inline(
                    member, nested, [.. values.Select(value => value!.Value)], [.. arguments.Select(argument => argument.Expression)]),
                Constant: null);

        static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
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
        if (property is { IsPartialDefinition: true } && Vocabulary.IsLayer(property.Type))
        {
            // Reported at the property, unless the user implements it.
            sink.LeaveToCompiler();
            return;
        }

        Unreadable(
            argument,
            _advice.ForMember(name) ?? $"'{name}' is neither a layer nor a nested model of '{model.Name}'");
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
        InvocationExpressionSyntax => $"other methods are not read; a model consists of {_operations}",
        ObjectCreationExpressionSyntax when Advice.ForCreation(expression) is { } advice => advice,
        AssignmentExpressionSyntax => "an assignment is a statement of its own",
        _ => $"a model consists of {_operations}, on activations and numeric constants",
    };

    private Operand Node(NodeSpec node, SyntaxNode place, Member? member = null) => new(graph.Add(node, place, member), Constant: null);

    private void Unreadable(SyntaxNode place, string reason) => sink.Report(Descriptors.Unreadable, place, reason);
}

/// <summary>A value of the graph, or a constant, or neither where an expression could not be read.</summary>
internal readonly record struct Operand(int? Node, float? Constant)
{
    public bool IsKnown => Node is not null || Constant is not null;
}
