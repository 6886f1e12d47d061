using SparseSharp.Numerics;
using SparseSharp.Settings;

namespace SparseSharp.Kernels;

/// <summary>The bias of a product, or zeros where there is none: kernels read it in blocks of four rows.</summary>
internal sealed unsafe class Bias : IDisposable
{
    private readonly PinnedBuffer<float> _padded;

    /// <param name="rows">Output features.</param>
    /// <param name="learns">Whether there is a bias.</param>
    public Bias(int rows, bool learns)
    {
        _padded = new PinnedBuffer<float>(DataLayout.PaddedRows(rows));
        Parameter = learns ? new Parameter("bias", new PinnedBuffer<float>(rows), decays: false) : null;
    }

    /// <summary>The values that learn, <c>[rows]</c>; null where there is no bias.</summary>
    public Parameter? Parameter { get; }

    /// <summary>The first of the values that kernels read.</summary>
    public ref float Reference => ref *_padded.Pointer;

    /// <summary>Takes over what has been learned.</summary>
    public void Refresh() => Parameter!.Values.CopyTo(_padded.Span);

    /// <summary>Gives the memory up.</summary>
    public void Dispose()
    {
        Parameter?.Free();
        _padded.Dispose();
    }
}
