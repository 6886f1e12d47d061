using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SparseSharp.Masks.Search;
using SparseSharp.Matrices;
using SparseSharp.Numerics;

namespace SparseSharp.Learning;

/// <summary>
/// Only kept weights exist, packed, as under a static mask. At a refresh the dense gradient of the step scores the weights that do not
/// (RigL, Evci et al., 2020); instead of a number to drop and as many to grow, the search for a mask decides over magnitudes and scores
/// together, because a transposable tile cannot exchange two weights alone. Weights that come back start at 0, and so does their optimizer
/// state.
/// </summary>
internal sealed unsafe class RegrowRule : KeptRule
{
    private readonly NMPattern _pattern;
    private PinnedBuffer<float>? _dense;
    private PinnedBuffer<float>? _scores;
    private PinnedBuffer<int>? _positions;
    private bool _refreshes;

    private readonly GradientBuffer[] _gradientsAtRefresh;
    private readonly UpdatePhase[] _phasesAtRefresh;

    public RegrowRule(NMMatrix matrix)
        : base(matrix)
    {
        _pattern = matrix.Pattern;
        _gradientsAtRefresh = [.. base.Gradients(step: 0), new MaskedGradients(matrix)];
        _phasesAtRefresh = [.. OnlyUpdate, new UpdatePhase(Finish)];
    }

    /// <inheritdoc/>
    public override string NeedsTrainer => "MaskPolicy.Regrow moves the state of the optimizer together with the weights";

    private bool TilesStayInGroups => _pattern.StaysInGroups(Matrix.GroupRows);

    /// <inheritdoc/>
    public override IReadOnlyList<GradientBuffer> Gradients(long step)
    {
        _refreshes = step > 0 && step % _pattern.RefreshEvery == 0;
        _dense ??= new PinnedBuffer<float>((long)Matrix.Rows * Matrix.Columns);
        _scores ??= new PinnedBuffer<float>((long)Matrix.Rows * Matrix.Columns);
        _positions ??= new PinnedBuffer<int>(Parameter.Length);
        Matrix.MaskedGradient = _refreshes ? _scores.Pointer : null;
        return _refreshes ? _gradientsAtRefresh : base.Gradients(step);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<UpdatePhase> Phases(in UpdateStep step) => _refreshes ? _phasesAtRefresh : OnlyUpdate;

    /// <inheritdoc/>
    protected override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        base.Update(group, optimizer, in step);
        if (_refreshes && TilesStayInGroups)
            SetFlips(group, Refresh(group, group + 1, optimizer, in step));
    }

    private void Finish(Optimizer optimizer, in UpdateStep step)
    {
        _refreshes = false;
        Matrix.MaskedGradient = null;
        if (!TilesStayInGroups)
            Flips = Refresh(0, Matrix.Groups, optimizer, in step);
        Buckets.Packer.Complete(_positions!.Span, MemoryMarshal.Cast<float, int>(_scores!.Span));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _dense?.Dispose();
        _scores?.Dispose();
        _positions?.Dispose();
    }

    /// <summary>Finds the mask of some groups and packs weights and optimizer state again; returns the mask bits that changed.</summary>
    private long Refresh(int group, int end, Optimizer optimizer, in UpdateStep step)
    {
        var first = Matrix.GroupRange(group).First;
        var rows = Matrix.GroupRange(end - 1).End - first;
        var dense = Rows(_dense!, first, rows);
        var scores = Rows(_scores!, first, rows);
        CheckFinite(_scores!, first, rows, "weight gradient");
        dense.Clear();
        for (var g = group; g < end; g++)
        {
            Locate(g);
            Unpack(g, Parameter.Values, _dense!.Span);
        }
        CheckFinite(_dense!, first, rows, "weight");

        TensorPrimitives.Multiply(scores, ScoreOfGradient(dense, scores, step.LearningRate / optimizer.LearningRate), scores);
        for (var g = group; g < end; g++)
            Unpack(g, Parameter.Values, _scores!.Span);
        for (var row = first; row < first + rows; row++)
            Buckets.Mask.Row(row).CopyTo(Buckets.Previous.Row(row));
        MaskSearch.Find(_pattern.Shape, _scores!.Pointer, Matrix.Columns, first, rows, Buckets.Mask, Buckets.Previous, "regrowth score");

        for (var g = group; g < end; g++)
            Pack(g, optimizer.StateCount);
        return Buckets.Mask.Flips(Buckets.Previous, first, rows);
    }

