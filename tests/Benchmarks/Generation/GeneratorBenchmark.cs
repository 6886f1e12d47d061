using System.Text;
using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Reporting;

namespace SparseSharp.Benchmarks.Generation;

/// <summary>How long the generator keeps an editor waiting: after an edit inside a large model, and after one outside of many models.</summary>
internal sealed class GeneratorBenchmark : Benchmark
{
    private const int ManyLayers = 50;
    private const int ManyModels = 100;

    /// <summary>Edits until the compiler's own code has been compiled, as it has in an editor.</summary>
    private const int WarmUpEdits = 30;

    public override string Name => "generator";

    public override string Summary => $"generating a model of {ManyLayers} layers again, and an unrelated edit beside {ManyModels} models";

    public override void Run(BenchmarkRun run)
    {
        run.UseThreads(1);
        MeasureModelEdit(run);
        MeasureUnrelatedEdit(run);
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
            source.Append($"    [Linear({width}, {width}){(i % 2 == 0 ? ", NMSparse(2, 4, Transposable = true)" : "")}]\n    public partial Linear L{i} {{ get; }}\n\n");
        source.Append($"    private Activation Forward([Input({width})] Activation x) => x");
        for (var i = 0; i < layers; i++)
            source.Append($".Through(L{i}){(i < layers - 1 ? ".Relu()" : "")}");
        return source.Append(";\n}\n").ToString();
    }

    private static string Unrelated(int edit) =>
        $"public static class Report\n{{\n    public static string Line(int value) => $\"edit {edit}: {{value}}\";\n}}\n";
}
