using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Tests.Layers;

/// <summary>A kind of layer that only tests know, without a matrix: <c>y = s·x</c> with a factor per feature.</summary>
/// <param name="Features">Features.</param>
internal sealed record GainsSpec(int Features) : KindSpec
{
    public override string Name => "Gains";

    public override int Inputs => Features;

    public override int Outputs => Features;

    public override EquatableArray<string> Vectors => new(["weight"]);

    public override string Shape => $"{Features} factors";

    public override Operation Through(int layer) => new Gain(layer);

    public override string ChangeFor(int features) => $"change [Gains({Features})] to [Gains({features})]";

    public override string Arguments(LayerPlan layer, ConstructorNames names) => Words.Number(Features);
}

/// <summary>The operation of <see cref="GainsSpec"/>.</summary>
/// <param name="Layer">The layer.</param>
internal sealed record Gain(int Layer) : Operation
{
    public override int LayerIndex => Layer;

    public override Operation MoveLayers(int firstLayer) => this with { Layer = Layer + firstLayer };

    public override void Forward(ForwardStep step) =>
        step.Add(Elementwise.Forward(
            step, nameof(Gain), "gain", Argument.Layer(Layer), Argument.Read(step.Operand(0)), Argument.Write(step.Result)));

    public override IEnumerable<Contribution> Backward(BackwardStep step) =>
        [new(0, dx => Elementwise.Backward(step.Values, "GainGrad", dx, "gain", Argument.Layer(Layer), Argument.Read(step.Gradient)))];

    public override Call GradWeights(BackwardStep step, int site, bool accumulate) => new(
        "Test.GainWeights",
        new([Argument.Layer(
            Layer), Argument.Batch, Argument.Read(step.Operand(0)), Argument.Read(step.Gradient), Argument.Accumulate(accumulate)]),
        $"{step.Layer(Layer).Spec.Path}: gains");
}
