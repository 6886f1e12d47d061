namespace SparseSharp.Package.Tests;

/// <summary>What is packed again reaches those who packed before: NuGet unpacks a version once.</summary>
[Collection(CloneCollection.Name)]
public sealed class VersionTests(FreshClone clone)
{
    [Fact]
    public void Each_packing_reaches_a_project_that_asks_for_the_newest()
    {
        var project = clone.NewProject("Newest", ("Program.cs", "Console.WriteLine(Packed.Times);"));
        Assert.Matches(@"^0\.1\.0-dev\.\d{8}T\d{6}\.g[0-9a-f]{7}$", clone.Version);

        // Not committed, changed again, and committed.
        var versions = new List<string> { clone.Version };
        for (var times = 1; times <= 3; times++)
        {
            File.WriteAllText(
                Path.Combine(clone.Folder, "src", "Runtime", "Packed.cs"),
                $"namespace SparseSharp;\n\n/// <summary>For a test.</summary>\npublic static class Packed\n{{\n    /// <summary>How "
                    + $"often.</summary>\n    public const int Times = {times};\n}}\n");
            if (times == 3)
            {
                clone.Git("add", "--all");
                clone.Git("commit", "--quiet", "--message", "A change");
            }
            clone.Machine.Dotnet(clone.Folder, "pack", "src/Runtime", "-c", "Release", "-o", "packages");
            clone.Machine.Dotnet(project, "add", "package", "SparseSharp", "--prerelease");
            Assert.Equal($"{times}", clone.Machine.Dotnet(project, "run", "-c", "Release").Trim());
            versions.Add(clone.Versions("SparseSharp")[^1]);
        }

        Assert.Equal(4, versions.Distinct().Count());
        Assert.All(versions[1..3], version => Assert.EndsWith("-changed", version));
        Assert.DoesNotContain("changed", versions[3]);
        Assert.Contains(clone.Git("rev-parse", "HEAD")[..7], versions[3]);
    }

    [Fact]
    public void A_plain_export_of_the_files_packs_a_fixed_version()
    {
        // A repository around it has commits that are none of ours.
        var folder = Path.Combine(clone.Machine.NewFolder("other"), "vendor");
        clone.Machine.Start(clone.Folder, "git", "checkout-index", "--all", $"--prefix={folder}/");
        var other = Path.GetDirectoryName(folder)!;
        clone.Machine.Start(other, "git", "init", "--quiet");
        clone.Machine.Start(other, "git", "commit", "--quiet", "--allow-empty", "--message", "Not ours");

        clone.Machine.Dotnet(folder, "pack", "src/Templates", "-c", "Release", "-o", "packages");
        Assert.Equal(
            ["SparseSharp.Templates.0.1.0-dev.nupkg"],
            Directory.GetFiles(Path.Combine(folder, "packages")).Select(file => Path.GetFileName(file)));
        clone.Machine.Dotnet(folder, "pack", "src/Templates", "-c", "Release", "-o", "packages", "-p:PackageVersion=7.1.2");
        Assert.True(File.Exists(Path.Combine(folder, "packages", "SparseSharp.Templates.7.1.2.nupkg")));
    }
}
