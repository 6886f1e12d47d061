using System.Globalization;
using SparseSharp.Files;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Models;
using SparseSharp.Training;

namespace SparseSharp;

/// <summary>
/// Saves and loads the weights of a model as a safetensors file. With the property path of a layer in snake case, as <c>first.stem</c>:
/// <list type="bullet">
/// <item><c>first.stem.weight</c>, F32 <c>[out, in]</c>, of a dense layer;</item>
/// <item><c>first.stem.weight_values</c>, F32 <c>[out, in·N/M]</c>, of an N:M layer, F32 <c>[kept]</c> of one without a pattern: the kept
/// weights of each row in order of their columns;</item>
/// <item><c>first.stem.weight_mask</c>, U8 <c>[out, ceil(in / 8)]</c>: column <c>c</c> is kept if bit <c>c mod 8</c> of byte <c>c / 8</c>
/// is 1;</item>
/// <item><c>first.stem.weight_blocks</c>, F32 <c>[blocks, columns, rows]</c>, of a layer with blocks: those that exist, in the order of
/// their rows of blocks and within them of columns; of RBGP4 in the order of its packed weights, see <see cref="RamanujanPattern"/>;</item>
/// <item><c>first.stem.weight_block_mask</c>, U8 <c>[rows of blocks, ceil(columns of blocks / 8)]</c>, of a layer whose blocks were chosen:
/// bits as above, one per block;</item>
/// <item><c>first.stem.bias</c>, F32 <c>[out]</c>, where the layer has one;</item>
/// <item><c>first.norm.weight</c>, <c>bias</c>, <c>running_mean</c> and <c>running_var</c>, F32 <c>[features]</c>, and
/// <c>num_batches_tracked</c>, I64, of a batch normalisation.</item>
/// </list>
/// Weights that products use as bfloat16 (<see cref="ILayer.Bfloat16"/>) are BF16 in place of F32.
/// The metadata name the version of this form, the model and the pattern of each layer, and have the hash of the graphs of RBGP4 layers.
/// </summary>
public static class ModelFile
{
    private const int Version = 1;
    private const string VersionKey = "sparsesharp.version";

    /// <summary>Saves a model by its type alone; see <see cref="Save(ISparseModel, ModelDescriptor, string, bool)"/>.</summary>
    /// <typeparam name="TModel">The model's class.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="dense">Whether to write all weights, as other frameworks read them.</param>
    /// <exception cref="NotFiniteNumberException">A weight is infinite or not a number; the old file stays.</exception>
    /// <exception cref="DataFileException">The file cannot be written; the old one stays.</exception>
    public static void Save<TModel>(TModel model, string path, bool dense = false)
        where TModel : class, ISparseModel<TModel> => Save(model, TModel.Descriptor, path, dense);

    /// <summary>
    /// Loads weights into a model by its type alone; see
    /// <see cref="Load(ISparseModel, ModelDescriptor, string, IReadOnlyDictionary{string, string}?, bool, string?)"/>.
    /// </summary>
    /// <typeparam name="TModel">The model's class.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="names">Where the file uses other names: our name to the file's; nothing for what is not to be read.</param>
    /// <param name="strict">Whether file and model must have the same tensors.</param>
    /// <param name="prefix">What stands before all names in the file.</param>
    /// <returns>What is not as in the file.</returns>
    /// <exception cref="SafeTensorsException">The file is damaged, or does not fit the model; the first fault is named.</exception>
    /// <exception cref="ArgumentException">The name map names something that the model does not have.</exception>
    public static LoadReport Load<TModel>(
        TModel model, string path, IReadOnlyDictionary<string, string>? names = null, bool strict = true, string? prefix = null)
        where TModel : class, ISparseModel<TModel> => Load(model, TModel.Descriptor, path, names, strict, prefix);

