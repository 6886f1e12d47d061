namespace SparseSharp.Runtime.Tests.Data;

/// <summary>Data sets that are not part of the repository: in <c>shared/data</c> next to it or above.</summary>
internal static class SharedData
{
    /// <summary>The directory of a data set, or null where it is absent.</summary>
    public static string? Find(string name)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "shared", "data", name);
            if (Directory.Exists(candidate))
                return candidate;
        }
        return null;
    }
}
