using SparseSharp.Kernels;

namespace SparseSharp.Fuzz.Files;

/// <summary>Files of models, loaded into a model that has other weights.</summary>
internal sealed class ModelSubject<TModel> : IFileSubject
    where TModel : class, ISparseModel<TModel>, IDisposable
{
    private readonly ModelState<TModel> _state;
    private readonly byte[] _file;

    public ModelSubject(string folder)
    {
        _state = new ModelState<TModel>(folder);
        using var model = TModel.Create(seed: 1);
        _file = _state.Save(model);
    }

    public string Name => $"model {typeof(TModel).Name}";

    public bool Try(Random random, string folder)
    {
        var path = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(path, TensorMutator.Mutate(_file, random));
        return _state.Try(folder, model => ModelFile.Load(model, path));
    }

    public void Dispose() => _state.Dispose();
}

/// <summary>A model that files are loaded into, and what it must be afterwards.</summary>
internal sealed class ModelState<TModel> : IDisposable
    where TModel : class, ISparseModel<TModel>, IDisposable
{
    private readonly TModel _model = TModel.Create(seed: 2);
    private readonly TModel _other = TModel.Create(seed: 3);
    private readonly Predictor<TModel> _predictor;
    private readonly byte[] _expected;
    private readonly string _before;
    private readonly string _now;

    public ModelState(string folder)
    {
        _before = Path.Combine(folder, $"{Guid.NewGuid():N}.before");
        _now = Path.Combine(folder, $"{Guid.NewGuid():N}.now");
        ModelFile.Save(_model, _before);
        _expected = File.ReadAllBytes(_before);
        _predictor = new(_model);
    }

    /// <summary>The bytes that a model is saved as.</summary>
    public byte[] Save(TModel model)
    {
        ModelFile.Save(model, _now);
        return File.ReadAllBytes(_now);
    }

    /// <summary>
    /// Loads something into the model: refused, it changes nothing; taken, it leaves a model that predicts, and that is the same when it
    /// has been saved and loaded.
    /// </summary>
    public bool Try(string folder, Action<TModel> load)
    {
        var isAccepted = Refusal.IsAccepted(folder, () => load(_model));
        var saved = Save(_model);
        if (!isAccepted)
        {
            Refusal.MustBeEqual(_expected, saved, "A load that was refused changed the model.");
            return false;
        }
        _predictor.Predict(new float[3 * TModel.Descriptor.InputFeatures], new float[3 * TModel.Descriptor.OutputFeatures]);
        ModelFile.Load(_other, _now);
        Refusal.MustBeEqual(saved, Save(_other), "A model that was loaded is another one after saving and loading it.");
        ModelFile.Load(_model, _before);
        Refusal.MustBeEqual(_expected, Save(_model), "A model is not what its own file holds after it had another file.");
        return true;
    }

    public void Dispose()
    {
        _predictor.Dispose();
        _model.Dispose();
        _other.Dispose();
    }
}
