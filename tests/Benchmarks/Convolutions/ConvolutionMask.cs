using SparseSharp.Convolutions;

namespace SparseSharp.Benchmarks.Convolutions;

/// <summary>The masks that are measured. Products find their kernels by looking at a mask.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Density">Kept share.</param>
internal sealed record ConvolutionMask(string Name, double Density)
{
    public static ConvolutionMask Dense { get; } = new("dense", 1);

    /// <summary>The masks of a layer: only the dense one where there are fewer than four channels.</summary>
    public static IEnumerable<ConvolutionMask> Of(ConvolutionShape shape) => shape.Inputs % 4 != 0
        ? [Dense]
        :
        [
            Dense, new("2:4-T", 0.5), new("1:4-T", 0.25), new("4x4", 0.25), new("4x4", 0.125), new("4x4", 0.0625), new("unstructured", 0.2),
            new("unstructured", 0.1),
        ];

    /// <summary>Draws the mask for a convolution; null where all weights exist.</summary>
    public Mask? Draw(ConvolutionShape shape)
    {
        if (Density == 1)
            return null;
        var mask = new Mask(shape.Outputs, shape.Columns);
        var random = new Random(7);
        for (var row = 0; row < shape.Outputs; row += 4)
        {
            var kept = Blocks(random, shape.Columns / 4);
            for (var four = 0; four < shape.Columns / 4; four++)
            {
                var rows = Tile(random, kept[four]);
                for (var i = 0; i < 16; i++)
                    mask[row + (i / 4), (4 * four) + (i % 4)] = (rows[i / 4] >> (i % 4) & 1) != 0;
            }
        }
        return mask;
    }

    /// <summary>Which blocks of a row of blocks are kept: equally many in each.</summary>
    private bool[] Blocks(Random random, int count)
    {
        var kept = new bool[count];
        kept.AsSpan(0, Math.Max(1, (int)Math.Round(count * Density))).Fill(true);
        random.Shuffle(kept);
        return kept;
    }

    /// <summary>The columns that each row of a tile of four by four keeps, as bits.</summary>
    private int[] Tile(Random random, bool isKept)
    {
        int[] rows = [1, 2, 4, 8];
        switch (Name)
        {
            case "1:4-T":
                random.Shuffle(rows);
                return rows;
            case "4x4":
                return isKept ? [15, 15, 15, 15] : [0, 0, 0, 0];
            case "2:4-T":
                return Transposable(random);
            default:
                for (var row = 0; row < rows.Length; row++)
                    rows[row] = Enumerable.Range(0, 4).Sum(column => random.NextDouble() < Density ? 1 << column : 0);
                return rows;
        }
    }

    private static int[] Transposable(Random random)
    {
        int[] two = [3, 5, 6, 9, 10, 12];
        while (true)
        {
            int[] rows = [two[random.Next(6)], two[random.Next(6)], two[random.Next(6)], two[random.Next(6)]];
            if (Enumerable.Range(0, 4).All(column => rows.Count(row => (row >> column & 1) != 0) == 2))
                return rows;
        }
    }
}
