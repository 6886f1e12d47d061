using System.Globalization;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers;

/// <summary>What several modifiers check: N:M groups, and whether sparsity pays.</summary>
internal static class GroupChecks
{
    /// <summary>Reads the N and M that an attribute begins with; false where the C# compiler has an error to report.</summary>
    public static bool TryRead(AttributeData attribute, out int keep, out int group, DiagnosticSink sink)
    {
        group = 0;
        if (attribute.TryGet(0, out keep) && attribute.TryGet(1, out group))
            return true;
        sink.LeaveToCompiler();
        return false;
    }

    /// <summary>Reports an N or an M that no pattern has.</summary>
    public static bool IsInRange(AttributeData attribute, int keep, int group, DiagnosticSink sink)
    {
        if (NMSettings.IsValid(keep, group))
            return true;

        var (argument, advice) =
            keep < 1 ? (0, "keep at least 1")
            : group > NMSettings.MaximumGroup ? (1, $"choose an M of at most {NMSettings.MaximumGroup}")
            : (0, "choose a smaller N, or leave the layer dense to keep everything");
        sink.Report(Descriptors.PatternRange, attribute.Argument(argument), keep, group, NMSettings.MaximumGroup, advice);
        return false;
    }

    /// <summary>Reports rows that groups do not divide: at the dimension, or at the class attribute that reaches the layer.</summary>
    public static bool DividesRows(DiagnosticDescriptor descriptor, int group, MatrixSpec matrix, ModifierUse use) =>
        NMSettings.Divides(group, matrix.Rows)
        || Report(descriptor, use.Rows, Words(matrix.Rows), group, Neighbours(matrix.Rows, group), use);

    /// <summary>Reports columns that groups do not divide, likewise.</summary>
    public static bool DividesDepth(DiagnosticDescriptor descriptor, int group, MatrixSpec matrix, ModifierUse use) =>
        NMSettings.Divides(group, matrix.Depth)
        || Report(
            descriptor, use.Depth, use.Place.Columns(matrix.Depth), group, use.Place.NearestInputs(matrix.Depth, group), use);

    /// <summary>The multiples of a group that are nearest to a number of features.</summary>
    public static Suggestion Neighbours(int features, int group)
    {
        var below = features / group * group;
        return below == 0 ? new(group) : new(below, below + group);
    }

    /// <summary>Reports a matrix that is too small to gain from zeros.</summary>
    public static void ReportTooSmall(MatrixSpec matrix, ModifierUse use)
    {
        if (!matrix.HasShape || matrix.Weights >= NMSettings.SmallestLayer)
            return;
        use.Sink.Report(
            Descriptors.LayerTooSmall,
            (use.IsDefault ? use.Place.Layer : use.Attribute).Syntax(),
            use.Path,
            matrix.Weights,
            NMSettings.SmallestLayer,
            use.IsDefault ? "put [Dense] on it" : use.OptOut);
    }

    /// <summary>Reports a modifier of weight gradients on a matrix of which only kept weights learn.</summary>
    public static bool AllWeightsLearn(MatrixSpec matrix, ModifierUse use)
    {
        if (matrix.Format is not { KeepsMaskedWeights: false } format)
            return true;
        use.Sink.Report(Descriptors.GradientsOfStaticMask, use.Attribute.Syntax(), use.Name, use.Path, format.Source(use.MaskName));
        return false;
    }

    private static bool Report(
        DiagnosticDescriptor descriptor, SyntaxNode place, string features, int group, Suggestion neighbours, ModifierUse use)
    {
        var optOut = use.IsDefault ? $" or {use.OptOut}" : "";
        use.Sink.Report(descriptor, place, neighbours, use.Path, features, group, $"change it to {neighbours}{optOut}");
        return false;
    }

    private static string Words(int number) => number.ToString(CultureInfo.InvariantCulture);
}
