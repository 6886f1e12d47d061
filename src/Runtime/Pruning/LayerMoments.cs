using System.Numerics.Tensors;

namespace SparseSharp.Pruning;

/// <summary>
/// All that the squared error of a layer on its calibration inputs depends on: sums of products <c>H = Σ x·xᵀ</c> and sums <c>s = Σ x</c>.
/// An output row that is off by weights d and bias b has the error <c>dᵀ·H·d + 2·b·s·d + samples·b²</c>.
/// </summary>
internal sealed class LayerMoments
{
    private readonly double[] _products;
    private readonly double[] _sums;

    /// <summary>Takes the sums as they are.</summary>
    /// <param name="products">H, row-major <c>[features, features]</c>, symmetric.</param>
    /// <param name="sums">s <c>[features]</c>.</param>
    /// <param name="samples">Samples that went into both.</param>
    public LayerMoments(double[] products, double[] sums, int samples)
    {
        (_products, _sums, Samples) = (products, sums, samples);
    }

    public int Features => _sums.Length;

    public int Samples { get; }

    /// <summary>Sums up inputs, row-major <c>[samples, features]</c>.</summary>
    public static LayerMoments From(float[] inputs, int features)
    {
        var samples = inputs.Length / features;
        var products = new double[features * features];
        var columns = new double[inputs.Length];
        for (var sample = 0; sample < samples; sample++)
            for (var feature = 0; feature < features; feature++)
                columns[(feature * samples) + sample] = inputs[(sample * features) + feature];
        Parallel.For(0, features, Workers, i =>
        {
            var own = Column(i);
            for (var j = 0; j <= i; j++)
                products[(i * features) + j] = products[(j * features) + i] = TensorPrimitives.Dot(own, Column(j));
        });
        var sums = new double[features];
        for (var feature = 0; feature < features; feature++)
            sums[feature] = TensorPrimitives.Sum(Column(feature));
        return new LayerMoments(products, sums, samples);

        ReadOnlySpan<double> Column(int feature) => columns.AsSpan(feature * samples, samples);
    }

    /// <summary>Row i of H.</summary>
    public ReadOnlySpan<double> Products(int i) => _products.AsSpan(i * Features, Features);

    /// <summary>The squared error of an output row over all samples.</summary>
    /// <param name="difference">What its weights are off by.</param>
    /// <param name="bias">What its bias is off by.</param>
    public double Error(ReadOnlySpan<double> difference, double bias)
    {
        var error = Samples * bias * bias;
        for (var i = 0; i < difference.Length; i++)
        {
            if (difference[i] != 0)
                error += difference[i] * (TensorPrimitives.Dot(Products(i), difference) + (2 * bias * _sums[i]));
        }
        return error;
    }

    /// <summary>The bias that makes up best for weights that are off: the mean of what they change in the output.</summary>
    public double BestBias(ReadOnlySpan<double> difference) => -TensorPrimitives.Dot<double>(_sums, difference) / Samples;

    /// <summary>The moments of inputs less their mean: what is left of the error where a free bias takes up its best value.</summary>
    public LayerMoments Centered()
    {
        var products = new double[_products.Length];
        for (var i = 0; i < Features; i++)
            TensorPrimitives.MultiplyAdd(_sums, -_sums[i] / Samples, Products(i), products.AsSpan(i * Features, Features));
        return new LayerMoments(products, new double[Features], Samples);
    }

    /// <summary>As many threads as the rest of the library uses.</summary>
    internal static ParallelOptions Workers => new() { MaxDegreeOfParallelism = ComputeThreads.Count };
}
