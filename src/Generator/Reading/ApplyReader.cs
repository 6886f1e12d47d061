using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Operations;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads the first argument of <c>x.Apply(Operation, …)</c>: a method of the user with <c>[Operation]</c>.</summary>
/// <param name="model">The class whose <c>Forward</c> is read, into which the methods that passes call are emitted.</param>
/// <param name="scope">The compilation.</param>
/// <param name="sink">Takes what is wrong.</param>
internal sealed class ApplyReader(INamedTypeSymbol model, ReadingScope scope, DiagnosticSink sink)
{
    /// <summary>The method of activations.</summary>
    public const string Name = "Apply";

    private readonly Dictionary<string, PassPlace> _places = new(StringComparer.Ordinal);

    /// <summary>The operation; null where there is none, which has been reported.</summary>
    /// <param name="argument">What stands for it.</param>
    /// <param name="operands">How many operands it is given.</param>
    public UserOperation? Read(ExpressionSyntax argument, int operands)
    {
        if (scope.MethodOf(argument) is not { } method)
            return Fault("an operation is a static method with [Operation], by its name");
        if (Vocabulary.Find(method, AttributeRole.Operation) is null)
            return Fault($"'{method.Name}' has no [Operation(Gradient = nameof(…))]");
        if (OperationReader.Read(method, new DiagnosticSink(report: null)) is not { } declared)
        {
            // What is wrong is reported where the method is declared.
            if (SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, scope.Compilation.Assembly))
                sink.LeaveToCompiler();
            else
                Fault($"'{method.Name}' has errors where it is declared");
            return null;
        }
        if (operands != declared.Operands)
            return Fault($"'{method.Name}' has {Count(declared.Operands)}, but is given {operands}");
        if (!scope.Compilation.IsSymbolAccessibleWithin(declared.Gradient, model))
            return Fault($"its gradient '{declared.Gradient.Name}' is not accessible from '{model.Name}'");
        return Make(declared);

        UserOperation? Fault(string fault)
        {
            sink.Report(Descriptors.OperationUse, argument, fault);
            return null;
        }

        static string Count(int operands) => operands == 1 ? "1 operand" : $"{operands} operands";
    }

    private UserOperation Make(OperationDeclaration declared)
    {
        var (name, type) = (declared.Method.Name, TypeReader.FullName(declared.Method.ContainingType));
        var (method, gradient) = (TypeReader.Escape(name), TypeReader.Escape(declared.Gradient.Name));
        var path = $"{type}.{method}({declared.Method.Parameters.Length})";
        if (!_places.TryGetValue(path, out var place))
            _places.Add(path, place = new(TypeReader.FullName(model), ContainerName(), PassName(name)));
        return declared.IsElementwise
            ? new UserElementwise(name, method, gradient, type, place)
            : new UserRows(name, method, gradient, type, place, declared.Operands, declared.Outputs);
    }

    /// <summary>A name that the user's part of the class does not have.</summary>
    private string ContainerName()
    {
        var name = "ForwardOperations";
        while (model.GetMembers(name).Length > 0)
            name = "_" + name;
        return name;
    }

    /// <summary>A name of its own for operations of several classes that have one name.</summary>
    private string PassName(string method)
    {
        var name = method + "Pass";
        for (var number = 2; _places.Values.Any(place => place.Name == name); number++)
            name = $"{method}Pass{number}";
        return name;
    }
}
