using System.Numerics;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Files;

/// <content>What a layer holds, as tensors. Where only kept weights exist, no matrix of all of them is made.</content>
internal sealed partial class LayerCodec
{
    /// <summary>The tensors to write.</summary>
    /// <param name="linear">The layer.</param>
    /// <param name="dense">Whether to write all weights, with 0 where they are masked.</param>
    /// <exception cref="NotFiniteNumberException">A value is infinite or not a number.</exception>
    public List<NamedTensor> Encode(Linear linear, bool dense)
    {
        var tensors = linear switch
        {
            _ when dense || linear.IsDense => [],
            { Matrix: BlockMatrix store } => EncodeBlocks(store),
            { Matrix: BucketMatrix { IsPacked: true } store } => EncodePacked(store),
            _ => [],
        };
        if (tensors.Count > 0)
        {
            AddBias(tensors, linear.Bias);
            return tensors;
        }
        using var effective = new NativeBuffer<float>((long)linear.Outputs * linear.Inputs);
        linear.CopyEffectiveWeight(effective.Span);
        return Encode(effective.Span, dense || linear.IsDense ? null : linear.Matrix.EffectiveMask, linear.Bias);
    }

    /// <summary>Blocks in the order of the layer, which is that of files, without those that are scaled to 0.</summary>
    private unsafe List<NamedTensor> EncodeBlocks(BlockMatrix store)
    {
        var values = new ReadOnlySpan<float>(store.Values, checked((int)store.Parameter.Length));
        if (pattern is RamanujanPattern graphs)
            return [Weights(Blocks, values, values.Length / (graphs.TileRows * graphs.TileColumns), graphs.TileColumns, graphs.TileRows)];
        var (rows, columns) = ((BlockPattern)pattern!).Block;
        var size = rows * columns;
        var scales = store.Scales is { } parameter ? parameter.Values : [];
        var blocks = new Mask(layer.Outputs / rows, layer.Inputs / columns);
        var (next, live) = (0, new List<int>());
        for (var tile = 0; tile < store.Lists.Tiles; tile++)
        {
            foreach (var column in store.Lists.ColumnsOf(tile))
            {
                if (column % columns != 0)
                    continue;
                if (scales.IsEmpty || scales[next] > 0)
                {
                    blocks[tile, column / columns] = true;
                    live.Add(next);
                }
                next++;
            }
        }
        var kept = values;
        if (live.Count < next)
        {
            var gathered = new float[live.Count * size];
            for (var i = 0; i < live.Count; i++)
                values.Slice(live[i] * size, size).CopyTo(gathered.AsSpan(i * size));
            kept = gathered;
        }
        return
        [
            Weights(Blocks, kept, live.Count, columns, rows),
            NamedTensor.Of($"{_name}.{BlockBits}", MaskCodec.Pack(blocks), blocks.Rows, MaskCodec.BytesPerRow(blocks.Columns)),
        ];
    }

    /// <summary>Packed weights, each at the place that it has among the kept weights of its row.</summary>
    private List<NamedTensor> EncodePacked(BucketMatrix store)
    {
        var mask = store.Mask;
        var before = new int[mask.Words.Length];
        var count = 0;
        for (var word = 0; word < before.Length; word++)
        {
            before[word] = count;
            count += BitOperations.PopCount(mask.Words[word]);
        }
        var positions = new int[store.Forward.Values.Length];
        store.Packer.Positions(positions);
        var values = new float[count];
        var packed = store.Forward.Values.Span;
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] < 0)
                continue;
            var (row, column) = Math.DivRem(positions[i], layer.Inputs);
            var word = (row * mask.WordsPerRow) + (column >> 6);
            values[before[word] + BitOperations.PopCount(mask.Words[word] & ((1UL << (column & 63)) - 1))] = packed[i];
        }
        return
        [
            Weights(Values, values, Shape(mask)),
            NamedTensor.Of($"{_name}.{Bits}", MaskCodec.Pack(mask), layer.Outputs, MaskCodec.BytesPerRow(layer.Inputs)),
        ];
    }
}
