using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Finds the <c>Forward</c> method of a model, checks its form and reads it into a graph.</summary>
internal sealed class ForwardReader(
    INamedTypeSymbol model,
    TypeDeclarationSyntax declaration,
    MemberTable members,
    ReadingScope scope,
    DiagnosticSink sink)
{
    /// <summary>The name of the method.</summary>
    public const string Name = "Forward";

    /// <summary>The graph, or null where the method is missing or has an error.</summary>
    public GraphSpec? Read()
    {
        if (FindMethod() is not { } method || DeclarationOf(method) is not { } syntax || !CheckSignature(method, syntax))
            return null;

        var inputs = method.Parameters.Select((parameter, index) => ReadInput(parameter, syntax.ParameterList.Parameters[index])).ToArray();
        if (inputs.Sum(input => (long)input.Features) > int.MaxValue)
        {
            sink.Report(Descriptors.InputDimensions, syntax.ParameterList, "have, over all inputs, a larger sum of products");
            return null;
        }
        var graph = new GraphBuilder(inputs, method.Parameters.Select(parameter => parameter.Name));
        var output = new BodyReader(model, members, graph, scope, sink).Read(syntax, CountOutputs(method.ReturnType));
        graph.CheckShapes(members.Layers.ToEquatableArray(), sink);
        if (output is not { } result || sink.HasErrors)
            return null;

        var used = new HashSet<string>(StringComparer.Ordinal);
        var built = graph.Build(result, used);
        foreach (var member in members.All)
        {
            if (!used.Contains(member.Name))
                sink.Report(Descriptors.UnusedMember, member.Place, member.Name);
        }

        return built;
    }

    private IMethodSymbol? FindMethod()
    {
        IMethodSymbol? found = null;
        foreach (var member in model.GetMembers(Name))
        {
            if (member is not IMethodSymbol method || IsGenerated(method))
                continue;
            if (found is not null)
                sink.Report(Descriptors.ForwardDuplicate, DeclarationOf(method)?.Identifier ?? declaration.Identifier, model.Name);
            found ??= method;
        }

        if (found is null)
            ReportMissing();
        return found;
    }

    private void ReportMissing()
    {
        foreach (var member in model.GetMembers())
        {
            if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method
                && IsMeant(method)
                && DeclarationOf(method) is { } syntax)
            {
                sink.Report(Descriptors.ForwardMissing, syntax.Identifier, model.Name, $"rename '{method.Name}' to '{Name}'");
                return;
            }
        }
        sink.Report(
            Descriptors.ForwardMissing, declaration.Identifier, model.Name,
            "add 'Activation Forward([Input(784)] Activation x) => …' with the features of one sample");
    }

    /// <summary>Whether a method is a Forward in another spelling.</summary>
    public static bool IsMeant(ISymbol method) => method.Name != Name && method.Name.Equals(Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The analyzer also sees the passes that were generated, which are static and take the model.</summary>
    private bool IsGenerated(IMethodSymbol method) =>
        method is { IsStatic: true, Parameters.Length: > 0 } && SymbolEqualityComparer.Default.Equals(method.Parameters[0].Type, model);

    private static MethodDeclarationSyntax? DeclarationOf(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as MethodDeclarationSyntax;

    private bool CheckSignature(IMethodSymbol method, MethodDeclarationSyntax syntax)
    {
        if (FaultOf(method, syntax) is not var (place, fault))
            return true;
        sink.Report(Descriptors.ForwardSignature, place, fault);
        return false;
    }

    private static (SyntaxNodeOrToken Place, string Fault)? FaultOf(IMethodSymbol method, MethodDeclarationSyntax syntax)
    {
        foreach (var modifier in syntax.Modifiers)
        {
            if (modifier.Kind() is SyntaxKind.StaticKeyword or SyntaxKind.AsyncKeyword or SyntaxKind.AbstractKeyword or SyntaxKind.ExternKeyword
                or SyntaxKind.PartialKeyword)
                return (modifier, $"is {modifier.ValueText}");
        }

        if (syntax.TypeParameterList is { } generic)
            return (generic, "is generic");
        if (CountOutputs(method.ReturnType) == 0)
            return (syntax.ReturnType, $"returns '{syntax.ReturnType}'");
        var parameters = syntax.ParameterList.Parameters;
        if (parameters.Count != 1
            && (parameters.Count == 0 || method.Parameters.Any(parameter => !Vocabulary.IsActivation(parameter.Type))))
            return (syntax.ParameterList, $"has {parameters.Count} parameters");

        foreach (var parameter in parameters)
        {
            if (parameter.Modifiers.Count > 0)
                return (parameter, $"has a parameter with '{parameter.Modifiers}'");
        }
        if (!Vocabulary.IsActivation(method.Parameters[0].Type))
            return (parameters[0].Type ?? (SyntaxNode)parameters[0], $"takes '{parameters[0].Type}'");
        if (syntax.Body is null && syntax.ExpressionBody is null)
            return (syntax.Identifier, "has no body");
        return null;
    }

    /// <summary>How many activations a type stands for: itself, or those of a tuple; 0 for any other type.</summary>
    private static int CountOutputs(ITypeSymbol type) =>
        Vocabulary.IsActivation(type) ? 1
        : type is INamedTypeSymbol { IsTupleType: true, TupleElements: var elements }
            && elements.All(element => Vocabulary.IsActivation(element.Type))
            ? elements.Length
            : 0;

    /// <summary>The shape of an input.</summary>
    private Shape ReadInput(IParameterSymbol parameter, ParameterSyntax syntax)
    {
        if (Vocabulary.Find(parameter, AttributeRole.Input) is not { } attribute)
        {
            sink.Report(Descriptors.InputMissing, syntax, parameter.Name);
            return Shape.Unknown;
        }

        var arguments = attribute.ConstructorArguments;
        if (arguments.Length != 1 || arguments[0] is not { Kind: TypedConstantKind.Array, IsNull: false, Values: var dimensions })
        {
            sink.LeaveToCompiler();
            return Shape.Unknown;
        }

        if (dimensions.Length == 0)
            return Fault(attribute.Syntax(), "are missing");

        long features = 1;
        for (var index = 0; index < dimensions.Length; index++)
        {
            if (dimensions[index].Value is not int dimension)
            {
                sink.LeaveToCompiler();
                return Shape.Unknown;
            }

            if (dimension < 1)
                return Fault(attribute.Argument(index), $"include {dimension}");
            features *= dimension;
            if (features > int.MaxValue)
                return Fault(attribute.Syntax(), "have a larger product");
        }

        return new(dimensions.Select(dimension => (int)dimension.Value!).ToEquatableArray());

        Shape Fault(SyntaxNode place, string fault)
        {
            sink.Report(Descriptors.InputDimensions, place, fault);
            return Shape.Unknown;
        }
    }
}
