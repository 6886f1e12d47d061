using SparseSharp;

namespace Digits.Models;

// The networks of --model bfloat16: products of all layers take bfloat16. 784 inputs have few factors of two, which makes blocks narrow;
// the compiler warns of that.
#pragma warning disable SPS0075

/// <summary>All weights are kept.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), Dense, Bfloat16]
internal sealed partial class RoundedDenseDigitNet;

/// <summary>Two of every four weights are kept, in rows and in columns.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), Bfloat16]
internal sealed partial class RoundedDigitNet;

/// <summary>A product of graphs keeps a quarter of the weights.</summary>
[SparseModel(VariantOf = typeof(DigitNet)), BlockSparse(RBGP4, Sparsity = 0.75), Bfloat16]
internal sealed partial class RoundedProduct75DigitNet;
