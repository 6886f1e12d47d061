using SparseSharp;

namespace Digits.Models;

/// <summary>The same network without zeros: all weights are kept.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), Dense]
internal sealed partial class DenseDigitNet;
