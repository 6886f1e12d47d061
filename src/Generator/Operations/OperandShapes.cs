using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Operations;

/// <summary>The shapes of a node's operands, and what they should be. Unknown shapes fit everywhere.</summary>
internal sealed class OperandShapes(int node, NodeSpec spec, Shape[] shapes, EquatableArray<LayerSpec> layers, List<ShapeError> errors)
{
    /// <summary>How many operands there are.</summary>
    public int Count => spec.Operands.Count;

    /// <summary>The layers of the model.</summary>
    public EquatableArray<LayerSpec> Layers => layers;

    /// <summary>The shape of an operand.</summary>
    public Shape this[int operand] => shapes[spec.Operands[operand]];

    /// <summary>Reports a shape with other features than expected. Values are flat where nothing looks at their dimensions.</summary>
    public void Expect(Shape expected, Shape actual)
    {
        if (expected.IsKnown && actual.IsKnown && expected.Features != actual.Features)
            errors.Add(new(node, expected, actual));
    }

    /// <summary>Reports what an operation takes where shapes alone do not say it.</summary>
    /// <param name="takes">For example <c>takes 3 channels</c>.</param>
    /// <param name="advice">What to change.</param>
    /// <param name="operand">The operand that does not fit.</param>
    public void Report(string takes, string advice, int operand = 0) =>
        errors.Add(new(node, Shape.Unknown, this[operand]) { Words = (takes, advice) });

    /// <summary>Whether the operand is an image; reports one that is not.</summary>
    public bool ExpectImage()
    {
        if (this[0].IsKnown && !this[0].IsImage)
            Report("takes images", "give the input three dimensions: channels, rows and columns");
        return this[0].IsImage;
    }

    /// <summary>Whether the operand is an image of so many channels; reports one that is not.</summary>
    /// <param name="layer">The layer that takes it.</param>
    /// <param name="otherwise">What to do where the operand is no image.</param>
    public bool ExpectChannels(KindSpec layer, string otherwise)
    {
        if (!this[0].IsKnown || layer.Inputs == 0)
            return false;
        if (!this[0].IsImage)
            Report($"takes images of {layer.Inputs} channels", otherwise);
        else if (this[0].Dimensions[0] != layer.Inputs)
            Report($"takes {layer.Inputs} channels", layer.ChangeFor(this[0].Dimensions[0]));
        else
            return true;
        return false;
    }

    /// <summary>Expects equal features of all operands, and returns the first shape that is known.</summary>
    public Shape ExpectEqual()
    {
        var known = this[0];
        for (var operand = 1; operand < Count; operand++)
        {
            Expect(known, this[operand]);
            known = known.IsKnown ? known : this[operand];
        }
        return known;
    }
}
