using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Layers;

/// <summary><c>[LayerNorm]</c>, a normalisation of each sample.</summary>
internal sealed class LayerNormKind : LayerKind
{
    public override string Name => "LayerNorm";

    public override string Parameters => "(features)";

    public override string Plural => "layer normalisations";

    public override KindSpec Read(LayerSource source)
    {
        var attribute = source.Attribute;
        var (epsilon, affine) = (NormOptions.ReadEpsilon(source), attribute.Get(nameof(LayerNormAttribute.Affine), true));
        if (!attribute.TryGetArray(0, out int[] sizes))
        {
            source.Sink.LeaveToCompiler();
            return new LayerNormSpec(Specs.Shape.Unknown, epsilon, affine);
        }
        if (sizes.Length == 0 || sizes.Any(size => size < 1))
        {
            source.Sink.Report(
                Descriptors.LayerDimension, attribute.Argument(0), source.Path, sizes.FirstOrDefault(size => size < 1), "as a dimension",
                "give it one dimension or more, each at least 1");
            return new LayerNormSpec(Specs.Shape.Unknown, epsilon, affine);
        }
        if (sizes.All(size => size == 1))
        {
            source.Sink.Report(
                Descriptors.NormalisationOfOne, attribute.Argument(0), source.Path, "normalise a value of more than one number");
            return new LayerNormSpec(Specs.Shape.Unknown, epsilon, affine);
        }
        return new LayerNormSpec(new(new(sizes)), epsilon, affine);
    }
}

/// <summary>A layer normalisation.</summary>
/// <param name="Value">Shape of the value; not known where it is not valid.</param>
/// <param name="Epsilon">What is added to the variance.</param>
/// <param name="Affine">Whether factors and terms are learned.</param>
internal sealed record LayerNormSpec(Shape Value, double Epsilon, bool Affine) : KindSpec
{
    public override string Name => "LayerNorm";

    public override int Inputs => Value.Features;

    public override int Outputs => Value.Features;

    public override EquatableArray<string> Vectors => Affine ? new(["weight", "bias"]) : EquatableArray<string>.Empty;

    public override string Shape => $"{Value} features of a sample, normalised{(Affine ? "" : ", without factors")}";

    public override Operation Through(int layer) => new LayerNormalise(layer);

    public override string ChangeFor(int features) => $"change [LayerNorm({Dimensions})] to [LayerNorm({Words.Number(features)})]";

    public override string Arguments(LayerPlan layer, ConstructorNames names) =>
        $"{NormOptions.Number(Epsilon)}, {(Affine ? "true" : "false")}, {Dimensions}";

    private string Dimensions => string.Join(", ", Value.Dimensions.Select(Words.Number));
}

/// <summary><c>[GroupNorm]</c>, a normalisation of groups of channels of each sample.</summary>
internal sealed class GroupNormKind : LayerKind
{
    public override string Name => "GroupNorm";

    public override string Parameters => "(groups, channels)";

    public override string Plural => "group normalisations";

    public override KindSpec Read(LayerSource source)
    {
        var attribute = source.Attribute;
        var (epsilon, affine) = (NormOptions.ReadEpsilon(source), attribute.Get(nameof(GroupNormAttribute.Affine), true));
        if (!attribute.TryGet(0, out int groups) || !attribute.TryGet(1, out int channels))
        {
            source.Sink.LeaveToCompiler();
            return new GroupNormSpec(1, 0, epsilon, affine);
        }
        groups = source.Positive(0, groups, "groups");
        channels = source.Positive(1, channels, "channels");
        if (groups > 0 && channels % groups != 0)
        {
            source.Sink.Report(
                Descriptors.LayerDimension, attribute.Argument(1), source.Path, channels, "channels",
                $"make them a multiple of its {Words.Number(groups)} groups, or change the groups");
            channels = 0;
        }
        return new GroupNormSpec(Math.Max(1, groups), groups > 0 ? channels : 0, epsilon, affine);
    }
}

/// <summary>A group normalisation.</summary>
/// <param name="Groups">Groups of channels.</param>
/// <param name="Channels">Channels; 0 where they are not valid.</param>
/// <param name="Epsilon">What is added to the variance.</param>
/// <param name="Affine">Whether factors and terms are learned.</param>
internal sealed record GroupNormSpec(int Groups, int Channels, double Epsilon, bool Affine) : KindSpec
{
    public override string Name => "GroupNorm";

    public override int Inputs => Channels;

    public override int Outputs => Channels;

    public override EquatableArray<string> Vectors => Affine ? new(["weight", "bias"]) : EquatableArray<string>.Empty;

    public override string Shape =>
        $"{Words.Number(Channels)} channels of a sample, normalised in groups of {Words.Number(Channels / Groups)}"
        + (Affine ? "" : ", without factors");

    public override Operation Through(int layer) => new GroupNormalise(layer);

    public override string ChangeFor(int features) =>
        $"change [GroupNorm({Words.Number(Groups)}, {Words.Number(Channels)})] to [GroupNorm({Words.Number(Groups)}, {Words.Number(features)})]";

    public override string Arguments(LayerPlan layer, ConstructorNames names) =>
        $"{Words.Number(Groups)}, {Words.Number(Channels)}, {NormOptions.Number(Epsilon)}, {(Affine ? "true" : "false")}";
}
