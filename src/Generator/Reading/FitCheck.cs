using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Reading;

/// <summary>Finds calls of <c>Trainer.Fit</c> whose reports nobody enumerates: they train nothing.</summary>
internal static class FitCheck
{
    private const string Method = "Fit";

    public static void Run(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name != Method || !Vocabulary.IsTrainer(call.TargetMethod.ContainingType) || !IsUnused(call)
            || call.Syntax is not InvocationExpressionSyntax { Expression: var callee })
        {
            return;
        }
        SyntaxNode place = callee switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            _ => callee,
        };
        new DiagnosticSink(context.ReportDiagnostic).Report(Descriptors.FitNotEnumerated, place);
    }

    private static bool IsUnused(IInvocationOperation call)
    {
        IOperation value = call;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IConditionalAccessOperation)
            value = value.Parent;
        return value.Parent switch
        {
            IExpressionStatementOperation => true,
            ISimpleAssignmentOperation { Target: IDiscardOperation } => true,
            ISimpleAssignmentOperation
            {
                Target: ILocalReferenceOperation { Local: var local },
                Parent: IExpressionStatementOperation
            } assignment =>
                !IsRead(local, assignment),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } declared =>
                !IsRead(local, declared),
            _ => false,
        };
    }

    /// <summary>Whether a local has any use but that something is assigned to it.</summary>
    private static bool IsRead(ILocalSymbol local, IOperation somewhere)
    {
        var root = somewhere;
        while (root.Parent is { } parent)
            root = parent;
        foreach (var operation in root.Descendants())
        {
            if (operation is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local)
                && !(reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference))
            {
                return true;
            }
        }
        return false;
    }
}
