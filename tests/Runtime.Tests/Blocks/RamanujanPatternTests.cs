namespace SparseSharp.Runtime.Tests.Blocks;

public sealed class RamanujanPatternTests
{
    /// <summary>Also with repeated columns, tall blocks and complete factors.</summary>
    public static TheoryData<string> Names => ["Tiny", "Figure", "Square1024", "Repeated", "Tall", "OuterComplete", "InnerComplete"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_weight_exists_where_all_four_graphs_join_its_digits(string name)
    {
        var pattern = Get(name);
        var (outer, inner) = (pattern.Outer, pattern.Inner);
        var mask = pattern.ToMask();
        for (var row = 0; row < pattern.Outputs; row++)
        {
            var tileRow = row / (pattern.RowRepeats * inner.Rows * pattern.BlockRows);
            var innerRow = row / pattern.BlockRows % inner.Rows;
            for (var column = 0; column < pattern.Inputs; column++)
            {
                var tileColumn = column / (pattern.ColumnRepeats * inner.Columns * pattern.BlockColumns);
                var innerColumn = column / pattern.BlockColumns % inner.Columns;
                Assert.Equal(Joins(outer, tileRow, tileColumn) && Joins(inner, innerRow, innerColumn), mask[row, column]);
            }
        }
        Assert.Equal(pattern.Count, mask.Count);
        Assert.Equal(pattern.Density, mask.Density);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Positions_number_the_weights_that_exist(string name)
    {
        var pattern = Get(name);
        for (long position = 0; position < pattern.Count; position++)
        {
            var (row, column) = pattern.Weight(position);
            Assert.Equal(position, pattern.Position(row, column));
        }
        var mask = pattern.ToMask();
        for (var row = 0; row < pattern.Outputs; row++)
            for (var column = 0; column < pattern.Inputs; column++)
                Assert.Equal(mask[row, column], pattern.Position(row, column) >= 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void All_rows_and_all_columns_keep_equally_many(string name)
    {
        var pattern = Get(name);
        var mask = pattern.ToMask();
        for (var row = 0; row < pattern.Outputs; row++)
            Assert.Equal(pattern.WeightsPerRow, Enumerable.Range(0, pattern.Inputs).Count(column => mask[row, column]));
        for (var column = 0; column < pattern.Inputs; column++)
            Assert.Equal(pattern.Count / pattern.Inputs, Enumerable.Range(0, pattern.Outputs).Count(row => mask[row, column]));
    }

    [Fact]
    public void The_figure_of_the_paper()
    {
        string[] rows = ["00001100", "00000011", "00001100", "00000011", "11000000", "00110000", "11000000", "00110000"];
        var mask = Graphs.Figure.ToMask();
        for (var row = 0; row < 16; row++)
            Assert.Equal(rows[row / 2], string.Concat(Enumerable.Range(0, 8).Select(column => mask[row, column] ? '1' : '0')));
    }

    [Fact]
    public void The_packed_order_of_the_example()
    {
        var values = Enumerable.Range(0, (int)Graphs.Tiny.Count)
            .Select(position => Graphs.Tiny.Weight(position))
            .Select(weight => (16 * weight.Row) + weight.Column)
            .ToArray();
        Assert.Equal(
            [
                8, 72, 9, 73, 12, 76, 13, 77, 26, 90, 27, 91, 30, 94, 31, 95, 40, 104, 41, 105, 46, 110, 47, 111, 58, 122, 59, 123, 60,
                124, 61, 125,
                128, 192, 129, 193, 132, 196, 133, 197, 146, 210, 147, 211, 150, 214, 151, 215, 160, 224, 161, 225, 166, 230, 167, 231,
                178, 242, 179, 243, 180, 244, 181, 245,
            ],
            values);
        Assert.Equal(8160, values.Sum());
    }

    [Fact]
    public void The_positions_of_the_large_example()
    {
        var pattern = Graphs.Square1024;
        Assert.Equal([1, 3, 5, 7, 8, 10, 12, 14], Enumerable.Range(0, 8).Select(edge => pattern.Outer.Neighbour(5, edge)));
        Assert.Equal([1, 3, 4, 6, 9, 11, 12, 14], Enumerable.Range(0, 8).Select(edge => pattern.Inner.Neighbour(9, edge)));
        Assert.Equal(91622, pattern.Position(361, 497));
        Assert.Equal((361, 497), pattern.Weight(91622));
        Assert.Equal((1023, 955), pattern.Weight(pattern.Position(1023, 955)));
        Assert.Equal(pattern.Count - 1, pattern.Position(1023, 955));
    }

    [Fact]
    public void Hashes()
    {
        Assert.Equal(0x48668C95FAFB0DDFUL, Graphs.Tiny.Hash);
        Assert.Equal(0xBF6F7DBF713A760DUL, Graphs.Square1024.Hash);
    }

    [Fact]
    public void Equal_lists_are_equal_patterns()
    {
        var copy = Graphs.Pattern(Graphs.Lift(8, 8, 2), 4, 1, Graphs.Lift(8, 8, 2), 1, 4);
        Assert.Equal(Graphs.Square1024, copy);
        Assert.Equal(Graphs.Square1024.GetHashCode(), copy.GetHashCode());
        Assert.NotEqual(Graphs.Square1024, Graphs.Square1024 with { Inner = Graphs.Lift(4, 4, 4) });
    }

    [Fact]
    public void Damaged_factors_are_refused()
    {
        var tiny = Graphs.Tiny;
        tiny.Check(16, 16);
        Refused(tiny with { Hash = tiny.Hash ^ 1 }, "not 48668C95FAFB0DDE as they should");
        Refused(tiny with { Inner = Graphs.Of(4, 4, [[2, 0], [1, 3], [0, 3], [1, 2]]) }, "lists column 0 after 2");
        Refused(tiny with { Inner = Graphs.Of(4, 4, [[0, 2], [1, 4], [0, 3], [1, 2]]) }, "lists column 4 after 1");
        Refused(tiny with { Inner = Graphs.Of(4, 4, [[0, 2], [1, 2], [0, 3], [1, 2]]) }, "must be biregular");
        Refused(tiny with { Inner = tiny.Inner with { Degree = 3 } }, "need 12");
        Refused(tiny with { Outer = new GraphFactor(2, 2, 1, default) }, "its degree is 1 and not 2");
        Refused(tiny with { BlockColumns = 1 }, "give 16 x 8 weights; the layer has 16 x 16");
        Assert.Throws<ArgumentOutOfRangeException>(() => (tiny with { RowRepeats = 0 }).Check(16, 16));

        static void Refused(RamanujanPattern pattern, string message) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => pattern.Check(16, 16)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_names_sizes()
    {
        Assert.Equal("RBGP4 75 %", Graphs.Square1024.ToString());
        Assert.Equal("16x16/2", Graphs.Square1024.Outer.ToString());
        Assert.Equal("K 4x8", GraphFactor.Complete(4, 8).ToString());
    }

    private static bool Joins(GraphFactor graph, int row, int column) =>
        graph.IsComplete || graph.Neighbours.Slice(row * graph.Degree, graph.Degree).ToArray().Contains((ushort)column);

    private static RamanujanPattern Get(string name) => name switch
    {
        "Tiny" => Graphs.Tiny,
        "Figure" => Graphs.Figure,
        "Square1024" => Graphs.Square1024,
        "Repeated" => Graphs.Pattern(Graphs.Lift(2, 2, 2), 2, 3, Graphs.Lift(4, 4, 2), 1, 4),
        "Tall" => Graphs.Pattern(Graphs.Lift(2, 4, 2), 2, 2, Graphs.Lift(3, 5, 2), 3, 2),
        "OuterComplete" => Graphs.Pattern(GraphFactor.Complete(3, 2), 4, 1, Graphs.Lift(4, 4, 2), 1, 4),
        _ => Graphs.Pattern(Graphs.Lift(4, 4, 2), 4, 1, GraphFactor.Complete(1, 1), 1, 2),
    };
}
