namespace SparseSharp.Kernels;

/// <summary>How a kernel starts its sums and what it does to them before they are written.</summary>
[Flags]
internal enum TileOptions
{
    /// <summary>Sums start at zero and are written as they are.</summary>
    None = 0,

    /// <summary>Sums start from what the output holds.</summary>
    Load = 1,

    /// <summary>Sums start from the bias of their row.</summary>
    Bias = 2,

    /// <summary>Write <c>max(sum, 0)</c>.</summary>
    Relu = 4,

    /// <summary>Write the sum where the gate is positive, else 0: the derivative of ReLU.</summary>
    Gate = 8,
}

/// <summary>The steps in scalar kernels.</summary>
internal static class ScalarTile
{
    /// <summary>What a sum starts from.</summary>
    public static float Start(this TileOptions options, float output, ref float bias) =>
        (options & TileOptions.Load) != 0 ? output : (options & TileOptions.Bias) != 0 ? bias : 0;

    /// <summary>What is written of a sum.</summary>
    public static float Finish(this TileOptions options, float sum, ref float gate)
    {
        if ((options & TileOptions.Relu) != 0 && sum < 0)
            return 0;
        return (options & TileOptions.Gate) != 0 && !(gate > 0) ? 0 : sum;
    }
}
