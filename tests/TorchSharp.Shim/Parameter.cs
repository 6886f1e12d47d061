namespace TorchSharp.Modules;

public class Parameter : torch.Tensor
{
    /// <summary>Takes the tensor over: the argument is empty afterwards.</summary>
    public Parameter(torch.Tensor data, bool requires_grad = true)
        : base(data) => this.requires_grad = requires_grad;
}
