using SparseSharp.Benchmarks.Reporting;

namespace SparseSharp.Benchmarks.Peers;

/// <summary>The libraries that we compare with, as far as they are installed.</summary>
internal sealed class MatrixLibraries
{
    private MatrixLibraries(IReadOnlyList<MatrixLibrary> all, Mkl? sparse, IReadOnlyList<string> missing) =>
        (All, Sparse, Missing) = (all, sparse, missing);

    /// <summary>Those that multiply dense matrices.</summary>
    public IReadOnlyList<MatrixLibrary> All { get; }

    /// <summary>The one that multiplies sparse matrices.</summary>
    public Mkl? Sparse { get; }

    public IEnumerable<string> Names => All.Select(library => library.Name).Concat(Sparse is null ? [] : [Mkl.Name]);

    /// <summary>One line per library that is not there.</summary>
    public IReadOnlyList<string> Missing { get; }

    public static MatrixLibraries Load()
    {
        var all = new List<MatrixLibrary>();
        var missing = new List<string>();
        Add(OpenBlas.TryLoad(), "OpenBLAS", OpenBlas.Package);
        Add(OneDnn.TryLoad(), "oneDNN", OneDnn.Package);
        var sparse = Mkl.TryLoad();
        if (sparse is null)
            Miss(Mkl.Name, Mkl.Package);
        return new MatrixLibraries(all, sparse, missing);

        void Add(MatrixLibrary? library, string name, string package)
        {
            if (library is not null)
                all.Add(library);
            else
                Miss(name, package);
        }

        void Miss(string name, string package) =>
            missing.Add($"{name} was not found, so no row compares with it; on Debian it is in the package {package}.");
    }

    public void UseThreads(int threads)
    {
        foreach (var library in All)
            library.UseThreads(threads);
        Sparse?.UseThreads(threads);
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
