namespace SparseSharp.Fuzz.Kills;

/// <summary>A folder in which a model and a checkpoint are replaced again and again, by one of a few that are known.</summary>
internal sealed class SavedFiles : IDisposable
{
    private const int Contents = 4;

    private readonly string _folder;
    private readonly List<SavedModel> _models = [];
    private readonly List<Trainer<SavedModel>> _trainers = [];
    private readonly List<byte[]> _expected = [];

    /// <summary>Makes the contents: equal in every process.</summary>
    /// <param name="folder">Where the two files are.</param>
    public SavedFiles(string folder)
    {
        _folder = folder;
        var random = new Random(1);
        var data = new Dataset(Enumerable.Range(0, 64 * 64)
            .Select(_ => random.NextSingle())
            .ToArray(), 64, Enumerable.Range(0, 64)
            .Select(i => i % 10)
            .ToArray());
        for (var i = 0; i < Contents; i++)
        {
            var model = new SavedModel(seed: (ulong)i);
            var trainer = new Trainer<SavedModel>(model, Loss.SoftmaxCrossEntropy, new AdamW(0.001f), new() { Log = _ => { } });
            foreach (var _ in trainer.Fit(data, epochs: 1, batchSize: 32))
            {
                // One is enough: the optimizer has a state then.
            }
            _models.Add(model);
            _trainers.Add(trainer);
            _expected.Add(Bytes(model));
        }
    }

    public string ModelPath => Path.Combine(_folder, "model.safetensors");

    public string CheckpointPath => Path.Combine(_folder, "training.checkpoint");

    /// <summary>Replaces the model's file by the next content.</summary>
    public void SaveModel(int content) => ModelFile.Save(_models[content % Contents], ModelPath);

    /// <summary>Replaces the checkpoint by the next content.</summary>
    public void SaveCheckpoint(int content) => _trainers[content % Contents].SaveCheckpoint(CheckpointPath);

    /// <summary>What is wrong with the files; null if each is there, loads, and is one of the contents, whole.</summary>
    public string? Fault()
    {
        try
        {
            if (!IsExpected(File.ReadAllBytes(ModelPath)))
                return "The model's file is none of those that were saved.";
            using var model = SavedModel.Load(ModelPath);
            using var trainer = new Trainer<SavedModel>(model, Loss.SoftmaxCrossEntropy, new AdamW(0.001f), new() { Log = _ => { } });
            trainer.Resume(CheckpointPath);
            return IsExpected(Bytes(model)) ? null : "The checkpoint is none of those that were saved.";
        }
        catch (IOException error)
        {
            return error.Message;
        }
    }

    /// <summary>Files that should not be there.</summary>
    public IReadOnlyList<string> Litter() =>
        [.. Directory.GetFileSystemEntries(_folder).Where(path => path != ModelPath && path != CheckpointPath)];

    public void Dispose()
    {
        _trainers.ForEach(trainer => trainer.Dispose());
        _models.ForEach(model => model.Dispose());
    }

    private bool IsExpected(byte[] bytes) => _expected.Any(expected => expected.AsSpan().SequenceEqual(bytes));

    private static byte[] Bytes(SavedModel model)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        model.Save(path);
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }
}

/// <summary>A few hundred kilobytes: long enough to be killed while it is written.</summary>
[SparseModel]
public sealed partial class SavedModel
{
    [Linear(64, 512), NMSparse(2, 4, Transposable = true)] public partial Linear Stem { get; }
    [Linear(512, 128)] public partial Linear Mixer { get; }
    [Linear(128, 10)] public partial Linear Head { get; }

    Activation Forward([Input(64)] Activation x) => x.Through(Stem).Relu().Through(Mixer).Relu().Through(Head);
}
