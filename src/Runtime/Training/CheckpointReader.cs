using System.Numerics.Tensors;
using SparseSharp.Files;
using SparseSharp.Kernels;
using SparseSharp.Learning;
using SparseSharp.Matrices;
using SparseSharp.Numerics;
using SparseSharp.Patterns;

using static SparseSharp.Training.CheckpointFormat;

namespace SparseSharp.Training;

/// <summary>Reads checkpoints: the header first, and then each array after its shape was found to be right.</summary>
internal sealed partial class CheckpointReader : IDisposable
{
    private readonly string _path;
    private readonly TensorFile _open;
    private readonly SafeTensors _file;

    /// <param name="path">The file.</param>
    /// <exception cref="SafeTensorsException">The file is damaged.</exception>
    public CheckpointReader(string path)
    {
        _path = path;
        _open = TensorFile.Open(path);
        _file = _open.Content;
    }

    /// <summary>Reads and checks the file as a whole; only then gives the model and the parameters what it holds.</summary>
    /// <param name="identity">What the trainer must have in common with the one that saved.</param>
    /// <param name="model">The model.</param>
    /// <param name="descriptor">Its layer table.</param>
    /// <param name="optimizer">Whose state arrays they are.</param>
    /// <param name="plan">How the training is to go on, if that is known already.</param>
    /// <param name="log">Is told what goes on in another way.</param>
    /// <returns>The position.</returns>
    /// <exception cref="SafeTensorsException">The file is damaged or belongs to another training.</exception>
    /// <exception cref="InvalidOperationException">The training began with another plan.</exception>
    public TrainingState Read(
        IReadOnlyList<(string Key, string Value)> identity,
        ISparseModel model,
        ModelDescriptor descriptor,
        Optimizer optimizer,
        FitPlan? plan,
        Action<string> log)
    {
        var changes = CheckIdentity(identity);
        var state = ReadState(model.Layers.Count);
        if (plan is not null)
            state.Plan?.Check(plan);
        var weights = ReadLayers("", model, descriptor);
        if (_file.Tensors.Any(tensor => tensor.Name.StartsWith(BestPrefix, StringComparison.Ordinal)))
            state.BestWeights = ReadLayers(BestPrefix, model, descriptor);
        var arrays = ReadOptimizer(model, descriptor, weights, optimizer);

        changes.ForEach(log);
        weights.Restore(model);
        foreach (var (layer, parameter, slot, values) in arrays)
            layer.Import(parameter, values, parameter.State(slot));
        return state;
    }

    public void Dispose() => _open.Dispose();

    private ModelSnapshot ReadLayers(string prefix, ISparseModel model, ModelDescriptor descriptor)
    {
        return ModelSnapshot.From(descriptor.Layers.Select((layer, i) =>
        {
            var name = prefix + layer.FileName;
            var weight = Floats($"{name}.weight", layer.Outputs, layer.Inputs);
            if (WeightLimit.Fault(weight, model.Layers[i].Pattern, layer.Outputs, layer.Inputs, model.Layers[i].Matrix.RoundsWeights, $"layer {layer.Path}") is { } excess)
                throw Fault($"tensor '{name}.weight' holds {excess}");
            var bias = layer.Bias ? Floats($"{name}.bias", layer.Outputs) : [];
            if (model.Layers[i].Pattern is not { } pattern)
                return new LayerSnapshot(weight, null, null, bias, Flips: 0, Scale: 1, IsDense: true, BlockScales: []);
            var mask = ReadMask($"{name}.weight_mask", layer, pattern);
            var second = model.Layers[i].Matrix.SecondMask is null ? null : UnpackMask($"{name}.weight_second_mask", layer);
            var scale = Floats($"{name}.weight_scale", 1)[0];
            if (scale < 0 || !float.IsFinite(scale * Peak.Of(weight)))
                throw Fault($"tensor '{name}.weight_scale' is {scale}, but a factor of weights is not negative, and leaves them finite");
            var kept = pattern is LearnedBlockPattern blocks ? mask.Count / (blocks.Rows * blocks.Columns) : 0;
            return new LayerSnapshot(
                weight, mask, second, bias, Number($"{name}.mask_flips", mask.Rows * (long)mask.Columns), scale, ReadDense($"{name}.mask_off", pattern),
                kept > 0 ? Floats($"{name}.{BlockScales}", kept) : [])
            {
                Annealed = ReadAnnealing(name, layer, model.Layers[i].Weights.Annealed),
            };
        }));
    }

