namespace Digits;

/// <summary>What the command line asks for.</summary>
/// <param name="Model">Which models are compared with the dense one, one of <see cref="Catalogue.Models"/>.</param>
/// <param name="DataDirectory">Directory of the four MNIST files, or null for synthetic digits.</param>
/// <param name="Epochs">Epochs per model.</param>
/// <param name="BatchSize">Images per training step.</param>
/// <param name="LearningRate">Learning rate at the start; it falls along half a cosine.</param>
/// <param name="Hidden">Width of the two hidden layers, one of <see cref="Catalogue.Widths"/>.</param>
/// <param name="Threads">Threads that compute.</param>
/// <param name="Seed">Seed of weights and shuffling.</param>
/// <param name="AdaPrune">Whether to prune the trained dense model as well.</param>
/// <param name="Masks">Whether to print what the masks keep.</param>
/// <param name="PictureDirectory">Directory for pictures of the masks, made if it is missing, or null for none.</param>
/// <param name="JsonPath">File for the figures, or null for none.</param>
internal sealed record Settings(
    string Model, string? DataDirectory, int Epochs, int BatchSize, double LearningRate, int Hidden, int Threads, ulong Seed,
    bool AdaPrune, bool Masks, string? PictureDirectory, string? JsonPath);
