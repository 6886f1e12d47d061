namespace SparseSharp.Training;

/// <summary>A loss whose gradient is the sum over samples instead of their mean: what gradient accumulation adds up before it divides by all samples.</summary>
internal sealed class SummedLoss(Loss inner) : Loss
{
    public override bool HasAccuracy => inner.HasAccuracy;

    internal override unsafe PanelLoss Evaluate(
        float* output, float* gradient, int features, int width, int samples, Batch batch, int firstSample, float scale) =>
        inner.Evaluate(output, gradient, features, width, samples, batch, firstSample, 1);

    internal override void Check(in Targets targets, int outputFeatures) => inner.Check(in targets, outputFeatures);
}
