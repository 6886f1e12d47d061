using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Models.Tests.Convolutions;

namespace SparseSharp.Models.Tests.Normalisation;

/// <summary>What a layer has seen of batches.</summary>
internal sealed class RunningReference(int features)
{
    public double[] Means { get; } = new double[features];

    public double[] Variances { get; } = [.. Enumerable.Repeat(1.0, features)];

    public long Batches { get; set; }
}

/// <summary>Layers in double precision, with parameters that a test may change one by one.</summary>
internal sealed class NormReference
{
    private readonly ImageReference _images;

    public NormReference(IEnumerable<ILayer> layers)
    {
        ILayer[] all = [.. layers];
        _images = new ImageReference(all.Where(layer => layer.Parts.Matrices.Length > 0));
        foreach (var layer in all)
        {
            foreach (var vector in layer.Parts.Vectors)
                Parameters[vector.Parameter] = Array.ConvertAll(vector.Values.ToArray(), value => (double)value);
            if (layer.Parts.Matrices.Length == 0)
                continue;
            Parameters[layer.Parts.Matrices[0].Parameter] = _images.Parameters[layer].Weight;
            if (layer.Parts.Matrices[0].Bias is { } bias)
                Parameters[bias.Parameter] = _images.Parameters[layer].Bias;
        }
    }

    public bool IsTraining { get; set; }

    /// <summary>Weights, biases, factors and terms.</summary>
    public Dictionary<Parameter, double[]> Parameters { get; } = [];

    /// <summary>What the passes of a training have seen.</summary>
    public Dictionary<BatchNorm, RunningReference> Running { get; } = [];

    /// <summary>Factors and terms that are not 1 and 0.</summary>
    public static void Vary(ISparseModel model)
    {
        foreach (var layer in model.Layers.OfType<BatchNorm>().Where(layer => layer.Options.Affine))
        {
            layer.SetWeight([.. Enumerable.Range(0, layer.Features).Select(i => 0.5f + (i % 5 * 0.3f))]);
            layer.SetBias([.. Enumerable.Range(0, layer.Features).Select(i => (i % 7 * 0.1f) - 0.3f)]);
        }
        foreach (var layer in model.Layers.OfType<SampleNorm>().Where(layer => layer.Weight.Length > 0))
        {
            layer.SetWeight([.. Enumerable.Range(0, layer.Weight.Length).Select(i => 0.6f + (i % 5 * 0.2f))]);
            layer.SetBias([.. Enumerable.Range(0, layer.Bias.Length).Select(i => (i % 3 * 0.2f) - 0.3f)]);
        }
    }

    /// <summary>A projection of normalised values, a factor and terms.</summary>
    public Images Classify(FixedClassifier layer, Images x)
    {
        var (features, classes) = (layer.Features, layer.Classes);
        var (scale, terms) = (Parameters[layer.Parameters[0]][0], Parameters[layer.Parameters[1]]);
        var values = new double[x.Samples * classes];
        for (var sample = 0; sample < x.Samples; sample++)
        {
            var own = x.Values.AsSpan(sample * features, features).ToArray();
            var norm = Math.Sqrt(own.Sum(value => value * value)) + 1e-8;
            for (var row = 0; row < classes; row++)
            {
                var product = own.Select((value, feature) => value * layer.Projection.At(row, feature)).Sum();
                values[(sample * classes) + row] = (scale * product / norm) + terms[row];
            }
        }
        return new(values, x.Samples, classes, 1, 1);
    }

