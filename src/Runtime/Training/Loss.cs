namespace SparseSharp;

/// <summary>A loss over a batch, the mean of the losses of its samples.</summary>
public abstract class Loss
{
    /// <summary>Computes the loss of one panel and its gradient with respect to the model's output.</summary>
    /// <remarks>Column <c>c</c> of the panel is sample <c>firstSample + c</c> of the batch; columns from <paramref name="samples"/> on are padding, their gradient is zero.</remarks>
    /// <param name="output">Model output, <c>[features][width]</c>.</param>
    /// <param name="gradient">Receives the gradient, <c>[features][width]</c>.</param>
    /// <param name="features">Output features.</param>
    /// <param name="width">Floats per row, a multiple of 4.</param>
    /// <param name="samples">Valid columns.</param>
    /// <param name="batch">The targets.</param>
    /// <param name="firstSample">Sample of column 0.</param>
    /// <param name="scale">Factor on the gradient: 1 / batch size.</param>
    internal abstract unsafe PanelLoss Evaluate(
        float* output, float* gradient, int features, int width, int samples, Batch batch, int firstSample, float scale);

    /// <summary>Throws if the targets of a batch do not fit this loss and a model with <paramref name="outputFeatures"/> outputs.</summary>
    internal abstract void Check(Batch batch, int outputFeatures);
}

/// <summary>Sums over the samples of a panel.</summary>
/// <param name="Sum">Sum of the losses.</param>
/// <param name="Correct">Samples predicted correctly, where that has a meaning.</param>
internal readonly record struct PanelLoss(double Sum, int Correct);
