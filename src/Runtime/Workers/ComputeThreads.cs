using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>How many threads compute. Results do not depend on it.</summary>
public static class ComputeThreads
{
    /// <summary>Threads used by predictions and, unless a trainer says otherwise, by training; one per processor at first.</summary>
    public static int Count
    {
        get => WorkerPool.Shared.Workers;
        set => WorkerPool.Resize(value);
    }
}
