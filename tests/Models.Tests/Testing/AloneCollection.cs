namespace SparseSharp.Models.Tests.Testing;

/// <summary>Tests that change the number of threads or count what the whole process allocates: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}

/// <summary>Sets the number of threads and restores it.</summary>
internal sealed class ThreadCount : IDisposable
{
    private readonly int _before = ComputeThreads.Count;

    public ThreadCount(int count) => ComputeThreads.Count = count;

    public void Dispose() => ComputeThreads.Count = _before;
}
