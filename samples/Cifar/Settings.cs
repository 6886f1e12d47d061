namespace Cifar;

/// <summary>What the command line asks for.</summary>
/// <param name="Network">One of <see cref="Catalogue.Networks"/>.</param>
/// <param name="Sparsity">What is compared with the dense network, one of <see cref="Catalogue.Sparsities"/>.</param>
/// <param name="Compare">Whether all sparsities are.</param>
/// <param name="Regime">What a plain training is compared with, one of <see cref="Recipe.Names"/>.</param>
/// <param name="DataDirectory">Directory of CIFAR-10, or null for generated pictures.</param>
/// <param name="Epochs">Epochs per model.</param>
/// <param name="Images">Generated training pictures.</param>
/// <param name="Tests">Generated test pictures.</param>
/// <param name="BatchSize">Images per training step.</param>
/// <param name="LearningRate">Learning rate at the start; it falls along half a cosine.</param>
/// <param name="Threads">Threads that compute.</param>
/// <param name="Seed">Seed of weights, shuffling and augmentation.</param>
internal sealed record Settings(
    string Network, string Sparsity, bool Compare, string Regime, string? DataDirectory, int Epochs, int Images, int Tests, int BatchSize,
    double LearningRate, int Threads, ulong Seed);
