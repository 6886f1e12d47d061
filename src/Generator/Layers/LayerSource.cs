using System.Globalization;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Modifiers;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Layers;

/// <summary>A property with the attribute of a layer.</summary>
/// <param name="attribute">The attribute that makes it a layer.</param>
/// <param name="path">Of the layer.</param>
/// <param name="annotations">All attributes of the property.</param>
/// <param name="modifiers">Reads what the attributes say of matrices.</param>
/// <param name="sink">Takes what is wrong.</param>
internal sealed class LayerSource(
    AttributeData attribute, string path, Annotations annotations, ModifierReader modifiers, DiagnosticSink sink)
{
    public AttributeData Attribute => attribute;

    public string Path => path;

    public DiagnosticSink Sink => sink;

    /// <summary>Whether a matrix was read.</summary>
    public bool HasMatrix { get; private set; }

    /// <summary>A number of features, or 0 where it is less than 1, which is reported.</summary>
    /// <param name="argument">The argument of the attribute that gives it.</param>
    /// <param name="features">The number.</param>
    /// <param name="what">What it counts, for the message.</param>
    public int Positive(int argument, int features, string what)
    {
        if (features > 0)
            return features;
        sink.Report(Descriptors.LayerDimension, attribute.Argument(argument), path, features, what, "give it at least 1");
        return 0;
    }

    /// <summary>A property of the attribute, or the least value where it is less than that, which is reported.</summary>
    /// <param name="property">Its name.</param>
    /// <param name="otherwise">What it is where the attribute does not set it.</param>
    /// <param name="least">The least value.</param>
    /// <param name="what">What it counts, for the message.</param>
    public int Property(string property, int otherwise, int least, string what)
    {
        var value = attribute.Get(property, otherwise);
        if (value >= least)
            return value;
        sink.Report(
            Descriptors.LayerDimension, attribute.Argument(property), path, value, what,
            $"give it at least {least.ToString(CultureInfo.InvariantCulture)}");
        return least;
    }

    /// <summary>Whether a matrix has no more weights than memory can be addressed for; reports one that has.</summary>
    /// <param name="weights">How many; dimensions that no matrix can have are welcome.</param>
    /// <param name="argument">The argument of the attribute that gives the rows.</param>
    public bool HasRoomFor(double weights, int argument)
    {
        if (weights <= int.MaxValue)
            return true;
        sink.Report(
            Descriptors.LayerDimension, attribute.Argument(argument), path, weights.ToString("0", CultureInfo.InvariantCulture), "weights",
            $"keep them at most {int.MaxValue}");
        return false;
    }

    /// <summary>A weight matrix with the modifiers of the layer and its class.</summary>
    /// <param name="rows">Its rows; 0 where they are not valid.</param>
    /// <param name="depth">Its columns; 0 where they are not valid.</param>
    /// <param name="rowsArgument">The argument of the attribute that gives the rows.</param>
    /// <param name="depthArgument">The argument of the attribute that gives the columns, or the inputs that make them.</param>
    /// <param name="taps">Columns that an input gives.</param>
    /// <param name="groups">Groups of inputs, each of which gives all columns of some rows.</param>
    public MatrixSpec Matrix(int rows, int depth, int rowsArgument, int depthArgument, int taps = 1, int groups = 1)
    {
        HasMatrix = true;
        return modifiers.Read(new(rows, depth), new(path, attribute, rowsArgument, depthArgument, taps, groups), annotations);
    }
}
