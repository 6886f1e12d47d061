namespace SparseSharp.Benchmarks.Products;

/// <summary>A product of a batch with a layer.</summary>
internal readonly record struct ProductShape(int Batch, int Inputs, int Outputs)
{
    private static readonly ProductShape[] Quick = [new(100, 1024, 1024), new(128, 1024, 1024), new(256, 1024, 1024)];

    private static readonly ProductShape[] Full =
    [
        new(64, 1024, 1024),
        new(100, 1024, 1024),
        new(128, 1024, 1024),
        new(256, 1024, 1024),
        new(1024, 1024, 1024),
        new(128, 784, 1024),
        new(128, 4096, 4096),
        new(256, 768, 3072),
    ];

    private static readonly ProductShape[] Blocks =
        [new(16, 1024, 1024), new(64, 1024, 1024), new(128, 1024, 1024), new(1024, 1024, 1024), new(128, 4096, 4096)];

    /// <summary>The shapes of a run with blocks.</summary>
    public static IReadOnlyList<ProductShape> OfBlocks(BenchmarkRun run) => run.Effort.IsQuick ? [new(128, 1024, 1024)] : Blocks;

    /// <summary>The shapes of a run.</summary>
    public static IReadOnlyList<ProductShape> Of(BenchmarkRun run) => run.Effort.IsQuick ? Quick : Full;

    public override string ToString() => $"{Batch}x{Inputs}x{Outputs}";
}