    /// <summary>
    /// What a gradient counts for against a weight: with it, the mean gradient counts for a share of the mean kept weight.
    /// </summary>
    private float ScoreOfGradient(ReadOnlySpan<float> weight, ReadOnlySpan<float> gradient, float rate)
    {
        var (weights, gradients) = (0.0, 0.0);
        for (var at = 0; at < weight.Length; at += Matrix.Columns)
        {
            weights += TensorPrimitives.SumOfMagnitudes(weight.Slice(at, Matrix.Columns));
            gradients += TensorPrimitives.SumOfMagnitudes(gradient.Slice(at, Matrix.Columns));
        }
        // Gradients that all but vanish would make the factor infinite, and their product with it no number.
        return gradients == 0 ? 0 : (float)Math.Min(float.MaxValue, _pattern.RegrowShare * rate * weights / _pattern.Density / gradients);
    }

    private void CheckFinite(PinnedBuffer<float> matrix, int first, int rows, string tensor) =>
        MaskSearch.CheckFinite(matrix.Pointer + ((nint)first * Matrix.Columns), rows, Matrix.Columns, first, tensor);

    private Span<float> Rows(PinnedBuffer<float> matrix, int first, int count) =>
        matrix.Span.Slice(first * Matrix.Columns, count * Matrix.Columns);

    /// <summary>Notes where the weights of a group belong, before the mask changes.</summary>
    private void Locate(int group)
    {
        for (var depthBlock = 0; depthBlock < Buckets.Forward.DepthBlocks; depthBlock++)
            _positions!.Span[PackedSlice(group, depthBlock)].Fill(-1);
        Buckets.Packer.Positions(group, _positions!.Span);
    }

    private void Unpack(int group, ReadOnlySpan<float> packed, Span<float> matrix)
    {
        for (var depthBlock = 0; depthBlock < Buckets.Forward.DepthBlocks; depthBlock++)
        {
            var slice = PackedSlice(group, depthBlock);
            var values = packed[slice];
            var positions = _positions!.Span[slice];
            for (var i = 0; i < values.Length; i++)
            {
                if (positions[i] >= 0)
                    matrix[positions[i]] = values[i];
            }
        }
    }

    /// <summary>
    /// Packs a group by its new mask. A packer knows one packed array only, that of the weights: optimizer state goes through it. Room that
    /// the new mask does not use becomes 0 everywhere, so that no sum over an array meets what was there before.
    /// </summary>
    private void Pack(int group, int states)
    {
        var (first, end) = Matrix.GroupRange(group);
        var packed = Buckets.Forward.Values.Span;
        ClearSlices(group, Parameter.GradientBuffer);
        ClearSlices(group, packed);
        Buckets.Packer.Build(_dense!.Pointer, group);
        for (var slot = 0; slot < states; slot++)
        {
            Rows(_scores!, first, end - first).Clear();
            Unpack(group, Parameter.State(slot), _scores!.Span);
            Buckets.Packer.Load(_scores.Pointer, first / 4, (end + 3) / 4);
            for (var depthBlock = 0; depthBlock < Buckets.Forward.DepthBlocks; depthBlock++)
            {
                var slice = PackedSlice(group, depthBlock);
                packed[slice].CopyTo(Parameter.State(slot)[slice]);
            }
        }
        if (states > 0)
            Buckets.Packer.Load(_dense.Pointer, first / 4, (end + 3) / 4);
        Buckets.TakePacked(group);
    }

    private void ClearSlices(int group, Span<float> packed)
    {
        for (var depthBlock = 0; depthBlock < Buckets.Forward.DepthBlocks; depthBlock++)
            packed[PackedSlice(group, depthBlock)].Clear();
    }
}
