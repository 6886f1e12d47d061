using System.Globalization;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Layers;

/// <summary><c>[BatchNorm2d]</c> and <c>[BatchNorm1d]</c>, normalisations over the samples of a batch.</summary>
/// <param name="name">The class of the layer.</param>
/// <param name="ofImages">Whether it takes images, else features.</param>
internal sealed class BatchNormKind(string name, bool ofImages) : LayerKind
{
    private static readonly BatchNorm2dAttribute Defaults = new(1);

    public override string Name => name;

    public override string Parameters => ofImages ? "(channels)" : "(features)";

    public override string Plural => ofImages ? "batch normalisations of images" : "batch normalisations of features";

    public override KindSpec Read(LayerSource source)
    {
        var attribute = source.Attribute;
        if (!attribute.TryGet(0, out int features))
            source.Sink.LeaveToCompiler();
        else
            features = source.Positive(0, features, ofImages ? "channels" : "features");
        var range = ReadRange(source);
        return new BatchNormSpec(
            name, ofImages, features, ReadMomentum(source, range), ReadCumulative(source), NormOptions.ReadEpsilon(source),
            attribute.Get(nameof(Defaults.Affine), Defaults.Affine), ReadGhost(source), range);
    }

    private static RangeNorm ReadRange(LayerSource source)
    {
        var range = source.Attribute.Get(nameof(Defaults.Range), (int)Defaults.Range);
        if (Enum.IsDefined(typeof(RangeNorm), range))
            return (RangeNorm)range;
        NormOptions.Report(
            source, nameof(Defaults.Range), $"{Words.Number(range)} as its Range",
            "use RangeNorm.None, RangeNorm.Paper or RangeNorm.AuthorCode");
        return RangeNorm.None;
    }

    private static double ReadMomentum(LayerSource source, RangeNorm range)
    {
        // The authors of the range give this weight to a new batch.
        const double momentumOfRanges = 0.9;
        var otherwise = range == RangeNorm.None ? Defaults.Momentum : momentumOfRanges;
        var momentum = source.Attribute.Get(nameof(Defaults.Momentum), otherwise);
        if (momentum is > 0 and <= 1)
            return momentum;
        NormOptions.Report(
            source, nameof(Defaults.Momentum), $"a Momentum of {momentum.ToString(CultureInfo.InvariantCulture)}",
            "it is the weight of a new batch in the running statistics: greater than 0 and at most 1");
        return otherwise;
    }

    private static bool ReadCumulative(LayerSource source)
    {
        var isCumulative = source.Attribute.Get(nameof(Defaults.Cumulative), Defaults.Cumulative);
        if (isCumulative && source.Attribute.Sets(nameof(Defaults.Momentum)))
            NormOptions.Report(
                source, nameof(Defaults.Momentum), "a Momentum although its statistics are cumulative",
                "give it one of both");
        return isCumulative;
    }

    private int ReadGhost(LayerSource source)
    {
        var ghost = source.Attribute.Get(nameof(Defaults.Ghost), Defaults.Ghost);
        if (ghost < 0)
            NormOptions.Report(
                source, nameof(Defaults.Ghost), $"ghost batches of {Words.Number(ghost)} samples",
                "give them at least 2 samples, or 0 for the whole batch");
        if (ghost == 1 && !ofImages)
            source.Sink.Report(
                Descriptors.NormalisationOfOne, source.Attribute.Argument(nameof(Defaults.Ghost)), source.Path,
                "give ghost batches at least 2 samples");
        return Math.Max(0, ghost);
    }
}

/// <summary>A batch normalisation.</summary>
/// <param name="Name">The class of the layer.</param>
/// <param name="OfImages">Whether it takes images, else features.</param>
/// <param name="Features">Channels, or features; 0 where they are not valid.</param>
/// <param name="Momentum">Weight of a new batch in the running statistics.</param>
/// <param name="Cumulative">Whether all batches have the same weight there.</param>
/// <param name="Epsilon">What is added to the variance.</param>
/// <param name="Affine">Whether factors and terms are learned.</param>
/// <param name="Ghost">Samples of a ghost batch; 0 for the whole batch.</param>
/// <param name="Range">How the spread is measured.</param>
internal sealed record BatchNormSpec(
    string Name, bool OfImages, int Features, double Momentum, bool Cumulative, double Epsilon, bool Affine, int Ghost, RangeNorm Range)
    : KindSpec
{
    public override string Name { get; } = Name;

    public override int Inputs => Features;

    public override int Outputs => Features;

    public override EquatableArray<string> Vectors => Affine ? new(["weight", "bias"]) : EquatableArray<string>.Empty;

    public override bool IsPrepared => true;

    public override string Shape =>
        $"{Words.Number(Features)} {(OfImages ? "channels" : "features")}, normalised over {Batches}{(Affine ? "" : ", without factors")}";

    private string Batches => Ghost > 0 ? $"ghost batches of {Words.Number(Ghost)} samples" : "the batch";

    public override Operation Through(int layer) => new BatchNormalise(layer, OfImages);

    public override string ChangeFor(int features) =>
        $"change [{Name}({Words.Number(Features)})] to [{Name}({Words.Number(features)})]";

    public override string Arguments(LayerPlan layer, ConstructorNames names)
    {
        var defaults = new BatchNorm2dAttribute(1);
        var settings = new List<string>();
        Add("Momentum", NormOptions.Number(Momentum), Momentum != defaults.Momentum && !Cumulative);
        Add("Cumulative", "true", Cumulative);
        Add("Epsilon", NormOptions.Number(Epsilon), Epsilon != defaults.Epsilon);
        Add("Affine", "false", !Affine);
        Add("Ghost", Words.Number(Ghost), Ghost > 0);
        Add("Range", $"global::SparseSharp.RangeNorm.{Range}", Range != RangeNorm.None);
        var initial = settings.Count == 0 ? "" : $" {{ {string.Join(", ", settings)} }}";
        return $"{Words.Number(Features)}, new(){initial}, {names.Seed}, {names.Stream}";

        void Add(string option, string value, bool isSet)
        {
            if (isSet)
                settings.Add($"{option} = {value}");
        }
    }
}
