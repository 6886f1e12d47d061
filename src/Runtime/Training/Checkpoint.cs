using System.Globalization;
using System.Numerics.Tensors;
using SparseSharp.Files;
using SparseSharp.Kernels;
using SparseSharp.Layers;

namespace SparseSharp.Training;

/// <summary>
/// A training as a safetensors file: weights, masks and biases, the optimizer's state in the order of the weights, and the position as
/// text. The file is replaced as a whole, so a process may be killed at any instant.
/// </summary>
internal static class Checkpoint
{
    private const string Format = "sparsesharp checkpoint";
    private const string FormatVersion = "2";
    private const string BestPrefix = "best/";
    private const string BlockScales = "block_scales";
    private const string VarianceChanges = "variance_changes";
    private const string TunedAlphas = "tuned_alphas";
    private const string Operations = "operations";

    /// <summary>Writes everything.</summary>
    /// <param name="path">The file to make or to replace.</param>
    /// <param name="identity">What a trainer that resumes must have in common with this one, in order.</param>
    /// <param name="model">The model.</param>
    /// <param name="descriptor">Its layer table.</param>
    /// <param name="states">State arrays per parameter.</param>
    /// <param name="state">The position.</param>
    public static void Write(
        string path, IReadOnlyList<(string Key, string Value)> identity, ISparseModel model, ModelDescriptor descriptor, int states, TrainingState state)
    {
        var tensors = new List<NamedTensor>();
        var weights = ModelSnapshot.Of(model);
        AddLayers(tensors, "", weights, descriptor);
        if (state.BestWeights is not null)
            AddLayers(tensors, BestPrefix, state.BestWeights, descriptor);
        AddOptimizer(tensors, model, descriptor, weights, states);
        AddDoubles(tensors, VarianceChanges, state.VarianceChanges);
        AddDoubles(tensors, TunedAlphas, state.TunedAlphas);
        AddDoubles(tensors, Operations, state.Operations);
        var metadata = new Dictionary<string, string> { ["format"] = Format, ["version"] = FormatVersion };
        foreach (var (key, value) in identity)
            metadata[key] = value;
        WriteState(metadata, state);
        new SafeTensors(tensors, metadata).Write(path);
    }

    /// <summary>Reads and checks a file as a whole; only then gives the model and the parameters what it holds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">What the trainer must have in common with the one that saved.</param>
    /// <param name="model">The model.</param>
    /// <param name="descriptor">Its layer table.</param>
    /// <param name="states">State arrays per parameter.</param>
    /// <param name="plan">How the training is to go on, if that is known already.</param>
    /// <returns>The position.</returns>
    /// <exception cref="SafeTensorsException">The file is damaged or belongs to another training.</exception>
    /// <exception cref="InvalidOperationException">The training began with another plan.</exception>
    public static TrainingState Read(
        string path,
        IReadOnlyList<(string Key, string Value)> identity,
        ISparseModel model,
        ModelDescriptor descriptor,
        int states,
        FitPlan? plan)
    {
        var file = SafeTensors.Read(path);
        CheckIdentity(path, file, identity);
        var state = ReadState(path, file);
        if (plan is not null)
            state.Plan?.Check(plan);
        state.VarianceChanges.AddRange(Doubles(file, VarianceChanges));
        state.TunedAlphas.AddRange(Doubles(file, TunedAlphas));
        state.Operations = [.. Shaped(path, file, Operations, TensorType.I64, descriptor.Layers.Count).ToInt64s().Select(BitConverter.Int64BitsToDouble)];
        var weights = ReadLayers(path, file, "", model, descriptor);
        if (file.Tensors.Any(tensor => tensor.Name.StartsWith(BestPrefix, StringComparison.Ordinal)))
            state.BestWeights = ReadLayers(path, file, BestPrefix, model, descriptor);
        var optimizer = ReadOptimizer(path, file, model, descriptor, weights, states);

        weights.Restore(model);
        foreach (var (layer, parameter, slot, values) in optimizer)
            layer.Import(parameter, values, parameter.State(slot));
        return state;
    }

