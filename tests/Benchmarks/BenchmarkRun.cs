using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Peers;
using SparseSharp.Benchmarks.Reporting;

namespace SparseSharp.Benchmarks;

/// <summary>What benchmarks share: how much to measure, the peers, and where the rows go.</summary>
internal sealed class BenchmarkRun(Effort effort, TextWriter output, string? shape = null)
{
    private readonly List<BenchmarkRow> _rows = [];
    private readonly List<string> _faults = [];

    public Effort Effort { get; } = effort;

    public MatrixLibraries Libraries { get; } = MatrixLibraries.Load();

    /// <summary>1 and, where the machine has a second processor, 2.</summary>
    public IReadOnlyList<int> ThreadCounts { get; } = Environment.ProcessorCount > 1 ? [1, 2] : [1];

    public IReadOnlyList<BenchmarkRow> Rows => _rows;

    /// <summary>Results that were wrong, and anything else that no figure should be trusted after.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Whether a shape is to be measured.</summary>
    /// <param name="name">The shape.</param>
    /// <param name="isQuick">Whether it belongs to a quick run, if nothing is said of shapes.</param>
    public bool Includes(string name, bool isQuick) =>
        shape is null ? isQuick || !Effort.IsQuick : name == shape || name.StartsWith($"{shape}@", StringComparison.Ordinal);

    /// <summary>Gives us and the peers a number of threads, and lets the threads that are no longer needed fall asleep.</summary>
    public void UseThreads(int threads)
    {
        ComputeThreads.Count = threads;
        Libraries.UseThreads(threads);
        Thread.Sleep(Interleaved.LibrarySpin);
    }

    /// <summary>Adds a row and prints it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="tolerance">Largest error of a correct result, relative to the largest value.</param>
    public void Add(BenchmarkRow row, double tolerance)
    {
        _rows.Add(row);
        output.WriteLine(RowTable.Line(row));
        output.Flush();
        if (row.MaxRelErr > tolerance)
            Fault($"{row.Bench}, {row.Kernel}, {row.Shape}, {row.Threads} threads: error {row.MaxRelErr:E1}, at most {tolerance:E1} is right");
    }

    /// <summary>Reports what must not happen.</summary>
    public void Fault(string message) => _faults.Add(message);

    public void PrintHeader()
    {
        foreach (var line in Machine.Describe(Libraries))
            output.WriteLine(line);
        output.WriteLine();
        output.WriteLine(RowTable.Heading);
        output.Flush();
    }

    public void PrintNotes()
    {
        output.WriteLine();
        output.WriteLine($"peer: the faster library in that row; ratio: peer ms / ours ms, without a peer dense ms / ours ms; vs dense: "
            + $"dense ms / ours ms; csr: the same weights in CSR, by {Mkl.Name}.");
        foreach (var missing in Libraries.Missing)
            output.WriteLine($"Note: {missing}");
        foreach (var fault in Faults)
            output.WriteLine($"WRONG: {fault}.");
    }
}
