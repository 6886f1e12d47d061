using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Xunit.Abstractions;

namespace SparseSharp.Package.Tests;

/// <summary>A program that NativeAOT compiles, beside the same one that the JIT compiles.</summary>
[Collection(CloneCollection.Name)]
public sealed class NativeTests(FreshClone clone, ITestOutputHelper report)
{
    private const string Model = """
        [SparseModel, NMSparse(2, 4, Transposable = true)]
        public sealed partial class DigitNet
        {
            [Linear(784, 256)] public partial Linear Stem { get; }
            [Linear(256, 256), BlockSparse(RBGP4, Sparsity = 0.5)] public partial Linear Mixer { get; }
            [Linear(256, 10), Dense] public partial Linear Head { get; }

            Activation Forward([Input(28, 28)] Activation image) => image.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
        }
        """;

    /// <summary>Saves a model, or loads it and prints the bits of predictions, or how many samples it predicts in a second.</summary>
    private const string Program = """
        using System.Diagnostics;

        if (args[0] == "save")
        {
            new DigitNet(seed: 3).Save("digits.safetensors");
            return;
        }
        using var model = DigitNet.Load("digits.safetensors");
        float[] inputs = [.. Enumerable.Range(0, 64 * 784).Select(i => i * 7 % 32 / 32f)];
        var outputs = new float[64 * 10];
        model.Predict(inputs.AsSpan(0, 784), outputs.AsSpan(0, 10));
        if (args[0] == "one")
            return;
        if (args[0] == "bits")
        {
            Console.WriteLine(string.Join(' ', outputs.Take(10).Select(BitConverter.SingleToInt32Bits)));
            model.Predict(inputs, outputs);
            Console.WriteLine(string.Join(' ', outputs.Select(BitConverter.SingleToInt32Bits)));
            return;
        }
        var best = double.MaxValue;
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < 1;)
        {
            var before = Stopwatch.GetTimestamp();
            model.Predict(inputs, outputs);
            best = Math.Min(best, Stopwatch.GetElapsedTime(before).TotalSeconds);
        }
        Console.WriteLine((long)(64 / best));
        """;

    private static bool IsX64 => RuntimeInformation.OSArchitecture == Architecture.X64;

    [SkippableFact]
    public async Task It_predicts_the_same_and_starts_sooner()
    {
        var folder = await NewProjectAsync("Native");
        Publish(folder, "-p:SparseSharpInstructionSet=native");
        var native = Path.Combine(folder, "published", OperatingSystem.IsWindows() ? "Native.exe" : "Native");
        var whole = Directory.GetFiles(Path.Combine(folder, "bin"), "Native.runtimeconfig.json", SearchOption.AllDirectories).Single();
        whole = whole.Replace(".runtimeconfig.json", ".dll", StringComparison.Ordinal);
        clone.Machine.Start(folder, native, "save");

        Assert.Equal(clone.Machine.Dotnet(folder, whole, "bits"), clone.Machine.Start(folder, native, "bits"));

        var size = new FileInfo(native).Length;
        var (nativeStart, jitStart) = (Fastest(() => clone.Machine.Start(folder, native, "one")), Fastest(() => clone.Machine.Dotnet(folder, whole, "one")));
        var (nativeRate, jitRate) =
            (long.Parse(clone.Machine.Start(folder, native, "rate")), long.Parse(clone.Machine.Dotnet(folder, whole, "rate")));
        report.WriteLine(
            $"{size / 1e6:F1} MB; {nativeStart:F0} ms to the first prediction, {jitStart:F0} with the JIT; {nativeRate} samples a second, {jitRate} with the JIT");
        Assert.InRange(size, 1, 5_000_000);
        Assert.InRange(nativeStart, 0, jitStart);
        // Without its instruction sets it would be about 10 times slower; what else runs on the machine can halve a rate.
        Assert.InRange(nativeRate, jitRate / 3, long.MaxValue);
    }

    /// <summary>The compiler of .NET says nothing. These builds end where the warning comes, before anything is compiled to native code.</summary>
    [SkippableFact]
    public async Task Without_instruction_sets_publishing_warns()
    {
        Skip.IfNot(IsX64, "Only x64 has vectors of several widths.");
        var folder = await NewProjectAsync("Warned");
        File.WriteAllText(
            Path.Combine(folder, "Directory.Build.targets"),
            """
            <Project>
              <Target Name="Stop" AfterTargets="SparseSharpCheckInstructionSet"><Error Text="Sets: '$(IlcInstructionSet)'" /></Target>
            </Project>
            """);
        // The first one also shows that publishing asks; the others need nothing that was compiled.
        AssertSets(TryPublish(folder, "-p:SparseSharpInstructionSet=").Output, "", warns: true);
        foreach (var (property, expected) in ((string, string)[])
        [
            ("SparseSharpInstructionSet=x86-64-v3", "x86-64-v3"), ("IlcInstructionSet=avx2", "avx2"), ("SparseSharpInstructionSet=default", ""),
        ])
        {
            var (_, output) = clone.Machine.TryDotnet(
                folder, "msbuild", "-t:SparseSharpCheckInstructionSet", "-p:Configuration=Release", $"-p:{property}", "-nologo");
            AssertSets(output, expected, warns: false);
        }
    }

    private static void AssertSets(string output, string expected, bool warns)
    {
        Assert.Contains($"Sets: '{expected}'", output);
        Assert.Equal(warns, output.Contains("warning SPSAOT", StringComparison.Ordinal));
    }

    /// <summary>The quickest of a few runs, in milliseconds: other work on the machine only adds to one.</summary>
    private static double Fastest(Func<string> run)
    {
        run();
        return Enumerable.Range(0, 5).Min(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            run();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        });
    }

    /// <summary>A project that NativeAOT compiles; the compiler is a package.</summary>
    private async Task<string> NewProjectAsync(string name)
    {
        var sources = await Registry.ReachableAsync();
        Skip.If(sources.Count == 0, "The NativeAOT compiler is a package of a registry, and none can be reached.");
        var folder = clone.NewProject(name, ("DigitNet.cs", Model), ("Program.cs", Program));
        var project = Path.Combine(folder, $"{name}.csproj");
        var document = XDocument.Load(project);
        document.Root!.Element("PropertyGroup")!.Add(
            new XElement("PublishAot", true), new XElement("RuntimeIdentifier", RuntimeInformation.RuntimeIdentifier),
            new XElement("InvariantGlobalization", true), new XElement("StripSymbols", true));
        document.Save(project);
        new XElement(
            "configuration",
            new XElement("packageSources", sources.Select((source, i) => new XElement("add", new XAttribute("key", i), new XAttribute("value", source)))))
            .Save(Path.Combine(folder, "nuget.config"));
        return folder;
    }

    private void Publish(string folder, params string[] arguments)
    {
        var (exitCode, output) = TryPublish(folder, arguments);
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("warning", output);
    }

    /// <summary>Publishes, or skips the test where the compiler or a linker cannot be had.</summary>
    private (int ExitCode, string Output) TryPublish(string folder, params string[] arguments)
    {
        var (exitCode, output) = clone.Machine.TryDotnet(folder, ["publish", "-c", "Release", "-o", "published", "--nologo", .. arguments]);
        string[] missing = ["NU1101", "NU1102", "NETSDK1207", "Platform linker not found", "cannot find -l"];
        Skip.If(exitCode != 0 && missing.Any(output.Contains), $"The NativeAOT compiler or a linker cannot be had: {output}");
        return (exitCode, output);
    }
}
