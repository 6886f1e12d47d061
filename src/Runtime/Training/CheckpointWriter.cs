using System.Globalization;
using SparseSharp.Files;
using SparseSharp.Kernels;
using static SparseSharp.Training.CheckpointFormat;

namespace SparseSharp.Training;

/// <summary>Writes checkpoints. The file is replaced as a whole, so a process may be killed at any instant.</summary>
internal static class CheckpointWriter
{
    /// <summary>Writes everything.</summary>
    /// <param name="path">The file to make or to replace.</param>
    /// <param name="identity">What a trainer that resumes must have in common with this one, in order.</param>
    /// <param name="model">The model.</param>
    /// <param name="descriptor">Its layer table.</param>
    /// <param name="states">State arrays per parameter.</param>
    /// <param name="state">The position.</param>
    /// <param name="stateIsNew">Whether the optimizer's state is zeros, whatever another training has left with the parameters.</param>
    /// <exception cref="NotFiniteNumberException">A value is infinite or not a number; the old file stays.</exception>
    /// <exception cref="DataFileException">The file cannot be written.</exception>
    public static void Write(
        string path,
        IReadOnlyList<(string Key, string Value)> identity,
        ISparseModel model,
        ModelDescriptor descriptor,
        int states,
        TrainingState state,
        bool stateIsNew)
    {
        var tensors = new List<NamedTensor>();
        var weights = ModelSnapshot.Of(model);
        AddLayers(tensors, "", weights, descriptor);
        if (state.BestWeights is not null)
            AddLayers(tensors, BestPrefix, state.BestWeights, descriptor);
        if (state.Averages is not null)
            AddLayers(tensors, AveragePrefix, state.Averages, descriptor);
        if (state.Start is not null)
            AddLayers(tensors, StartPrefix, state.Start, descriptor);
        AddOptimizer(tensors, model, descriptor, weights, states, stateIsNew);
        AddDoubles(tensors, VarianceChanges, state.VarianceChanges);
        AddDoubles(tensors, TunedAlphas, state.TunedAlphas);
        AddDoubles(tensors, Operations, state.Operations);
        var metadata = new Dictionary<string, string> { ["format"] = Name, ["version"] = CheckpointFormat.Version };
        // What most trainings do not have is left out: their files are those of before.
        foreach (var (key, value) in identity.Where(entry => !IsOptional(entry.Key) || entry.Value != None))
            metadata[key] = value;
        WriteState(metadata, state);
        new SafeTensors(tensors, metadata).Write(path);
    }

    private static void AddLayers(List<NamedTensor> tensors, string prefix, ModelSnapshot snapshot, ModelDescriptor descriptor)
    {
        foreach (var (state, entry) in snapshot.Layers.Zip(descriptor.Layers))
        {
            var layer = new LayerTensors(entry.Path, prefix + entry.FileName);
            state.Save(layer);
            tensors.AddRange(layer.All());
        }
    }

    private static void AddOptimizer(
        List<NamedTensor> tensors, ISparseModel model, ModelDescriptor descriptor, ModelSnapshot weights, int states, bool stateIsNew)
    {
        foreach (var (part, parameter, entry, shape) in Parameters(model, descriptor, weights))
        {
            var arrays = new LayerTensors(entry.Path, entry.FileName);
            for (var slot = 0; slot < states; slot++)
            {
                var full = arrays.AddFloats(StateName(parameter.Name, slot), shape);
                if (!stateIsNew)
                    part.Export(parameter, parameter.State(slot), full);
            }
            tensors.AddRange(arrays.All());
        }
    }

    private static void WriteState(Dictionary<string, string> metadata, TrainingState state)
    {
        Put("steps", state.Steps);
        Put("batches", state.Batches);
        Put("epochs", state.Epochs);
        Put("epoch batches", state.EpochBatches);
        Put("loss sum", state.Sums.Loss);
        Put("correct", state.Sums.Correct);
        Put("samples", state.Sums.Samples);
        if (state.Sums.Weight != state.Sums.Samples)
            Put(SampleWeight, state.Sums.Weight);
        Put("ticks", state.Sums.Ticks);
        if (state.Sums.WaitTicks > 0)
            Put(WaitTicks, state.Sums.WaitTicks);
        if (state.SmoothedNorm is { } norm)
            Put(SmoothedNorm, norm);
        if (state.GradientScale != 1)
            Put(GradientScale, state.GradientScale);
        Put("switched at", state.SwitchedAt);
        Put("best loss", state.BestLoss);
        Put("epochs without improvement", state.EpochsWithoutImprovement);
        Put("stopped", state.Stopped ? 1 : 0);
        if (state.FittedSteps > 0)
            Put("fitted steps", state.FittedSteps);
        Put("plan samples", state.Plan?.Samples ?? 0);
        Put("plan batch size", state.Plan?.BatchSize ?? 0);
        Put("plan total steps", state.Plan?.TotalSteps ?? 0);

        void Put<T>(string key, T value)
            where T : IFormattable => metadata[key] = value.ToString(null, CultureInfo.InvariantCulture);
    }

    /// <summary>Adds numbers by their bits; none where there are none.</summary>
    private static void AddDoubles(List<NamedTensor> tensors, string name, IReadOnlyCollection<double> values)
    {
        if (values.FirstOrDefault(value => !double.IsFinite(value)) is var wrong && wrong != 0)
            throw new NotFiniteNumberException(
                $"{name} hold {wrong}, which no file may hold: nothing was written. The training has probably diverged.", wrong);
        if (values.Count > 0)
            tensors.Add(NamedTensor.Of(name, [.. values.Select(BitConverter.DoubleToInt64Bits)]));
    }
}
