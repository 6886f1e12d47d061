using System.Globalization;
using SparseSharp.Matrices;
using SparseSharp.Patterns;

namespace SparseSharp.Files;

/// <content>Layers whose weights are blocks.</content>
internal sealed partial class LayerCodec
{
    public const string Blocks = "weight_blocks";
    public const string BlockBits = "weight_block_mask";

    /// <summary>The hash of a product of graphs, as files have it.</summary>
    public static string Format(ulong hash) => hash.ToString("X16", CultureInfo.InvariantCulture);

    private void EncodeBlocks(List<NamedTensor> tensors, ReadOnlySpan<float> weight, Mask mask)
    {
        if (pattern is RamanujanPattern graphs)
        {
            using var product = ListsOf(graphs);
            tensors.Add(Packed(product, weight, graphs.TileRows, graphs.TileColumns));
            return;
        }
        var (rows, columns) = ((BlockPattern)pattern!).Block;
        var blocks = BlockMask.Of(mask, rows, columns);
        using var lists = ListsOf(blocks, rows, columns);
        tensors.Add(Packed(lists, weight, rows, columns));
        tensors.Add(NamedTensor.Of($"{_name}.{BlockBits}", MaskCodec.Pack(blocks), blocks.Rows, MaskCodec.BytesPerRow(blocks.Columns)));
    }

    private NamedTensor Packed(BlockLists lists, ReadOnlySpan<float> weight, int rows, int columns)
    {
        var packed = new float[lists.Count];
        lists.Pack(weight, packed);
        return Weights(Blocks, packed, lists.Count / (rows * columns), columns, rows);
    }

    /// <summary>Weights of a product of graphs, which must be the one that they were saved with.</summary>
    private float[] DecodeProduct(ModelTensors tensors, RamanujanPattern graphs)
    {
        if (FindBlocks(tensors) is not { } blocks)
            return CheckOutside(tensors, graphs, DecodeDense(tensors));
        var saved = tensors.Metadata.GetValueOrDefault(ModelMetadata.MaskKey(_name)) ?? "none";
        if (saved != Format(graphs.Hash))
        {
            throw tensors.Fault(
                $"tensor '{blocks.Name}' belongs to the mask {saved}, but layer {layer.Path} ({graphs}) has the mask {Format(graphs.Hash)}: its shape or the sparsity, seed, base or factors of its [BlockSparse] are others than when the file was saved. Give them back, or train again.");
        }
        using var lists = ListsOf(graphs);
        return Unpack(tensors, blocks, lists, graphs.TileRows, graphs.TileColumns);
    }

    /// <summary>Full weights may only be where the mask has some: a mask that is fixed cannot follow them.</summary>
    private float[] CheckOutside(ModelTensors tensors, RamanujanPattern graphs, float[] dense)
    {
        for (var i = 0; i < dense.Length; i++)
        {
            var (row, column) = Math.DivRem(i, layer.Inputs);
            if (dense[i] != 0 && graphs.Position(row, column) < 0)
                throw tensors.Fault($"tensor '{tensors.FileName(_name, Weight)}' has a weight at [{row}, {column}], where layer {layer.Path} ({graphs}) has none; its mask is fixed before training.");
        }
        return dense;
    }

    private (float[] Weight, Mask? Mask) DecodeBlocks(ModelTensors tensors, BlockPattern follow)
    {
        var (rows, columns) = follow.Block;
        if (FindBlocks(tensors) is not { } values)
            return DecodeFull(tensors, follow);
        var bits = tensors.Find(_name, BlockBits) ?? throw tensors.Missing(tensors.FileName(_name, BlockBits), layer.Path);
        var blocks = BlockBitsOf(tensors, bits, rows, columns);
        if (follow.CountFault(blocks) is { } fault)
            throw tensors.Fault($"the mask '{bits.Name}', stored as {StoredPattern(tensors)}, is not {follow} as layer {layer.Path} needs it: {fault}.");
        using var lists = ListsOf(blocks, rows, columns);
        return (Unpack(tensors, values, lists, rows, columns), BlockMask.Expand(blocks, rows, columns));
    }

    private Mask BlockBitsOf(ModelTensors tensors, NamedTensor bits, int rows, int columns)
    {
        if (bits.Type != TensorType.U8)
            throw tensors.Fault($"tensor '{FileText.Name(bits.Name)}' has type {bits.TypeName}, but a mask is U8.");
        var (height, width) = (layer.Outputs / rows, layer.Inputs / columns);
        CheckShape(tensors, bits, height, MaskCodec.BytesPerRow(width));
        return MaskCodec.Unpack(bits.Bytes.Span, height, width)
            ?? throw tensors.Fault($"tensor '{FileText.Name(bits.Name)}' has bits behind its last column, {width - 1}; it is damaged.");
    }

    /// <summary>Weights of a layer with blocks, for one that is dense.</summary>
    private float[] DecodeBlocksAsDense(ModelTensors tensors, NamedTensor values)
    {
        if (tensors.Find(_name, BlockBits) is not { } bits)
            throw tensors.Fault($"tensor '{FileText.Name(values.Name)}' holds blocks of a mask that no file has ({StoredPattern(tensors)}), but layer {layer.Path} is dense. Save the model with dense: true.");
        var shape = values.Shape;
        if (shape.Count != 3 || shape[1] is not (>= 1 and <= int.MaxValue) || shape[2] is not (>= 1 and <= int.MaxValue) || layer.Inputs % shape[1] != 0 || layer.Outputs % shape[2] != 0)
            throw tensors.Fault($"tensor '{FileText.Name(values.Name)}' has shape {NamedTensor.Format([.. shape])}, whose blocks do not fill layer {layer.Path} ({layer.Inputs} to {layer.Outputs}).");
        var (rows, columns) = ((int)shape[2], (int)shape[1]);
        using var lists = ListsOf(BlockBitsOf(tensors, bits, rows, columns), rows, columns);
        return Unpack(tensors, values, lists, rows, columns);
    }

    private NamedTensor? FindBlocks(ModelTensors tensors)
    {
        var blocks = tensors.Find(_name, Blocks);
        if (blocks is not null && HasFullWeights(tensors))
            throw tensors.Fault($"there are both '{tensors.FileName(_name, Weight)}' and '{FileText.Name(blocks.Name)}' for layer {layer.Path}.");
        if (blocks is null && tensors.Find(_name, Values) is { } values)
            throw tensors.Fault($"tensor '{values.Name}' holds weights with {StoredPattern(tensors)} sparsity, but layer {layer.Path} has {pattern}.");
        return blocks;
    }

    private float[] Unpack(ModelTensors tensors, NamedTensor blocks, BlockLists lists, int rows, int columns)
    {
        var weight = new float[layer.Outputs * layer.Inputs];
        lists.Unpack(Floats(tensors, blocks, lists.Count / (rows * columns), columns, rows), weight);
        return weight;
    }

    private static BlockLists ListsOf(RamanujanPattern graphs) => BlockLists.Of(graphs, BlockLists.Divisor(graphs.BlockColumns));

    private static BlockLists ListsOf(Mask blocks, int rows, int columns)
    {
        var kernelColumns = BlockLists.Divisor(columns);
        return BlockLists.Of(BlockMask.Expand(blocks, 1, columns / kernelColumns), rows, kernelColumns);
    }
}
