namespace SparseSharp.Generator.Planning;

/// <summary>One call of the runtime in an emitted pass. Operands are indices of values in the pass's workspace, -1 for none.</summary>
internal abstract record OpPlan
{
    /// <summary>The values the op reads, those it accumulates into included.</summary>
    public abstract int[] Reads { get; }

    /// <summary>The values the op writes; the first is its result.</summary>
    public abstract int[] Writes { get; }

    /// <summary>Whether the result may lie exactly over an operand: an element depends on the same element of the operands alone.</summary>
    public virtual bool IsElementWise => true;

    /// <summary>Whether the op is there for the gradient of the input alone, which not every pass is asked for.</summary>
    public bool IsForInput { get; init; }
}

/// <summary><c>z = W x + b</c>, <c>y = activation(z)</c>.</summary>
/// <param name="Z">-1 where nobody needs it.</param>
internal sealed record LinearOp(int Layer, int X, int Z, int Y, ActivationKind Activation) : OpPlan
{
    public override int[] Reads => [X];

    public override int[] Writes => Z < 0 ? [Y] : [Y, Z];

    public override bool IsElementWise => false;
}

/// <summary><c>y = activation(x)</c>.</summary>
internal sealed record ActivateOp(ActivationKind Activation, int X, int Y) : OpPlan
{
    public override int[] Reads => [X];

    public override int[] Writes => [Y];
}

/// <summary><c>y = left + right</c>.</summary>
internal sealed record AddOp(int Left, int Right, int Y) : OpPlan
{
    public override int[] Reads => [Left, Right];

    public override int[] Writes => [Y];
}

/// <summary><c>y = left - right</c>.</summary>
internal sealed record SubtractOp(int Left, int Right, int Y) : OpPlan
{
    public override int[] Reads => [Left, Right];

    public override int[] Writes => [Y];
}

/// <summary><c>y = left * right</c>.</summary>
internal sealed record MultiplyOp(int Left, int Right, int Y) : OpPlan
{
    public override int[] Reads => [Left, Right];

    public override int[] Writes => [Y];
}

/// <summary><c>y = x * factor</c>.</summary>
internal sealed record ScaleOp(int X, float Factor, int Y) : OpPlan
{
    public override int[] Reads => [X];

    public override int[] Writes => [Y];
}

/// <summary><c>y = x + term</c>.</summary>
internal sealed record ShiftOp(int X, float Term, int Y) : OpPlan
{
    public override int[] Reads => [X];

    public override int[] Writes => [Y];
}

/// <summary><c>y = x * keep</c> with random multipliers <c>keep</c>.</summary>
/// <param name="Site">Number of the dropout in its model: each draws from its own random stream.</param>
internal sealed record DropoutOp(int Site, float Probability, int X, int Y, int Keep) : OpPlan
{
    public override int[] Reads => [X];

    public override int[] Writes => [Y, Keep];
}

/// <summary><c>y = x * keep</c>, where keep is 1 for the largest values of each group and else 0.</summary>
/// <param name="Layer">Whose input it is, and whose attribute has the pattern.</param>
/// <param name="Keep">-1 where nobody needs it.</param>
internal sealed record PruneOp(int Layer, int X, int Y, int Keep) : OpPlan
{
    public override int[] Reads => [X];

    public override int[] Writes => Keep < 0 ? [Y] : [Y, Keep];

    public override bool IsElementWise => false;
}

/// <summary><c>y = bfloat16(x)</c>, an operand of a product; x and y may be the same value.</summary>
internal sealed record RoundOp(int X, int Y) : OpPlan
{
    public override int[] Reads => [X];

    public override int[] Writes => [Y];
}

/// <summary><c>dx (+)= transpose(W) dy</c>, then, fused, <c>dx = dx * derivative'(saved)</c>.</summary>
internal sealed record LinearGradInputOp(int Layer, int Dy, int Dx, ActivationKind Derivative, int Saved, bool Accumulate) : OpPlan
{
    public override int[] Reads => (Saved >= 0, Accumulate) switch
    {
        (false, false) => [Dy],
        (false, true) => [Dy, Dx],
        (true, false) => [Dy, Saved],
        (true, true) => [Dy, Saved, Dx],
    };

    public override int[] Writes => [Dx];

    public override bool IsElementWise => false;
}

/// <summary><c>dx (+)= dy * activation'(saved)</c>.</summary>
internal sealed record ActivateGradOp(ActivationKind Activation, int Dy, int Saved, int Dx, bool Accumulate) : OpPlan
{
    public override int[] Reads => Accumulate ? [Dy, Saved, Dx] : [Dy, Saved];

    public override int[] Writes => [Dx];
}

/// <summary><c>dx (+)= dy * other</c>: of a product and of a dropout.</summary>
internal sealed record MultiplyGradOp(int Dy, int Other, int Dx, bool Accumulate) : OpPlan
{
    public override int[] Reads => Accumulate ? [Dy, Other, Dx] : [Dy, Other];

    public override int[] Writes => [Dx];
}

/// <summary><c>dx (+)= dy * factor</c>; with factor 1 a copy or a sum of gradients.</summary>
internal sealed record ScaleGradOp(int Dy, float Factor, int Dx, bool Accumulate) : OpPlan
{
    public override int[] Reads => Accumulate ? [Dy, Dx] : [Dy];

    public override int[] Writes => [Dx];
}

/// <summary><c>dx</c> is <c>dy</c>, in the same memory: nothing is computed.</summary>
internal sealed record PassOnOp(int Dy, int Dx) : OpPlan
{
    public override int[] Reads => [Dy];

    public override int[] Writes => [Dx];
}

/// <summary>The gradient of a layer's weights and bias, from all panels of a batch.</summary>
/// <param name="Site">Number of the product in its model: where the gradient is pruned, each draws from its own random stream.</param>
/// <param name="Accumulate">Whether the layer was used before and this use adds to it.</param>
internal sealed record LinearGradWeightOp(int Layer, int X, int Dy, int Site, bool Accumulate) : OpPlan
{
    public override int[] Reads => [X, Dy];

    public override int[] Writes => [];

    public override bool IsElementWise => false;
}
