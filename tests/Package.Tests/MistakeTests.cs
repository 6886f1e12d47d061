using System.Text.RegularExpressions;

namespace SparseSharp.Package.Tests;

/// <summary>
/// What is written first and wrong, in a real build. The compiler stops at errors of declarations before it asks analyzers, so each of
/// these once ended with errors in generated code, or with errors that say nothing of what to do. All are built in one run, from one
/// restore.
/// </summary>
[Collection(CloneCollection.Name)]
public sealed partial class MistakeTests(FreshClone clone)
{
    private const string Layer = "[Linear(8, 4)] public partial Linear Head { get; }";
    private const string Forward = "Activation Forward([Input(8)] Activation x) => x.Through(Head);";
    private const string Body = "{ " + Layer + " " + Forward + " }";

    /// <summary>The name of each case, the diagnostic that it has to end in, and the class Net, which the program uses.</summary>
    private static readonly (string Case, string Id, string Source)[] Mistakes =
    [
        ("NotPartial", "SPS0001", $"[SparseModel] public class Net {Body}"),
        ("InNotPartial", "SPS0004",
            $"public class Outer {{ [SparseModel] public partial class Inner {Body} }} [SparseModel] public partial class Net {Body}"),
        ("Setter", "SPS0006", $"[SparseModel] public partial class Net {{ {Layer.Replace("get;", "get; set;")} {Forward} }}"),
        ("Record", "SPS0003", $"[SparseModel] public partial record Net {Body}"),
        ("Generic", "SPS0002", $"[SparseModel] public partial class Many<T> {Body} [SparseModel] public partial class Net {Body}"),
        ("NoLinear", "SPS0097", $"[SparseModel] public partial class Net {{ public partial Linear Other {{ get; }} {Layer} {Forward} }}"),
        ("NoModel", "SPS0098", $"public partial class Net {Body}"),
        ("PrimaryConstructor", "SPS0095", $"[SparseModel] public partial class Made(int n) {{ public int N => n; {Layer} {Forward} }} [SparseModel] public partial class Net {Body}"),
        ("OwnConstructor", "SPS0096", $"[SparseModel] public partial class Net {{ public Net() {{ }} {Layer} {Forward} }}"),
        ("LowerCase", "SPS0020", $"[SparseModel] public partial class Net {{ {Layer} {Forward.Replace("Forward", "forward")} }}"),
        ("Softmax", "SPS0025", $"[SparseModel] public partial class Net {{ {Layer} {Forward.Replace("(Head)", "(Head).Softmax()")} }}"),
        ("Unenumerated", "SPS0100", $"[SparseModel] public partial class Net {Body} static class Use {{ static void It(Trainer<Net> "
            + $"trainer, Dataset data) => trainer.Fit(data, 1, 2); }}"),
    ];

    [Fact]
    public void Each_ends_in_a_diagnostic_of_ours_and_only_once()
    {
        var folder = clone.NewProject(
            "Mistakes",
            [("Program.cs", "Console.WriteLine(new Net(1));"), .. Mistakes.Select(mistake => ($"{mistake.Case}.cs", mistake.Source))]);
        File.WriteAllText(
            Path.Combine(folder, "Directory.Build.props"),
            """
            <Project>
              <PropertyGroup>
                <EnableDefaultCompileItems>false</EnableDefaultCompileItems>
                <IntermediateOutputPath Condition="'$(Case)' != ''">obj/$(Case)/</IntermediateOutputPath>
                <OutputPath>bin/$(Case)/</OutputPath>
              </PropertyGroup>
              <ItemGroup Condition="'$(Case)' != ''">
                <Compile Include="Program.cs;$(Case).cs" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(
            Path.Combine(folder, "All.proj"),
            $"""
            <Project>
              <ItemGroup>{string.Concat(Mistakes.Select(mistake => $"<Case Include=\"Mistakes.csproj\" AdditionalProperties=\"Case={mistake.Case}\" />"))}</ItemGroup>
              <Target Name="Build"><MSBuild Projects="@(Case)" Targets="Build" BuildInParallel="true" ContinueOnError="true" /></Target>
            </Project>
            """);
        clone.Machine.Dotnet(folder, "restore", "Mistakes.csproj");
        var (_, whole) = clone.Machine.TryDotnet(folder, "build", "All.proj", "--no-restore", "--nologo", "-tl:off");

        // The summary below has all of them once more.
        var output = whole.Split("Build FAILED.")[0];
        foreach (var (name, id, _) in Mistakes)
        {
            var lines = output.Split('\n')
                .Where(line => line.Contains($"{name}.cs(", StringComparison.Ordinal))
                .Select(line => Id().Match(line).Value)
                .ToArray();
            Assert.True(lines.Count(line => line == id) == 1, $"{name} should end in {id}, once:\n{output}");
        }
        // Only where nothing can be added to a class, and where a method does not exist, is the compiler left to say something too.
        string[] besides = ["NotPartial.cs(", "Softmax.cs("];
        Assert.DoesNotContain(output.Split('\n'), line => line.Contains("error CS", StringComparison.Ordinal)
            && !besides.Any(file => line.Contains(file, StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"(?<=(error|warning) )[A-Z]+\d+")]
    private static partial Regex Id();
}
