using SparseSharp.Kernels;
using SparseSharp.Models.Tests.Annealing;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Blocks;
using SparseSharp.Models.Tests.Testing;
using SparseSharp.Models.Tests.Training;

namespace SparseSharp.Models.Tests.Files;

/// <summary>
/// Every state that a training can reach comes back from a file and from a checkpoint: all kinds of layers, also those that keep nothing,
/// or everything.
/// </summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sparsesharp-").FullName;

    public static TheoryData<string, string> States
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var model in (string[])["blocks", "aimed", "mixed", "channel", "layer", "weight", "reached", "budget", "pattern", "plain"])
            {
                foreach (var state in (string[])["fresh", "trained", "nothing kept", "everything kept", "nothing kept, trained", "everything kept, trained", "folded"])
                    data.Add(model, state);
            }
            return data;
        }
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory, MemberData(nameof(States))]
    public void Every_state_comes_back(string model, string state)
    {
        switch (model)
        {
            case "blocks": Check<BlockNet>(state); break;
            case "aimed": Check<Aimed>(state); break;
            case "mixed": Check<MixedNet>(state); break;
            case "channel": Check<AnnealedByChannel>(state); break;
            case "layer": Check<AnnealedByLayer>(state); break;
            case "weight": Check<AnnealedByWeight>(state); break;
            case "reached": Check<AnnealedReached>(state); break;
            case "budget": Check<AnnealedBudget>(state); break;
            case "pattern": Check<AnnealedPattern>(state); break;
            default: Check<PlainNet>(state); break;
        }
    }

    private void Check<TModel>(string state)
        where TModel : class, ISparseModel<TModel>
    {
        var (inputs, outputs) = (TModel.Descriptor.InputFeatures, TModel.Descriptor.OutputFeatures);
        using var batch = Steps.RandomBatch(20, inputs, outputs, seed: 2);
        var model = TModel.Create(1);
        using var trainer = Make(model);
        trainer.Step(batch);
        Reach(model, state);
        for (var step = 0; step < (state.EndsWith("trained", StringComparison.Ordinal) ? 5 : 0); step++)
            trainer.Step(batch);

        ModelFile.Save(model, PathOf("model"));
        var loaded = TModel.Create(9);
        ModelFile.Load(loaded, PathOf("model"));
        foreach (var (from, to) in model.Linears.Zip(loaded.Linears))
        {
            Assert.Equal(Effective(from), Effective(to));
            Assert.Equal(from.UsesDenseKernels, to.UsesDenseKernels);
        }
        Assert.Equal(Predict(model), Predict(loaded));
        ModelFile.Save(loaded, PathOf("again"));
        Assert.Equal(File.ReadAllBytes(PathOf("model")), File.ReadAllBytes(PathOf("again")));

        var deferred = (TModel)Activator.CreateInstance(typeof(TModel), 9UL, InitialWeights.Deferred)!;
        ModelFile.Load(deferred, PathOf("model"));
        Assert.Equal(TrainingBench.Bits(loaded), TrainingBench.Bits(deferred));
        Assert.Equal(Predict(model), Predict(deferred));

        ModelFile.Save(model, PathOf("dense"), dense: true);
        var full = TModel.Create(9);
        ModelFile.Load(full, PathOf("dense"));
        foreach (var (from, to) in model.Linears.Zip(full.Linears))
            Assert.Equal(Effective(from), Effective(to));

        trainer.SaveCheckpoint(PathOf("training"));
        var other = TModel.Create(9);
        using var resumed = Make(other);
        resumed.Resume(PathOf("training"));
        Assert.Equal(Predict(model), Predict(other));
        for (var step = 0; step < 3; step++)
            Assert.Equal(trainer.Step(batch), resumed.Step(batch));
        Assert.Equal(TrainingBench.Bits(model), TrainingBench.Bits(other));

        foreach (var disposable in new object[] { model, loaded, deferred, full, other }.OfType<IDisposable>())
            disposable.Dispose();
    }

    private static void Reach<TModel>(TModel model, string state)
        where TModel : class, ISparseModel<TModel>
    {
        foreach (var layer in model.Linears)
        {
            if (state == "folded")
            {
                if (!layer.BlockScales.IsEmpty)
                    layer.Matrix.SetScales([.. Enumerable.Range(0, layer.BlockScales.Length).Select(i => i % 3 - 1f)]);
                layer.FoldBlocks();
            }
            if (layer.Pattern is not { } pattern || !state.Contains("kept", StringComparison.Ordinal))
                continue;
            var mask = new Mask(layer.Outputs, layer.Inputs);
            for (var i = 0; i < layer.Outputs * layer.Inputs && state.StartsWith("everything", StringComparison.Ordinal); i++)
                mask[i / layer.Inputs, i % layer.Inputs] = true;
            // N:M patterns and graphs keep what they keep.
            if (pattern.FirstFault(mask) is null)
                layer.SetMask(mask);
        }
    }

    private static float[] Effective(Linear layer)
    {
        var weight = new float[layer.Outputs * layer.Inputs];
        layer.CopyEffectiveWeight(weight);
        return weight;
    }

    private static float[] Predict<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel>
    {
        using var predictor = new Predictor<TModel>(model);
        var outputs = new float[7 * TModel.Descriptor.OutputFeatures];
        predictor.Predict(Values.Uniform(7 * TModel.Descriptor.InputFeatures, seed: 9), outputs);
        return outputs;
    }

    private static Trainer<TModel> Make<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel> =>
        new(model, Loss.MeanSquaredError, new AdamW(1e-2f), new TrainerOptions { TotalSteps = 20, Log = _ => { } });
}
