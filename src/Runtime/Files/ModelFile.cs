using System.Globalization;
using SparseSharp.Files;
using SparseSharp.Kernels;
using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>
/// Saves and loads the weights of a model as a safetensors file. With the property path of a layer in snake case, as <c>first.stem</c>:
/// <list type="bullet">
/// <item><c>first.stem.weight</c>, F32 <c>[out, in]</c>, of a dense layer;</item>
/// <item><c>first.stem.weight_values</c>, F32 <c>[out, in·N/M]</c>, of an N:M layer, F32 <c>[kept]</c> of one without a pattern: the kept weights of each row in order of their columns;</item>
/// <item><c>first.stem.weight_mask</c>, U8 <c>[out, ceil(in / 8)]</c>: column <c>c</c> is kept if bit <c>c mod 8</c> of byte <c>c / 8</c> is 1;</item>
/// <item><c>first.stem.weight_blocks</c>, F32 <c>[blocks, columns, rows]</c>, of a layer with blocks: those that exist, in the order of their rows of blocks and
/// within them of columns; of RBGP4 in the order of its packed weights, see <see cref="RamanujanPattern"/>;</item>
/// <item><c>first.stem.weight_block_mask</c>, U8 <c>[rows of blocks, ceil(columns of blocks / 8)]</c>, of a layer whose blocks were chosen: bits as above, one per block;</item>
/// <item><c>first.stem.bias</c>, F32 <c>[out]</c>, where the layer has one.</item>
/// </list>
/// Weights that products use as bfloat16 (<see cref="Linear.Bfloat16"/>) are BF16 in place of F32.
/// The metadata name the version of this form, the model and the pattern of each layer, and have the hash of the graphs of RBGP4 layers.
/// </summary>
public static class ModelFile
{
    private const int Version = 1;
    private const string VersionKey = "sparsesharp.version";
    private const string ModelKey = "sparsesharp.model";

    /// <summary>Saves a model by its type alone; the file is replaced as a whole or not at all.</summary>
    /// <typeparam name="TModel">The model's class.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save<TModel>(TModel model, string path)
        where TModel : class, ISparseModel<TModel> => Save(model, TModel.Descriptor, path);

    /// <summary>Loads weights into a model by its type alone; see <see cref="Load(ISparseModel, ModelDescriptor, string, IReadOnlyDictionary{string, string}?)"/>.</summary>
    /// <typeparam name="TModel">The model's class.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="names">Where the file uses other names: our name to the file's.</param>
    /// <returns>What products use otherwise than the file has it.</returns>
    /// <exception cref="SafeTensorsException">The file is damaged, or does not fit the model; the first fault is named.</exception>
    /// <exception cref="ArgumentException">The name map names something that the model does not have.</exception>
    public static LoadReport Load<TModel>(TModel model, string path, IReadOnlyDictionary<string, string>? names = null)
        where TModel : class, ISparseModel<TModel> => Load(model, TModel.Descriptor, path, names);

    /// <summary>Saves a model; the file is replaced as a whole or not at all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="descriptor">Its layer table.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(ISparseModel model, ModelDescriptor descriptor, string path)
    {
        using var scope = Lifetime.Of(model.Layers, descriptor.Name).Use();
        var tensors = new List<NamedTensor>();
        var metadata = new Dictionary<string, string>
        {
            [VersionKey] = Version.ToString(CultureInfo.InvariantCulture),
            [ModelKey] = descriptor.Name,
        };
        foreach (var (layer, entry) in Pair(model, descriptor))
        {
            var weight = new float[layer.Weight.Length];
            layer.CopyEffectiveWeight(weight);
            tensors.AddRange(new LayerCodec(entry, layer.Pattern, layer.RoundsWeights).Encode(weight, layer.IsDense ? null : layer.Store.EffectiveMask, layer.Bias));
            metadata[PatternKey(entry.FileName)] = layer switch
            {
                { Pattern: null } => "dense",
                { IsDense: true, Pattern: var pattern } => WithoutMask(pattern),
                { Pattern: var pattern } => $"{pattern}",
            };
            if (layer.Pattern is RamanujanPattern graphs)
                metadata[MaskKey(entry.FileName)] = LayerCodec.Format(graphs.Hash);
        }
        new SafeTensors(tensors, metadata).Write(path);
    }

