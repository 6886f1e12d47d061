namespace Digits;

/// <summary>How models of a kind learn best, where the command line says nothing else.</summary>
/// <param name="Epochs">Epochs per model.</param>
/// <param name="LearningRate">Learning rate at the start.</param>
internal sealed record Recipe(int Epochs, double LearningRate)
{
    /// <summary>For masks that are fixed, or that are found by magnitude.</summary>
    public static Recipe Standard { get; } = new(5, 0.05);

    /// <summary>
    /// Thresholds start low: a large rate and some epochs more bring weights down to them. With the standard recipe four times as many
    /// weights stay, and the network is no better.
    /// </summary>
    public static Recipe Annealing { get; } = new(10, 0.1);

    /// <summary>
    /// Weight decay that brings weights down to the thresholds of an annealed model: 5e-4 for the 60,000 images of MNIST, and up to 1e-3
    /// where epochs are shorter. Other models do without.
    /// </summary>
    public static double AnnealedDecay(int images) => Math.Min(30.0 / images, 1e-3);

    /// <summary>The recipe of a value of <c>--model</c>.</summary>
    public static Recipe Of(string model) => model == "autosparse" ? Annealing : Standard;
}