    /// <summary>
    /// Saves a model; the file is replaced as a whole or not at all. It keeps the permissions of the file that it replaces and, where the
    /// process may do so, the owner; what a symbolic link points to is replaced, and the link stays.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="descriptor">Its layer table.</param>
    /// <param name="path">The file; its directory must be there.</param>
    /// <param name="dense">
    /// Whether to write all weights, 0 where they are masked, as <c>weight</c> of each layer: what PyTorch takes for a linear layer. A
    /// sparse layer that loads such a file prunes what is 0.
    /// </param>
    /// <exception cref="NotFiniteNumberException">A weight is infinite or not a number; the old file stays.</exception>
    /// <exception cref="DataFileException">The file cannot be written; the old one stays.</exception>
    public static void Save(ISparseModel model, ModelDescriptor descriptor, string path, bool dense = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var scope = ModelLifetime.Of(model, descriptor.Name).Use();
        var tensors = new List<NamedTensor>();
        var metadata = new Dictionary<string, string>
        {
            [VersionKey] = Version.ToString(CultureInfo.InvariantCulture),
            [ModelMetadata.ModelKey] = descriptor.Name,
        };
        foreach (var (layer, entry) in Pair(model, descriptor))
        {
            foreach (var weights in layer.Matrices)
                Write(weights, entry, dense, tensors, metadata);
            var vectors = new LayerTensors(entry.Path, entry.FileName);
            foreach (var vector in layer.Named)
                vector.Save(vectors);
            foreach (var counter in layer.Counters)
                vectors.AddScalar(counter.Name, counter.Value);
            tensors.AddRange(vectors.All());
        }
        new SafeTensors(tensors, metadata).Write(path);
    }

    /// <summary>
    /// Loads weights into a model: from a file of <see cref="Save(ISparseModel, ModelDescriptor, string, bool)"/>, or a PyTorch state dict
    /// saved as safetensors, whose full weights a sparse layer takes over with the mask of their zeros, if they follow its pattern, or of
    /// their magnitudes. Masks of <c>torch.nn.utils.prune</c> and of ASP are known. A dense layer takes the weights of a sparse one.
    /// Everything is checked before the first weight changes, and only tensors that the model needs are read.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="descriptor">Its layer table.</param>
    /// <param name="path">The file, or the index of several: <c>*.safetensors.index.json</c>.</param>
    /// <param name="names">
    /// Where the file uses other names: our name to the file's, for a layer (<c>stem</c> to <c>fc1</c>) or a single tensor
    /// (<c>stem.weight</c> to <c>fc1.w</c>), which goes first. An empty name leaves a layer as it is, whatever the file has.
    /// </param>
    /// <param name="strict">
    /// Whether file and model must have the same tensors. Without it, layers and biases that the file does not have stay as they are, and
    /// tensors that the model does not have are left out; the report names both. What there is must fit all the same, and one layer must be
    /// there.
    /// </param>
    /// <param name="prefix">What stands before all names in the file, for example <c>module.</c>; null for nothing.</param>
    /// <returns>What is not as in the file, or not in it.</returns>
    /// <exception cref="SafeTensorsException">The file is damaged, or does not fit the model; the first fault is named.</exception>
    /// <exception cref="ArgumentException">The name map names something that the model does not have.</exception>
    public static LoadReport Load(
        ISparseModel model, ModelDescriptor descriptor, string path, IReadOnlyDictionary<string, string>? names = null, bool strict = true,
        string? prefix = null)
    {
        var layers = Pair(model, descriptor);
        CheckNames(layers, descriptor, names);
        using var source = ModelSource.OpenAt(path);
        var tensors = new ModelTensors(source.Content, path, names, prefix);
        CheckVersion(tensors);
        var missing = new List<string>();
        var contents = new List<LayerContent?>();
        foreach (var (layer, entry) in layers)
        {
            var isThere = !tensors.IsLeftOut(entry.FileName) && (strict || HasMain(tensors, entry.FileName, layer));
            contents.Add(isThere
                ? new LayerReader(entry, tensors, lenient: !strict).Read(
                    [.. layer.Matrices.Select(weights => weights.Matrix)], layer.Named, layer.Counters,
                    [.. layer.Matrices.Select(weights => weights.Foreign)])
                : null);
            if (!isThere)
                missing.Add(entry.FileName);
            for (var i = 0; isThere && i < layer.Named.Length; i++)
            {
                if (contents[^1]!.Vectors[i] is null)
                    missing.Add($"{entry.FileName}.{layer.Named[i].Name}");
            }
        }
        if (contents.TrueForAll(content => content is null))
            throw tensors.Missing(tensors.FileName(layers[0].Entry.FileName, LayerReader.MainName(layers[0].Layer)), layers[0].Entry.Path);
        string[] unused = [.. tensors.Unused().Select(tensor => tensor.Name)];
        if (strict && unused.Length > 0)
            throw tensors.Fault($"tensor '{FileText.Name(unused[0])}' is not part of model {descriptor.Name}, whose layers are {LayerNames(descriptor)}. Load with strict: false leaves out what the model does not have.");

        using var scope = ModelLifetime.Of(model, descriptor.Name).Change();
        foreach (var ((layer, _), content) in layers.Zip(contents))
        {
            if (content is not null)
                Apply(layer, content);
            else
                DrawDeferred(layer);
        }
        var read =
            from pair in layers.Zip(contents)
            where pair.Second is not null
            from matrix in pair.First.Layer.Matrices.Zip(pair.Second.Weights)
            select (pair.First.Entry.Path, matrix.Second.Weight, matrix.First.Matrix.RoundsWeights);
        return LoadReport.Of(read) with
        {
            Missing = missing,
            Unused = unused,
        };
    }

