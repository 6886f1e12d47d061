using SparseSharp.Workers;

namespace SparseSharp;

/// <summary>Runs the emitted passes of a model over one batch: everything of a training step but the rule of the optimizer. Allocates nothing after the first batch of a size.</summary>
internal sealed class TrainingPass<TModel>(TModel model, WorkerPool workers) : IDisposable
    where TModel : class, ISparseModel<TModel>
{
    /// <summary>Forward, loss, backward and weight gradients of one batch.</summary>
    /// <param name="batch">The samples and targets.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="accumulate">Whether the gradients add to those of the batches before.</param>
    /// <param name="dropoutKey">Seed of this step's dropout.</param>
    /// <returns>Sums over the batch.</returns>
    public PanelLoss Run(Batch batch, Loss loss, bool accumulate, ulong dropoutKey) => throw new NotImplementedException($"{model} {workers}");

    /// <summary>Sum of squares of all gradients, in an order that does not depend on the number of workers.</summary>
    public double GradientSquares() => throw new NotImplementedException();

    /// <summary>Applies the optimizer to every parameter, refreshes masks that are due and the packed copies.</summary>
    public void Update(Optimizer optimizer, in UpdateStep step) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
