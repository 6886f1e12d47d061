using SparseSharp.Generator.Planning;
using SparseSharp.Kernels;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Operations;

/// <summary>A node of a pass, as its operation sees it.</summary>
internal abstract class PlannedNode(ForwardOps plan, int node)
{
    protected ForwardOps Plan => plan;

    protected int Node => node;

    /// <summary>How many operands there are.</summary>
    public int Operands => plan.Operands[node].Length;

    /// <summary>The value of the result.</summary>
    public int Result => plan.Values[node];

    /// <summary>The value of an operand as the operation takes it: rounded where it wants that.</summary>
    public int Operand(int index) => plan.Operands[node][index];

    /// <summary>The values of the pass.</summary>
    public ValueTable Values => plan.Table;

    public LayerPlan Layer(int index) => plan.Layers[index];

    /// <summary>The lines of a value that is an image.</summary>
    public ImageLines Image(int value) => plan.Table.Layout(value).Image!.Value;

    /// <summary>Whether a value is an image.</summary>
    public bool IsImage(int value) => plan.Table.Layout(value).Image is not null;

    public string Name(int value) => plan.Table.Name(value);
}

/// <summary>A node of the forward pass.</summary>
internal sealed class ForwardNode(ForwardOps plan, int node, bool training) : PlannedNode(plan, node)
{
    /// <summary>Whether a backward pass follows.</summary>
    public bool Training => training;

    /// <summary>The activation that the operation applies to its result, where one is fused.</summary>
    public ActivationKind Activation => Plan.Nodes[Node].Epilogue;

    /// <summary>The value that takes the input of the fused activation; -1 where nobody needs it.</summary>
    public int ActivationInput => Plan.ActivationInputs[Node];

    /// <summary>A value with the layout of the result that lives until the backward pass has read it.</summary>
    public int Save(string name) => Save(name, Values.Layout(Result));

    /// <summary>A value that lives until the backward pass has read it.</summary>
    public int Save(string name, ValueLayout layout)
    {
        var value = Plan.Table.Add(name + Plan.Suffixes[Node], layout);
        Plan.Saved[Node].Add(value);
        return value;
    }

    /// <summary>The number of a node that draws random numbers: each has a stream of its own.</summary>
    public int TakeSite() => Plan.Sites++;

    /// <summary>Leaves the result to the packing of the input.</summary>
    /// <param name="first">The first feature of the sample that it has.</param>
    public void Pack(int first) => Plan.Packed.Add(new(first, Result));

    public void Add(Call call) => Plan.Calls.Add(call);
}

/// <summary>A node of the backward pass.</summary>
/// <param name="plan">The forward pass.</param>
/// <param name="node">The node.</param>
/// <param name="gradient">The gradient of its result: before a fused activation, and rounded where the operation wants that.</param>
/// <param name="site">Number of its weight gradient, if it has one, among those of the model.</param>
internal sealed class BackwardNode(ForwardOps plan, int node, int gradient, int site) : PlannedNode(plan, node)
{
    private readonly List<int> _made = [];

    /// <summary>The gradient of the result.</summary>
    public int Gradient => gradient;

    /// <summary>Number of its weight gradient among those of the model: each draws random numbers of its own.</summary>
    public int Site => site;

    /// <summary>
    /// What a call adds up with a gradient, or writes, in words: with the derivative of an activation where one is fused.
    /// </summary>
    /// <param name="target">The gradient.</param>
    /// <param name="product">What is added to it.</param>
    public string Formula(GradientTarget target, string product)
    {
        var dx = Name(target.Value);
        if (target.Derivative == ActivationKind.None)
            return $"{dx} {(target.Accumulate ? "+=" : "=")} {product}";
        var sum = target.Accumulate ? $"{dx} + {product}" : product;
        return $"{dx} = ({sum}) * {Words.Function(target.Derivative)}'({Name(target.Saved)})";
    }

    /// <summary>What the forward pass saved, in its order.</summary>
    public int Saved(int index) => Plan.Saved[Node][index];

    /// <summary>A value that calls of the node's backward pass share.</summary>
    public int Make(string name, ValueLayout layout)
    {
        _made.Add(Plan.Table.Add(name + Plan.Suffixes[Node], layout));
        return _made[_made.Count - 1];
    }

    /// <summary>What <see cref="Make"/> has made, in its order.</summary>
    public int Made(int index) => _made[index];
}