    private static void AddLayers(List<NamedTensor> tensors, string prefix, ModelSnapshot snapshot, ModelDescriptor descriptor)
    {
        for (var i = 0; i < snapshot.Layers.Count; i++)
        {
            var (layer, arrays, name) = (descriptor.Layers[i], snapshot.Layers[i], prefix + descriptor.Layers[i].FileName);
            tensors.Add(NamedTensor.Of($"{name}.weight", arrays.Weight, layer.Outputs, layer.Inputs));
            if (layer.Bias)
                tensors.Add(NamedTensor.Of($"{name}.bias", arrays.Bias));
            if (arrays.Mask is { } mask)
            {
                AddMask(tensors, $"{name}.weight_mask", mask);
                if (arrays.SecondMask is { } second)
                    AddMask(tensors, $"{name}.weight_second_mask", second);
                tensors.Add(NamedTensor.Of($"{name}.mask_flips", [arrays.Flips]));
                tensors.Add(NamedTensor.Of($"{name}.weight_scale", [arrays.Scale]));
                tensors.Add(NamedTensor.Of($"{name}.mask_off", [arrays.IsDense ? 1L : 0]));
                if (arrays.BlockScales.Length > 0)
                    tensors.Add(NamedTensor.Of($"{name}.{BlockScales}", arrays.BlockScales));
                if (arrays.Annealed is { } annealed)
                    AddAnnealing(tensors, name, annealed);
            }
        }
    }

    private static void AddAnnealing(List<NamedTensor> tensors, string name, AnnealSnapshot annealed)
    {
        tensors.Add(NamedTensor.Of($"{name}.mask_frozen", [annealed.IsFrozen ? 1L : 0]));
        if (annealed.Thresholds.Length > 0)
            tensors.Add(NamedTensor.Of($"{name}.threshold", annealed.Thresholds));
        if (annealed.Reached is { } reached)
            AddMask(tensors, $"{name}.weight_reached_mask", reached);
    }

    private static AnnealSnapshot? ReadAnnealing(string path, SafeTensors file, string name, LayerDescriptor layer, AnnealedStore? store)
    {
        if (store is null)
            return null;
        var thresholds = store.Thresholds is { } learned ? Floats(path, file, $"{name}.threshold", learned.Parameter.Length) : [];
        var reached = store.Reached is null ? null : UnpackMask(path, file, $"{name}.weight_reached_mask", layer);
        return new(thresholds, reached, Number(path, file, $"{name}.mask_frozen") != 0);
    }

    private static void AddMask(List<NamedTensor> tensors, string name, Mask mask) =>
        tensors.Add(NamedTensor.Of(name, MaskCodec.Pack(mask), mask.Rows, MaskCodec.BytesPerRow(mask.Columns)));

    private static ModelSnapshot ReadLayers(string path, SafeTensors file, string prefix, ISparseModel model, ModelDescriptor descriptor)
    {
        return ModelSnapshot.From(descriptor.Layers.Select((layer, i) =>
        {
            var name = prefix + layer.FileName;
            var weight = Floats(path, file, $"{name}.weight", layer.Outputs, layer.Inputs);
            var bias = layer.Bias ? Floats(path, file, $"{name}.bias", layer.Outputs) : [];
            if (model.Layers[i].Pattern is not { } pattern)
                return new LayerSnapshot(weight, null, null, bias, Flips: 0, Scale: 1, IsDense: true, BlockScales: []);
            var mask = ReadMask(path, file, $"{name}.weight_mask", layer, pattern);
            var second = model.Layers[i].Store.SecondMask is null ? null : UnpackMask(path, file, $"{name}.weight_second_mask", layer);
            var scale = Floats(path, file, $"{name}.weight_scale", 1)[0];
            return new LayerSnapshot(
                weight, mask, second, bias, Number(path, file, $"{name}.mask_flips"), scale, Number(path, file, $"{name}.mask_off") != 0,
                pattern is LearnedBlockPattern blocks ? Floats(path, file, $"{name}.{BlockScales}", mask.Count / (blocks.Rows * blocks.Columns)) : [])
            {
                Annealed = ReadAnnealing(path, file, name, layer, model.Layers[i].Annealed),
            };
        }));
    }

