namespace SparseSharp.Fuzz.Files;

/// <summary>Checkpoints, resumed by a trainer that stands elsewhere.</summary>
internal sealed class CheckpointSubject<TModel> : IFileSubject
    where TModel : class, ISparseModel<TModel>, IDisposable
{
    private const int Epochs = 3;
    private const int BatchSize = 8;

    private static readonly Dataset s_data = Data(seed: 1);

    private readonly Func<Optimizer> _optimizer;
    private readonly TrainerOptions _options;
    private readonly List<byte[]> _files = [];
    private readonly TModel _model = TModel.Create(seed: 2);
    private readonly Trainer<TModel> _trainer;
    private readonly string _before;
    private readonly string _now;
    private readonly byte[] _expectedModel;
    private readonly byte[] _expectedCheckpoint;

    public CheckpointSubject(string folder, Func<Optimizer> optimizer, TrainerOptions options)
    {
        (_optimizer, _options) = (optimizer, Quiet(options));
        _before = Path.Combine(folder, $"{Guid.NewGuid():N}.before");
        _now = Path.Combine(folder, $"{Guid.NewGuid():N}.now");
        using (var model = TModel.Create(seed: 1))
        using (var trainer = new Trainer<TModel>(model, Loss.SoftmaxCrossEntropy, optimizer(), _options))
        {
            trainer.SaveCheckpoint(_now);
            _files.Add(File.ReadAllBytes(_now));
            foreach (var _ in trainer.Fit(s_data, Epochs, BatchSize, s_data))
            {
                trainer.SaveCheckpoint(_now);
                _files.Add(File.ReadAllBytes(_now));
            }
        }
        _trainer = new(_model, Loss.SoftmaxCrossEntropy, optimizer(), _options);
        _trainer.Fit(s_data, Epochs, BatchSize, s_data).First();
        _trainer.SaveCheckpoint(_before);
        _expectedCheckpoint = File.ReadAllBytes(_before);
        _expectedModel = SavedModel();
    }

    public string Name => $"checkpoint {typeof(TModel).Name}";

    public bool Try(Random random, string folder)
    {
        var path = Path.Combine(folder, "training.checkpoint");
        File.WriteAllBytes(path, TensorMutator.Mutate(_files[random.Next(_files.Count)], random));
        var isAccepted = Refusal.IsAccepted(folder, () => _trainer.Resume(path));
        if (!isAccepted)
        {
            MustBeAsBefore("A checkpoint that was refused changed");
            return false;
        }
        GoOn(path);
        _trainer.Resume(_before);
        MustBeAsBefore("After another checkpoint and its own, a trainer has another");
        return true;
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _model.Dispose();
    }

    /// <summary>A training that has taken a checkpoint must be able to go on with it, or say why not.</summary>
    private void GoOn(string path)
    {
        using var model = TModel.Create(seed: 3);
        using var trainer = new Trainer<TModel>(
            model, Loss.SoftmaxCrossEntropy, _optimizer(), _options with { CheckpointPath = path, ResumeIfPresent = true });
        try
        {
            foreach (var report in trainer.Fit(s_data, Epochs, BatchSize, s_data))
            {
                if (report.Epoch > Epochs || report.Epoch < 0)
                    throw new FuzzException("position", $"The training goes on with epoch {report.Epoch} of {Epochs}.");
            }
        }
        catch (Exception error) when (error is DivergenceException
            || (error is InvalidOperationException && error.Message.StartsWith("This training began with", StringComparison.Ordinal)))
        {
            // Values of a file may be far from any that a training has, and another plan is not this one.
        }
    }

    private void MustBeAsBefore(string what)
    {
        _trainer.SaveCheckpoint(_now);
        Refusal.MustBeEqual(_expectedCheckpoint, File.ReadAllBytes(_now), $"{what} state of the training.");
        Refusal.MustBeEqual(_expectedModel, SavedModel(), $"{what} model.");
    }

    private byte[] SavedModel()
    {
        ModelFile.Save(_model, _now);
        return File.ReadAllBytes(_now);
    }

    private static TrainerOptions Quiet(TrainerOptions options) => options with { Log = _ => { } };

    private static Dataset Data(int seed)
    {
        var random = new Random(seed);
        const int count = 24, features = 8, classes = 5;
        return new(
            Enumerable.Range(0, count * features).Select(_ => (2 * random.NextSingle()) - 1).ToArray(), features,
            Enumerable.Range(0, count).Select(i => i % classes).ToArray());
    }
}
