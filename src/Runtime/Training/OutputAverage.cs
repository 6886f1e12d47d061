using SparseSharp.Numerics;

namespace SparseSharp.Training;

/// <summary>
/// The loss of outputs that are averaged over the augmentations of each sample: between the forward passes of all samples and the backward
/// passes. Its buffers are used again for the next batch.
/// </summary>
/// <param name="augmentations">Augmentations of a sample.</param>
/// <param name="order">How they follow each other in a batch.</param>
internal sealed unsafe class OutputAverage(int augmentations, AugmentationOrder order) : IDisposable
{
    private readonly PinnedBuffer<float> _outputs = new(0);
    private readonly PinnedBuffer<float> _means = new(0);
    private readonly PinnedBuffer<float> _gradients = new(0);
    private Batch? _targets;

    /// <summary>Outputs of all augmentations, row-major, then the gradient with respect to each.</summary>
    public float* Values => _outputs.Pointer;

    /// <summary>Makes room for a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="features">Output features.</param>
    public void Begin(Batch batch, int features)
    {
        Reserve(_outputs, (long)batch.Count * features);
        Reserve(_means, (long)PanelBlock.MaxColumns * features);
        Reserve(_gradients, (long)PanelBlock.MaxColumns * features);
        var samples = batch.Count / augmentations;
        if (_targets is null || _targets.Capacity < samples)
        {
            _targets?.Dispose();
            _targets = new Batch(samples, 1, batch.TargetFeatures);
        }
        _targets.Count = samples;
        for (var sample = 0; sample < samples; sample++)
        {
            var place = Place(sample, augmentation: 0);
            if (batch.TargetFeatures == 0)
                _targets.Labels[sample] = batch.Labels[place];
            else
                Row(batch.Targets, place, batch.TargetFeatures).CopyTo(Row(_targets.Targets, sample, batch.TargetFeatures));
        }
    }

    /// <summary>Computes the loss of the means, and puts the gradients of all outputs in their places.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="features">Output features.</param>
    /// <param name="scale">Factor on the gradients of the loss.</param>
    public PanelLoss Evaluate(Loss loss, int features, float scale)
    {
        var sums = default(PanelLoss);
        for (var first = 0; first < _targets!.Count; first += PanelBlock.MaxColumns)
        {
            var columns = Math.Min(PanelBlock.MaxColumns, _targets.Count - first);
            for (var column = 0; column < columns; column++)
                Average(first + column, column, features);
            sums += loss.Evaluate(
                _means.Pointer, _gradients.Pointer, features, PanelBlock.MaxColumns, columns, _targets, first, scale / augmentations);
            for (var column = 0; column < columns; column++)
                Spread(first + column, column, features);
        }
        return sums;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _outputs.Dispose();
        _means.Dispose();
        _gradients.Dispose();
        _targets?.Dispose();
    }

    private static void Reserve(PinnedBuffer<float> buffer, long length)
    {
        if (buffer.Length < length)
            buffer.Resize(length);
    }

    private static Span<float> Row(Span<float> rows, int row, int length) => rows.Slice(row * length, length);

    private void Average(int sample, int column, int features)
    {
        for (var f = 0; f < features; f++)
        {
            var sum = 0f;
            for (var augmentation = 0; augmentation < augmentations; augmentation++)
                sum += Values[((nint)Place(sample, augmentation) * features) + f];
            _means.Pointer[((nint)f * PanelBlock.MaxColumns) + column] = sum / augmentations;
        }
    }

    private void Spread(int sample, int column, int features)
    {
        for (var augmentation = 0; augmentation < augmentations; augmentation++)
        {
            for (var f = 0; f < features; f++)
            {
                Values[((nint)Place(sample, augmentation) * features) + f] =
                    _gradients.Pointer[((nint)f * PanelBlock.MaxColumns) + column];
            }
        }
    }

    private int Place(int sample, int augmentation) => order == AugmentationOrder.SampleMajor
        ? (sample * augmentations) + augmentation
        : (augmentation * _targets!.Count) + sample;
}
