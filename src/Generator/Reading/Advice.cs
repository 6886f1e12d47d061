using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Layers;

namespace SparseSharp.Generator.Reading;

/// <summary>What to write instead of what other frameworks have in a <c>Forward</c>.</summary>
internal sealed class Advice(INamedTypeSymbol model, MemberTable members)
{
    private const int MostText = 120;

    private static readonly string[] OperationNames =
        ["Through", .. Operations.Catalogue.Methods.Select(operation => operation.Name)];

    /// <summary>What to write instead of a call; null where nothing is known of it.</summary>
    public string? ForCall(InvocationExpressionSyntax call)
    {
        var (receiver, method) = call.Expression switch
        {
            MemberAccessExpressionSyntax
            {
                RawKind: (int)SyntaxKind.SimpleMemberAccessExpression,
                Expression: ThisExpressionSyntax
            } access =>
                ((ExpressionSyntax?)null, access.Name.Identifier.ValueText),
            MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } access =>
                ((ExpressionSyntax?)access.Expression, access.Name.Identifier.ValueText),
            IdentifierNameSyntax name => ((ExpressionSyntax?)null, name.Identifier.ValueText),
            _ => (null, ""),
        };
        if (receiver is null)
        {
            return IsLayer(method) ? GoesThrough(call)
                : IsHelper(method) ? $"other methods are not read, so '{method}' is none; write here what it does, or make it a nested "
                    + "model: a [SparseModel] class with a Forward of its own, used by x.Through(…)"
                : null;
        }
        if (NameOf(receiver) is { } layer && IsLayer(layer))
            return GoesThrough(call);
        if (call.ArgumentList.Arguments.Count == 1
            && NameOf(call.ArgumentList.Arguments[0].Expression) is { } argument
            && IsLayer(argument)
            && method != "Through")
            return $"a value goes through a layer; write '{Short($"{receiver}.Through({argument})", argument)}'";
        return ForOperation(method);
    }

    /// <summary>What to write instead of a layer that is made on the spot; null where none is.</summary>
    public static string? ForCreation(ExpressionSyntax expression) =>
        NewLayer(expression, Catalogue.All[0]) is { Kind: var kind, Arguments: var arguments }
        ? $"a layer is a property of the class; declare '[{kind.Name}{arguments}] public partial {kind.Name} Name {{ get; }}' and write "
            + "Through(Name)"
        : null;

    /// <summary>What to write instead of a field or an ordinary property that holds a layer; null where a name is of neither.</summary>
    public string? ForMember(string name)
    {
        foreach (var member in model.GetMembers(name))
        {
            var (type, initializer) = member switch
            {
                IPropertySymbol property =>
                    (property.Type,
                        (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as PropertyDeclarationSyntax)?.Initializer),
                IFieldSymbol field =>
                    (field.Type, (field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as VariableDeclaratorSyntax)?.Initializer),
                _ => (null, null),
            };
            if (type is null || Vocabulary.KindOf(type.WithNullableAnnotation(NullableAnnotation.None)) is not { } kind)
                continue;
            var arguments = (initializer is null ? null : NewLayer(initializer.Value, kind)?.Arguments) ?? kind.Parameters;
            return member is IPropertySymbol && initializer is null
                ? $"'{name}' is not declared as a layer; add [{kind.Name}{kind.Parameters}] to the property"
                : $"'{name}' is not declared as a layer; declare it as '[{kind.Name}{arguments}] public partial {kind.Name} {char.ToUpperInvariant(name[0])}{name.Substring(1)} {{ get; }}'";
        }
        return null;
    }

    private static string? ForOperation(string method)
    {
        foreach (var operation in OperationNames)
        {
            if (operation.Equals(method, StringComparison.OrdinalIgnoreCase) && operation != method)
                return $"'{method}' is not an operation of a model; write '{operation}'";
        }
        return method.ToLowerInvariant() switch
        {
            "softmax" or "logsoftmax" =>
                $"'{method}' is not an operation of a model; leave it out: Loss.SoftmaxCrossEntropy takes what comes before it, and "
                    + "PredictClass finds the largest output without it",
            "reshape" or "view" =>
                $"'{method}' is not an operation of a model; leave it out: the features of a sample are one row of numbers already",
            "swish" or "softplus" or "mish" =>
                $"'{method}' is not an operation of a model; Silu and Gelu are the nearest",
            "conv2d" => $"'{method}' is not an operation of a model; declare a property with [Conv2d(inputs, outputs)], and write Through(it)",
            "batchnorm" or "layernorm" or "normalize" or "attention" =>
                $"'{method}' is not an operation of a model: there are {string.Join(", ", Catalogue.All.Select(kind => kind.Plural))} only",
            "avgpool" => $"'{method}' is not an operation of a model; write 'AveragePool'",
            "cat" or "concatenate" => $"'{method}' is not an operation of a model; write 'a.Concat(b)'",
            "clamp" => $"'{method}' is not an operation of a model; write 'Clip'",
            "interpolate" => $"'{method}' is not an operation of a model; write 'Upsample'",
            "add" => $"'{method}' is not an operation of a model; write '+'",
            "sub" or "subtract" => $"'{method}' is not an operation of a model; write '-'",
            "mul" or "multiply" => $"'{method}' is not an operation of a model; write '*'",
            _ => null,
        };
    }

    private string GoesThrough(InvocationExpressionSyntax call) => $"a value goes through a layer; write '{Short(Chain(call), "Layer")}'";

    /// <summary><c>Head.Forward(Stem.Forward(x))</c> as <c>x.Through(Stem).Through(Head)</c>.</summary>
    private string Chain(ExpressionSyntax expression)
    {
        if (expression is InvocationExpressionSyntax { ArgumentList.Arguments.Count: 1 } call && LayerOf(call) is { } layer)
            return $"{Chain(call.ArgumentList.Arguments[0].Expression)}.Through({layer})";
        if (expression is InvocationExpressionSyntax other && LayerOf(other) is { } alone)
            return $"x.Through({alone})";
        return expression is IdentifierNameSyntax or InvocationExpressionSyntax or MemberAccessExpressionSyntax
            ? expression.ToString()
            : $"({expression})";
    }

    private string? LayerOf(InvocationExpressionSyntax call)
    {
        var place = call.Expression is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax } access
            ? access.Expression
            : call.Expression;
        return NameOf(place) is { } name && IsLayer(name) ? name : null;
    }

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax name } => name.Identifier.ValueText,
        _ => null,
    };

    private bool IsLayer(string name) => members.Find(name) is not null;

    private bool IsHelper(string name) =>
        model.GetMembers(name).Any(member => member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method
            && Vocabulary.IsActivation(method.ReturnType));

    /// <summary>The kind of a layer that is made, and the arguments of <c>new Linear(…)</c>, or of <c>new(…)</c>.</summary>
    /// <param name="expression">What makes it.</param>
    /// <param name="implied">The kind of a layer that <c>new(…)</c> makes.</param>
    private static (LayerKind Kind, string Arguments)? NewLayer(ExpressionSyntax expression, LayerKind implied)
    {
        var (kind, arguments) = expression switch
        {
            ObjectCreationExpressionSyntax { Type: SimpleNameSyntax type } creation =>
                (Catalogue.Find(type.Identifier.ValueText), creation.ArgumentList),
            ObjectCreationExpressionSyntax { Type: QualifiedNameSyntax type } creation =>
                (Catalogue.Find(type.Right.Identifier.ValueText), creation.ArgumentList),
            ImplicitObjectCreationExpressionSyntax creation => (implied, creation.ArgumentList),
            _ => (null, null),
        };
        return kind is null || arguments is null ? null : (kind, Short(arguments.ToString(), kind.Parameters));
    }

    /// <summary>Code in one line of a message; what is too long for one is left to the reader.</summary>
    private static string Short(string code, string otherwise)
    {
        var line = string.Join(" ", code.Split(['\r', '\n', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostText ? line : otherwise.StartsWith("(", StringComparison.Ordinal) ? otherwise : $"x.Through({otherwise})";
    }
}
