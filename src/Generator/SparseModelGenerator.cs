using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator;

/// <summary>
/// Reads every <c>[SparseModel]</c> class, plans its passes and prints them. An invalid class is only declared: the analyzer says why.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class SparseModelGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var memo = new ModelMemo();
        var classes = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Vocabulary.SparseModelAttribute, static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                (found, cancellation) => ReadModel(found, memo, cancellation))
            .Where(static found => found is not null)
            .Select(static (found, _) => found!);
        var models = classes
            .Where(static found => found.Model is not null)
            .Select(static (found, _) => found.Model!)
            .WithTrackingName(TrackingNames.ReadModel);
        var unmarked = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => MissingMarkReader.MayMissMark(node), ReadUnmarked)
            .Where(static found => found is not null)
            .Select(static (found, _) => found!);
        var shared = classes
            .Select(static (found, _) => found.Type.HintName)
            .Collect()
            .Combine(unmarked.Select(static (found, _) => found.Type.HintName).Collect())
            .Select(static (names, _) => GeneratedFiles.SharedNames(names.Left.Concat(names.Right)))
            .WithTrackingName(TrackingNames.SharedNames);
        context.RegisterSourceOutput(classes.Where(static found => found.Faults is not null).Combine(shared), EmitFaults);
        context.RegisterSourceOutput(unmarked.Combine(shared), EmitFaults);

        var torch = context.CompilationProvider.Select(
            static (compilation, _) => TorchReference.IsUsable(compilation)).WithTrackingName(TrackingNames.TorchSharp);
        var plans = models
            .Combine(torch)
            .Select(static (input, cancellation) => ModelPlanner.Plan(input.Left, inputGradient: input.Right, cancellation))
            .WithTrackingName(TrackingNames.PlanModel);
        var named = plans.Combine(shared);
        context.RegisterSourceOutput(
            named,
            static (output, input) => output.AddSource(
                GeneratedFiles.NameOf(input.Left.Type, input.Right) + GeneratedFiles.Extension, ModelEmitter.Emit(input.Left)));

        context.RegisterSourceOutput(named.Combine(torch), static (output, input) =>
        {
            var (plan, shared) = input.Left;
            if (input.Right)
                output.AddSource(
                    GeneratedFiles.NameOf(plan.Type, shared) + GeneratedFiles.Torch + GeneratedFiles.Extension,
                    TorchModuleEmitter.Emit(plan));
        });
        context.RegisterSourceOutput(torch.Combine(models.Collect()).Select(static (input, _) => input is { Left: true, Right.Length: > 0 }), static (output, isWanted) =>
        {
            if (isWanted)
                output.AddSource(TorchSupportEmitter.HintName, TorchSupportEmitter.Emit());
        });

        // Layers with equal plans share what their kernels are compiled for, whichever model they belong to.
        var kernels = plans
            .SelectMany(static (plan, _) => plan.Kernels.Where(kernel => kernel.IsEmitted))
            .Collect()
            .SelectMany(static (all, _) => all.Distinct())
            .WithTrackingName(TrackingNames.PlanKernel);
        context.RegisterSourceOutput(
            kernels, static (output, kernel) => output.AddSource($"SparseSharp.{kernel.Name}.g.cs", KernelEmitter.Emit(kernel)));
    }

    private static void EmitFaults(SourceProductionContext output, (ClassReading Found, EquatableArray<string> Shared) input)
    {
        var (stub, reported) = (input.Found.Faults!.Stub, input.Found.Faults.Reported);
        foreach (var diagnostic in reported)
            output.ReportDiagnostic(diagnostic);
        if (stub.Surface != StubSurface.Nothing || reported.Count > 0)
            output.AddSource(
                GeneratedFiles.NameOf(stub.Type, input.Shared) + GeneratedFiles.Extension,
                StubEmitter.Emit(stub, isReported: reported.Count > 0));
    }

    private static ClassReading? ReadModel(GeneratorAttributeSyntaxContext context, ModelMemo memo, CancellationToken cancellation)
    {
        var compilation = context.SemanticModel.Compilation;
        if (memo.Find(context.TargetNode, compilation) is { } known)
            return new(known, Faults: null);

        // A second [SparseModel] on another part of the class is an error of the C# compiler; it must not make the same file twice.
        var type = (INamedTypeSymbol)context.TargetSymbol;
        if (ModelReader.DeclarationOf(type) is not { } declaration || declaration != context.TargetNode || TypeReader.IsNameless(type))
            return null;

        var scope = new ReadingScope(compilation, cancellation);
        var model = ModelReader.Read(type, scope, report: null);
        if (model is null)
            return new(
                Model: null, ClassFaults.Of(type, declaration, compilation, report => ModelReader.Read(type, scope, report), cancellation));

        memo.Add(context.TargetNode, model, scope);
        return new(model, Faults: null);
    }

    private static ClassReading? ReadUnmarked(GeneratorSyntaxContext context, CancellationToken cancellation)
    {
        var compilation = context.SemanticModel.Compilation;
        if (context.SemanticModel.GetDeclaredSymbol(context.Node, cancellation) is not INamedTypeSymbol type
            || MissingMarkReader.Find(type) is not { } declaration
            || declaration != context.Node
            || TypeReader.IsNameless(type))
        {
            return null;
        }
        return new(
            Model: null,
            ClassFaults.Of(type, declaration, compilation, report => MissingMarkReader.Report(type, declaration, report), cancellation));
    }
}
