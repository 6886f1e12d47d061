using SparseSharp;

namespace Digits.Models;

/// <summary>The network whose training finds itself which weights of the hidden layers to keep, and how many (AutoSparse).</summary>
[SparseModel(VariantOf = typeof(DigitNet)), GradientAnneal(InitialThreshold = -4)]
internal sealed partial class AnnealedDigitNet;
