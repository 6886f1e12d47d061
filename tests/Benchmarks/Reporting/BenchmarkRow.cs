namespace SparseSharp.Benchmarks.Reporting;

/// <summary>One measured kernel.</summary>
/// <param name="Bench">Name of the benchmark.</param>
/// <param name="Kernel">What was measured in it, for example <c>2:4-T</c>.</param>
/// <param name="Shape">Batch x in x out, or what stands for it.</param>
/// <param name="Threads">Threads of both sides.</param>
/// <param name="OursMs">Our median time.</param>
internal sealed record BenchmarkRow(string Bench, string Kernel, string Shape, int Threads, double OursMs)
{
    /// <summary>Kept share of the weights.</summary>
    public double? Density { get; init; }

    /// <summary>The faster library and its median time; null where there is none to compare with.</summary>
    public PeerTime? Peer { get; init; }

    /// <summary>Median time of our own dense kernel for the same work.</summary>
    public double? OwnDenseMs { get; init; }

    /// <summary>Median time of the same sparse weights in CSR, by a library for sparse matrices.</summary>
    public double? CsrMs { get; init; }

    /// <summary>Largest absolute error over the largest absolute value of the reference.</summary>
    public double? MaxRelErr { get; init; }

    /// <summary>What else is to be said; for people only.</summary>
    public string Note { get; init; } = "";

    /// <summary>How many times faster than the peer or, where there is none, than our dense kernel.</summary>
    public double? Ratio => (Peer?.Milliseconds ?? OwnDenseMs) / OursMs;

    /// <summary>How many times faster than our dense kernel.</summary>
    public double? DenseRatio => OwnDenseMs / OursMs;
}

/// <summary>A library and its time.</summary>
internal sealed record PeerTime(string Name, double Milliseconds);
