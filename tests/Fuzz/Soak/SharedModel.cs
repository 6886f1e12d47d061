namespace SparseSharp.Fuzz.Soak;

/// <summary>A model that many threads predict with while another thread replaces it, and what it must predict.</summary>
internal interface ISharedModel : IDisposable
{
    /// <summary>Predicts a batch with whatever model is there, and compares every bit.</summary>
    /// <returns>Whether there was one; it may be gone at any instant.</returns>
    /// <exception cref="FuzzException">The outputs are not those of a single thread.</exception>
    bool Predict(int samples, float[] outputs);

    /// <summary>
    /// Makes a model of the same weights from its file, puts it in the place of the one that is there, and disposes that.
    /// </summary>
    void Replace(string path);
}

/// <inheritdoc cref="ISharedModel"/>
internal sealed class SharedModel<TModel> : ISharedModel
    where TModel : class, ISparseModel<TModel>, IDisposable
{
    public const int MostSamples = 300;

    private readonly float[] _inputs = new float[MostSamples * TModel.Descriptor.InputFeatures];
    private readonly float[][] _expected = new float[MostSamples + 1][];
    private Held _held;

    /// <summary>Computes what each size of batch must give, on this thread alone.</summary>
    public SharedModel(PredictCall<TModel> predict)
    {
        var random = new Random(1);
        foreach (ref var value in _inputs.AsSpan())
            value = (2 * random.NextSingle()) - 1;
        Call = predict;
        _held = new(TModel.Create(seed: 7));
        for (var samples = 1; samples <= MostSamples; samples++)
        {
            _expected[samples] = new float[samples * TModel.Descriptor.OutputFeatures];
            Call(_held.Model, Inputs(samples), _expected[samples]);
        }
    }

    private PredictCall<TModel> Call { get; }

    public bool Predict(int samples, float[] outputs)
    {
        var expected = _expected[samples];
        var actual = outputs.AsSpan(0, expected.Length);
        actual.Fill(float.NaN);
        try
        {
            Call(Volatile.Read(ref _held).Model, Inputs(samples), actual);
        }
        catch (ObjectDisposedException gone)
        {
            return gone.ObjectName.Contains(typeof(TModel).Name, StringComparison.Ordinal)
                ? false
                : throw new FuzzException("message", $"A model that is gone should name itself, not '{gone.ObjectName}'.", gone);
        }
        if (!System.Runtime.InteropServices.MemoryMarshal.Cast<float,
            int>(actual).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(expected)))
            throw new FuzzException("bits", $"{samples} samples have other outputs than on one thread.");
        return true;
    }

    public void Replace(string path)
    {
        ModelFile.Save(_held.Model, path);
        var next = TModel.Create(seed: 8);
        ModelFile.Load(next, path);
        Interlocked.Exchange(ref _held, new(next)).Model.Dispose();
        File.Delete(path);
    }

    public void Dispose() => _held.Model.Dispose();

    private ReadOnlySpan<float> Inputs(int samples) => _inputs.AsSpan(0, samples * TModel.Descriptor.InputFeatures);

    private sealed record Held(TModel Model);
}

/// <summary>The Predict of a generated class, which no interface has.</summary>
internal delegate void PredictCall<TModel>(TModel model, ReadOnlySpan<float> inputs, Span<float> outputs);
