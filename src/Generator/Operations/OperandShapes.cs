using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>The features of a node's operands, and what they should be. Features that are unknown are 0 and fit everywhere.</summary>
internal sealed class OperandShapes(int node, NodeSpec spec, int[] features, EquatableArray<LayerSpec> layers, List<ShapeError> errors)
{
    /// <summary>How many operands there are.</summary>
    public int Count => spec.Operands.Count;

    /// <summary>The layers of the model.</summary>
    public EquatableArray<LayerSpec> Layers => layers;

    /// <summary>The features of an operand.</summary>
    public int this[int operand] => features[spec.Operands[operand]];

    /// <summary>Reports features that are not as expected.</summary>
    public void Expect(int expected, int actual)
    {
        if (expected > 0 && actual > 0 && expected != actual)
            errors.Add(new(node, expected, actual));
    }

    /// <summary>Expects equal features of all operands, and returns them.</summary>
    public int ExpectEqual()
    {
        var known = this[0];
        for (var operand = 1; operand < Count; operand++)
        {
            Expect(known, this[operand]);
            known = known > 0 ? known : this[operand];
        }
        return known;
    }
}
