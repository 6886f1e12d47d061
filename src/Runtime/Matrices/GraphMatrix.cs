using System.Globalization;

namespace SparseSharp.Matrices;

/// <summary>
/// Blocks at the places of a product of graphs, which are known before a training and never change: files have a hash of them.
/// </summary>
/// <param name="rows">Output features.</param>
/// <param name="columns">Input features.</param>
/// <param name="pattern">The graphs.</param>
/// <param name="kernelColumns">Columns that kernels take at a time: divides those of a block.</param>
/// <param name="rounds">Whether products use weights rounded to bfloat16.</param>
internal sealed unsafe class GraphMatrix(int rows, int columns, RamanujanPattern pattern, int kernelColumns, bool rounds)
    : BlockMatrix(rows, columns, pattern, BlockLists.Of(pattern, kernelColumns), rounds)
{
    /// <summary>The hash of the graphs as files have it.</summary>
    private string Hash => pattern.Hash.ToString("X16", CultureInfo.InvariantCulture);

    /// <summary>Weights of the graphs that they were saved with, which must be these, or full ones that have none elsewhere.</summary>
    public override StoredWeights Read(IWeightReader reader)
    {
        if (!HasBlocks(reader))
            return new(CheckOutside(reader, StoredWeights.ReadAll(reader, Rows, Columns)), null);
        var saved = reader.Text(WeightNames.MaskHash) ?? "none";
        if (saved != Hash)
        {
            throw reader.Fault(
                $"tensor '{reader.NameOf(WeightNames.Blocks)}' belongs to the mask {saved}, but {reader.Owner} ({pattern}) has the mask {Hash}: its shape or the sparsity, seed, base or factors of its [BlockSparse] are others than when the file was saved. Give them back, or train again.");
        }
        return new(StoredWeights.ReadBlocks(reader, Lists, (Rows, Columns), (pattern.TileRows, pattern.TileColumns)), null);
    }

    /// <summary>All blocks in their order here, which is that of files.</summary>
    protected override void WriteKept(IWeightWriter writer)
    {
        new ReadOnlySpan<float>(Values, Parameter.Length)
            .CopyTo(writer.AddFloats(
                WeightNames.Blocks, Parameter.Length / (pattern.TileRows * pattern.TileColumns), pattern.TileColumns, pattern.TileRows));
        writer.AddText(WeightNames.MaskHash, Hash);
    }

    /// <summary>Full weights may only be where the mask has some: a mask that is fixed cannot follow them.</summary>
    private float[] CheckOutside(IWeightReader reader, float[] dense)
    {
        for (var i = 0; i < dense.Length; i++)
        {
            var (row, column) = Math.DivRem(i, Columns);
            if (dense[i] != 0 && pattern.Position(row, column) < 0)
                throw reader.Fault($"tensor '{reader.NameOf(WeightNames.Full)}' has a weight at [{row}, {column}], where {reader.Owner} ({pattern}) has none; its mask is fixed before training.");
        }
        return dense;
    }
}
