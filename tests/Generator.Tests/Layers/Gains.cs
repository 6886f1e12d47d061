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

    public override void Forward(ForwardNode node) =>
        node.Add(Elementwise.Forward(
            node, nameof(Gain), "gain", Argument.Layer(Layer), Argument.Read(node.Operand(0)), Argument.Write(node.Result)));

    public override IEnumerable<Contribution> Backward(BackwardNode node) =>
        [new(0, dx => Elementwise.Backward(node.Values, "GainGrad", dx, "gain", Argument.Layer(Layer), Argument.Read(node.Gradient)))];

    public override Call GradWeights(BackwardNode node, bool accumulate) => new(
        "Test.GainWeights",
        new([Argument.Layer(
            Layer), Argument.Batch, Argument.Read(node.Operand(0)), Argument.Read(node.Gradient), Argument.Accumulate(accumulate)]),
        $"{node.Layer(Layer).Spec.Path}: gains");
}
