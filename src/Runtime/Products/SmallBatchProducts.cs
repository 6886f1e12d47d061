namespace SparseSharp.Kernels;

/// <summary>The products of a pass with a few samples.</summary>
internal static class SmallBatchProducts
{
    /// <summary>Multiply-adds below which a second thread would cost more than it does.</summary>
    private const long WorthAnotherThread = 1 << 17;

    /// <summary>Whether a second worker is worth its while.</summary>
    /// <param name="products">The products that it goes through.</param>
    /// <param name="samples">Samples.</param>
    public static bool IsWorthSharing(ReadOnlySpan<MatrixProduct> products, int samples)
    {
        double work = 0;
        for (var i = 0; i < products.Length; i++)
            work += products[i].Density * products[i].Columns * products[i].Rows * samples;
        return work >= WorthAnotherThread;
    }

    /// <summary>Whether all products have kernels for a few samples, whose weights are then made ready.</summary>
    public static bool Prepare(ReadOnlySpan<MatrixProduct> products)
    {
        for (var i = 0; i < products.Length; i++)
        {
            if (!products[i].HasSmallBatchKernels)
                return false;
        }
        for (var i = 0; i < products.Length; i++)
            products[i].SmallBatch.Prepare();
        return true;
    }
}
