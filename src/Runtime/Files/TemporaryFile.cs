using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SparseSharp.Files;

/// <summary>
/// Names of files that are written beside the one that they will replace, and what becomes of them when a process ends before that: the
/// next process that writes the same file removes them, so that a training which is killed again and again does not fill the disk.
/// </summary>
/// <remarks>
/// A name tells the file that it is for, the machine, the process by its number and a random one, since numbers return, and the call, for
/// example <c>.1f2e3d4c.5b6a7988.4711.0a1b2c3d.1.tmp</c>. Only a file of this machine whose process is gone is removed: others on a shared
/// disk may still be written. The name is short, since that of the file may have all characters that a name can have.
/// </remarks>
internal static class TemporaryFile
{
    private const string Extension = ".tmp";

    private static readonly string s_machine = Hash(Environment.MachineName);
    private static readonly string s_process = Guid.NewGuid().ToString("N")[..8];
    private static int s_calls;

    /// <summary>A path for the content of a file, used by nobody else.</summary>
    /// <param name="target">The file, by its full path.</param>
    public static string Beside(string target) => Path.Combine(
        Path.GetDirectoryName(target)!,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix(target)}{Environment.ProcessId}.{s_process}.{Interlocked.Increment(ref s_calls)}{Extension}"));

    /// <summary>Removes what processes left that ended while they wrote a file.</summary>
    /// <param name="target">The file, by its full path.</param>
    public static void RemoveAbandoned(string target)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(target)!, $"{Prefix(target)}*{Extension}"))
            {
                if (IsAbandoned(path))
                    File.Delete(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The file is written all the same.
        }
    }

    private static bool IsAbandoned(string path)
    {
        if (Path.GetFileName(path).Split('.') is not [_, _, _, var number, var process, _, _]
            || !int.TryParse(number, CultureInfo.InvariantCulture, out var id))
            return false;
        // In a container that was started again the number may be ours.
        if (id == Environment.ProcessId)
            return process != s_process;
        try
        {
            using var running = Process.GetProcessById(id);
            return running.HasExited;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // It is there, and belongs to someone else.
            return false;
        }
    }

    private static string Prefix(string target) => $".{Hash(Path.GetFileName(target))}.{s_machine}.";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 4));
}
