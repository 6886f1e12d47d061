using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Emitting.Kernels;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator;

/// <summary>Reads every <c>[SparseModel]</c> class, plans its passes and prints them. An invalid class is only declared: the analyzer says why.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class SparseModelGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var memo = new ModelMemo();
        var classes = context.SyntaxProvider
            .ForAttributeWithMetadataName(Vocabulary.SparseModelAttribute, static (node, _) => node is ClassDeclarationSyntax, (found, cancellation) => ReadModel(found, memo, cancellation));
        var models = classes
            .Where(static found => found.Model is not null)
            .Select(static (found, _) => found.Model!)
            .WithTrackingName(StepNames.ReadModel);
        var stubs = classes.Where(static found => found.Stub is not null).Select(static (found, _) => found.Stub!);
        context.RegisterSourceOutput(stubs, static (output, stub) => output.AddSource(stub.Type.HintName + ".g.cs", StubEmitter.Emit(stub)));

        var torch = context.CompilationProvider.Select(static (compilation, _) => TorchReference.IsUsable(compilation)).WithTrackingName(StepNames.TorchSharp);
        var plans = models
            .Combine(torch)
            .Select(static (input, cancellation) => ModelPlanner.Plan(input.Left, inputGradient: input.Right, cancellation))
            .WithTrackingName(StepNames.PlanModel);
        context.RegisterSourceOutput(plans, static (output, plan) => output.AddSource(plan.Type.HintName + ".g.cs", ModelEmitter.Emit(plan)));

        context.RegisterSourceOutput(plans.Combine(torch), static (output, input) =>
        {
            if (input.Right)
                output.AddSource(input.Left.Type.HintName + ".Torch.g.cs", TorchModuleEmitter.Emit(input.Left));
        });
        context.RegisterSourceOutput(torch.Combine(models.Collect()).Select(static (input, _) => input is { Left: true, Right.Length: > 0 }), static (output, isWanted) =>
        {
            if (isWanted)
                output.AddSource(TorchSupportEmitter.HintName, TorchSupportEmitter.Emit());
        });

        // Layers with equal plans share one kernel class, whichever model they belong to.
        var kernels = plans
            .SelectMany(static (plan, _) => plan.Kernels)
            .Collect()
            .SelectMany(static (all, _) => all.Distinct())
            .WithTrackingName(StepNames.PlanKernel);
        context.RegisterSourceOutput(
            kernels, static (output, kernel) => output.AddSource($"SparseSharp.{kernel.Name}.g.cs", KernelEmitter.Emit(kernel)));

        var userMark = context.SyntaxProvider
            .ForAttributeWithMetadataName(DebugBuild.AttributeName, static (node, _) => node is CompilationUnitSyntax, static (_, _) => true)
            .Collect();
        var fastDebug = context.CompilationProvider
            .Select(static (compilation, _) => DebugBuild.IsDebug(compilation))
            .Combine(context.AnalyzerConfigOptionsProvider.Select(static (options, _) => DebugBuild.IsSwitchedOff(options.GlobalOptions)))
            .Combine(userMark)
            .Combine(models.Collect())
            .Select(static (input, _) => input is { Left: { Left: (true, false), Right.Length: 0 }, Right.Length: > 0 })
            .WithTrackingName(StepNames.FastDebug);

        context.RegisterSourceOutput(fastDebug, static (output, isWanted) =>
        {
            if (isWanted)
                output.AddSource(DebugBuild.HintName, FastDebugEmitter.Emit());
        });
    }

    private static (ModelSpec? Model, StubSpec? Stub) ReadModel(GeneratorAttributeSyntaxContext context, ModelMemo memo, CancellationToken cancellation)
    {
        var compilation = context.SemanticModel.Compilation;
        if (memo.Find(context.TargetNode, compilation) is { } known)
            return (known, null);

        // A second [SparseModel] on another part of the class is an error of the C# compiler; it must not make the same file twice.
        var type = (INamedTypeSymbol)context.TargetSymbol;
        if (ModelReader.DeclarationOf(type) != context.TargetNode)
            return default;

        var scope = new ReadingScope(compilation, cancellation);
        var model = ModelReader.Read(type, scope, report: null);
        if (model is null)
            return (null, StubReader.Read(type));

        memo.Add(context.TargetNode, model, scope);
        return (model, null);
    }
}
