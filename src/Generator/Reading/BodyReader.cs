using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Operations;

namespace SparseSharp.Generator.Reading;

/// <summary>
/// Reads the body of <c>Forward</c>: an expression, or statements that name values and return one. Control flow, calls of other methods and
/// everything else that has no meaning in a graph is reported where it stands.
/// </summary>
internal sealed class BodyReader(INamedTypeSymbol model, MemberTable members, GraphBuilder graph, ReadingScope scope, DiagnosticSink sink)
{
    private readonly LocalTable _locals = new();
    private ExpressionReader? _expressions;
    private int _outputs;
    private bool _returned;
    private int? _result;

    private ExpressionReader Expressions => _expressions ??= new(model, members, graph, _locals, scope, sink);

    /// <summary>The node of the result, or null where it could not be read.</summary>
    /// <param name="method">The method.</param>
    /// <param name="outputs">How many outputs it returns.</param>
    public int? Read(MethodDeclarationSyntax method, int outputs)
    {
        _outputs = outputs;
        var parameters = method.ParameterList.Parameters;
        for (var index = 0; index < parameters.Count; index++)
            _locals.Set(parameters[index].Identifier.ValueText, graph.ValueOf(index));
        if (method.ExpressionBody is { } body)
            return ReadResult(body.Expression);

        ReadBlock(method.Body!);
        if (!_returned)
            sink.LeaveToCompiler();
        return _result;
    }

    /// <summary>The node of what is returned: of several outputs, that of all of them together.</summary>
    private int? ReadResult(ExpressionSyntax value)
    {
        if (_outputs == 1)
            return Expressions.ReadActivation(value);
        if (value is ParenthesizedExpressionSyntax parenthesized)
            return ReadResult(parenthesized.Expression);
        if (value is not TupleExpressionSyntax tuple)
        {
            sink.Report(Descriptors.Unreadable, value, "several outputs are returned as a tuple of values, as in 'return (a, b);'");
            return null;
        }

        int?[] outputs = [.. tuple.Arguments.Select(argument => Expressions.ReadActivation(argument.Expression))];
        return outputs.Contains(null) ? null : graph.Add(new(new Concat(), [.. outputs.Select(output => output!.Value)]), tuple);
    }

    private void ReadBlock(BlockSyntax block)
    {
        foreach (var statement in block.Statements)
        {
            if (_returned)
                return;
            ReadStatement(statement);
        }
    }

    private void ReadStatement(StatementSyntax statement)
    {
        switch (statement)
        {
            case LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } local:
                ReadLocals(local);
                break;

            case ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment }:
                ReadAssignment(assignment);
                break;

            case ReturnStatementSyntax { Expression: { } value }:
                _returned = true;
                _result = ReadResult(value);
                break;

            case BlockSyntax block:
                ReadBlock(block);
                break;

            case EmptyStatementSyntax:
                break;

            case ExpressionStatementSyntax other:
                sink.Report(
                    Descriptors.Unreadable, other.Expression,
                    "a statement either names a value, as in 'var h = x.Relu();', or returns one");
                break;

            default:
                sink.Report(Descriptors.Unreadable, statement, "a model has no control flow; use 'var h = …;' and 'return …;' only");
                break;
        }
    }

    private void ReadLocals(LocalDeclarationStatementSyntax statement)
    {
        if (statement.IsConst)
            return; // Its value is asked for where it is used.

        foreach (var variable in statement.Declaration.Variables)
        {
            // A local without a value is one that the C# compiler wants assigned before it is used.
            var value = variable.Initializer is { } initializer ? Expressions.ReadActivation(initializer.Value) : null;
            _locals.Set(variable.Identifier.ValueText, value);
        }
    }

    private void ReadAssignment(AssignmentExpressionSyntax assignment)
    {
        if (assignment.Left is not IdentifierNameSyntax target || !_locals.Contains(target.Identifier.ValueText))
        {
            sink.Report(Descriptors.Unreadable, assignment.Left, "only a local can be assigned");
            return;
        }

        switch (assignment.Kind())
        {
            case SyntaxKind.SimpleAssignmentExpression:
                _locals.Set(target.Identifier.ValueText, Expressions.ReadActivation(assignment.Right));
                break;

            case var kind when ExpressionReader.OperationOf(kind) is { } operation:
                _locals.Set(target.Identifier.ValueText, Expressions.ReadOperation(assignment, target, assignment.Right, operation).Node);
                break;

            default:
                sink.Report(Descriptors.Unreadable, assignment, $"'{assignment.OperatorToken.ValueText}' has no meaning for activations");
                break;
        }
    }
}

/// <summary>The parameter and the locals of <c>Forward</c>, and the node that each stands for at this point.</summary>
internal sealed class LocalTable
{
    private readonly Dictionary<string, int?> _nodes = new(StringComparer.Ordinal);

    /// <param name="name">Of the local.</param>
    /// <param name="node">Null where its value could not be read, which has been reported.</param>
    public void Set(string name, int? node) => _nodes[name] = node;

    public bool Contains(string name) => _nodes.ContainsKey(name);

    public bool TryGet(string name, out int? node) => _nodes.TryGetValue(name, out node);
}
