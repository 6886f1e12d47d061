using System.Runtime.CompilerServices;
using System.Text;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using Xunit.Sdk;

namespace SparseSharp.Generator.Tests;

/// <summary>
/// Compares text with the file <c>Snapshots/Class.Method#Hint.g.verified.cs</c>. On a mismatch the text is written beside it as
/// <c>.received.</c>; to accept it, rename that file.
/// </summary>
internal static class Snapshot
{
    private const int ContextLines = 3;

    public static void Match(string text, string hint, [CallerFilePath] string file = "", [CallerMemberName] string method = "") =>
        Match($"//HintName: {hint}.g.cs\n{text}", Path.Combine(Folder(), $"{Path.GetFileNameWithoutExtension(file)}.{method}#{hint}.g"));

    private static void Match(string text, string path)
    {
        var (verified, received) = (path + ".verified.cs", path + ".received.cs");
        var expected = File.Exists(verified) ? File.ReadAllText(verified) : "";
        if (text == expected)
        {
            File.Delete(received);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, text);
        throw new XunitException($"{Path.GetFileName(verified)} differs; the new text is in {received}\n{Difference(expected, text)}");
    }

    /// <summary>Changed lines with a few unchanged ones around them.</summary>
    private static string Difference(string expected, string actual)
    {
        var lines = new InlineDiffBuilder(new Differ()).BuildDiffModel(expected, actual).Lines;
        var text = new StringBuilder();
        var lastShown = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            var isNear = lines.Skip(i - ContextLines)
                .Take(Math.Min(i, ContextLines) + ContextLines + 1)
                .Any(line => line.Type != ChangeType.Unchanged);
            if (!isNear)
                continue;
            if (i > lastShown + 1)
                text.Append("  ...\n");
            var mark = lines[i].Type switch { ChangeType.Inserted => '+', ChangeType.Deleted => '-', _ => ' ' };
            text.Append(mark).Append(' ').Append(lines[i].Text).Append('\n');
            lastShown = i;
        }
        return text.ToString();
    }

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Snapshots");
}
