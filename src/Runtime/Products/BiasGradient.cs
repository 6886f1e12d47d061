using System.Runtime.Intrinsics;

namespace SparseSharp.Kernels;

/// <summary>The gradient of a bias: the sums of the rows of the output's gradient.</summary>
internal static unsafe class BiasGradient
{
    public static void Compute(MatrixProduct product, in BatchPass batch, int dy, bool accumulate)
    {
        if (!product.HasBias)
            return;
        var (first, end) = batch.Share(product.Rows, 1);
        var gradient = product.Bias.Parameter!.GradientPointer;
        var layout = batch.Layout;
        for (var row = first; row < end; row++)
        {
            var sum = accumulate || batch.Accumulate ? gradient[row] : 0;
            for (var panel = 0; panel < layout.Panels; panel++)
            {
                var width = layout.Width(panel);
                sum += Sum(batch.Slot(dy, panel) + ((nint)row * width), width);
            }
            gradient[row] = sum;
        }
    }

    private static float Sum(float* values, int count)
    {
        var sums = Vector128<float>.Zero;
        for (var i = 0; i < count; i += 4)
            sums += Vector128.Load(values + i);
        return Vector128.Sum(sums);
    }
}
