namespace TorchSharp.Modules;

public class Parameter : torch.Tensor
{
    /// <summary>Takes the tensor over: the argument is empty afterwards.</summary>
    public Parameter(torch.Tensor data, bool requires_grad = true)
        : base(data) => this.requires_grad = requires_grad;
}

/// <summary>See <see cref="torch.optim"/>.</summary>
public abstract class SGD
{
    public abstract void zero_grad(bool set_to_none = true);

    public abstract torch.Tensor step(Func<torch.Tensor>? closure = null);
}
