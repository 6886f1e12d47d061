namespace SparseSharp.Benchmarks.WholeNetworks;

/// <summary>How much a network keeps.</summary>
internal static class NetworkDensity
{
    /// <summary>Kept share of the weights of the layers that are sparse; 1 where none is.</summary>
    public static double Of(ISparseModel model)
    {
        ILayer[] sparse = [.. model.Layers.Where(layer => layer.Pattern is not null)];
        return sparse.Length == 0 ? 1 : sparse.Sum(layer => layer.Density * layer.WeightCount) / sparse.Sum(layer => layer.WeightCount);
    }
}
