using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>
/// <c>y = x * keep</c>, where keep is 1 for the largest values of each group of channels of a pixel and else 0: the pruned input of a
/// convolution, put in while planning.
/// </summary>
/// <param name="Keep">N, values kept.</param>
/// <param name="Group">M, values in a group.</param>
/// <param name="StraightThrough">Whether the gradient passes unchanged to what was dropped.</param>
internal sealed record PruneChannels(int Keep, int Group, bool StraightThrough) : PrunedOperand(Keep, Group, StraightThrough)
{
    public override bool TakesImages => true;

    public override PartWindow? PartWindow(Shape operand, EquatableArray<LayerSpec> layers) => Operations.PartWindow.Pixel;

    public override void Forward(ForwardNode node)
    {
        var (x, y) = (node.Operand(0), node.Result);
        node.Add(new(
            $"{Surface.Pruning}.Channels",
            new([
                Argument.Pass, Argument.Number(Keep), Argument.Number(Group), Argument.Read(x), Argument.Write(y), .. Marks(node),
                Argument.Image(node.Image(y))]),
            $"{node.Name(y)} = {Words.Number(Keep)} of {Words.Number(Group)} channels of {node.Name(x)}"));
    }
}

/// <summary>Calls that prune the pixels of an operand of a convolution's weight gradient.</summary>
internal static class PrunePixels
{
    /// <summary>Keeps the largest.</summary>
    public static Call Largest(PlannedNode node, int x, int kept, int keep, int group) =>
        Call(node, "Pixels", [], x, kept, keep, group);

    /// <summary>Draws some, so that the gradient is right on average.</summary>
    public static Call Drawn(BackwardNode node, int x, int kept, int keep, int group) =>
        Call(node, "Gradient", [Argument.Number(node.Site)], x, kept, keep, group);

    private static Call Call(PlannedNode node, string method, Argument[] site, int x, int kept, int keep, int group) => new(
        $"{Surface.Pruning}.{method}",
        new([
            Argument.Pass, .. site, Argument.Number(keep), Argument.Number(group), Argument.Read(x), Argument.Write(kept),
            Argument.Image(node.Image(kept))]),
        $"{node.Name(kept)} = {Words.Number(keep)} of {Words.Number(group)} pixels of {node.Name(x)}");
}
