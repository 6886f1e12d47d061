using SparseSharp.Benchmarks;
using SparseSharp.Benchmarks.Reporting;
using SparseSharp.Files;

var options = BenchmarkOptions.Parse(args, Catalog.Names, out var error);
if (options is null)
{
    Console.Error.WriteLine(error);
    return 2;
}
if (options.Help)
{
    Console.WriteLine(BenchmarkOptions.Usage);
    foreach (var benchmark in Catalog.All)
        Console.WriteLine($"  {benchmark.Name,-14} {benchmark.Summary}");
    return 0;
}

var run = new BenchmarkRun(options.Effort, Console.Out, options.Shape);
run.PrintHeader();
foreach (var benchmark in Catalog.All.Where(benchmark => options.Names.Contains(benchmark.Name)))
    benchmark.Run(run);
run.PrintNotes();
if (options.JsonFile is { } file)
    AtomicFile.Write(file, stream => JsonReport.Write(run.Rows, stream));
return run.Faults.Count == 0 ? 0 : 1;