    public static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(0.7978845608 * (x + (0.044715 * x * x * x))));

    public Images Linear(Linear layer, Images x) => _images.Linear(layer, x);

    public Images Convolve(Conv2d layer, Images x) => _images.Convolve(layer, x);

    public Images Normalise(BatchNorm layer, Images x)
    {
        var (values, options) = ((double[])x.Values.Clone(), layer.Options);
        if (!Running.TryGetValue(layer, out var running) && IsTraining)
            Running.Add(layer, running = new(layer.Features));
        foreach (var (start, end) in Parts(options.Ghost, x))
        {
            if (IsTraining)
                running!.Batches++;
            for (var channel = 0; channel < x.Channels; channel++)
            {
                int[] places =
                [
                    .. from sample in Enumerable.Range(start, end - start)
                       from pixel in Enumerable.Range(0, x.Rows * x.Columns)
                       select (((sample * x.Channels) + channel) * x.Rows * x.Columns) + pixel,
                ];
                double[] own = [.. places.Select(place => x.Values[place])];
                var (mean, spread) = IsTraining
                    ? (own.Average(), Spread(options, own)) : (layer.RunningMean[channel], layer.RunningVariance[channel]);
                if (IsTraining)
                    Remember(options, running!, channel, mean, options.Range == RangeNorm.None ? spread * own.Length / (own.Length - 1) : spread);
                var divisor = options.Range == RangeNorm.None ? Math.Sqrt(spread + options.Epsilon) : spread + options.Epsilon;
                var (factor, term) = options.Affine
                    ? (Parameters[layer.Parameters[0]][channel], Parameters[layer.Parameters[1]][channel]) : (1, 0);
                foreach (var place in places)
                    values[place] = ((x.Values[place] - mean) / divisor * factor) + term;
            }
        }
        return x with { Values = values };
    }

    /// <summary>Each sample by the mean and variance of all its numbers, with a factor and a term for each of them.</summary>
    public Images Normalise(LayerNorm layer, Images x) => Normalise(layer, x, groups: 1, perFactor: 1);

    /// <summary>Groups of channels of each sample, with a factor and a term for each channel.</summary>
    public Images Normalise(GroupNorm layer, Images x) => Normalise(layer, x, layer.Groups, x.Rows * x.Columns);

    private Images Normalise(SampleNorm layer, Images x, int groups, int perFactor)
    {
        var (values, features) = ((double[])x.Values.Clone(), x.Channels * x.Rows * x.Columns);
        var size = features / groups;
        for (var start = 0; start < values.Length; start += size)
        {
            var own = x.Values[start..(start + size)];
            var mean = own.Average();
            var deviation = Math.Sqrt(own.Average(value => (value - mean) * (value - mean)) + layer.Epsilon);
            for (var i = start; i < start + size; i++)
            {
                var feature = i % features / perFactor;
                var (factor, term) = layer.Parameters.Count > 0
                    ? (Parameters[layer.Parameters[0]][feature], Parameters[layer.Parameters[1]][feature]) : (1, 0);
                values[i] = ((x.Values[i] - mean) / deviation * factor) + term;
            }
        }
        return x with { Values = values };
    }

    private static void Remember(BatchNormOptions options, RunningReference running, int channel, double mean, double variance)
    {
        var weight = options.Cumulative ? 1.0 / running.Batches : options.Momentum;
        running.Means[channel] += weight * (mean - running.Means[channel]);
        running.Variances[channel] += weight * (variance - running.Variances[channel]);
    }

    private IEnumerable<(int Start, int End)> Parts(int ghost, Images x)
    {
        var size = IsTraining && ghost > 0 ? Math.Min(ghost, x.Samples) : x.Samples;
        for (var start = 0; start < x.Samples;)
        {
            var end = start + size;
            // A rest of less than half belongs to the part before it.
            if (2 * (x.Samples - end) < size)
                end = x.Samples;
            yield return (start, end);
            start = end;
        }
    }

    private static double Spread(BatchNormOptions options, double[] values)
    {
        var mean = values.Average();
        if (options.Range == RangeNorm.None)
            return values.Average(value => (value - mean) * (value - mean));
        var parts = options.Range == RangeNorm.Paper ? 1 : Math.Min(16, values.Length / 2);
        var ranges = Enumerable.Range(0, parts)
            .Select(part => values[(int)((long)part * values.Length / parts)..(int)((part + 1L) * values.Length / parts)])
            .Average(own => own.Max() - own.Min());
        return ranges * (options.Range == RangeNorm.Paper ? 1 : 0.5402083625) / Math.Sqrt(2 * Math.Log((double)values.Length / parts));
    }
}
