using System.Runtime.InteropServices;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;
using Tensor = TorchSharp.torch.Tensor;

namespace Torch.Tests;

/// <summary>Tensors with data, and an optimizer.</summary>
internal static class Tensors
{
    public static Span<float> Floats(this Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    public static Tensor Random(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var tensor = torch.zeros(shape);
        foreach (ref var value in tensor.Floats())
            value = (float)((random.NextDouble() * 2) - 1);
        return tensor;
    }

    /// <summary>The gradient of the mean squared error, as our loss has it.</summary>
    public static Tensor Difference(Tensor output, ReadOnlySpan<float> targets)
    {
        var gradient = torch.zeros(output.shape);
        for (var i = 0; i < targets.Length; i++)
            gradient.Floats()[i] = 2 * (output.Floats()[i] - targets[i]) / targets.Length;
        return gradient;
    }

    /// <summary>A step of stochastic gradient descent with momentum, as torch takes it.</summary>
    public static void Step(IEnumerable<Parameter> parameters, Dictionary<Parameter, float[]> velocities, float rate, float momentum)
    {
        foreach (var parameter in parameters)
        {
            var velocity = CollectionsMarshal.GetValueRefOrAddDefault(velocities, parameter, out _) ??= new float[parameter.numel()];
            for (var i = 0; i < velocity.Length; i++)
            {
                velocity[i] = (momentum * velocity[i]) + parameter.grad!.Floats()[i];
                parameter.Floats()[i] -= rate * velocity[i];
            }
            parameter.grad!.Dispose();
            parameter.grad = null;
        }
    }
}
