namespace SparseSharp.Fuzz.Files;

/// <summary>All readers of files.</summary>
internal sealed class FileTarget : IFuzzTarget
{
    private readonly List<IFileSubject> _subjects;
    private readonly string _input;

    private FileTarget(string folder)
    {
        _input = Path.Combine(folder, Worker.Input);
        var own = Directory.CreateDirectory(Path.Combine(folder, "own")).FullName;
        _subjects =
        [
            new ModelSubject<PlainModel>(own), new ModelSubject<PatternModel>(own), new ModelSubject<BlockModel>(own),
            new ModelSubject<AnnealedModel>(own),
            new StateDictSubject<PlainModel>(own), new StateDictSubject<PatternModel>(own), new ShardSubject(own),
            new CheckpointSubject<PlainModel>(own, () => new Sgd(0.01f), new() { ClipNorm = 1, AccumulationSteps = 2 }),
            new CheckpointSubject<PatternModel>(
                own, () => new AdamW(0.001f), new() { EarlyStopping = new(3, RestoreBest: true), DenseTail = 0.25 }),
            new CheckpointSubject<BlockModel>(own, () => new AdamW(0.001f), new()),
            new CheckpointSubject<AnnealedModel>(own, () => new Sgd(0.01f, momentum: 0.9f), new()),
            new IdxSubject(), new IdxSubject(), new MnistSubject(), new CifarSubject(),
        ];
    }

    public static TimeSpan Patience => TimeSpan.FromSeconds(20);

    public static long HeapLimit => 512L << 20;

    public static IFuzzTarget Create(string folder) => new FileTarget(folder);

    public Verdict Try(ulong seed)
    {
        if (Directory.Exists(_input))
            Directory.Delete(_input, recursive: true);
        Directory.CreateDirectory(_input);
        var random = Seeded.Random(seed);
        var subject = _subjects[(int)(seed % (ulong)_subjects.Count)];
        return new(subject.Try(random, _input), subject.Name);
    }

    public void Dispose() => _subjects.ForEach(subject => subject.Dispose());
}

/// <summary>Random numbers that depend on a seed alone, neighbours far from each other.</summary>
internal static class Seeded
{
    public static Random Random(ulong seed)
    {
        seed = (seed ^ (seed >> 31)) * 0x9E3779B97F4A7C15;
        return new((int)(seed >> 33));
    }
}
