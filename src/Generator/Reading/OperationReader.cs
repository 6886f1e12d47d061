using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Reading;

/// <summary>
/// Reads methods with <c>[Operation]</c>. The analyzer checks each of them where it is declared, whether a model applies it or not; models
/// that apply one with an error have only that error.
/// </summary>
internal static class OperationReader
{
    private static readonly OperationAttribute Defaults = new();

    /// <summary>Reports what is wrong with an operation that the compilation declares.</summary>
    public static void Check(IMethodSymbol method, Action<Diagnostic> report)
    {
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is MethodDeclarationSyntax { AttributeLists.Count: > 0 })
            Read(method, new DiagnosticSink(report));
    }

    /// <summary>Reads a method; null where it has no <c>[Operation]</c> or an error.</summary>
    public static OperationDeclaration? Read(IMethodSymbol method, DiagnosticSink sink)
    {
        if (Vocabulary.Find(method, AttributeRole.Operation) is not { } attribute)
            return null;
        if (FaultOf(method) is { } fault)
        {
            Report(method, place => sink.Report(Descriptors.OperationMethod, place.Identifier, method.Name, fault), sink);
            return null;
        }

        var isElementwise = IsElementwise(method);
        var outputs = ReadOutputs(method, attribute, isElementwise, sink);
        var gradient = ReadGradient(method, attribute, isElementwise, sink);
        return gradient is null
            || sink.HasErrors ? null : new(method, gradient, isElementwise, isElementwise ? 1 : method.Parameters.Length - 1, outputs);
    }

    /// <summary>Why a method cannot be an operation, as the end of a sentence; null where it can.</summary>
    private static string? FaultOf(IMethodSymbol method)
    {
        if (!method.IsStatic)
            return "is not static";
        if (method.IsGenericMethod)
            return "is generic";
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.Arity > 0)
                return $"is in the generic class '{type.Name}'";
            if (type.IsFileLocal)
                return $"is in the file-local class '{type.Name}', which generated code cannot see";
        }
        if (ParameterFaultOf(method) is { } fault)
            return fault;
        if (IsFloat(method.ReturnType))
            return method.Parameters.Length == 1
                && IsFloat(method.Parameters[0].Type) ? null : $"returns 'float' and takes {TypesOf(method)}";
        if (!method.ReturnsVoid)
            return $"returns '{Shown(method.ReturnType)}'";
        return method.Parameters.Length > 1 && method.Parameters.All(parameter => Vocabulary.IsPanelRows(parameter.Type)) ? null
            : $"returns nothing and takes {TypesOf(method)}";
    }

    /// <summary>What is wrong with the form of parameters, whatever their types are.</summary>
    private static string? ParameterFaultOf(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters)
        {
            if (parameter.RefKind != RefKind.None)
                return $"takes '{parameter.Name}' by reference";
        }
        return method.ReturnsByRef || method.ReturnsByRefReadonly ? "returns by reference" : null;
    }

    private static int ReadOutputs(IMethodSymbol method, AttributeData attribute, bool isElementwise, DiagnosticSink sink)
    {
        if (!attribute.Sets(nameof(Defaults.Outputs)))
            return 0;
        var outputs = attribute.Get(nameof(Defaults.Outputs), 0);
        var fault = isElementwise ? "has no meaning for an operation on floats, whose result has the features of its operand; remove it"
            : outputs < 1 ? $"is {outputs}; give at least 1, or remove it for the features of the first operand"
            : null;
        if (fault is not null)
            Report(
                method, _ => sink.Report(Descriptors.OperationOutputs, attribute.Argument(nameof(Defaults.Outputs)), method.Name, fault),
                sink);
        return outputs;
    }

    private static IMethodSymbol? ReadGradient(IMethodSymbol method, AttributeData attribute, bool isElementwise, DiagnosticSink sink)
    {
        var name = attribute.Get(nameof(Defaults.Gradient), "");
        var found = method.ContainingType.GetMembers(name).OfType<IMethodSymbol>().ToArray();
        var (gradient, fault) = name.Length == 0 ? (null, "is missing")
            : found.Length == 0 ? (null, $"is '{name}', but '{method.ContainingType.Name}' has no such method")
            : FindGradient(method, found, isElementwise);
        if (gradient is null)
        {
            Report(
                method,
                _ => sink.Report(
                    Descriptors.OperationGradient, attribute.Argument(nameof(Defaults.Gradient)), method.Name, fault,
                    FormOf(method, name, isElementwise)),
                sink);
        }
        return gradient;
    }

    private static (IMethodSymbol? Gradient, string Fault) FindGradient(IMethodSymbol method, IMethodSymbol[] found, bool isElementwise)
    {
        var fault = "";
        foreach (var candidate in found)
        {
            fault = FaultOfGradient(method, candidate, isElementwise);
            if (fault.Length == 0)
                return (candidate, fault);
        }
        return (null, fault);
    }

    private static string FaultOfGradient(IMethodSymbol method, IMethodSymbol gradient, bool isElementwise)
    {
        var name = gradient.Name;
        if (!gradient.IsStatic)
            return $"'{name}' is not static";
        if (gradient.IsGenericMethod)
            return $"'{name}' is generic";
        if (ParameterFaultOf(gradient) is { } fault)
            return $"'{name}' {fault}";
        if (isElementwise ? !IsFloat(gradient.ReturnType) : !gradient.ReturnsVoid)
            return $"'{name}' returns '{Shown(gradient.ReturnType)}'";
        var count = isElementwise ? 3 : 2 * method.Parameters.Length;
        return gradient.Parameters.Length == count
            && gradient.Parameters.All(parameter => isElementwise ? IsFloat(parameter.Type) : Vocabulary.IsPanelRows(parameter.Type))
            ? ""
            : $"'{name}' takes {TypesOf(gradient)}";
    }

    /// <summary>The declaration of the gradient that an operation needs.</summary>
    private static string FormOf(IMethodSymbol method, string name, bool isElementwise)
    {
        name = name.Length > 0 ? name : method.Name + "Gradient";
        if (isElementwise)
            return $"static float {name}(float x, float y, float dy)";
        var operands = method.Parameters.Take(method.Parameters.Length - 1).Select(parameter => parameter.Name).ToArray();
        var result = method.Parameters[method.Parameters.Length - 1].Name;
        string[] all = [.. operands, result, "d" + result, .. operands.Select(operand => "d" + operand)];
        return $"static void {name}({string.Join(", ", all.Select(parameter => $"PanelRows {parameter}"))})";
    }

    /// <summary>Reports at the declaration of a method; that of another project has been checked there.</summary>
    private static void Report(IMethodSymbol method, Action<MethodDeclarationSyntax> report, DiagnosticSink sink)
    {
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is MethodDeclarationSyntax place)
            report(place);
        else
            sink.LeaveToCompiler();
    }

    private static bool IsElementwise(IMethodSymbol method) => !method.ReturnsVoid;

    private static bool IsFloat(ITypeSymbol type) => type.SpecialType == SpecialType.System_Single;

    private static string TypesOf(IMethodSymbol method) =>
        method.Parameters.Length == 0 ? "nothing" : $"'{string.Join(", ", method.Parameters.Select(parameter => Shown(parameter.Type)))}'";

    private static string Shown(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}

/// <summary>A valid operation of the user.</summary>
/// <param name="Method">The method.</param>
/// <param name="Gradient">Its gradient.</param>
/// <param name="IsElementwise">Whether it works on floats.</param>
/// <param name="Operands">How many operands it has.</param>
/// <param name="Outputs">Features of the result, 0 for those of the first operand.</param>
internal sealed record OperationDeclaration(IMethodSymbol Method, IMethodSymbol Gradient, bool IsElementwise, int Operands, int Outputs);