    private static Mask ReadMask(string path, SafeTensors file, string name, LayerDescriptor layer, SparsityPattern pattern)
    {
        var mask = UnpackMask(path, file, name, layer);
        return pattern.FirstFault(mask) is { } fault
            ? throw new SafeTensorsException($"{path}: tensor '{name}' is not {pattern}: {fault}.")
            : mask;
    }

    private static Mask UnpackMask(string path, SafeTensors file, string name, LayerDescriptor layer)
    {
        var tensor = Shaped(path, file, name, TensorType.U8, layer.Outputs, MaskCodec.BytesPerRow(layer.Inputs));
        return MaskCodec.Unpack(tensor.Bytes.Span, layer.Outputs, layer.Inputs)
            ?? throw new SafeTensorsException($"{path}: tensor '{name}' has bits behind its last column.");
    }

    private static void AddOptimizer(List<NamedTensor> tensors, ISparseModel model, ModelDescriptor descriptor, ModelSnapshot weights, int states)
    {
        foreach (var (layer, parameter, name, shape) in Parameters(model, descriptor, weights))
        {
            for (var slot = 0; slot < states; slot++)
            {
                var dense = new float[shape.Aggregate(1L, (a, b) => a * b)];
                layer.Export(parameter, parameter.State(slot), dense);
                tensors.Add(NamedTensor.Of(StateName(name, slot), dense, shape));
            }
        }
    }

    private static List<(Linear Layer, Parameter Parameter, int Slot, float[] Values)> ReadOptimizer(
        string path, SafeTensors file, ISparseModel model, ModelDescriptor descriptor, ModelSnapshot weights, int states)
    {
        var arrays = new List<(Linear, Parameter, int, float[])>();
        foreach (var (layer, parameter, name, shape) in Parameters(model, descriptor, weights))
        {
            for (var slot = 0; slot < states; slot++)
                arrays.Add((layer, parameter, slot, Floats(path, file, StateName(name, slot), shape)));
        }
        return arrays;
    }

    private static string StateName(string parameter, int slot) => $"{parameter}.state{slot}";

    /// <summary>All parameters, with the shapes of their arrays where the model has, or will have, these weights.</summary>
    private static IEnumerable<(Linear Layer, Parameter Parameter, string Name, long[] Shape)> Parameters(
        ISparseModel model, ModelDescriptor descriptor, ModelSnapshot weights)
    {
        for (var i = 0; i < model.Layers.Count; i++)
        {
            var layer = model.Layers[i];
            foreach (var parameter in layer.Parameters)
            {
                long[] shape = parameter.Name switch
                {
                    "weight" => [layer.Outputs, layer.Inputs],
                    "threshold" => layer.Annealed!.Thresholds!.Shape,
                    BlockScales => [weights.Layers[i].BlockScales.Length],
                    _ => [parameter.Length],
                };
                yield return (layer, parameter, $"{descriptor.Layers[i].FileName}.{parameter.Name}", shape);
            }
        }
    }

    /// <summary>Arrays of a weight are stored <c>[out, in]</c> whatever order the layer keeps them in; others have only one order.</summary>
    private static void Export(this Linear layer, Parameter parameter, ReadOnlySpan<float> own, Span<float> dense)
    {
        if (parameter.Name == "weight")
            layer.Export(own, dense);
        else
            own.CopyTo(dense);
    }

    private static void Import(this Linear layer, Parameter parameter, ReadOnlySpan<float> dense, Span<float> own)
    {
        if (parameter.Name == "weight")
            layer.Import(dense, own);
        else
            dense.CopyTo(own);
    }

