using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Layers;

/// <summary>
/// How a layer holds its weights: which memory is the parameter, in which order, and which mask belongs to it. What products read beside the
/// parameter (packed forms) belongs to the kind of store.
/// </summary>
internal abstract unsafe class WeightStore : IDisposable
{
    /// <summary>The weights that learn.</summary>
    public abstract PinnedBuffer<float> Parameter { get; }

    /// <summary>Whether the parameter holds kept weights only, in an order of its own; else it is <c>[out, in]</c>.</summary>
    public virtual bool IsPacked => false;

    /// <summary>Which weights are kept, or null where all are.</summary>
    public virtual Mask? Mask => null;

    /// <summary>Which of the kept weights the gradient of the input uses, if not all.</summary>
    public virtual Mask? SecondMask => null;

    /// <summary>Which weights products use: less than what exists where whole blocks are scaled to 0.</summary>
    public virtual Mask? EffectiveMask => Mask;

    /// <summary>Kept share of the weights as it is now, or null if the pattern tells.</summary>
    public virtual double? Density => null;

    /// <summary>A trainable factor per block, if there is one.</summary>
    public virtual Parameter? Scales => null;

    /// <summary>Rows that are updated together: groups share no packed segment.</summary>
    public virtual int GroupRows => PanelGeometry.DepthBlock;

    /// <summary>Thresholds that learn beside the weights, or null.</summary>
    public virtual Parameter? ThresholdParameter => null;

    /// <summary>The weights that dense products use, <c>[out, in]</c>.</summary>
    public virtual float* InUse => Parameter.Pointer;

    /// <summary>Brings <see cref="InUse"/> up to date with some rows of the parameter, where it is rounded.</summary>
    public virtual void RoundRows(int first, int end) { }

    /// <summary>Whether products go to the dense kernels, although there is a mask.</summary>
    public virtual bool RunsDense => false;

    /// <summary>Where the gradient goes if only kept weights have one, in the order of the packed weights; else null.</summary>
    public virtual float* KeptGradient => null;

    /// <summary>How the weights learn.</summary>
    public abstract WeightRule MakeRule(Linear layer);

    /// <summary>Finds the mask of weights <c>[out, in]</c>.</summary>
    /// <param name="dense">The weights.</param>
    /// <param name="fromMask">Whether to start from the mask that is there.</param>
    public virtual void FindMask(float* dense, bool fromMask) { }

    /// <summary>Replaces the mask by one that follows the pattern.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="dense">The weights <c>[out, in]</c> that it is for.</param>
    public virtual void SetMask(Mask mask, float* dense) => mask.Words.CopyTo(Mask!.Words);

    /// <summary>Fills what products read beside the parameter from weights <c>[out, in]</c>, under the mask that is there.</summary>
    public virtual void Pack(float* dense) { }

    /// <summary>As <see cref="Pack"/>, from weights as products use them; makes master weights of them, in place.</summary>
    public virtual void Adopt(float* dense) => Pack(dense);

    /// <summary>An array in the order of the parameter as <c>[out, in]</c>; masked positions of a packed one are 0.</summary>
    public virtual void Export(ReadOnlySpan<float> own, Span<float> dense) => own.CopyTo(dense);

    /// <summary>The reverse of <see cref="Export"/>.</summary>
    public virtual void Import(ReadOnlySpan<float> dense, Span<float> own) => dense.CopyTo(own);

    /// <summary>Frees what is not the parameter.</summary>
    public virtual void Dispose() { }
}
