using System.Numerics.Tensors;

namespace SparseSharp.Benchmarks.Products;

/// <summary>A row-major matrix in double precision, for references.</summary>
internal sealed class WideMatrix(int rows, int columns)
{
    private const int SampledRows = 8;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public double[] Values { get; } = new double[rows * columns];

    public Span<double> this[int row] => Values.AsSpan(row * Columns, Columns);

    public static WideMatrix From(ReadOnlySpan<float> values, int columns)
    {
        var matrix = new WideMatrix(values.Length / columns, columns);
        TensorPrimitives.ConvertTruncating<float, double>(values, matrix.Values);
        return matrix;
    }

    /// <summary>The weights <c>[out, in]</c> that a layer multiplies with: 0 where they are masked, rounded where it rounds them.</summary>
    public static WideMatrix WeightOf(Linear layer) => From(FloatsOf(layer), layer.Inputs);

    /// <summary>The same as floats.</summary>
    public static float[] FloatsOf(Linear layer)
    {
        var weight = new float[layer.Inputs * layer.Outputs];
        layer.CopyEffectiveWeight(weight);
        return weight;
    }

    /// <summary>Clears what a mask does not keep.</summary>
    public void Apply(Mask? mask)
    {
        for (var row = 0; row < Rows && mask is not null; row++)
            Apply(mask, row, this[row]);
    }

    /// <summary>Clears what a mask does not keep in one row.</summary>
    public static void Apply(Mask mask, int row, Span<double> values)
    {
        for (var column = 0; column < values.Length; column++)
        {
            if (!mask[row, column])
                values[column] = 0;
        }
    }

    /// <summary><c>result = row · matrixᵀ</c>.</summary>
    public void MultiplyTransposed(ReadOnlySpan<double> row, Span<double> result)
    {
        for (var i = 0; i < Rows; i++)
            result[i] = TensorPrimitives.Dot<double>(row, this[i]);
    }

    /// <summary><c>result = row · matrix</c>.</summary>
    public void Multiply(ReadOnlySpan<double> row, Span<double> result)
    {
        result.Clear();
        for (var i = 0; i < Rows; i++)
        {
            if (row[i] != 0)
                TensorPrimitives.MultiplyAdd(this[i], row[i], result, result);
        }
    }

    /// <summary>A column, as long as there are rows.</summary>
    public double[] Column(int column)
    {
        var values = new double[Rows];
        for (var row = 0; row < Rows; row++)
            values[row] = Values[(row * Columns) + column];
        return values;
    }

    /// <summary>
    /// Some of the rows, among them the first and the last ones: the whole of a large product would take longer to check than to measure.
    /// </summary>
    public static IEnumerable<int> Sample(int rows)
    {
        var count = Math.Min(rows, SampledRows);
        for (var i = 0; i < count; i++)
            yield return count == 1 ? 0 : (int)((long)i * (rows - 1) / (count - 1));
    }
}
