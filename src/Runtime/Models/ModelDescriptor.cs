using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>
/// What is known of a model at compile time. Slots are offsets into a panel's part of a workspace, in rows: the part of a panel that
/// starts at column <c>c</c> begins at float <c>rows·c</c> of the workspace, and slot <c>s</c> of it <c>s·width</c> floats further.
/// </summary>
/// <param name="Name">Of the model class.</param>
/// <param name="InputFeatures">Features of one input sample.</param>
/// <param name="OutputFeatures">Features of one output row.</param>
/// <param name="Layers">One entry per layer, as in <see cref="ISparseModel.Layers"/>.</param>
/// <param name="InferenceRows">Rows of the inference workspace.</param>
/// <param name="InferenceInput">Slot of the input in inference.</param>
/// <param name="InferenceOutput">Slot of the output in inference.</param>
/// <param name="TrainingRows">Rows of the training workspace.</param>
/// <param name="TrainingInput">Slot of the input in training.</param>
/// <param name="TrainingOutput">Slot of the output in training.</param>
/// <param name="TrainingOutputGradient">Slot into which the loss writes its gradient.</param>
/// <param name="TrainingInputGradient">Slot of the gradient of the input, -1 where the model was compiled without one.</param>
/// <param name="ForwardPhases">Phases of the training forward pass: more than one where an operation needs the whole batch.</param>
/// <param name="BackwardPhases">Phases of the backward pass.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ModelDescriptor(
    string Name,
    int InputFeatures,
    int OutputFeatures,
    IReadOnlyList<LayerDescriptor> Layers,
    int InferenceRows,
    int InferenceInput,
    int InferenceOutput,
    int TrainingRows,
    int TrainingInput,
    int TrainingOutput,
    int TrainingOutputGradient,
    int TrainingInputGradient = -1,
    int ForwardPhases = 1,
    int BackwardPhases = 1)
{
    /// <summary>
    /// Phases of a training step. The last phase of the forward pass and the first one of the backward pass are one, with the loss between
    /// them.
    /// </summary>
    internal int Phases => ForwardPhases + BackwardPhases - 1;

    /// <summary>Whether values are images, which lie in panels of one vector; else panels are as wide as the kernels want them.</summary>
    public bool HasImages { get; init; }

    /// <summary>
    /// Whether its images may be cut into parts: where a panel of a prediction has few samples, one at a time takes all lanes.
    /// </summary>
    public bool CutsImages { get; init; }

    /// <summary>Samples that a batch of a training has at least: more than one where values are normalised over the samples alone.</summary>
    public int FewestSamples { get; init; } = 1;

    /// <summary>The panels of a batch.</summary>
    internal BatchLayout LayoutOf(int batch) => HasImages ? new(batch, mostVectors: 1) : new(batch);

    /// <summary>Throws unless a batch has samples enough for a training.</summary>
    internal void CheckSamples(int batch)
    {
        if (batch < FewestSamples)
            throw new ArgumentException(
                $"The batch has {batch} sample, but {Name} normalises values over the samples of a batch, which takes {FewestSamples}: choose "
                    + "a batch size that leaves no smaller rest, or leave the rest out.",
                nameof(batch));
    }

    /// <summary>All inputs of a model that has several, each of which has a slot of its own; empty for a model with one.</summary>
    public IReadOnlyList<InputDescriptor> Inputs { get; init; } = [];
}

/// <summary>One of several inputs.</summary>
/// <param name="Name">Of the parameter of <c>Forward</c>.</param>
/// <param name="First">Its first feature among those of a sample.</param>
/// <param name="Features">How many it has.</param>
/// <param name="InferenceSlot">Its slot in inference, <see cref="Unused"/> where <c>Forward</c> does not use the input.</param>
/// <param name="TrainingSlot">Its slot in training, or <see cref="Unused"/>.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record InputDescriptor(string Name, int First, int Features, int InferenceSlot, int TrainingSlot)
{
    /// <summary>Instead of a slot.</summary>
    public const int Unused = -1;
}

/// <summary>One line of a model's layer table.</summary>
/// <param name="Path">Property path from the model, for example <c>First.Stem</c>.</param>
/// <param name="Inputs">Input features.</param>
/// <param name="Outputs">Output features.</param>
/// <param name="Bias">Whether the layer has a bias.</param>
/// <param name="Pattern">The sparsity pattern, for example <c>2:4 transposable</c>, or <c>dense</c>; with <c>, bfloat16</c> where its
/// products take bfloat16.</param>
/// <param name="Density">Kept share of the weights, 1 for a dense layer.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LayerDescriptor(string Path, int Inputs, int Outputs, bool Bias, string Pattern, double Density)
{
    /// <summary>
    /// The name of the layer's tensors in a file without <c>.weight</c> and <c>.bias</c>: the path in snake case, for example
    /// <c>first.stem</c>.
    /// </summary>
    public string FileName => SnakeCase.Convert(Path);

    /// <summary>
    /// Dense multiply-add operations of products in a forward pass of one sample, counted as two each: those of a fully connected layer
    /// where the model says nothing else.
    /// </summary>
    public long DenseFlops { get; init; } = 2L * Inputs * Outputs;
}
