using System.Numerics.Tensors;
using SparseSharp.Matrices;
using SparseSharp.Patterns;

namespace SparseSharp.Learning;

/// <summary>
/// Weights and the scales of their blocks. With the gradient g of the scaled weights, the gradient of the weights is g times the scale, and
/// that of a scale the sum of g times weight over its block, plus the penalty's: also where the scale is cut off at 0 or 1, so that scales
/// can come back from there.
/// </summary>
/// <remarks>
/// The scales of a layer fall together under a penalty, since what holds one, a gradient times small weights, is smaller still. So a
/// sparsity goes by the weights that products use, which have both in them.
/// </remarks>
internal sealed class LearnedBlockRule : BlockRule, IScheduledPruning
{
    private readonly LearnedBlockMatrix _store;
    private readonly LearnedBlockPattern _pattern;
    private readonly UpdatePhase[] _pruning;

    public LearnedBlockRule(LearnedBlockMatrix matrix, LearnedBlockPattern pattern)
        : base(matrix)
    {
        _store = matrix;
        _pattern = pattern;
        _pruning = [.. OnlyUpdate, new UpdatePhase(Prune)];
        Schedule = pattern.Schedule;
    }

    public PruneSchedule Schedule { get; set; }

    public override string NeedsTrainer => "[BlockSparse(Learned)] learns a scale per block with a gradient of its own";

    /// <summary>Where slices begin, blocks do too.</summary>
    protected override int Unit => _store.BlockSize % Line == 0 ? _store.BlockSize : _store.BlockSize * Line;

    /// <summary>Gradient of a scale.</summary>
    /// <param name="gradient">Gradient of the scaled weights of its block.</param>
    /// <param name="weight">The weights.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="penalty">Gamma.</param>
    public static float ScaleGradient(ReadOnlySpan<float> gradient, ReadOnlySpan<float> weight, float scale, float penalty) =>
        TensorPrimitives.Dot(gradient, weight) + (penalty * Math.Sign(scale));

    protected override void Update(int group, Optimizer optimizer, in UpdateStep step)
    {
        var weights = Slice(group);
        var blocks = Blocks(weights);
        var (first, count) = blocks.GetOffsetAndLength(_store.Scales.Length);
        for (var block = first; block < first + count; block++)
        {
            var gradient = Parameter.GradientBuffer.Slice(block * _store.BlockSize, _store.BlockSize);
            var scale = _store.Scales.Values[block];
            // The penalty is no part of the loss whose gradient a step scales.
            _store.Scales.GradientBuffer[block] = ScaleGradient(gradient, Weight(block), scale, _pattern.Penalty / step.GradientScale);
            TensorPrimitives.Multiply(gradient, LearnedBlockMatrix.Clamp(scale), gradient);
        }
        UpdateSlice(Parameter, weights, optimizer, in step);
        UpdateSlice(_store.Scales, blocks, optimizer, step with { Decay = false });
        _store.ScaleBlocks(blocks);
    }

    protected override GradientGains Gains => new(1, 0, _store.BlockSize, _pattern.Penalty);

    public override IReadOnlyList<UpdatePhase> Phases(in UpdateStep step) =>
        _pattern.HasTarget && Schedule.Prunes(step.Step) ? _pruning : OnlyUpdate;

    private void Prune(Optimizer optimizer, in UpdateStep step)
    {
        var before = Matrix.Mask!;
        var weight = new float[Matrix.Columns * Matrix.Rows];
        Matrix.CopyInUse(weight);
        Keep(
            _pattern.Keep(BlockChoice.Scores(weight, before, _pattern.Rows, _pattern.Columns), Schedule.Progress(step.Step)),
            optimizer.StateCount);
        Flips = Matrix.Mask!.Flips(before);
    }

    protected override double Squares(int group)
    {
        var (first, count) = Blocks(Slice(group)).GetOffsetAndLength(_store.Scales.Length);
        var sum = 0.0;
        for (var block = first; block < first + count; block++)
        {
            var gradient = Parameter.Gradient.Slice(block * _store.BlockSize, _store.BlockSize);
            double scale = LearnedBlockMatrix.Clamp(_store.Scales.Values[block]);
            double own = ScaleGradient(gradient, Weight(block), _store.Scales.Values[block], _pattern.Penalty);
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
        ReplaceMask(BlockMask.Expand(blocks, _pattern.Rows, _pattern.Columns));
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
        var present = BlockMask.Of(Matrix.Mask!, _pattern.Rows, _pattern.Columns);
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
