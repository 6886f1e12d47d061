using SparseSharp.Numerics;

namespace SparseSharp.Matrices;

/// <summary>All weights, <c>[rows, columns]</c>, and where products use them as bfloat16 a rounded copy.</summary>
internal sealed unsafe class DenseMatrix : Matrix
{
    private readonly RoundedRows? _rounded;

    public DenseMatrix(int rows, int columns, bool rounds)
        : base(rows, columns, pattern: null, rounds)
    {
        Memory = new PinnedBuffer<float>((long)rows * columns);
        _rounded = rounds ? new RoundedRows(rows, columns) : null;
    }

    public override double KeptShare => 1;

    public override float* InUse => _rounded is null ? Memory.Pointer : _rounded.Pointer;

    public override PinnedBuffer<float> Memory { get; }

    public override void RoundRows(int first, int end) => _rounded?.Take(Memory.Pointer, first, end);

    public override void Pack(float* dense) => _rounded?.Take(dense);

    public override void Dispose()
    {
        base.Dispose();
        _rounded?.Dispose();
    }
}
