using SparseSharp;

namespace Cifar;

/// <summary>How a model is trained.</summary>
/// <param name="name">What stands behind the name of the model; empty for the plain training.</param>
internal abstract class Recipe(string name)
{
    /// <summary>The regimes that a plain training can be compared with; the first is the plain one alone.</summary>
    public static IReadOnlyList<string> Names { get; } = ["plain", "ghost", "batchaug"];

    /// <summary>What stands behind the name of the model.</summary>
    public string Name => name;

    /// <summary>The recipes that a regime is compared by, the plain one first.</summary>
    /// <param name="regime">One of <see cref="Names"/>.</param>
    public static IReadOnlyList<Recipe> Of(string regime) => regime switch
    {
        "plain" => [new PlainRecipe()],
        "ghost" => [new GhostRecipe("", batches: 1), new GhostRecipe(", ghost", batches: 8)],
        "batchaug" => [new PlainRecipe(), new AugmentedRecipe()],
        _ => throw new ArgumentOutOfRangeException(nameof(regime), regime, null),
    };

    /// <summary>The training images.</summary>
    public virtual Dataset Images(PictureData data) => data.Train;

    /// <summary>The options, of which the seed and the views are set already.</summary>
    public abstract TrainerOptions Apply(TrainerOptions options, Settings settings);
}

/// <summary>A learning rate that falls along half a cosine.</summary>
internal sealed class PlainRecipe() : Recipe("")
{
    public override TrainerOptions Apply(TrainerOptions options, Settings settings) =>
        options with { Schedule = LearningRateSchedule.Cosine() };
}

/// <summary>
/// Large batches in ghost batches (Hoffer, Hubara and Soudry, 2017): each batch of the plain training becomes a ghost batch, because a
/// normalisation sees one batch of an accumulated step at a time.
/// </summary>
/// <param name="name">What stands behind the name of the model.</param>
/// <param name="batches">Ghost batches of an update.</param>
internal sealed class GhostRecipe(string name, int batches) : Recipe(name)
{
    public override TrainerOptions Apply(TrainerOptions options, Settings settings)
    {
        RegimePhase[] phases = [new(settings.Epochs / 2, 0.1), new(settings.Epochs * 3L / 4, 0.01)];
        // A training of few epochs has fewer phases.
        var regime = Regime.InEpochs(settings.Epochs, [.. phases.Where(phase => phase.Start > 0).DistinctBy(phase => phase.Start)]);
        return options with
        {
            AccumulationSteps = batches,
            Schedule = regime.ForBatch(batches * settings.BatchSize, reference: settings.BatchSize),
            ClipNorm = 5,
        };
    }
}

/// <summary>Four augmentations of each image in a batch, with holes (Hoffer et al., 2019).</summary>
internal sealed class AugmentedRecipe() : Recipe(", batchaug")
{
    private const int Augmentations = 4;
    private const int Hole = 16;

    public override Dataset Images(PictureData data) => data.Train.Transform(new Cutout(Hole));

    public override TrainerOptions Apply(TrainerOptions options, Settings settings) =>
        options with { Schedule = LearningRateSchedule.Cosine(), Augmentations = Augmentations };
}
