using System.Reflection;
using System.Reflection.Emit;
using SparseSharp.Models.Tests.Convolutions;
using SparseSharp.Models.Tests.Normalisation;

namespace SparseSharp.Models.Tests.Gradients;

/// <summary>Every operation that <c>Forward</c> may use is in a model whose gradients are checked.</summary>
public sealed class GradientCoverageTests
{
    /// <summary>
    /// Steps of K-TanH have no slope that differences could show; <c>ApproximateActivationTests</c> compares their derivatives with
    /// formulas.
    /// </summary>
    private static readonly string[] Steps =
        [nameof(Activation.KTanh), nameof(Activation.KSigmoid), nameof(Activation.KSwish), nameof(Activation.KGelu)];

    private static IEnumerable<Type> Models => GradientCases.Cases.Select(model => model.Model)
        .Concat(ConvolutionModelTests.Models)
        .Concat(ImageOperationTests.Models)
        .Concat(BatchNormModelTests.Models);

    [Fact]
    public void Every_kind_of_layer_has_a_gradient_check()
    {
        var used = Models.SelectMany(model => model.GetProperties()).Select(property => property.PropertyType).ToHashSet();
        var kinds = typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract);
        Assert.Empty(kinds.Where(kind => !used.Contains(kind)).Select(kind => kind.Name));
    }

    [Fact]
    public void Every_operation_has_a_gradient_check()
    {
        var used = Models.SelectMany(Calls).ToHashSet();
        var operations = typeof(Activation)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => !Steps.Contains(method.Name));

        Assert.Empty(operations.Where(operation => !used.Contains(operation)).Select(operation => operation.ToString()));
    }

    /// <summary>What the method that defines a model calls. It never runs, but the compiler has translated it like any other.</summary>
    private static IEnumerable<MethodBase> Calls(Type model)
    {
        const BindingFlags own = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;
        var forward = model.GetMethod("Forward", own)!;
        var code = forward.GetMethodBody()!.GetILAsByteArray()!;
        for (var at = 0; at + sizeof(int) < code.Length; at++)
        {
            var isCall = code[at] == OpCodes.Call.Value || code[at] == OpCodes.Callvirt.Value;
            if (isCall && Resolve(BitConverter.ToInt32(code, at + 1)) is { } called)
                yield return called;
        }

        // A byte that looks like a call may be a part of something else.
        MethodBase? Resolve(int token)
        {
            try
            {
                return forward.Module.ResolveMethod(token);
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
    }
}
