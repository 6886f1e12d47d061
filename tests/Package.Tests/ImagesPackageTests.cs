using System.IO.Compression;

namespace SparseSharp.Package.Tests;

/// <summary>The package that reads image files, in the hands of someone who does not have this repository.</summary>
[Collection(CloneCollection.Name)]
public sealed class ImagesPackageTests(FreshClone clone)
{
    /// <summary>A grey image of one pixel.</summary>
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

    [Fact]
    public void It_reads_a_folder_of_images()
    {
        clone.Machine.Dotnet(clone.Folder, "pack", "src/Images", "-c", "Release", "-o", "packages");
        var version = clone.Versions("SparseSharp.Images")[^1];
        var package = Path.Combine(clone.PackageFolder, $"SparseSharp.Images.{version}.nupkg");
        Assert.Empty(PackagePage.Read(package).Links);
        using (var archive = ZipFile.OpenRead(package))
        {
            var names = archive.Entries.Select(entry => entry.FullName).ToList();
            Assert.Contains("lib/net10.0/SparseSharp.Images.dll", names);
            Assert.Contains("lib/net10.0/SparseSharp.Images.xml", names);
            Assert.Contains("README.md", names);
            Assert.DoesNotContain(names, name => name.EndsWith("/SparseSharp.dll", StringComparison.Ordinal));
        }

        var program = $$"""
            Directory.CreateDirectory("pictures/grey");
            File.WriteAllBytes("pictures/grey/1.png", Convert.FromBase64String("{{Png}}"));
            var folder = ImageFolder.Open("pictures");
            Console.WriteLine($"{folder.Data.Count} image of {folder.ClassNames[0]}, {folder.Data.ImageShape}, {255 * folder.Data.ToMemory().Inputs[0]}");
            """;
        var project = clone.NewProject("Pictures", ("Program.cs", program));
        var file = Path.Combine(project, "Pictures.csproj");
        var reference = $"<PackageReference Include=\"SparseSharp.Images\" Version=\"{version}\" />";
        File.WriteAllText(file, File.ReadAllText(file).Replace("<ItemGroup>", $"<ItemGroup>{reference}", StringComparison.Ordinal));
        Assert.Contains("1 image of grey, 3x1x1, 128", clone.Machine.Dotnet(project, "run", "-c", "Release"));
    }
}