    /// <summary>
    /// Loads weights into a model: from a file of <see cref="Save(ISparseModel, ModelDescriptor, string)"/>, or a PyTorch state dict saved as safetensors, whose full weights an
    /// N:M layer takes over with the mask of their zeros, if they follow its pattern, or of their magnitudes. Everything is checked
    /// before the first weight changes.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="descriptor">Its layer table.</param>
    /// <param name="path">The file.</param>
    /// <param name="names">
    /// Where the file uses other names: our name to the file's, for a layer (<c>stem</c> to <c>fc1</c>) or a single tensor
    /// (<c>stem.weight</c> to <c>fc1.w</c>), which goes first.
    /// </param>
    /// <returns>What products use otherwise than the file has it: weights of layers in bfloat16 that the file has with more digits.</returns>
    /// <exception cref="SafeTensorsException">The file is damaged, or does not fit the model; the first fault is named.</exception>
    /// <exception cref="ArgumentException">The name map names something that the model does not have.</exception>
    public static LoadReport Load(ISparseModel model, ModelDescriptor descriptor, string path, IReadOnlyDictionary<string, string>? names = null)
    {
        var layers = Pair(model, descriptor);
        CheckNames(descriptor, names);
        var tensors = new ModelTensors(SafeTensors.Read(path), path, names);
        CheckVersion(tensors);
        var contents = layers.ConvertAll(pair => new LayerCodec(pair.Entry, pair.Layer.Pattern).Decode(tensors));
        if (tensors.FirstUnused() is { } unexpected)
            throw tensors.Fault($"tensor '{unexpected.Name}' is not part of model {descriptor.Name}, whose layers are {LayerNames(descriptor)}.");

        using var scope = Lifetime.Of(model.Layers, descriptor.Name).Change();
        for (var i = 0; i < layers.Count; i++)
            Apply(layers[i].Layer, contents[i]);
        return LoadReport.Of(layers.Zip(contents, (pair, content) => (pair.Entry.Path, content.Weight, pair.Layer.RoundsWeights)));
    }

    /// <summary>What the metadata say of a layer whose weights were saved while it ran dense.</summary>
    internal static string WithoutMask(SparsityPattern pattern) => $"{pattern}, run dense";

    /// <summary>Where the metadata have the hash of the graphs of a layer.</summary>
    internal static string MaskKey(string layer) => $"sparsesharp.mask.{layer}";

    internal static string PatternKey(string layer) => $"sparsesharp.pattern.{layer}";

    private static void Apply(Linear layer, LayerContent content)
    {
        if (content is { Mask: { } used, IsInUse: true })
            layer.SetWeightInUse(content.Weight, used);
        else if (content.Mask is { } mask)
            layer.SetWeight(content.Weight, mask);
        else
            layer.SetWeight(content.Weight);
        if (content.IsDense)
            layer.SetDense(true);
        if (content.Bias is { } bias)
            layer.SetBias(bias);
    }

    private static List<(Linear Layer, LayerDescriptor Entry)> Pair(ISparseModel model, ModelDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(descriptor);
        if (model.Layers.Count != descriptor.Layers.Count)
            throw new ArgumentException($"The model has {model.Layers.Count} layers, but the descriptor of {descriptor.Name} {descriptor.Layers.Count}.", nameof(descriptor));
        return [.. model.Layers.Zip(descriptor.Layers)];
    }

    private static void CheckVersion(ModelTensors tensors)
    {
        if (tensors.Metadata.TryGetValue(VersionKey, out var text) && text != Version.ToString(CultureInfo.InvariantCulture))
            throw tensors.Fault($"the file has version '{text}' of the SparseSharp form, but this library reads version {Version}; a newer library may read it.");
    }

    private static void CheckNames(ModelDescriptor descriptor, IReadOnlyDictionary<string, string>? names)
    {
        foreach (var own in names?.Keys ?? [])
        {
            var known = descriptor.Layers.Any(entry => own == entry.FileName || IsTensorOf(entry.FileName, own));
            if (!known)
                throw new ArgumentException(
                    $"The name map has the key '{own}', but model {descriptor.Name} has no such layer or tensor; its layers are {LayerNames(descriptor)}.", nameof(names));
        }
    }

    private static string LayerNames(ModelDescriptor descriptor) => string.Join(", ", descriptor.Layers.Select(entry => $"'{entry.FileName}'"));

    private static bool IsTensorOf(string layer, string name)
    {
        foreach (var tensor in LayerCodec.TensorNames)
        {
            if (name == $"{layer}.{tensor}")
                return true;
        }
        return false;
    }
}
