using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Layers;

/// <summary><c>[FixedClassifier]</c>, a classifier whose projection does not learn.</summary>
internal sealed class FixedClassifierKind : LayerKind
{
    public override string Name => "FixedClassifier";

    public override string Parameters => "(features, classes)";

    public override string Plural => "fixed classifiers";

    public override KindSpec Read(LayerSource source)
    {
        var attribute = source.Attribute;
        var isRandom = attribute.Get(nameof(FixedClassifierAttribute.Random), false);
        if (!attribute.TryGet(0, out int features) || !attribute.TryGet(1, out int classes))
        {
            source.Sink.LeaveToCompiler();
            return new FixedClassifierSpec(0, 0, isRandom);
        }
        features = source.Positive(0, features, "features");
        classes = source.Positive(1, classes, "classes");
        if (isRandom && !source.HasRoomFor((double)features * classes, argument: 1))
            return new FixedClassifierSpec(0, 0, isRandom);
        var most = isRandom ? features : FixedClassifierSpec.PowerOfTwo(features);
        if (features > 0 && classes > most)
        {
            source.Sink.Report(
                Descriptors.FixedRows, attribute.Argument(1), source.Path, classes,
                isRandom
                    ? $"only {Words.Number(most)} rows of {Words.Number(features)} features can be orthonormal"
                    : $"class {Words.Number(most)} has the row of class 0, because rows of {Words.Number(features)} features repeat",
                most);
            classes = 0;
        }
        return new FixedClassifierSpec(features, classes, isRandom);
    }
}

/// <summary>A classifier whose projection does not learn: <c>y = α·W·x/‖x‖ + b</c>.</summary>
/// <param name="Features">Input features; 0 where they are not valid.</param>
/// <param name="Classes">Classes; 0 where they are not valid.</param>
/// <param name="IsRandom">Whether rows are random orthonormal ones, not those of a Hadamard matrix.</param>
internal sealed record FixedClassifierSpec(int Features, int Classes, bool IsRandom) : KindSpec
{
    public override string Name => "FixedClassifier";

    public override int Inputs => Features;

    public override int Outputs => Classes;

    public override EquatableArray<string> Vectors => new(["scale", "bias"]);

    public override string Shape =>
        $"{Words.Number(Features)} features to {Words.Number(Classes)} classes by {(IsRandom ? "random orthonormal" : "Hadamard")} rows "
            + "that do not learn";

    /// <summary>Rows of the value that takes projections.</summary>
    public int ProjectedRows => IsRandom ? Classes : PowerOfTwo(Classes);

    /// <summary>Rows of the value that takes the gradient of the input, which repeats.</summary>
    public int GradientRows => IsRandom ? Features : PowerOfTwo(Classes);

    /// <summary>Additions of the transform: features are added up to as many sums as it has rows.</summary>
    public override long DenseFlops
    {
        get
        {
            if (IsRandom)
                return 2L * Features * Classes;
            long additions = Features;
            for (var half = 1; half < ProjectedRows; half *= 2)
                additions += ProjectedRows;
            return additions;
        }
    }

    /// <summary>The smallest power of two that is not less than a number.</summary>
    public static int PowerOfTwo(int number)
    {
        var power = 1;
        while (power < number && power < 1 << 30)
            power *= 2;
        return power;
    }

    public override Operation Through(int layer) => new ProjectClasses(layer);

    public override string ChangeFor(int features) =>
        $"change [FixedClassifier({Words.Number(Features)}, {Words.Number(Classes)})] to "
            + $"[FixedClassifier({Words.Number(features)}, {Words.Number(Classes)})]";

    public override string Arguments(LayerPlan layer, ConstructorNames names) =>
        $"{Words.Number(Features)}, {Words.Number(Classes)}, {(IsRandom ? "true" : "false")}, {names.Seed}, {names.Stream}";
}
