namespace SparseSharp.Benchmarks.Products;

/// <summary>Largest absolute error of a result over the largest absolute value of its reference.</summary>
internal struct ReferenceError
{
    /// <summary>The error of a result that is not a number: larger than any tolerance, and writable as a number.</summary>
    public const double NotANumber = 1e9;

    private double _largestError;
    private double _largestValue;

    /// <summary>The error so far.</summary>
    public readonly double Value => _largestError == 0 ? 0 : Math.Min(NotANumber, _largestError / _largestValue);

    /// <summary>Compares a part of the result.</summary>
    public void Add(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var error = Math.Abs(expected[i] - actual[i]);
            _largestError = Math.Max(_largestError, double.IsNaN(error) ? double.PositiveInfinity : error);
            _largestValue = Math.Max(_largestValue, Math.Abs(expected[i]));
        }
    }
}
