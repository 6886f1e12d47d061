using System.Globalization;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Reading;

namespace SparseSharp.Generator.Modifiers;

/// <summary>The layer that a weight matrix belongs to, for messages about the matrix.</summary>
/// <param name="Path">Of the layer.</param>
/// <param name="Layer">What makes it a layer.</param>
/// <param name="RowsArgument">The argument of this attribute that gives the rows of the matrix.</param>
/// <param name="DepthArgument">The argument of this attribute that gives its columns, or the inputs that make them.</param>
/// <param name="Taps">Columns that an input gives: the taps of a convolution.</param>
/// <param name="Groups">Groups of inputs, each of which gives all columns of some rows.</param>
internal sealed record MatrixPlace(
    string Path, AttributeData Layer, int RowsArgument, int DepthArgument, int Taps = 1, int Groups = 1)
{
    /// <summary>The attribute with other dimensions, for example <c>[Linear(576, 128)]</c>.</summary>
    public string Shown(int columns, int rows) => $"[{Vocabulary.ShortName(Layer)}({Inputs(columns)}, {rows})]";

    /// <summary>The inputs that give so many columns.</summary>
    public int Inputs(int columns) => columns / Taps * Groups;

    /// <summary>How many columns there are, and how they come about, for messages.</summary>
    public string Columns(int columns)
    {
        var count = columns.ToString(CultureInfo.InvariantCulture);
        return Taps == 1 ? count : FormattableString.Invariant($"{columns} ({columns / Taps} channels in {Taps} taps)");
    }

    /// <summary>The least number of columns that a number divides and that inputs can give.</summary>
    public int Unit(int divisor)
    {
        var (a, b) = (divisor, Taps);
        while (b > 0)
            (a, b) = (b, a % b);
        return divisor / a * Taps;
    }

    /// <summary>The inputs, nearest to those of so many columns, that give columns which a number divides.</summary>
    public Suggestion NearestInputs(int columns, int divisor)
    {
        var unit = Unit(divisor);
        var below = columns / unit * unit;
        return below == 0 ? new(Inputs(unit)) : new(Inputs(below), Inputs(below + unit));
    }
}

/// <summary>An attribute with a modifier.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Owner">The layer or class that has it.</param>
/// <param name="Inherited">What holds without it: the default of the class for a layer, nothing for a class.</param>
internal sealed record ModifierSource(AttributeData Attribute, string Owner, ModifierSpec? Inherited);

/// <summary>A modifier on its way to a matrix.</summary>
/// <param name="Place">The layer of the matrix.</param>
/// <param name="Attribute">Where the modifier comes from.</param>
/// <param name="IsDefault">Whether that is an attribute of the class.</param>
/// <param name="Mask">The attribute that decides which weights exist; null where none does.</param>
/// <param name="Sink">Takes what is wrong.</param>
/// <param name="Cancellation">Ends the checks.</param>
internal sealed record ModifierUse(
    MatrixPlace Place, AttributeData Attribute, bool IsDefault, AttributeData? Mask, DiagnosticSink Sink, CancellationToken Cancellation)
{
    public string Path => Place.Path;

    /// <summary>The attribute as users write it.</summary>
    public string Name => Vocabulary.ShortName(Attribute);

    /// <summary>What decides which weights exist, as users write it.</summary>
    public string MaskName => Vocabulary.ShortName(Mask!);

    /// <summary>Where the rows are given, or the default that does not fit them.</summary>
    public SyntaxNode Rows => Dimension(Place.RowsArgument);

    /// <summary>Where the columns are given, or the default that does not fit them.</summary>
    public SyntaxNode Depth => Dimension(Place.DepthArgument);

    /// <summary>What a layer can do that the modifier does not fit.</summary>
    public string OptOut => IsDefault ? $"put [Dense] on '{Path}'" : $"remove [{Name}]";

    /// <summary>A property of the layer's own attribute; all of a default, which is right for other layers.</summary>
    public SyntaxNode Property(string name) => IsDefault ? Attribute.Syntax() : Attribute.Argument(name);

    private SyntaxNode Dimension(int argument) => IsDefault ? Attribute.Syntax() : Place.Layer.Argument(argument);
}
