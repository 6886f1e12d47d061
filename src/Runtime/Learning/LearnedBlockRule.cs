using System.Numerics.Tensors;
using SparseSharp.Matrices;
using SparseSharp.Patterns;

namespace SparseSharp.Learning;

/// <summary>
/// Weights and the scales of their blocks. With the gradient g of the scaled weights, the gradient of the weights is g times the scale, and that of a
/// scale the sum of g times weight over its block, plus the penalty's: also where the scale is cut off at 0 or 1, so that scales can come back from there.
/// </summary>
/// <remarks>
/// The scales of a layer fall together under a penalty, since what holds one, a gradient times small weights, is smaller still. So a sparsity goes by the weights that
/// products use, which have both in them.
/// </remarks>
internal sealed class LearnedBlockRule(LearnedBlockMatrix matrix, LearnedBlockPattern pattern) : BlockRule(matrix)
{
    private readonly LearnedBlockMatrix _store = matrix;
    private PruneSchedule _schedule = pattern.Schedule;

    public override PruneSchedule? Schedule
    {
        get => pattern.HasTarget ? _schedule : null;
        set => _schedule = value ?? pattern.Schedule;
    }

    /// <summary>Where slices begin, blocks do too.</summary>
    protected override int Unit => _store.BlockSize % Line == 0 ? _store.BlockSize : _store.BlockSize * Line;

    /// <summary>Gradient of a scale.</summary>
    /// <param name="gradient">Gradient of the scaled weights of its block.</param>
    /// <param name="weight">The weights.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="penalty">Gamma.</param>
    public static float ScaleGradient(ReadOnlySpan<float> gradient, ReadOnlySpan<float> weight, float scale, float penalty) =>
        TensorPrimitives.Dot(gradient, weight) + (penalty * Math.Sign(scale));

    public override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var weights = Slice(group);
        var blocks = Blocks(weights);
        var (first, count) = blocks.GetOffsetAndLength(_store.Scales.Length);
        for (var block = first; block < first + count; block++)
        {
            var gradient = Parameter.GradientBuffer.Slice(block * _store.BlockSize, _store.BlockSize);
            var scale = _store.Scales.Values[block];
            // The penalty is no part of the loss whose gradient a step scales.
            _store.Scales.GradientBuffer[block] = ScaleGradient(gradient, Weight(block), scale, pattern.Penalty / step.GradientScale);
            TensorPrimitives.Multiply(gradient, LearnedBlockMatrix.Clamp(scale), gradient);
        }
        UpdateSlice(Parameter, weights, optimizer, in step);
        UpdateSlice(_store.Scales, blocks, optimizer, step with { Decay = false });
        _store.Scale(blocks);
    }

    public override GradientGains Gains => new(1, 0, _store.BlockSize, pattern.Penalty);

    public override void Finish(Optimizer optimizer, in UpdateStep step)
    {
        if (!pattern.HasTarget || !_schedule.Prunes(step.Step))
            return;
        var before = Matrix.Mask!;
        var weight = new float[Matrix.Columns * Matrix.Rows];
        Matrix.CopyInUse(weight);
        Keep(pattern.Keep(BlockChoice.Scores(weight, before, pattern.Rows, pattern.Columns), _schedule.Progress(step.Step)), optimizer.StateCount);
        Flips = Matrix.Mask!.Flips(before);
    }

    public override double GradientSquares(int group)
    {
        var (first, count) = Blocks(Slice(group)).GetOffsetAndLength(_store.Scales.Length);
        var sum = 0.0;
        for (var block = first; block < first + count; block++)
        {
            var gradient = Parameter.Gradient.Slice(block * _store.BlockSize, _store.BlockSize);
            double scale = LearnedBlockMatrix.Clamp(_store.Scales.Values[block]);
            double own = ScaleGradient(gradient, Weight(block), _store.Scales.Values[block], pattern.Penalty);
            sum += (scale * scale * TensorPrimitives.SumOfSquares(gradient)) + (own * own);
        }
        return sum;
    }

    /// <summary>Drops blocks; the others keep their weights, their scales, and the optimizer state of both.</summary>
    private void Keep(Mask blocks, int states)
    {
        var places = PlacesOf(blocks);
        float[][] slots = [.. Enumerable.Range(0, states).Select(slot => Pick(_store.Scales.State(slot)))];
        var scales = Pick(_store.Scales.Values);
        ReplaceMask(BlockMask.Expand(blocks, pattern.Rows, pattern.Columns));
        _store.SetScales(scales);
        for (var slot = 0; slot < states; slot++)
            slots[slot].CopyTo(_store.Scales.State(slot));

        float[] Pick(ReadOnlySpan<float> own)
        {
            var picked = new float[places.Count];
            for (var i = 0; i < picked.Length; i++)
                picked[i] = own[places[i]];
            return picked;
        }
    }

    /// <summary>Where blocks are among those that exist, whose order is that of their rows, and of columns within them.</summary>
    private List<int> PlacesOf(Mask blocks)
    {
        var present = BlockMask.Of(Matrix.Mask!, pattern.Rows, pattern.Columns);
        var places = new List<int>();
        var place = 0;
        for (var row = 0; row < present.Rows; row++)
        {
            for (var column = 0; column < present.Columns; column++)
            {
                if (blocks[row, column])
                    places.Add(place);
                place += present[row, column] ? 1 : 0;
            }
        }
        return places;
    }

    private ReadOnlySpan<float> Weight(int block) => Parameter.Values.Slice(block * _store.BlockSize, _store.BlockSize);

    private Range Blocks(Range weights) => (weights.Start.Value / _store.BlockSize)..(weights.End.Value / _store.BlockSize);
}
