using SparseSharp.Convolutions;
using SparseSharp.Kernels;

namespace SparseSharp.Runtime.Tests.Convolutions;

/// <summary>Shapes and masks that tests go through.</summary>
internal static class ConvolutionCases
{
    /// <summary>Names of all shapes.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    public static IReadOnlyDictionary<string, (ConvolutionShape Shape, int Samples)> All { get; } =
        new Dictionary<string, (ConvolutionShape, int)>
        {
            ["3x3"] = (Make(8, 12, 9, 9, 3, padding: 1), 11),
            ["3x3 on 10x13"] = (Make(5, 7, 10, 13, 3, padding: 1), 3),
            ["3x3 without padding"] = (Make(6, 5, 12, 9, 3), 9),
            ["3x3 stride 2"] = (Make(8, 8, 9, 11, 3, stride: 2, padding: 1), 5),
            ["3x3 stride 3"] = (Make(3, 4, 10, 8, 3, stride: 3, padding: 1), 2),
            ["3x3 dilation 2"] = (Make(4, 6, 13, 12, 3, padding: 2, dilation: 2), 4),
            ["3x3 dilation 3 stride 2"] = (Make(4, 4, 13, 12, 3, stride: 2, padding: 2, dilation: 3), 4),
            ["1x1"] = (Make(9, 13, 7, 5, 1), 6),
            ["1x1 stride 2"] = (Make(8, 4, 7, 6, 1, stride: 2), 9),
            ["7x7 stride 2"] = (Make(3, 8, 21, 19, 7, stride: 2, padding: 3), 3),
            ["5x5"] = (Make(4, 4, 8, 8, 5, padding: 2), 17),
            ["2 groups"] = (Make(12, 8, 6, 7, 3, padding: 1, groups: 2), 7),
            ["3 groups of 2 and 3"] = (Make(6, 9, 10, 11, 3, padding: 1, groups: 3), 3),
            ["depthwise"] = (Make(5, 5, 9, 10, 3, padding: 1, groups: 5), 4),
            ["depthwise stride 2"] = (Make(6, 6, 13, 10, 3, stride: 2, padding: 1, groups: 6), 9),
            ["depthwise 5x5 on 4x4"] = (Make(6, 6, 4, 4, 5, padding: 2, groups: 6), 17),
            ["depthwise with 2 outputs each"] = (Make(4, 8, 9, 9, 3, padding: 1, groups: 4), 5),
            ["1x1 image"] = (Make(8, 8, 1, 1, 3, padding: 1), 20),
            ["2x2 image"] = (Make(16, 8, 2, 2, 3, padding: 1), 33),
            ["2x2 image, stride 2"] = (Make(8, 8, 2, 2, 3, stride: 2, padding: 1), 9),
            ["4x4 image"] = (Make(20, 12, 4, 4, 3, padding: 1), 19),
            ["1x4 image"] = (Make(4, 4, 1, 4, 3, padding: 1), 3),
            ["many channels"] = (Make(68, 36, 9, 9, 3, padding: 1), 2),
            ["many channels, 1x1"] = (Make(300, 16, 9, 3, 1), 2),
            ["asymmetric padding"] = (
                new ConvolutionShape(4, 5, new(9, 7), new(3, 2), new(1, 2), new Margins(0, 1, 2, 0), new(2, 1)), 5),
            ["more padding than kernel"] = (Make(4, 4, 3, 3, 2, padding: 3), 2),
            ["kernel as large as the image"] = (Make(4, 6, 6, 6, 6), 10),
            ["stride larger than the kernel"] = (Make(4, 4, 9, 9, 2, stride: 4), 3),
            ["stride larger than the image"] = (Make(4, 4, 2, 3, 2, stride: 4), 3),
        };

    /// <summary>Names of masks.</summary>
    public static IReadOnlyList<string> Masks =>
    [
        "2:4 transposable", "1:2 transposable", "2:4", "1:4", "1:4 transposable", "blocks", "scattered blocks", "10 %", "50 %", "nothing",
    ];

    /// <summary>A mask over the weights of a convolution.</summary>
    public static Mask MakeMask(string name, ConvolutionShape shape, int seed = 3)
    {
        var random = new Random(seed);
        var mask = new Mask(shape.Outputs, shape.Columns);
        var (fours, inputs) = (shape.Columns / 4, shape.GroupInputs);
        for (var row = 0; row < shape.Outputs; row += 4)
        {
            for (var four = 0; four < fours; four++)
            {
                int[] order = [0, 1, 2, 3];
                random.Shuffle(order);
                var keeps = random.NextDouble();
                for (var i = 0; i < 16 && row + (i / 4) < shape.Outputs; i++)
                {
                    mask[row + (i / 4), (4 * four) + (i % 4)] = name switch
                    {
                        "2:4 transposable" => order[i / 4] / 2 == i % 4 / 2,
                        "1:2 transposable" => (order[0] + (i / 4) + (i % 4)) % 2 == 0,
                        "2:4" => random.Next(6) is var two && (two < 3 ? i % 4 == two || i % 4 == 3 : i % 4 == two % 3),
                        "1:4 transposable" => order[i / 4] == i % 4,
                        "1:4" => i % 4 == order[(i / 4 * 7 % 4) & random.Next(4)],
                        "blocks" => keeps < 0.25,
                        "10 %" => random.NextDouble() < 0.1,
                        "50 %" => random.NextDouble() < 0.5,
                        _ => false,
                    };
                }
            }
        }
        if (name == "scattered blocks")
            ScatterBlocks(mask, shape, random, inputs);
        return mask;
    }

    private static ConvolutionShape Make(
        int inputs, int outputs, int rows, int columns, int kernel, int stride = 1, int padding = 0, int dilation = 1, int groups = 1) =>
        new(
            inputs, outputs, new(rows, columns), Extent.Square(kernel), Extent.Square(stride), Margins.All(padding),
            Extent.Square(dilation), groups);

    /// <summary>Rows that keep the same columns, but are not neighbours, as in products of graphs.</summary>
    private static void ScatterBlocks(Mask mask, ConvolutionShape shape, Random random, int inputs)
    {
        var kinds = Math.Max(1, shape.Outputs / 4);
        var blocks = shape.Columns / Math.Min(4, inputs);
        var columns = new int[kinds][];
        for (var kind = 0; kind < kinds; kind++)
            columns[kind] = [.. Enumerable.Range(0, blocks).Where(_ => random.Next(4) == 0)];
        for (var row = 0; row < shape.Outputs; row++)
        {
            foreach (var block in columns[row % kinds])
            {
                for (var column = 0; column < Math.Min(4, inputs); column++)
                    mask[row, (block * Math.Min(4, inputs)) + column] = true;
            }
        }
    }
}
