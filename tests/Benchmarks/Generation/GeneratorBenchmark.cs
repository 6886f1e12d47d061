extern alias generator;
using System.Text;
using generator::SparseSharp.Generator.Graphs;
using generator::SparseSharp.Generator.Specs;
using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Reporting;

namespace SparseSharp.Benchmarks.Generation;

/// <summary>
/// How long the generator keeps an editor waiting: after an edit inside a large model, after one outside of many models, and for the mask
/// of a layer that it has not seen.
/// </summary>
internal sealed class GeneratorBenchmark : Benchmark
{
    private const int ManyLayers = 50;
    private const int ManyModels = 100;

    /// <summary>Edits until the compiler's own code has been compiled, as it has in an editor.</summary>
    private const int WarmUpEdits = 30;

    /// <summary>Input and output features of layers with masks of graphs, as networks have them.</summary>
    private static readonly (int Inputs, int Outputs)[] _masked =
        [(784, 1024), (1024, 1024), (1024, 4096), (4096, 1024), (4096, 4096), (512, 512), (256, 256), (1152, 128)];

    /// <summary>Columns and rows of the matrices of ResNet-50, each once: equal plans are remembered.</summary>
    private static readonly (int Inputs, int Outputs)[] _resNet50 =
    [
        (64, 64), (576, 64), (64, 256), (256, 64), (256, 128), (1152, 128), (128, 512), (256, 512), (512, 128), (512, 256), (2304, 256),
        (256, 1024), (512, 1024), (1024, 256), (1024, 512), (4608, 512), (512, 2048), (1024, 2048), (2048, 512),
    ];

    public override string Name => "generator";

    public override string Summary =>
        $"generating a model of {ManyLayers} layers or ResNet-50 again, an unrelated edit beside {ManyModels} models, planning RBGP4 masks";

    public override void Run(BenchmarkRun run)
    {
        run.UseThreads(1);
        MeasureModelEdit(run);
        MeasureNetworkEdit(run);
        MeasureUnrelatedEdit(run);
        MeasurePlans(run);
        MeasureNetworkPlans(run);
    }

    private void MeasureModelEdit(BenchmarkRun run)
    {
        var width = 256;
        var project = new GeneratedProject([Model("Deep", ManyLayers, width)]);
        var time = Measure(run, project, () =>
        {
            width = 516 - width;
            project.Edit(0, Model("Deep", ManyLayers, width));
        });
        if (!project.Generated.Any(source => source.SourceText.ToString().Contains($"{width}, {width}")))
            run.Fault($"{Name}: the edited model was not generated again");
        Add(run, project, "model edit", $"{ManyLayers} layers", time);
    }

    private void MeasureNetworkEdit(BenchmarkRun run)
    {
        using var reader = new StreamReader(typeof(GeneratorBenchmark).Assembly.GetManifestResourceStream("ResNet50.cs")!);
        var text = reader.ReadToEnd();
        var network = text[..text.LastIndexOf("///", text.IndexOf("VariantOf", StringComparison.Ordinal), StringComparison.Ordinal)];
        var classes = 1000;
        var project = new GeneratedProject([network]);
        var time = Measure(run, project, () =>
        {
            classes = 2001 - classes;
            project.Edit(0, network.Replace("(2048, 1000)", $"(2048, {classes})"));
        });
        if (!project.Generated.Any(source => source.SourceText.ToString().Contains($"2048, {classes}")))
            run.Fault($"{Name}: the edited network was not generated again");
        Add(run, project, "model edit", "ResNet-50", time);
    }

    private void MeasureUnrelatedEdit(BenchmarkRun run)
    {
        var edits = 0;
        var project = new GeneratedProject([Unrelated(0), .. Enumerable.Range(0, ManyModels).Select(i => Model($"Model{i}", 3, 256))]);
        var before = project.Generated.Select(source => source.SourceText).ToArray();
        var time = Measure(run, project, () => project.Edit(0, Unrelated(++edits)));
        if (!before.SequenceEqual(project.Generated.Select(source => source.SourceText), ReferenceEqualityComparer.Instance))
            run.Fault($"{Name}: an unrelated edit generated files again");
        Add(run, project, "unrelated edit", $"{ManyModels} models", time);
    }

    /// <summary>Each plan from the start, as if nothing were remembered.</summary>
    private void MeasurePlans(BenchmarkRun run)
    {
        BlockRequest[] requests =
            [.. from shape in _masked from halvings in Enumerable.Range(1, 4) select RequestOf(shape, halvings)];
        var times = Interleaved.Measure(
            [.. requests.Select(request => new Contender($"{request}", () => BlockPlanner.Plan(request, CancellationToken.None)))],
            run.Effort, threads: 1);
        var slowest = requests[Array.IndexOf(times, times.Max())];
        var note = $"slowest {times.Max():0.00} ms: {slowest.Columns} to {slowest.Rows}, {slowest.Halvings} halvings";
        run.Add(new BenchmarkRow(Name, "mask of graphs", $"{requests.Length} layers", 1, times.Average()) { Note = note }, tolerance: 0);
    }

    /// <summary>The masks of a ResNet-50 at 75 %, all of them.</summary>
    private void MeasureNetworkPlans(BenchmarkRun run)
    {
        BlockRequest[] requests = [.. _resNet50.Select(shape => RequestOf(shape, halvings: 2))];
        var time = Interleaved.Measure(
            [new Contender("plans", () => Array.ForEach(requests, request => BlockPlanner.Plan(request, CancellationToken.None)))],
            run.Effort, threads: 1)[0];
        run.Add(new BenchmarkRow(Name, "masks of graphs", "ResNet-50", 1, time), tolerance: 0);
    }

    private static BlockRequest RequestOf((int Inputs, int Outputs) shape, int halvings) => new(
        shape.Outputs, shape.Inputs, halvings, generator::SparseSharp.BaseGraph.GfLift, 0, EquatableArray<int>.Empty);

    private static double Measure(BenchmarkRun run, GeneratedProject project, Action edit)
    {
        for (var i = 0; i < WarmUpEdits; i++)
        {
            edit();
            project.Generate();
        }
        return Interleaved.Measure([new Contender("generator", project.Generate) { Prepare = edit }], run.Effort, threads: 1)[0];
    }

    private void Add(BenchmarkRun run, GeneratedProject project, string kernel, string shape, double time)
    {
        foreach (var error in project.Errors().Take(1))
            run.Fault($"{Name}, {shape}: {error}");
        var note = $"{project.Generated.Count} files, {project.Generated.Sum(source => source.SourceText.Length) / 1024} KB";
        run.Add(new BenchmarkRow(Name, kernel, shape, 1, time) { Note = note }, tolerance: 0);
    }

    /// <summary>A chain of layers, every other one sparse.</summary>
    private static string Model(string name, int layers, int width)
    {
        var source = new StringBuilder($"[SparseModel]\npublic sealed partial class {name}\n{{\n");
        for (var i = 0; i < layers; i++)
            source.Append($"    [Linear({width}, {width}){(i % 2 == 0 ? ", NMSparse(2, 4, Transposable = true)" : "")}]\n    public "
                + $"partial Linear L{i} {{ get; }}\n\n");
        source.Append($"    private Activation Forward([Input({width})] Activation x) => x");
        for (var i = 0; i < layers; i++)
            source.Append($".Through(L{i}){(i < layers - 1 ? ".Relu()" : "")}");
        return source.Append(";\n}\n").ToString();
    }

    private static string Unrelated(int edit) =>
        $"public static class Report\n{{\n    public static string Line(int value) => $\"edit {edit}: {{value}}\";\n}}\n";
}
