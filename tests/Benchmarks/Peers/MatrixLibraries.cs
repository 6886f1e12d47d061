using SparseSharp.Benchmarks.Reporting;

namespace SparseSharp.Benchmarks.Peers;

/// <summary>The libraries that we compare with, as far as they are installed.</summary>
internal sealed class MatrixLibraries
{
    private MatrixLibraries(IReadOnlyList<MatrixLibrary> all, IReadOnlyList<string> missing) => (All, Missing) = (all, missing);

    public IReadOnlyList<MatrixLibrary> All { get; }

    /// <summary>One line per library that is not there.</summary>
    public IReadOnlyList<string> Missing { get; }

    public static MatrixLibraries Load()
    {
        var all = new List<MatrixLibrary>();
        var missing = new List<string>();
        Add(OpenBlas.TryLoad(), "OpenBLAS", OpenBlas.Package);
        Add(OneDnn.TryLoad(), "oneDNN", OneDnn.Package);
        return new MatrixLibraries(all, missing);

        void Add(MatrixLibrary? library, string name, string package)
        {
            if (library is not null)
                all.Add(library);
            else
                missing.Add($"{name} was not found, so no row compares with it; on Debian it is in the package {package}.");
        }
    }

    public void UseThreads(int threads)
    {
        foreach (var library in All)
            library.UseThreads(threads);
    }

    /// <summary>The faster library, given the times of all of them in order; null if there is none.</summary>
    public PeerTime? Best(ReadOnlySpan<double> milliseconds)
    {
        PeerTime? best = null;
        for (var i = 0; i < All.Count; i++)
        {
            if (best is null || milliseconds[i] < best.Milliseconds)
                best = new PeerTime(All[i].Name, milliseconds[i]);
        }
        return best;
    }
}
