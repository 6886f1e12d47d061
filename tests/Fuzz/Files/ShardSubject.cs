using System.Text;

namespace SparseSharp.Fuzz.Files;

/// <summary>A model in two files with an index.</summary>
internal sealed class ShardSubject : IFileSubject
{
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";

    private readonly ModelState<PlainModel> _state;
    private readonly byte[] _first;
    private readonly byte[] _second;
    private readonly string _index;

    public ShardSubject(string folder)
    {
        _state = new(folder);
        using var model = new PlainModel(seed: 1);
        var whole = TensorContent.Parse(_state.Save(model));
        var (first, second) = (new TensorContent(), new TensorContent());
        foreach (var tensor in whole.Tensors)
            (tensor.Name.StartsWith("stem", StringComparison.Ordinal) ? first : second).Tensors.Add(tensor);
        first.Metadata.AddRange(whole.Metadata);
        (_first, _second) = (first.Compose(), second.Compose());
        var places =
            first.Tensors.Select(tensor => (tensor.Name, File: First)).Concat(second.Tensors.Select(tensor => (tensor.Name, File: Second)));
        var map = string.Join(',', places.Select(place => $"\"{place.Name}\":\"{place.File}\""));
        _index = "{\"metadata\":{\"total_size\":" + whole.Tensors.Sum(tensor => tensor.Bytes.Length) + "},\"weight_map\":{" + map + "}}";
    }

    public string Name => "shards";

    public bool Try(Random random, string folder)
    {
        var damage = random.Next(5);
        var index = Path.Combine(folder, "model.safetensors.index.json");
        var (first, second) = (Path.Combine(folder, First), Path.Combine(folder, Second));
        File.WriteAllBytes(index, damage < 3 ? JsonMutator.Mutate(_index, random) : Encoding.UTF8.GetBytes(_index));
        File.WriteAllBytes(first, damage >= 2 ? TensorMutator.Mutate(_first, random) : _first);
        File.WriteAllBytes(second, _second);
        switch (random.Next(12))
        {
            case 0:
                File.Delete(second);
                break;
            case 1:
                File.Delete(second);
                Directory.CreateDirectory(second);
                break;
            case 2:
                File.Delete(second);
                File.CreateSymbolicLink(second, second);
                break;
            case 3:
                File.Copy(first, second, overwrite: true);
                break;
        }
        return _state.Try(folder, model => ModelFile.Load(model, index));
    }

    public void Dispose() => _state.Dispose();
}
