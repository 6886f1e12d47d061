using System.Text.RegularExpressions;

namespace SparseSharp.Package.Tests;

/// <summary>Every command of the README does what the page says, in a fresh clone.</summary>
[Collection(CloneCollection.Name)]
public sealed partial class ReadmeTests(FreshClone clone)
{
    public static TheoryData<string> Lines => [.. ReadmeCommand.Read(FreshClone.ReadmePage).Select(command => command.Line).Distinct()];

    [Theory]
    [MemberData(nameof(Lines))]
    public void Command(string line)
    {
        foreach (var (command, (exitCode, output)) in clone.Results.Where(result => result.Key.Line == line))
            Assert.True(exitCode == 0, $"{command.Typed} ended with {exitCode}:\n{output}");
    }

    [Fact]
    public void Its_first_model_is_trained_in_a_project_to_which_the_package_was_added()
    {
        const string Save = """model.Save("digits.safetensors");""";
        const string Predict = """
            using var loaded = DigitNet.Load("digits.safetensors");
            var scores = new float[10];
            loaded.Predict(test.Inputs[..784], scores);
            Console.WriteLine($"predicts {Array.IndexOf(scores, scores.Max())} for {test.Labels[0]}");
            """;
        var page = File.ReadAllText(FreshClone.ReadmePage);
        var program = FirstModel().Match(page).Groups[1].Value;
        Assert.Contains(Save, program);
        File.WriteAllText(Path.Combine(clone.Project, "Program.cs"), program.Replace(Save, Save + "\n" + Predict));

        var output = clone.Machine.Dotnet(clone.Project, "run", "-c", "Release", "-p:TreatWarningsAsErrors=true");
        Assert.Matches(@"predicts (\d) for \1", output);
        Assert.Contains(
            $"Include=\"SparseSharp\" Version=\"{clone.Version}\"", File.ReadAllText(Path.Combine(clone.Project, "Mine.csproj")));
    }

    [Fact]
    public void The_template_makes_a_program_that_learns()
    {
        var project = Path.Combine(clone.Projects, "Learner");
        Assert.Contains($"Include=\"SparseSharp\" Version=\"{clone.Version}\"", File.ReadAllText(Path.Combine(project, "Learner.csproj")));
        Assert.Contains("namespace Learner;", File.ReadAllText(Path.Combine(project, "DigitNet.cs")));
        var run = clone.Results.Single(
            result => result.Key.Line.StartsWith("dotnet run --project Learner", StringComparison.Ordinal)).Value.Output;
        Assert.Matches(@"The first test image shows a (\d); the loaded model says \1\.", run);
    }

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex FirstModel();
}
