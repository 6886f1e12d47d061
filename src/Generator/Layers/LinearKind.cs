using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Layers;

/// <summary><c>[Linear]</c>, a fully connected layer.</summary>
internal sealed class LinearKind : LayerKind
{
    private static readonly LinearAttribute Defaults = new(1, 1);

    public override string Name => "Linear";

    public override string Parameters => "(inputs, outputs)";

    public override string Plural => "fully connected layers";

    public override KindSpec Read(LayerSource source)
    {
        var attribute = source.Attribute;
        if (!attribute.TryGet(0, out int inputs) || !attribute.TryGet(1, out int outputs))
        {
            source.Sink.LeaveToCompiler();
            return new LinearSpec(Matrix(0, 0), Bias: true);
        }

        inputs = source.Positive(0, inputs, "input features");
        outputs = source.Positive(1, outputs, "output features");
        source.HasRoomFor((double)inputs * outputs, argument: 1);
        return new LinearSpec(Matrix(outputs, inputs), attribute.Get(nameof(Defaults.Bias), Defaults.Bias));

        MatrixSpec Matrix(int rows, int depth) => source.Matrix(rows, depth, rowsArgument: 1, depthArgument: 0);
    }
}

/// <summary>A fully connected layer: <c>y = W·x + b</c>.</summary>
/// <param name="Matrix">The weights <c>[out, in]</c>.</param>
/// <param name="Bias">Whether there is a bias.</param>
internal sealed record LinearSpec(MatrixSpec Matrix, bool Bias) : KindSpec
{
    public override string Name => "Linear";

    public override int Inputs => Matrix.Depth;

    public override int Outputs => Matrix.Rows;

    public override EquatableArray<MatrixSpec> Matrices => new([Matrix]);

    public override EquatableArray<string> Vectors => Bias ? new(["bias"]) : EquatableArray<string>.Empty;

    public override string Shape => $"{Inputs} to {Outputs} features with{(Bias ? " a" : "out a")} bias";

    public override Operation Through(int layer) => new LinearProduct(layer);

    public override string ChangeFor(int features) => $"change [Linear({Inputs}, {Outputs})] to [Linear({features}, {Outputs})]";

    public override string Arguments(LayerPlan layer, ConstructorNames names)
    {
        var matrix = layer.Matrices[0];
        var shape = $"{Inputs}, {Outputs}, {(Bias ? "true" : "false")}";
        return $"{shape}, {names.Pattern(matrix)}, {Surface.OperationsOf(matrix)}, {names.Seed}, {names.Stream}{matrix.Arguments}";
    }
}