    private static void Write(
        LayerWeights weights, LayerDescriptor entry, bool dense, List<NamedTensor> tensors, Dictionary<string, string> metadata)
    {
        var own = new LayerTensors(entry.Path, entry.FileName, weights.Matrix.RoundsWeights, weights.Foreign);
        weights.Matrix.Write(own, dense);
        tensors.AddRange(own.All());
        metadata[ModelMetadata.PatternKey(entry.FileName)] = weights.Pattern is not { } pattern
            ? "dense"
            : weights.IsDense
            ? ModelMetadata.WithoutMask(pattern)
            : $"{pattern}";
        foreach (var (key, text) in own.Texts)
            metadata[ModelMetadata.KeyOf(key, entry.FileName)] = text;
    }

    private static void DrawDeferred(LayerParts layer)
    {
        using var scope = layer.Lifetime.Change();
        foreach (var weights in layer.Matrices)
            weights.DrawDeferred();
    }

    private static void Apply(LayerParts layer, LayerContent content)
    {
        using var scope = layer.Lifetime.Change();
        foreach (var (weights, read) in layer.Matrices.Zip(content.Weights))
            Apply(weights, read);
        foreach (var (vector, values) in layer.Named.Zip(content.Vectors))
        {
            if (values is not null)
                vector.Set(values);
        }
        for (var i = 0; i < layer.Counters.Length; i++)
            layer.Counters[i].Value = content.Counters[i];
    }

    private static void Apply(LayerWeights weights, WeightContent content)
    {
        if (content is { Mask: { } used, IsInUse: true })
            weights.SetInUse(content.Weight, used);
        else if (content.Mask is { } mask)
            weights.Set(content.Weight, mask);
        else
            weights.Set(content.Weight);
        if (content.IsDense)
            weights.SetDense(true);
    }

    private static List<(LayerParts Layer, LayerDescriptor Entry)> Pair(ISparseModel model, ModelDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(descriptor);
        if (model.Layers.Count != descriptor.Layers.Count)
            throw new ArgumentException(
                $"The model has {model.Layers.Count} layers, but the descriptor of {descriptor.Name} {descriptor.Layers.Count}.",
                nameof(descriptor));
        return [.. model.Layers.Select(layer => layer.Parts).Zip(descriptor.Layers)];
    }

    /// <summary>Whether a file has what a layer cannot do without.</summary>
    private static bool HasMain(ModelTensors tensors, string name, LayerParts layer) =>
        LayerReader.MainNames(layer).Any(tensor => tensors.Has(name, tensor));

    private static void CheckVersion(ModelTensors tensors)
    {
        if (tensors.Metadata.GetValueOrDefault("format") == CheckpointFormat.Name)
            throw tensors.Fault("this is a checkpoint of a training, not a saved model: give it to Trainer.Resume, or to "
                + "TrainerOptions.CheckpointPath with ResumeIfPresent, and save the model.");
        if (tensors.Metadata.TryGetValue(VersionKey, out var text) && text != Version.ToString(CultureInfo.InvariantCulture))
            throw tensors.Fault($"the file has version '{FileText.Name(text)}' of the SparseSharp form, but this library reads version {Version}; a newer library may read it.");
    }

    private static void CheckNames(
        List<(LayerParts Layer, LayerDescriptor Entry)> layers, ModelDescriptor descriptor, IReadOnlyDictionary<string, string>? names)
    {
        foreach (var own in names?.Keys ?? [])
        {
            var known = layers.Any(
                pair => own == pair.Entry.FileName
                    || LayerReader.TensorNames(pair.Layer).Any(tensor => own == $"{pair.Entry.FileName}.{tensor}"));
            if (!known)
                throw new ArgumentException(
                    $"The name map has the key '{own}', but model {descriptor.Name} has no such layer or tensor; its layers are {LayerNames(descriptor)}.", nameof(names));
        }
    }

    private static string LayerNames(ModelDescriptor descriptor) =>
        string.Join(", ", descriptor.Layers.Select(entry => $"'{entry.FileName}'"));
}
