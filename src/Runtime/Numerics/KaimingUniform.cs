namespace SparseSharp.Numerics;

/// <summary>Uniform initial weights as a function of seed, stream and position.</summary>
internal static class KaimingUniform
{
    /// <summary>
    /// Values in <c>[-bound, bound)</c>. With bound = 1/√fan_in this is Kaiming-uniform with a = √5 (He et al., 2015), the default of
    /// PyTorch's linear layer.
    /// </summary>
    public static void Fill(Span<float> values, float bound, ulong seed, uint stream)
    {
        for (var i = 0; i < values.Length; i += 4)
        {
            var (a, b, c, d) = Philox.Next(seed, (uint)(i >> 2), 0, stream, (uint)Philox.Purpose.Initialisation);
            Span<uint> words = [a, b, c, d];
            for (var j = 0; j < 4 && i + j < values.Length; j++)
                values[i + j] = ((2 * Philox.Uniform(words[j])) - 1) * bound;
        }
    }
}
