using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Planning;

/// <summary>Everything that is printed for a model: no decision is left to the emitter.</summary>
/// <param name="Kernels">Distinct, in ordinal order of their names.</param>
/// <param name="Operations">Those of the user that the model's own <c>Forward</c> applies, in its order.</param>
internal sealed record ModelPlan(
    TypeSpec Type,
    EquatableArray<LayerPlan> Layers,
    EquatableArray<MemberPlan> Members,
    Shape Input,
    Shape Output,
    InferencePlan Inference,
    TrainingPlan Training,
    EquatableArray<KernelPlan> Kernels,
    EquatableArray<UserOperation> Operations)
{
    /// <summary>The shapes of several inputs; empty for a single one.</summary>
    public EquatableArray<Shape> Inputs { get; init; }

    /// <summary>The names of several inputs.</summary>
    public EquatableArray<string> InputNames { get; init; }

    /// <summary>The shapes of several outputs; empty for a single one.</summary>
    public EquatableArray<Shape> Outputs { get; init; }

    /// <summary>How images are cut where a prediction has few samples.</summary>
    public PartPlan? Parts { get; init; }

    /// <summary>Whether images are cut.</summary>
    public bool CutsImages => Parts is { Sizes.Count: > 0 };

    /// <summary>The fewest samples of a training batch.</summary>
    public int FewestSamples { get; init; } = 1;

    public int InputFeatures => Input.Features;

    public int OutputFeatures => Output.Features;

    /// <summary>Whether values are images.</summary>
    public bool HasImages => Images.Count > 0;

    /// <summary>The layouts that calls name.</summary>
    public EquatableArray<ImageLines> Images => Arguments<ImageArgument>().Select(argument => argument.Lines)
        .Concat(Uses.SelectMany(use => new[] { use.Input, use.Output })).Distinct().ToEquatableArray();

    /// <summary>The convolutions that calls name.</summary>
    public EquatableArray<ConvolutionArgument> Uses => Arguments<ConvolutionArgument>().Distinct().ToEquatableArray();

    private IEnumerable<TArgument> Arguments<TArgument>()
        where TArgument : Argument =>
        new[] { Training.Forward, Training.Backward, Training.GradWeights, Inference.Calls }
            .SelectMany(calls => calls)
            .SelectMany(call => call.Arguments)
            .OfType<TArgument>();
}

/// <param name="Matrices">Of its weights, as <see cref="KindSpec.Matrices"/>.</param>
/// <param name="Field">The private field that holds the layer.</param>
internal sealed record LayerPlan(LayerSpec Spec, EquatableArray<MatrixPlan> Matrices, string Field)
{
    /// <summary>What its attribute says.</summary>
    public KindSpec Kind => Spec.Kind;

    /// <summary>Pixels of its output at its first place in the graph; 1 where that is no image.</summary>
    public int Positions { get; init; } = 1;

    /// <summary>Operations of the products of one sample with all weights, multiply and add counted as two.</summary>
    public long DenseFlops => Kind.DenseFlops * Positions;
}

/// <param name="Field">The private field that holds the nested model.</param>
internal sealed record MemberPlan(MemberModelSpec Spec, string Field);

/// <summary>The pass without a backward one: dropouts are gone and few values live at a time.</summary>
internal sealed record InferencePlan(WorkspacePlan Workspace, int Input, int Output, EquatableArray<Call> Calls)
{
    /// <summary>The values of several inputs; empty where the input is one.</summary>
    public EquatableArray<PackedInput> Packed { get; init; }
}

/// <summary>A value that the packing of a sample fills with some of its features.</summary>
/// <param name="First">The first one of them.</param>
/// <param name="Value">The value.</param>
internal readonly record struct PackedInput(int First, int Value);

/// <summary>The passes of a training step.</summary>
/// <param name="OutputGradient">The value into which the loss writes its gradient.</param>
/// <param name="InputGradient">The gradient of the input, -1 where none is planned.</param>
internal sealed record TrainingPlan(
    WorkspacePlan Workspace,
    int Input,
    int Output,
    int OutputGradient,
    int InputGradient,
    EquatableArray<Call> Forward,
    EquatableArray<Call> Backward,
    EquatableArray<Call> GradWeights)
{
    /// <summary>The values of several inputs; empty where the input is one.</summary>
    public EquatableArray<PackedInput> Packed { get; init; }

    /// <summary>The forward pass, cut where an operation needs the whole batch.</summary>
    public IReadOnlyList<PassPhase> ForwardPhases => PassPhase.Cut(Forward);

    /// <summary>
    /// The backward pass, cut in the same way. Its first phase is the last one of the forward pass, with the loss between them.
    /// </summary>
    public IReadOnlyList<PassPhase> BackwardPhases => PassPhase.Cut(Backward);
}

/// <param name="Rows">Rows in all.</param>
internal sealed record WorkspacePlan(int Rows, EquatableArray<ValuePlan> Values);

/// <summary>A value, a gradient or something saved in between, and the rows of the workspace that hold it.</summary>
/// <param name="Name">As the emitted code calls it.</param>
/// <param name="Slot">First row.</param>
/// <param name="First">The moment of its first use: 0 is the packing of the input, the first call is 1, and the loss (of inference: the
/// unpacking) counts as one.</param>
/// <param name="Last">The moment of its last use.</param>
internal sealed record ValuePlan(string Name, ValueLayout Layout, int Slot, int First, int Last)
{
    /// <summary>Numbers of a sample.</summary>
    public int Features => Layout.Features;

    /// <summary>Kernels may write whole blocks of four rows.</summary>
    public int Rows => DataLayout.PaddedRows(Layout.Lines);
}
