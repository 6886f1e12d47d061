using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Incrementality;

/// <summary>A project that is generated, edited and generated again with the same driver.</summary>
internal sealed class GeneratorRun
{
    private readonly TestProject _project;
    private GeneratorDriver _driver;
    private Compilation _compilation;

    public GeneratorRun(TestProject project, params string[] sources)
    {
        _project = project;
        _compilation = project.Compile(sources);
        _driver = project.Driver().RunGenerators(_compilation);
        AssertSucceeded();
    }

    public static IReadOnlyList<string> AllSteps { get; } =
        [.. typeof(TrackingNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    public GeneratorRunResult Result => _driver.GetRunResult().Results.Single();

    /// <summary>Replaces text in one source; the other trees stay the same objects, as in an editor.</summary>
    public GeneratorRun Edit(int source, string before, string after)
    {
        var tree = _compilation.SyntaxTrees.Single(tree => tree.FilePath == $"Source{source}.cs");
        var text = tree.GetText().ToString();
        Assert.Contains(before, text);
        _compilation = _compilation.ReplaceSyntaxTree(tree, _project.Parse(text.Replace(before, after), tree.FilePath));
        return Again();
    }

    public GeneratorRun Add(string source)
    {
        _compilation = _compilation.AddSyntaxTrees(_project.Parse(source, "Added.cs"));
        return Again();
    }

    /// <summary>Why each output of a step is what it is, in order.</summary>
    public IReadOnlyList<IncrementalStepRunReason> Reasons(string step) =>
        [.. Result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason)];

    /// <summary>Why each source was printed or not.</summary>
    public IReadOnlyList<IncrementalStepRunReason> OutputReasons =>
        [.. Result.TrackedOutputSteps.Values.SelectMany(runs => runs).SelectMany(run => run.Outputs).Select(output => output.Reason)];

    /// <summary>Every object that the outputs of our own steps reach.</summary>
    public IEnumerable<object> ReachableObjects()
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>(AllSteps
            .SelectMany(step => Result.TrackedSteps[step])
            .SelectMany(run => run.Outputs)
            .Select(output => output.Value));
        while (open.TryPop(out var value))
        {
            if (!seen.Add(value))
                continue;
            yield return value;
            foreach (var next in Contents(value))
                open.Push(next);
        }
    }

    private static IEnumerable<object> Contents(object value)
    {
        var type = value.GetType();
        if (type.IsPrimitive || type.IsEnum || value is string or Pointer)
            yield break;

        if (value is IEnumerable items)
        {
            foreach (var item in items)
            {
                if (item is not null)
                    yield return item;
            }
        }

        for (var level = type; level is not null; level = level.BaseType)
        {
            foreach (var field in level.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (field.GetValue(value) is { } content)
                    yield return content;
            }
        }
    }

    private GeneratorRun Again()
    {
        _driver = _driver.RunGenerators(_compilation);
        AssertSucceeded();
        return this;
    }

    private void AssertSucceeded() => Assert.Null(Result.Exception);
}
