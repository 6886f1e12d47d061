namespace SparseSharp.Fuzz.Kills;

/// <summary>The process that is killed: it saves until it is gone.</summary>
internal static class KilledProcess
{
    public static int Run(FuzzOptions options)
    {
        using var files = new SavedFiles(options.Folder);
        for (var content = (int)(options.Seed % 1000); ; content++)
        {
            files.SaveModel(content);
            files.SaveCheckpoint(content);
            Console.WriteLine(content);
        }
    }
}
