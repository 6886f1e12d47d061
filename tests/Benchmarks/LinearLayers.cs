namespace SparseSharp.Benchmarks;

internal static class LinearLayers
{
    extension(ISparseModel model)
    {
        /// <summary>The layers of a model that has fully connected ones alone.</summary>
        public IReadOnlyList<Linear> Linears => [.. model.Layers.Cast<Linear>()];
    }
}
