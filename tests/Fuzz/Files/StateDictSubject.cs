using System.Runtime.InteropServices;

namespace SparseSharp.Fuzz.Files;

/// <summary>State dicts of PyTorch: full weights of any floating type under other names.</summary>
internal sealed class StateDictSubject<TModel> : IFileSubject
    where TModel : class, ISparseModel<TModel>, IDisposable
{
    private readonly ModelState<TModel> _state;
    private readonly Dictionary<string, string> _names = [];

    public StateDictSubject(string folder)
    {
        _state = new(folder);
        foreach (var (index, layer) in TModel.Descriptor.Layers.Index())
            _names[layer.FileName] = $"model.{index}";
    }

    public string Name => $"state dict {typeof(TModel).Name}";

    public bool Try(Random random, string folder)
    {
        var content = new TensorContent();
        content.Metadata.Add(KeyValuePair.Create("format", "pt"));
        foreach (var (index, layer) in TModel.Descriptor.Layers.Index())
        {
            content.Tensors.Add(Tensor($"model.{index}.weight", random, layer.Outputs, layer.Inputs));
            if (layer.Bias)
                content.Tensors.Add(Tensor($"model.{index}.bias", random, layer.Outputs));
        }
        var path = Path.Combine(folder, "model.safetensors");
        var file = content.Compose();
        File.WriteAllBytes(path, random.Next(10) == 0 ? file : TensorMutator.Mutate(file, random));
        return _state.Try(folder, model => ModelFile.Load(model, path, _names));
    }

    public void Dispose() => _state.Dispose();

    /// <summary>Values from -1 to 1, some of them 0, as there are in a network that was pruned.</summary>
    private static RawTensor Tensor(string name, Random random, params long[] shape)
    {
        var zeros = random.Next(3);
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        foreach (ref var value in values.AsSpan())
            value = random.Next(3) < zeros ? 0 : (2 * random.NextSingle()) - 1;
        return random.Next(4) switch
        {
            0 => new(name, "F64", shape, MemoryMarshal.AsBytes<double>(Array.ConvertAll(values, value => (double)value)).ToArray()),
            1 => new(name, "F16", shape, MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, value => (Half)value)).ToArray()),
            2 => new(name, "BF16", shape, MemoryMarshal.AsBytes<BFloat16>(Array.ConvertAll(values, value => (BFloat16)value)).ToArray()),
            _ => new(name, "F32", shape, MemoryMarshal.AsBytes<float>(values).ToArray()),
        };
    }
}
