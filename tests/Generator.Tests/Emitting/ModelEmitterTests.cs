using Microsoft.CodeAnalysis.CSharp;
using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Generator.Tests.Planning;

namespace SparseSharp.Generator.Tests.Emitting;

public sealed class ModelEmitterTests
{
    [Fact]
    public void Chain()
    {
        var spec = Digits();
        var code = ModelEmitter.Emit(ModelPlanner.Plan(spec));
        const string user =
            """
            #pragma warning disable CS1591
            namespace Samples;

            public sealed partial class DigitNet
            {
                public partial SparseSharp.Linear Stem { get; }
                public partial SparseSharp.Linear Mixer { get; }
                public partial SparseSharp.Linear Head { get; }

                public static void Use(float[] inputs, float[] outputs)
                {
                    using var model = new DigitNet(seed: 3);
                    model.Predict(inputs, outputs);
                    model.Save("digits.safetensors");
                    using var copy = DigitNet.Load("digits.safetensors");
                }
            }
            """;

        Snapshot.Match(code, "DigitNet");
        Assert.Empty(EmittedCode.Problems([code, user, RuntimeStubs.Source]));
    }

    private static ModelSpec Digits()
    {
        var builder = new ModelSpecBuilder(784);
        var stem = builder.Layer("Stem", 784, 1024, ModelSpecBuilder.TwoOfFour);
        var mixer = builder.Layer("Mixer", 1024, 1024, ModelSpecBuilder.TwoOfFour);
        var head = builder.Layer("Head", 1024, 10);
        var hidden = builder.Apply(NodeKind.Relu, builder.Through(0, stem));
        hidden = builder.Apply(NodeKind.Relu, builder.Through(hidden, mixer));
        builder.Through(hidden, head);
        return builder.Build("DigitNet");
    }
}
