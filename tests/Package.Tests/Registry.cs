namespace SparseSharp.Package.Tests;

/// <summary>The package registries that this machine is set up for.</summary>
internal static class Registry
{
    private static readonly Lazy<Task<IReadOnlyList<string>>> Answering = new(FindAsync);

    /// <summary>Addresses of those that answer; none without a network.</summary>
    public static Task<IReadOnlyList<string>> ReachableAsync() => Answering.Value;

    private static async Task<IReadOnlyList<string>> FindAsync()
    {
        // Of the machine of the test run, not of a user who has nothing.
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("dotnet", ["nuget", "list", "source", "--format", "Short"])
        {
            RedirectStandardOutput = true,
        })!;
        var listed = await process.StandardOutput.ReadToEndAsync();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        var reachable = new List<string>();
        foreach (var line in listed.Split('\n').Where(line => line.StartsWith("E http", StringComparison.Ordinal)))
        {
            var address = line[2..].Trim();
            try
            {
                using var answer = await client.GetAsync(new Uri(address));
                if (answer.IsSuccessStatusCode)
                    reachable.Add(address);
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // Not there, which is what the caller asks.
            }
        }
        return reachable;
    }
}
