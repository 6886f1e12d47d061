namespace SparseSharp.Generator.Specs;

/// <summary>The forward pass: nodes in order of evaluation, node 0 the input, the last one the output; nested models are inlined.</summary>
internal sealed record GraphSpec(int InputFeatures, EquatableArray<NodeSpec> Nodes);

/// <param name="Left">Index of the first operand; -1 for the input.</param>
/// <param name="Right">Index of the second operand of <see cref="NodeKind.Add"/>, <see cref="NodeKind.Subtract"/> and <see cref="NodeKind.Multiply"/>, else -1.</param>
/// <param name="Layer">Index in <see cref="ModelSpec.Layers"/> of a <see cref="NodeKind.Linear"/> or a <see cref="NodeKind.Prune"/>, else -1.</param>
/// <param name="Value">Constant of <see cref="NodeKind.Scale"/> and <see cref="NodeKind.Shift"/>, probability of <see cref="NodeKind.Dropout"/>, 1 for a <see cref="NodeKind.Prune"/> that hands its gradient on unchanged.</param>
internal sealed record NodeSpec(NodeKind Kind, int Left = -1, int Right = -1, int Layer = -1, float Value = 0);

internal enum NodeKind
{
    Input,
    Linear,
    Relu,
    Gelu,
    Silu,
    Tanh,
    Sigmoid,
    KTanh,
    KSigmoid,
    KSwish,
    KGelu,
    Dropout,
    Add,
    Subtract,
    Multiply,
    Scale,
    Shift,

    /// <summary>The pruned input of a layer; put in while planning.</summary>
    Prune,
}
