using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Operations;

/// <summary>
/// A node of the graph of a model: the shape of its result, and the calls that compute it and its gradients. Planning asks operations and
/// knows no kinds. Operations are values: equal parameters make equal operations.
/// </summary>
internal abstract record Operation
{
    /// <summary>The name in messages.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>The name of its value in emitted code; null for one that is numbered as others are.</summary>
    public virtual string? ValueName => null;

    /// <summary>Index in <see cref="ModelSpec.Layers"/> of the layer whose weights it uses, -1 for none.</summary>
    public virtual int LayerIndex => -1;

    /// <summary>Whether it has weights that learn, so that the gradient of its result is needed.</summary>
    public bool HasWeights => LayerIndex >= 0;

    /// <summary>The function that is all it does with its operand.</summary>
    public virtual ActivationKind Function => ActivationKind.None;

    /// <summary>Whether it looks at channels, rows and columns of its operands; else they are numbers, or rows of features.</summary>
    public virtual bool TakesImages => false;

    /// <summary>Whether operands have to be rows of features, one after the other.</summary>
    public virtual bool TakesRows => false;

    /// <summary>
    /// Whether it moves whole channels, which are neighbouring rows of features too: it takes operands as they lie, but all alike.
    /// </summary>
    public virtual bool MovesChannels => false;

    /// <summary>
    /// Whether its calls can apply an activation to the result, and the derivative of one to the gradient of the operand.
    /// </summary>
    /// <param name="kind">The activation.</param>
    public virtual bool Fuses(ActivationKind kind) => false;

    /// <summary>Lines around an operand that its calls read as padding.</summary>
    /// <param name="operand">Shape of the operand.</param>
    /// <param name="layers">The layers of the model.</param>
    public virtual int OperandBorder(Shape operand, EquatableArray<LayerSpec> layers) => 0;

    /// <summary>Lines around the gradient of the result that its calls read as padding.</summary>
    /// <param name="operand">Shape of the operand.</param>
    /// <param name="layers">The layers of the model.</param>
    public virtual int GradientBorder(Shape operand, EquatableArray<LayerSpec> layers) => 0;

    /// <summary>What its calls read for a part of the result; null where they need whole images.</summary>
    /// <param name="operand">Shape of the operand.</param>
    /// <param name="layers">The layers of the model.</param>
    public virtual PartWindow? PartWindow(Shape operand, EquatableArray<LayerSpec> layers) =>
        TakesImages ? null : Operations.PartWindow.Pixel;

    /// <summary>
    /// In predictions the operation that also does what another one does with the result, which nobody else reads; null where the other
    /// one stays.
    /// </summary>
    /// <param name="next">The other one.</param>
    public virtual Operation? Absorb(Operation next) => null;

    /// <summary>Whether the result is a value of bfloat16 where all operands are.</summary>
    public virtual bool KeepsBfloat16 => false;

    /// <summary>The same operation in a model that has the model's layers from an index on.</summary>
    /// <param name="firstLayer">Index of the first of them.</param>
    public virtual Operation MoveLayers(int firstLayer) => this;

    /// <summary>Whether the result is the operand, so that nothing is computed.</summary>
    /// <param name="training">Whether a backward pass follows.</param>
    public virtual bool IsIdentity(bool training) => false;

    /// <summary>Whether operands and the gradient of the result are rounded to bfloat16 before its calls read them.</summary>
    /// <param name="layers">The layers of the model.</param>
    public virtual bool RoundsOperands(EquatableArray<LayerPlan> layers) => false;

    /// <summary>Operands of products, which come first; those behind them are never rounded.</summary>
    public virtual int Factors => int.MaxValue;

    /// <summary>What is done to the operands before, by a node of its own; null for nothing.</summary>
    /// <param name="layers">The layers of the model.</param>
    public virtual Operation? Preparation(EquatableArray<LayerSpec> layers) => null;

    /// <summary>
    /// The shape of the result: that of the operand unless an operation says otherwise. What does not fit is reported to
    /// <paramref name="operands"/>.
    /// </summary>
    /// <param name="operands">The shapes of the operands.</param>
    public virtual Shape Infer(OperandShapes operands) => operands[0];

    /// <summary>Adds the calls that compute the result.</summary>
    /// <param name="node">The values.</param>
    public abstract void Forward(ForwardNode node);

    /// <summary>
    /// What each operand's gradient gets from that of the result. An operand without a contribution has no gradient from here.
    /// </summary>
    /// <param name="node">The values.</param>
    public abstract IEnumerable<Contribution> Backward(BackwardNode node);

    /// <summary>
    /// The call that computes the gradients of all operands at once, given where each goes; null where each has a contribution of its own.
    /// </summary>
    /// <param name="node">The values.</param>
    public virtual Func<IReadOnlyList<GradientTarget>, Call>? JointBackward(BackwardNode node) => null;

    /// <summary>Calls that come before those of all gradients, which read what they write.</summary>
    /// <param name="node">The values.</param>
    public virtual IEnumerable<Call> GradSums(BackwardNode node) => [];

    /// <summary>
    /// The call by which a layer remembers what it has seen of a batch, behind all gradients and in the order of the forward pass; null for
    /// nothing.
    /// </summary>
    /// <param name="node">The values.</param>
    /// <param name="accumulate">Whether the layer was used before and this use adds to it.</param>
    public virtual Call? Remember(BackwardNode node, bool accumulate) => null;

    /// <summary>The fewest samples of a training batch that it can compute with.</summary>
    /// <param name="operand">Shape of the operand.</param>
    public virtual int FewestSamples(Shape operand) => 1;

    /// <summary>The call that computes the gradients of the weights from all panels of a batch; null where there are none.</summary>
    /// <param name="node">The values.</param>
    /// <param name="accumulate">Whether the layer was used before and this use adds to it.</param>
    public virtual Call? GradWeights(BackwardNode node, bool accumulate) => null;
}
