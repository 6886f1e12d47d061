using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Numerics;

/// <summary>Hadamard matrices, and the rows of fixed classifiers.</summary>
public sealed class HadamardTransformTests
{
    [Fact]
    public unsafe void A_vector_is_transformed()
    {
        float[] values = [1, 2, 3, 4, 5, 6, 7, 8];
        fixed (float* pointer = values)
        {
            HadamardTransform.Vector(pointer, 8);
            Assert.Equal([36, -4, -8, 0, -16, 0, 0, 0], values);
            HadamardTransform.Vector(pointer, 8);
        }
        Assert.Equal([8, 16, 24, 32, 40, 48, 56, 64], values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(128)]
    public unsafe void Vectors_and_columns_are_products_with_the_matrix(int size)
    {
        var vector = Enumerable.Range(0, size).Select(i => (float)((i * 7 % 13) - 6)).ToArray();
        var expected = Enumerable.Range(0, size)
            .Select(row => (float)Enumerable.Range(0, size).Sum(column => HadamardTransform.Sign(row, column) * (double)vector[column]))
            .ToArray();
        AssertColumns<Lanes4>();
        AssertColumns<Lanes8>();
        AssertColumns<Lanes16>();
        fixed (float* pointer = vector)
            HadamardTransform.Vector(pointer, size);
        Assert.Equal(expected, vector);

        void AssertColumns<TLanes>()
            where TLanes : struct, IFloatLanes<TLanes>
        {
            var stride = TLanes.Count + 4;
            var values = new float[size * stride];
            for (var i = 0; i < values.Length; i++)
                values[i] = i % stride < TLanes.Count ? vector[i / stride] * (i % stride + 1) : 77;
            fixed (float* pointer = values)
                HadamardTransform.Columns<TLanes>(pointer, size, stride);
            for (var i = 0; i < values.Length; i++)
                Assert.Equal(i % stride < TLanes.Count ? expected[i / stride] * (i % stride + 1) : 77, values[i]);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(64, 64)]
    [InlineData(65, 128)]
    [InlineData(1 << 29, 1 << 29)]
    [InlineData((1 << 29) + 1, 1 << 30)]
    public void Sizes_are_powers_of_two(int rows, int size) => Assert.Equal(size, HadamardTransform.SizeOf(rows));

    /// <summary>The largest cosine of two different rows of a classifier.</summary>
    [Theory]
    [InlineData(1664, 1000, 0.231)]
    [InlineData(960, 1000, 0.067)]
    [InlineData(6, 5, 0.333)]
    [InlineData(2048, 1000, 0)]
    [InlineData(512, 10, 0)]
    [InlineData(64, 100, 1)]
    public void Rows_are_as_orthogonal_as_known(int features, int classes, double cosine)
    {
        // The product of the rows i and k is row i XOR k.
        var differences = Enumerable.Range(0, classes)
            .SelectMany(row => Enumerable.Range(0, row).Select(other => row ^ other)).Distinct();
        var largest = differences.Max(
            row => Math.Abs(Enumerable.Range(0, features).Sum(column => HadamardTransform.Sign(row, column)))) / (double)features;
        Assert.Equal(cosine, largest, 5e-4);
    }

    [Theory]
    [InlineData(64, 100, false, 64)]
    [InlineData(65, 129, false, 128)]
    [InlineData(64, 65, true, 64)]
    public void Classes_that_cannot_be_told_apart_are_refused(int features, int classes, bool isRandom, int most)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => new FixedProjection(features, classes, isRandom));
        Assert.StartsWith(
            $"{features} features have at most {most} rows that can be told apart.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 9)]
    [InlineData(64, 64)]
    [InlineData(10, 200)]
    public void Random_rows_are_orthonormal_and_always_the_same(int rows, int columns)
    {
        var values = OrthonormalRows.Make(rows, columns);
        Assert.Equal(values, OrthonormalRows.Make(rows, columns));
        for (var row = 0; row < rows; row++)
        {
            for (var other = 0; other <= row; other++)
            {
                var product = Enumerable.Range(0, columns)
                    .Sum(column => (double)values[(row * columns) + column] * values[(other * columns) + column]);
                Assert.Equal(row == other ? 1 : 0, product, 1e-6);
            }
        }
    }

    /// <summary>Models that were trained depend on these bits.</summary>
    [Fact]
    public void Random_rows_have_the_bits_that_they_had() =>
        Assert.Equal(
            "BF0CF45A BF2A06C3 3EC820B9 BE5F930D 3E70BB2C 3EA23543 BE45BB80 BDF8C09B BF56A447 BEC2B218",
            string.Join(" ", OrthonormalRows.Make(2, 5).Select(value => $"{BitConverter.SingleToInt32Bits(value):X8}")));
}