    private static void CheckIdentity(string path, SafeTensors file, IReadOnlyList<(string Key, string Value)> identity)
    {
        if (Text(path, file, "format") != Format || Text(path, file, "version") != FormatVersion)
            throw new SafeTensorsException($"{path}: this is not a checkpoint of version {FormatVersion}.");
        foreach (var (key, value) in identity)
        {
            var saved = Text(path, file, key);
            if (saved != value)
                throw new SafeTensorsException($"{path}: the checkpoint cannot be resumed here: its {key} is {saved}, that of this trainer is {value}.");
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
        Put("ticks", state.Sums.Ticks);
        Put("switched at", state.SwitchedAt);
        Put("best loss", state.BestLoss);
        Put("epochs without improvement", state.EpochsWithoutImprovement);
        Put("stopped", state.Stopped ? 1 : 0);
        Put("plan samples", state.Plan?.Samples ?? 0);
        Put("plan batch size", state.Plan?.BatchSize ?? 0);
        Put("plan total steps", state.Plan?.TotalSteps ?? 0);

        void Put<T>(string key, T value)
            where T : IFormattable => metadata[key] = value.ToString(null, CultureInfo.InvariantCulture);
    }

    private static TrainingState ReadState(string path, SafeTensors file)
    {
        var plan = new FitPlan(Get<int>("plan samples"), Get<int>("plan batch size"), Get<long>("plan total steps"));
        return new TrainingState
        {
            Steps = Get<long>("steps"),
            Batches = Get<long>("batches"),
            Epochs = Get<int>("epochs"),
            EpochBatches = Get<int>("epoch batches"),
            Sums = new(Get<double>("loss sum"), Get<long>("correct"), Get<long>("samples"), Get<long>("ticks")),
            SwitchedAt = Get<long>("switched at"),
            BestLoss = Get<double>("best loss"),
            EpochsWithoutImprovement = Get<int>("epochs without improvement"),
            Stopped = Get<int>("stopped") != 0,
            Plan = plan.Samples > 0 ? plan : null,
        };

        T Get<T>(string key)
            where T : ISpanParsable<T>
        {
            var text = Text(path, file, key);
            return T.TryParse(text, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new SafeTensorsException($"{path}: '{key}' of the checkpoint is '{text}', which is not a number.");
        }
    }

    /// <summary>Adds numbers by their bits; none where there are none.</summary>
    private static void AddDoubles(List<NamedTensor> tensors, string name, IReadOnlyCollection<double> values)
    {
        if (values.Count > 0)
            tensors.Add(NamedTensor.Of(name, [.. values.Select(BitConverter.DoubleToInt64Bits)]));
    }

    private static IEnumerable<double> Doubles(SafeTensors file, string name) =>
        file.Tensors.Any(tensor => tensor.Name == name) ? file[name].ToInt64s().Select(BitConverter.Int64BitsToDouble) : [];

    private static string Text(string path, SafeTensors file, string key) =>
        file.Metadata.GetValueOrDefault(key) ?? throw new SafeTensorsException($"{path}: this is not a checkpoint: its metadata has no '{key}'.");

    private static float[] Floats(string path, SafeTensors file, string name, params ReadOnlySpan<long> shape)
    {
        var values = Shaped(path, file, name, TensorType.F32, shape).ToFloats();
        return TensorPrimitives.IsFiniteAll<float>(values)
            ? values
            : throw new SafeTensorsException($"{path}: tensor '{name}' holds values that are not finite.");
    }

    private static long Number(string path, SafeTensors file, string name) => Shaped(path, file, name, TensorType.I64, 1).ToInt64s()[0];

    private static NamedTensor Shaped(string path, SafeTensors file, string name, TensorType type, params ReadOnlySpan<long> shape)
    {
        var tensor = file[name];
        return tensor.Type == type && tensor.Shape.SequenceEqual(shape.ToArray())
            ? tensor
            : throw new SafeTensorsException($"{path}: tensor '{tensor}' should be {type.FileName()} {NamedTensor.Format(shape)}.");
    }
}
