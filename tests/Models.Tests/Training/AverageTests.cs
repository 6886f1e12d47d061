using SparseSharp.Models.Tests.Annealing;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Blocks;
using SparseSharp.Runtime.Tests.Testing;
using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

/// <summary>Moving averages of weights.</summary>
public sealed class AverageTests : IDisposable
{
    private const double Decay = 0.75;

    private readonly string _folder = Directory.CreateTempSubdirectory("sparsesharp-averages").FullName;

    private string PathOf(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Models =>
    [
        nameof(MixedNet), nameof(BlockNet), nameof(Aimed), nameof(PlainNet), nameof(RegrowTiles), nameof(RegrowRows),
        nameof(AnnealedByChannel), nameof(AnnealedByWeight), nameof(AnnealedPattern),
    ];

    [Theory, MemberData(nameof(Models))]
    public void Averages_are_those_of_the_definition_for_every_kind_of_layer(string model)
    {
        Action check = model switch
        {
            nameof(MixedNet) => Check<MixedNet>,
            nameof(BlockNet) => Check<BlockNet>,
            nameof(Aimed) => Check<Aimed>,
            nameof(PlainNet) => Check<PlainNet>,
            nameof(RegrowTiles) => Check<RegrowTiles>,
            nameof(RegrowRows) => Check<RegrowRows>,
            nameof(AnnealedByChannel) => Check<AnnealedByChannel>,
            nameof(AnnealedByWeight) => Check<AnnealedByWeight>,
            _ => Check<AnnealedPattern>,
        };
        check();
    }

    private static void Check<TModel>()
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        using var model = TModel.Create(3);
        var options = new TrainerOptions { Average = Average.Ema(Decay), TotalSteps = 40, Log = _ => { } };
        using var trainer = new Trainer<TModel>(model, Loss.MeanSquaredError, new AdamW(0.01), options);
        var expected = model.Linears.Select(layer => new Reference(layer)).ToArray();
        for (var step = 1; step <= 16; step++)
        {
            using var batch = Steps.RandomBatch(12, TModel.Descriptor.InputFeatures, TModel.Descriptor.OutputFeatures, 10 * step);
            trainer.Step(batch);
            foreach (var reference in expected)
                reference.Add();
        }
        var before = Bits(model);

        using var average = trainer.CopyAverage();

        Assert.Equal(before, Bits(model));
        for (var i = 0; i < expected.Length; i++)
            expected[i].AssertEqual(average.Linears[i]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_number_of_threads_does_not_change_a_bit(int threads)
    {
        Assert.Equal(Run(2), Run(threads));

        static uint[] Run(int threads)
        {
            using var model = new MixedNet(seed: 3);
            var options = new TrainerOptions { Threads = threads, Average = Average.Ema(0.9) };
            using var trainer = new Trainer<MixedNet>(model, Loss.CrossEntropy, new Sgd(0.1, momentum: 0.9), options);
            trainer.Train(Train, epochs: 1, batchSize: 70);
            using var average = trainer.CopyAverage();
            return [.. Bits(model), .. Bits(average)];
        }
    }

    [Fact]
    public void An_average_changes_nothing_in_the_training()
    {
        Assert.Equal(Run(null), Run(Average.Ema(0.9)));

        static uint[] Run(Average? average)
        {
            using var model = new MixedNet(seed: 3);
            using var trainer = new Trainer<MixedNet>(model, Loss.CrossEntropy, new AdamW(0.01), new TrainerOptions { Average = average });
            trainer.Train(Train, epochs: 2, batchSize: 70, validation: Validation);
            return Bits(model);
        }
    }

    [Fact]
    public void Evaluations_use_the_average_unless_they_are_told_otherwise()
    {
        using var model = new MixedNet(seed: 1);
        var options = new TrainerOptions { Average = Average.Ema(0.9) };
        using var trainer = new Trainer<MixedNet>(model, Loss.CrossEntropy, new AdamW(0.01), options);
        Assert.Equal(Evaluation.Of(model, Loss.CrossEntropy, Validation).Report, trainer.Evaluate(Validation));
        var report = trainer.Train(Train, epochs: 2, batchSize: 64, validation: Validation);
        using var average = trainer.CopyAverage();
        var (averaged, current) = (
            Evaluation.Of(average, Loss.CrossEntropy, Validation).Report, Evaluation.Of(model, Loss.CrossEntropy, Validation).Report);
        Assert.NotEqual(averaged, current);
        Assert.Equal(averaged, report.Validation);
        Assert.Equal(averaged, trainer.Evaluate(Validation));
        Assert.Equal(averaged, trainer.Evaluate(Validation, average: true));
        Assert.Equal(current, trainer.Evaluate(Validation, average: false));

        trainer.SaveAverage(PathOf("average.safetensors"));
        using var loaded = new MixedNet(seed: 5);
        ModelFile.Load(loaded, PathOf("average.safetensors"));
        Assert.Equal(averaged, Evaluation.Of(loaded, Loss.CrossEntropy, Validation).Report);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    public void A_training_that_died_goes_on_with_the_same_average(int lastStep)
    {
        var options = new TrainerOptions
        {
            Average = Average.Ema(0.9),
            CheckpointPath = PathOf("training"),
            CheckpointEvery = 1,
            ResumeIfPresent = true,
            EarlyStopping = new(Patience: 5, RestoreBest: true),
        };
        using var undisturbed = new MixedNet(seed: 1);
        var expected = Fit(undisturbed, options with { CheckpointPath = null, CheckpointEvery = null, ResumeIfPresent = false });
        using var dead = new MixedNet(seed: 1);
        Assert.Throws<TimeoutException>(() => Fit(dead, options with
        {
            OnStep = report =>
            {
                if (report.Step == lastStep)
                    throw new TimeoutException();
            },
        }));
        using var model = new MixedNet(seed: 2);
        Assert.Equal(expected, Fit(model, options));
        var error = Assert.Throws<SafeTensorsException>(() => Fit(model, options with { Average = Average.Ema(0.5) }));
        Assert.Contains("its average is Ema(0.9), that of this trainer is Ema(0.5)", error.Message, StringComparison.Ordinal);
        Assert.Contains("average is Ema(0.9)",
            Assert.Throws<SafeTensorsException>(() => Fit(model, options with { Average = null })).Message, StringComparison.Ordinal);

        static uint[] Fit(MixedNet model, TrainerOptions options)
        {
            using var trainer = new Trainer<MixedNet>(model, Loss.CrossEntropy, new AdamW(0.01), options);
            trainer.Train(Train, epochs: 2, batchSize: 64, validation: Validation);
            if (options.Average is null)
                return Bits(model);
            using var average = trainer.CopyAverage();
            return [.. Bits(model), .. Bits(average)];
        }
    }

    [Fact]
    public void The_weights_of_a_packed_layer_go_on_where_a_checkpoint_was()
    {
        using var model = new RegrowTiles(seed: 1);
        using var trainer = Make(model);
        Run(trainer, 1, 7);
        trainer.SaveCheckpoint(PathOf("regrow"));
        Run(trainer, 8, 14);
        using var other = new RegrowTiles(seed: 2);
        using var resumed = Make(other);
        resumed.Resume(PathOf("regrow"));
        Run(resumed, 8, 14);
        using var first = trainer.CopyAverage();
        using var second = resumed.CopyAverage();
        Assert.Equal(Bits(first), Bits(second));

        static Trainer<RegrowTiles> Make(RegrowTiles model) =>
            new(model, Loss.MeanSquaredError, new AdamW(0.01), new TrainerOptions { Average = Average.Ema(0.8) });

        static void Run(Trainer<RegrowTiles> trainer, int first, int last)
        {
            for (var step = first; step <= last; step++)
            {
                using var batch = Steps.RandomBatch(8, features: 20, targets: 264, seed: step);
                trainer.Step(batch);
            }
        }
    }

    [Fact]
    public void The_best_weights_are_those_that_were_validated()
    {
        using var model = new PlainNet(seed: 1);
        var options = new TrainerOptions { Average = Average.Ema(0.8), EarlyStopping = new(Patience: 2, RestoreBest: true) };
        using var trainer = new Trainer<PlainNet>(model, Loss.CrossEntropy, new AdamW(0.02), options);
        var best = trainer.Fit(Train, epochs: 12, batchSize: 32, validation: Validation).MinBy(report => report.Validation!.Loss)!;
        Assert.Equal(best.Validation, trainer.Evaluate(Validation, average: false));
        Assert.Equal(best.Validation, trainer.Evaluate(Validation));
    }

    [Fact]
    public void A_step_that_is_taken_back_leaves_the_average()
    {
        using var model = new PlainNet(seed: 1);
        var options = new TrainerOptions { Average = Average.Ema(0.8) };
        using var trainer = new Trainer<PlainNet>(model, Loss.CrossEntropy, new Sgd(0.1), options);
        using var batch = Batch(Train, 0, 32);
        trainer.Step(batch);
        trainer.Step(batch);
        using var before = trainer.CopyAverage();
        batch.Inputs[0] = float.NaN;
        Assert.Throws<DivergenceException>(() => trainer.Step(batch));
        using var after = trainer.CopyAverage();
        Assert.Equal(Bits(before), Bits(after));
        Assert.NotEqual(Bits(model), Bits(after));
    }

    [Fact]
    public void A_step_with_an_average_allocates_nothing()
    {
        using var model = new PlainNet(seed: 1);
        var options = new TrainerOptions { Average = Average.Ema(0.9), Threads = 1 };
        using var trainer = new Trainer<PlainNet>(model, Loss.CrossEntropy, new AdamW(0.001), options);
        using var batch = Batch(Train, 0, 64);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 5; i++)
                trainer.Step(batch);
        }));
    }

    [Fact]
    public void Settings_that_do_not_fit_are_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Average.Ema(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Average.Ema(double.NaN));
        Assert.Equal("Ema(0.999)", $"{Average.Ema(0.999)}");
        using var model = new PlainNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new Sgd(0.1));
        Assert.Contains("TrainerOptions.Average",
            Assert.Throws<InvalidOperationException>(() => trainer.CopyAverage()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => trainer.SaveAverage(PathOf("none")));
        Assert.Throws<InvalidOperationException>(() => trainer.Evaluate(Validation, average: true));
    }

    /// <summary>The averages of one layer, from what the layer shows.</summary>
    private sealed class Reference(Linear layer)
    {
        private float[]? _weight;
        private float[] _bias = [];
        private float[] _scales = [];
        private bool[] _kept = [];
        private int[] _blocks = [];

        public void Add()
        {
            var kept = Enumerable.Range(0, layer.Inputs * layer.Outputs)
                .Select(i => !layer.Matrix.IsPacked || layer.Mask![i / layer.Inputs, i % layer.Inputs]).ToArray();
            var weight = layer.Weight.ToArray();
            if (_weight is null)
            {
                (_weight, _bias, _scales, _kept, _blocks) = (weight, layer.Bias.ToArray(), layer.BlockScales.ToArray(), kept, Blocks());
                return;
            }
            for (var i = 0; i < weight.Length; i++)
                _weight[i] = !kept[i] ? 0 : _kept[i] ? Mean(_weight[i], weight[i]) : weight[i];
            Follow(_bias, layer.Bias);
            // The factors of the blocks that stay move along.
            var (blocks, values) = (Blocks(), layer.BlockScales.ToArray());
            _scales = [.. blocks.Select((block, i) => Array.IndexOf(_blocks, block) is var before and >= 0
                ? Mean(_scales[before], values[i])
                : values[i])];
            _blocks = blocks;
            _kept = kept;
        }

        public void AssertEqual(Linear average)
        {
            Assert.Equal(_weight!, average.Weight.ToArray());
            Assert.Equal(_bias, average.Bias.ToArray());
            Assert.Equal(_scales, average.BlockScales.ToArray());
            if (layer.Matrix.IsPacked)
                Assert.Equal(layer.Mask!.Words.ToArray(), average.Mask!.Words.ToArray());
            if (average.Matrix.SecondMask is { } second)
                Assert.All(second.Words.ToArray().Zip(average.Mask!.Words.ToArray()), pair => Assert.Equal(0UL, pair.First & ~pair.Second));
        }

        /// <summary>The first weight of each block that has a factor, in the order of the factors.</summary>
        private int[] Blocks()
        {
            if (layer.Pattern is not LearnedBlockPattern pattern)
                return [];
            var firsts =
                from row in Enumerable.Range(0, layer.Outputs / pattern.Rows)
                from column in Enumerable.Range(0, layer.Inputs / pattern.Columns)
                where layer.Matrix.Mask![row * pattern.Rows, column * pattern.Columns]
                select (row * pattern.Rows * layer.Inputs) + (column * pattern.Columns);
            return [.. firsts];
        }

        private static void Follow(float[] averages, ReadOnlySpan<float> values)
        {
            for (var i = 0; i < averages.Length; i++)
                averages[i] = Mean(averages[i], values[i]);
        }

        private static float Mean(float average, float value) => average + ((value - average) * (float)(1 - Decay));
    }
}
