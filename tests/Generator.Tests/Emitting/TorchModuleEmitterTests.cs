using SparseSharp.Generator.Tests.Testing;

namespace SparseSharp.Generator.Tests.Emitting;

/// <summary>What a project gets that refers to TorchSharp. Running it is tested in tests/Torch.Tests.</summary>
public sealed class TorchModuleEmitterTests
{
    private const string Model =
        """
        namespace Samples;

        public static partial class Outer
        {
            [SparseModel]
            public sealed partial class Net
            {
                [Linear(64, 128), NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.Static)]
                public partial Linear Stem { get; }

                [Linear(128, 128), NMSparse(2, 4)]
                public partial Linear OutProj { get; }

                [Linear(128, 10, Bias = false)]
                public partial Linear Head { get; }

                Activation Forward([Input(64)] Activation x) => x.Through(Stem).Relu().Through(OutProj).Gelu().Through(Head);
            }
        }
        """;

    private static readonly TestProject _project = new() { MoreReferences = [TestProject.TorchSharp] };

    [Fact]
    public void Module()
    {
        var emitted = new Emitted(_project, Model);

        Snapshot.Match(emitted["Samples.Outer.Net.Torch"], "Samples.Outer.Net.Torch");
        Assert.Contains("SparseSharp.Torch.g.cs", emitted.HintNames);
        Assert.Contains("if (pass.HasInputGradient)", emitted["Samples.Outer.Net"]);
    }

    [Fact]
    public void NothingWithoutTorchSharp()
    {
        var emitted = new Emitted(Model);

        Assert.DoesNotContain(emitted.HintNames, name => name.Contains("Torch", StringComparison.Ordinal));
        Assert.DoesNotContain("InputGradient", emitted["Samples.Outer.Net"]);
    }

    [Fact]
    public Task NameIsTakenOnlyWhereAModuleIsGenerated() =>
        Task.WhenAll(
            DiagnosticVerifier.VerifyAsync(WithMember("public sealed class {|SPS0013:TorchModule|};"), _project),
            DiagnosticVerifier.VerifyAsync(WithMember("public sealed class TorchModule;")));

    private static string WithMember(string member) =>
        $$"""
        [SparseModel]
        public sealed partial class Net
        {
            {{member}}
            [Linear(64, 10)] public partial Linear Head { get; }
            Activation Forward([Input(64)] Activation x) => x.Through(Head);
        }
        """;
}
