namespace SparseSharp;

/// <summary>Makes trainers without naming the class of the model.</summary>
public static class Trainer
{
    /// <summary>Makes a trainer, as the constructor of <see cref="Trainer{TModel}"/> does.</summary>
    /// <typeparam name="TModel">The model class, which the model tells.</typeparam>
    /// <param name="model">The model to train.</param>
    /// <param name="loss">What to make small.</param>
    /// <param name="optimizer">The update rule with its base learning rate.</param>
    /// <param name="options">Everything else; see the defaults there.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or does not fit the model, or a mask policy needs another
    /// optimizer.</exception>
    public static Trainer<TModel> For<TModel>(TModel model, Loss loss, Optimizer optimizer, TrainerOptions? options = null)
        where TModel : class, ISparseModel<TModel> => new(model, loss, optimizer, options);
}
