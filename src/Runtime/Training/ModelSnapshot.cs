using SparseSharp.Learning;
using SparseSharp.Models;

namespace SparseSharp.Training;

/// <summary>A copy of the weights, masks and biases of a model.</summary>
internal sealed class ModelSnapshot
{
    private readonly LayerSnapshot[] _layers;

    private ModelSnapshot(LayerSnapshot[] layers) => _layers = layers;

    public IReadOnlyList<LayerSnapshot> Layers => _layers;

    /// <summary>Copies what the model holds.</summary>
    public static ModelSnapshot Of(ISparseModel model)
    {
        using var scope = ModelLifetime.Of(model, nameof(model)).Use();
        return new([.. model.Layers.Select(LayerSnapshot.Of)]);
    }

    /// <summary>Takes layers that were read from a file.</summary>
    public static ModelSnapshot From(IEnumerable<LayerSnapshot> layers) => new([.. layers]);

    /// <summary>Gives the model its weights, masks and biases back.</summary>
    public void Restore(ISparseModel model)
    {
        for (var i = 0; i < _layers.Length; i++)
            _layers[i].Restore(model.Layers[i]);
    }
}

/// <summary>A copy of the arrays of one layer.</summary>
/// <param name="Weight">Master weights <c>[out, in]</c>.</param>
/// <param name="Mask">The mask, or null for a dense layer.</param>
/// <param name="SecondMask">Which kept weights the gradient of the input uses, or null for all.</param>
/// <param name="Bias">The bias <c>[out]</c>, or empty.</param>
/// <param name="Flips">Bits that the last refresh of the mask changed.</param>
/// <param name="Scale">Factor of the weights in use.</param>
/// <param name="IsDense">Whether a layer with a mask ran dense.</param>
/// <param name="BlockScales">Factors of blocks, or empty.</param>
internal sealed record LayerSnapshot(
    float[] Weight, Mask? Mask, Mask? SecondMask, float[] Bias, long Flips, float Scale, bool IsDense, float[] BlockScales)
{
    public static LayerSnapshot Of(Linear layer) => new(
        WeightOf(layer), layer.Mask?.Copy(), layer.Matrix.SecondMask?.Copy(), [.. layer.Bias], layer.Weights.Flips, layer.ThresholdScale, layer.IsDense,
        [.. layer.BlockScales])
    {
        Annealed = layer.Weights.Annealed is { } annealed ? AnnealSnapshot.Of(annealed) : null,
    };

    /// <summary>What annealing has made beside the weights, or null.</summary>
    public AnnealSnapshot? Annealed { get; init; }

    /// <summary>A copy of the master weights, without the one that <see cref="Linear.Weight"/> keeps of packed ones.</summary>
    private static float[] WeightOf(Linear layer)
    {
        var weight = new float[layer.Outputs * layer.Inputs];
        layer.Matrix.Export(layer.Matrix.Parameter.Values, weight);
        return weight;
    }

    public void Restore(Linear layer)
    {
        using var scope = layer.Lifetime.Change();
        if (Annealed is not null)
            layer.Weights.Annealing!.Restore(Annealed);
        if (Mask is null)
            layer.SetWeight(Weight);
        else
            layer.Weights.Restore(Weight, Mask, SecondMask, Scale, IsDense);
        if (BlockScales.Length > 0)
            layer.Weights.SetBlockScales(BlockScales);
        Annealed?.Reached?.Words.CopyTo(layer.Weights.Annealed!.Reached!.Words);
        if (Bias.Length > 0)
            layer.SetBias(Bias);
        layer.Weights.Flips = Flips;
    }
}