    /// <summary>Whether a layer ran dense: one that has no other weights than those of its mask cannot.</summary>
    private bool ReadDense(string name, SparsityPattern pattern)
    {
        var isDense = Number(name, most: 1) != 0;
        return !isDense || pattern.KeepsMaskedWeights ? isDense : throw Fault($"tensor '{name}' is 1, but a layer with {pattern} has no masked weights and never runs dense");
    }

    private Mask ReadMask(string name, LayerDescriptor layer, SparsityPattern pattern)
    {
        var mask = UnpackMask(name, layer);
        return pattern.FirstFault(mask) is { } fault
            ? throw Fault($"tensor '{name}' is not {pattern}: {fault}")
            : mask;
    }

    private Mask UnpackMask(string name, LayerDescriptor layer)
    {
        var tensor = Shaped(name, TensorType.U8, layer.Outputs, MaskCodec.BytesPerRow(layer.Inputs));
        return MaskCodec.Unpack(tensor.Bytes.Span, layer.Outputs, layer.Inputs)
            ?? throw Fault($"tensor '{name}' has bits behind its last column");
    }

    private AnnealSnapshot? ReadAnnealing(string name, LayerDescriptor layer, AnnealedMatrix? store)
    {
        if (store is null)
            return null;
        var thresholds = store.Thresholds is { } learned ? Floats($"{name}.threshold", learned.Parameter.Length) : [];
        var reached = store.Reached is null ? null : UnpackMask($"{name}.weight_reached_mask", layer);
        return new(thresholds, reached, Number($"{name}.mask_frozen", most: 1) != 0);
    }

    private List<(Linear Layer, Parameter Parameter, int Slot, float[] Values)> ReadOptimizer(
        ISparseModel model, ModelDescriptor descriptor, ModelSnapshot weights, Optimizer optimizer)
    {
        var arrays = new List<(Linear, Parameter, int, float[])>();
        foreach (var (layer, parameter, entry, shape) in Parameters(model, descriptor, weights))
        {
            for (var slot = 0; slot < optimizer.StateCount; slot++)
            {
                var name = $"{entry.FileName}.{StateName(parameter.Name, slot)}";
                // The same rule with a momentum, where the one that saved had none.
                if (Text("optimizer") != $"{optimizer}" && _file.Tensors.All(tensor => tensor.Name != name))
                    throw Refused("optimizer", Text("optimizer"), $"{optimizer}");
                var values = Floats(name, shape);
                if (slot == 1 && optimizer.Moments is not null && values.Length > 0 && TensorPrimitives.Min<float>(values) < 0)
                    throw Fault($"tensor '{name}' holds {TensorPrimitives.Min<float>(values)}, but second moments are not negative");
                arrays.Add((layer, parameter, slot, values));
            }
        }
        return arrays;
    }

    private string Text(string key) => _file.Metadata.GetValueOrDefault(key) ?? throw Fault($"this is not a checkpoint: its metadata has no '{key}'");

    private float[] Floats(string name, params ReadOnlySpan<long> shape)
    {
        var values = Shaped(name, TensorType.F32, shape).ToFloats();
        return FiniteValues.Are(values)
            ? values
            : throw Fault($"tensor '{name}' holds a value that is infinite or not a number, at {FiniteValues.Position(FiniteValues.First(values), shape)}");
    }

    /// <summary>A number from 0 on.</summary>
    private long Number(string name, long most)
    {
        var number = Shaped(name, TensorType.I64, 1).ToInt64s()[0];
        return number >= 0 && number <= most ? number : throw Fault($"tensor '{name}' is {number}, which is not from 0 to {most}");
    }

    private NamedTensor Shaped(string name, TensorType type, params ReadOnlySpan<long> shape)
    {
        var tensor = _file[name];
        return tensor.Type == type && tensor.Shape.SequenceEqual(shape.ToArray())
            ? tensor
            : throw Fault($"tensor '{tensor}' should be {type.FileName()} {NamedTensor.Format(shape)}");
    }

    private SafeTensorsException Fault(string fault) => new(FileText.Message(_path, $"{fault}."));
}
