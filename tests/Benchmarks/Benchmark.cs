namespace SparseSharp.Benchmarks;

/// <summary>One name on the command line. A new one is a class like this and a line in <see cref="Catalog"/>.</summary>
internal abstract class Benchmark
{
    public abstract string Name { get; }

    /// <summary>One line for <c>--help</c>.</summary>
    public abstract string Summary { get; }

    /// <summary>Measures and adds its rows.</summary>
    public abstract void Run(BenchmarkRun run);
}
