using SparseSharp.Files;

namespace SparseSharp.Runtime.Tests.Files;

/// <summary>What stays of a file that is replaced, and how a failure reads.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static void Write(string path, params byte[] bytes) => AtomicFile.Write(path, stream => stream.Write(bytes));

    [Fact]
    public void Permissions_stay()
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = _directory.Write("file", [1]);
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(path, mode);
        Write(path, 2);
        Assert.Equal(mode, File.GetUnixFileMode(path));
        Assert.Equal([2], File.ReadAllBytes(path));
    }

    [Fact]
    public void The_owner_stays()
    {
        var path = _directory.Write("file", [1]);
        // Only a privileged process can give a file away.
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || Run("chown", $"1234:2345 {path}").Length > 0)
            return;
        Write(path, 2);
        Assert.Equal("1234:2345", Run("stat", $"-c %u:%g {path}").Trim());
    }

    [Fact]
    public void A_link_stays_and_what_it_points_to_is_replaced()
    {
        if (OperatingSystem.IsWindows())
            return;
        var target = _directory.Write("target", [1]);
        var (middle, link) = (_directory.File("middle"), _directory.File("link"));
        File.CreateSymbolicLink(middle, "target");
        File.CreateSymbolicLink(link, middle);
        Write(link, 2);
        Assert.Equal("target", new FileInfo(middle).LinkTarget);
        Assert.Equal(middle, new FileInfo(link).LinkTarget);
        Assert.Equal([2], File.ReadAllBytes(target));

        var dangling = _directory.File("dangling");
        File.CreateSymbolicLink(dangling, "new");
        Write(dangling, 3);
        Assert.Equal([3], File.ReadAllBytes(_directory.File("new")));
        Assert.Equal(5, Directory.GetFiles(_directory.Path).Length);
    }

    [Fact]
    public void A_name_may_have_all_characters_that_a_system_allows()
    {
        var path = _directory.File(new string('n', 255));
        Write(path, 1);
        Write(path, 2);
        Assert.Equal([2], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Faults_name_the_file_of_the_user()
    {
        AssertFault(Path.Combine(_directory.Path, "absent", "file"), "there is no directory");
        AssertFault(_directory.Path, "there is a directory of this name");
        var path = _directory.File(new string('n', 256));
        var error = Assert.Throws<DataFileException>(() => Write(path, 1));
        Assert.StartsWith($"{path}: the file cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory.Path));

        static void AssertFault(string path, string message)
        {
            foreach (var attempt in (Action[])[() => Write(path, 1), () => AtomicFile.CheckWritable(path)])
                Assert.StartsWith(
                    $"{path}: the file cannot be written: {message}", Assert.Throws<DataFileException>(attempt).Message,
                    StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file_and_nothing_else()
    {
        var path = _directory.Write("file", [1]);
        var error = Assert.Throws<DataFileException>(
            () => AtomicFile.Write(path, stream => throw new IOException($"No space left on device : '{((FileStream)stream).Name}'")));
        Assert.Equal($"{path}: the file cannot be written: No space left on device : '{path}'", error.Message);
        Assert.Equal([1], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    private static string Run(string command, string arguments)
    {
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
