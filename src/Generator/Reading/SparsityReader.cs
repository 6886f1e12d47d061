using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads the attribute that gives a layer the structure of its zeros, whichever it is.</summary>
internal static class SparsityReader
{
    /// <summary>Null where the attribute is not valid.</summary>
    public static SparsitySpec? Read(AttributeData attribute, DiagnosticSink sink) =>
        Vocabulary.ShortName(attribute) == "BlockSparse" ? BlockSparseReader.Read(attribute, sink) : NMSparseReader.Read(attribute, sink);

    /// <summary>The sparse layer; what does not fit its shape is reported.</summary>
    public static LayerSpec Apply(SparsitySpec? sparsity, LayerSpec layer, SparsitySource source, DiagnosticSink sink, CancellationToken cancellation)
    {
        if (layer.Inputs > 0 && layer.Outputs > 0)
        {
            switch (sparsity)
            {
                case NMSpec pattern:
                    NMSparseReader.Check(pattern, layer, source.Layer, source.Attribute, source.IsDefault, sink);
                    break;
                case RamanujanSpec graphs:
                    new RamanujanCheck(graphs, layer, source, sink).Run(cancellation);
                    break;
                case BlockSpec blocks:
                    BlockSparseReader.Check(blocks, layer, source, sink);
                    break;
            }
        }
        return layer with { Sparsity = sparsity };
    }
}

/// <summary>Where the sparsity of a layer comes from.</summary>
/// <param name="Layer">What makes it a layer.</param>
/// <param name="Attribute">What makes it sparse.</param>
/// <param name="IsDefault">Whether that is an attribute of the class.</param>
internal sealed record SparsitySource(AttributeData Layer, AttributeData Attribute, bool IsDefault)
{
    public SyntaxNode Inputs => Dimension(0);

    public SyntaxNode Outputs => Dimension(1);

    /// <summary>What a layer can do that the sparsity does not fit.</summary>
    public string OptOut(string path) => IsDefault ? $"put [Dense] on '{path}'" : $"remove [{Vocabulary.ShortName(Attribute)}]";

    /// <summary>A property of the layer's own attribute; all of a default, which is right for other layers.</summary>
    public SyntaxNode Property(string name) => IsDefault ? Attribute.Syntax() : Attribute.Argument(name);

    private SyntaxNode Dimension(int argument) => IsDefault ? Attribute.Syntax() : Layer.Argument(argument);
}
