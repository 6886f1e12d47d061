using System.Numerics.Tensors;
using SparseSharp.Files;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Masks;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

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
        if (_file.Tensors.Any(tensor => tensor.Name.StartsWith(AveragePrefix, StringComparison.Ordinal)))
            state.Averages = ReadLayers(AveragePrefix, model, descriptor);
        if (_file.Tensors.Any(tensor => tensor.Name.StartsWith(StartPrefix, StringComparison.Ordinal)))
            state.Start = ReadLayers(StartPrefix, model, descriptor);
        var arrays = ReadOptimizer(model, descriptor, weights, optimizer);

        changes.ForEach(log);
        weights.Restore(model);
        foreach (var (part, parameter, slot, values) in arrays)
            part.Import(parameter, values, parameter.State(slot));
        return state;
    }

    public void Dispose() => _open.Dispose();

    private ModelSnapshot ReadLayers(string prefix, ISparseModel model, ModelDescriptor descriptor) =>
        ModelSnapshot.From(descriptor.Layers.Select((entry, i) =>
        {
            var layer = new Layer(this, prefix + entry.FileName, $"layer {entry.Path}");
            // What puts it in place is made again once all layers were read.
            _ = model.Layers[i].Parts.Restore(layer);
            return layer.State;
        }));

    private List<(LearnedPart Part, Parameter Parameter, int Slot, float[] Values)> ReadOptimizer(
        ISparseModel model, ModelDescriptor descriptor, ModelSnapshot weights, Optimizer optimizer)
    {
        var arrays = new List<(LearnedPart, Parameter, int, float[])>();
        foreach (var (part, parameter, entry, shape) in Parameters(model, descriptor, weights))
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
                arrays.Add((part, parameter, slot, values));
            }
        }
        return arrays;
    }

    private string Text(string key) =>
        _file.Metadata.GetValueOrDefault(key) ?? throw Fault($"this is not a checkpoint: its metadata has no '{key}'");

    private float[] Floats(string name, params ReadOnlySpan<long> shape)
    {
        var values = Shaped(name, TensorType.F32, shape).ToFloats();
        return FiniteValues.Are(values)
            ? values
            : throw Fault($"tensor '{name}' holds a value that is infinite or not a number, at {FiniteValues.Position(FiniteValues.First(values), shape)}");
    }

    private NamedTensor Shaped(string name, TensorType type, params ReadOnlySpan<long> shape)
    {
        var tensor = _file[name];
        return tensor.Type == type && tensor.Shape.SequenceEqual(shape.ToArray())
            ? tensor
            : throw Fault($"tensor '{tensor}' should be {type.FileName()} {NamedTensor.Format(shape)}");
    }

    private SafeTensorsException Fault(string fault) => new(FileText.Message(_path, $"{fault}."));

    /// <summary>The tensors of one layer, kept as they are read: a file that is written of them has them in the same order.</summary>
    private sealed class Layer(CheckpointReader file, string name, string owner) : IStateReader
    {
        public LayerState State { get; } = new();

        public string Owner => owner;

        public float[] Floats(string tensor, params ReadOnlySpan<long> shape)
        {
            var values = file.Floats($"{name}.{tensor}", shape);
            State.Add(tensor, values, shape);
            return values;
        }

        public Mask Bits(string tensor, int rows, int columns)
        {
            var bits = file.Shaped($"{name}.{tensor}", TensorType.U8, rows, MaskCodec.BytesPerRow(columns));
            var mask = MaskCodec.Unpack(bits.Bytes.Span, rows, columns)
                ?? throw file.Fault($"tensor '{name}.{tensor}' has bits behind its last column");
            State.Add(tensor, mask);
            return mask;
        }

        public long Number(string tensor, long most)
        {
            var number = file.Shaped($"{name}.{tensor}", TensorType.I64, 1).ToInt64s()[0];
            State.AddNumber(tensor, number);
            return number >= 0
                && number <= most ? number : throw file.Fault($"tensor '{name}.{tensor}' is {number}, which is not from 0 to {most}");
        }

        public Exception Fault(string tensor, string fault) => file.Fault($"tensor '{name}.{tensor}' {fault}");
    }
}
