namespace SparseSharp.Runtime.Tests.Gradients;

/// <summary>Groups to prune.</summary>
internal static class Groups
{
    /// <summary>With worked results in <see cref="MinimumVarianceTests"/>.</summary>
    public static readonly (double[] Values, int Keep)[] Worked =
    [
        ([3, -1], 1),
        ([1, 2, 3, 4], 2),
        ([1, 1, 2, 8], 2),
        ([1, 3, 3, 6], 2),
        ([1, 1, 1, 1], 2),
        ([-2, 0, 0, 3], 2),
        ([5, 0, 0, 0], 2),
        ([0, 0, 0, 0], 2),
        ([1, 2, 4, 8], 3),
        ([1, -2, 3, -4, 5, -6, 7, -8], 2),
        ([1, -2, 3, -4, 5, -6, 7, -8], 4),
        ([0.5, -1, 2, -4, 8, -0.25, 1, -3], 4),
    ];

    public static readonly (int Keep, int Group)[] Patterns =
        [(1, 2), (1, 3), (1, 4), (2, 4), (3, 4), (2, 5), (2, 8), (4, 8), (7, 8), (8, 16), (16, 32), (31, 32), (1, 32)];

    /// <summary>A group of small whole numbers; some are 0, and some are much larger than the others.</summary>
    public static double[] Integers(Random random, int size)
    {
        var group = new double[size];
        for (var i = 0; i < size; i++)
        {
            var magnitude = random.Next(5) switch { 0 => 0, 1 => random.Next(1, 200), _ => random.Next(1, 9) };
            group[i] = random.Next(2) == 0 ? magnitude : -magnitude;
        }
        return group;
    }
}
