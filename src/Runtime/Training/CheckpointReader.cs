using System.Globalization;
using System.Numerics.Tensors;
using SparseSharp.Files;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using static SparseSharp.Training.CheckpointFormat;

namespace SparseSharp.Training;

/// <summary>Reads checkpoints.</summary>
/// <param name="path">The file.</param>
/// <exception cref="SafeTensorsException">The file is damaged.</exception>
internal sealed class CheckpointReader(string path)
{
    private readonly SafeTensors _file = SafeTensors.Read(path);

    /// <summary>Reads and checks the file as a whole; only then gives the model and the parameters what it holds.</summary>
    /// <param name="identity">What the trainer must have in common with the one that saved.</param>
    /// <param name="model">The model.</param>
    /// <param name="descriptor">Its layer table.</param>
    /// <param name="states">State arrays per parameter.</param>
    /// <param name="plan">How the training is to go on, if that is known already.</param>
    /// <returns>The position.</returns>
    /// <exception cref="SafeTensorsException">The file is damaged or belongs to another training.</exception>
    /// <exception cref="InvalidOperationException">The training began with another plan.</exception>
    public TrainingState Read(
        IReadOnlyList<(string Key, string Value)> identity,
        ISparseModel model,
        ModelDescriptor descriptor,
        int states,
        FitPlan? plan)
    {
        CheckIdentity(identity);
        var state = ReadState();
        if (plan is not null)
            state.Plan?.Check(plan);
        state.VarianceChanges.AddRange(Doubles(VarianceChanges));
        state.TunedAlphas.AddRange(Doubles(TunedAlphas));
        state.Operations = [.. Shaped(Operations, TensorType.I64, descriptor.Layers.Count).ToInt64s().Select(BitConverter.Int64BitsToDouble)];
        var weights = ReadLayers("", model, descriptor);
        if (_file.Tensors.Any(tensor => tensor.Name.StartsWith(BestPrefix, StringComparison.Ordinal)))
            state.BestWeights = ReadLayers(BestPrefix, model, descriptor);
        var optimizer = ReadOptimizer(model, descriptor, weights, states);

        weights.Restore(model);
        foreach (var (layer, parameter, slot, values) in optimizer)
            layer.Import(parameter, values, parameter.State(slot));
        return state;
    }

    private ModelSnapshot ReadLayers(string prefix, ISparseModel model, ModelDescriptor descriptor)
    {
        return ModelSnapshot.From(descriptor.Layers.Select((layer, i) =>
        {
            var name = prefix + layer.FileName;
            var weight = Floats($"{name}.weight", layer.Outputs, layer.Inputs);
            var bias = layer.Bias ? Floats($"{name}.bias", layer.Outputs) : [];
            if (model.Layers[i].Pattern is not { } pattern)
                return new LayerSnapshot(weight, null, null, bias, Flips: 0, Scale: 1, IsDense: true, BlockScales: []);
            var mask = ReadMask($"{name}.weight_mask", layer, pattern);
            var second = model.Layers[i].Store.SecondMask is null ? null : UnpackMask($"{name}.weight_second_mask", layer);
            var scale = Floats($"{name}.weight_scale", 1)[0];
            return new LayerSnapshot(
                weight, mask, second, bias, Number($"{name}.mask_flips"), scale, Number($"{name}.mask_off") != 0,
                pattern is LearnedBlockPattern blocks ? Floats($"{name}.{BlockScales}", mask.Count / (blocks.Rows * blocks.Columns)) : [])
            {
                Annealed = ReadAnnealing(name, layer, model.Layers[i].Annealed),
            };
        }));
    }

    private Mask ReadMask(string name, LayerDescriptor layer, SparsityPattern pattern)
    {
        var mask = UnpackMask(name, layer);
        return pattern.FirstFault(mask) is { } fault
            ? throw new SafeTensorsException($"{path}: tensor '{name}' is not {pattern}: {fault}.")
            : mask;
    }

    private Mask UnpackMask(string name, LayerDescriptor layer)
    {
        var tensor = Shaped(name, TensorType.U8, layer.Outputs, MaskCodec.BytesPerRow(layer.Inputs));
        return MaskCodec.Unpack(tensor.Bytes.Span, layer.Outputs, layer.Inputs)
            ?? throw new SafeTensorsException($"{path}: tensor '{name}' has bits behind its last column.");
    }

    private AnnealSnapshot? ReadAnnealing(string name, LayerDescriptor layer, AnnealedStore? store)
    {
        if (store is null)
            return null;
        var thresholds = store.Thresholds is { } learned ? Floats($"{name}.threshold", learned.Parameter.Length) : [];
        var reached = store.Reached is null ? null : UnpackMask($"{name}.weight_reached_mask", layer);
        return new(thresholds, reached, Number($"{name}.mask_frozen") != 0);
    }

    private List<(Linear Layer, Parameter Parameter, int Slot, float[] Values)> ReadOptimizer(
        ISparseModel model, ModelDescriptor descriptor, ModelSnapshot weights, int states)
    {
        var arrays = new List<(Linear, Parameter, int, float[])>();
        foreach (var (layer, parameter, name, shape) in Parameters(model, descriptor, weights))
        {
            for (var slot = 0; slot < states; slot++)
                arrays.Add((layer, parameter, slot, Floats(StateName(name, slot), shape)));
        }
        return arrays;
    }

    private void CheckIdentity(IReadOnlyList<(string Key, string Value)> identity)
    {
        if (Text("format") != Name || Text("version") != CheckpointFormat.Version)
            throw new SafeTensorsException($"{path}: this is not a checkpoint of version {CheckpointFormat.Version}.");
        foreach (var (key, value) in identity)
        {
            var saved = Text(key);
            if (saved != value)
                throw new SafeTensorsException($"{path}: the checkpoint cannot be resumed here: its {key} is {saved}, that of this trainer is {value}.");
        }
    }

    private TrainingState ReadState()
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
            // Only where schedules were fitted, which older checkpoints know nothing of.
            FittedSteps = _file.Metadata.ContainsKey("fitted steps") ? Get<long>("fitted steps") : 0,
        };

        T Get<T>(string key)
            where T : ISpanParsable<T>
        {
            var text = Text(key);
            return T.TryParse(text, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new SafeTensorsException($"{path}: '{key}' of the checkpoint is '{text}', which is not a number.");
        }
    }

    private IEnumerable<double> Doubles(string name) =>
        _file.Tensors.Any(tensor => tensor.Name == name) ? _file[name].ToInt64s().Select(BitConverter.Int64BitsToDouble) : [];

    private string Text(string key) =>
        _file.Metadata.GetValueOrDefault(key) ?? throw new SafeTensorsException($"{path}: this is not a checkpoint: its metadata has no '{key}'.");

    private float[] Floats(string name, params ReadOnlySpan<long> shape)
    {
        var values = Shaped(name, TensorType.F32, shape).ToFloats();
        return TensorPrimitives.IsFiniteAll<float>(values)
            ? values
            : throw new SafeTensorsException($"{path}: tensor '{name}' holds values that are not finite.");
    }

    private long Number(string name) => Shaped(name, TensorType.I64, 1).ToInt64s()[0];

    private NamedTensor Shaped(string name, TensorType type, params ReadOnlySpan<long> shape)
    {
        var tensor = _file[name];
        return tensor.Type == type && tensor.Shape.SequenceEqual(shape.ToArray())
            ? tensor
            : throw new SafeTensorsException($"{path}: tensor '{tensor}' should be {type.FileName()} {NamedTensor.Format(shape)}.");
    }
}
