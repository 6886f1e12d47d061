using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;

namespace SparseSharp.Generator.Reading;

/// <summary>
/// Where the readers put what they find wrong. The analyzer passes a callback; the generator passes none, and then no location and no
/// text is made, but <see cref="HasErrors"/> is still known.
/// </summary>
internal sealed class DiagnosticSink(Action<Diagnostic>? report)
{
    private VariantPlace? _variant;

    public bool HasErrors { get; private set; }

    /// <summary>Reports at a node or a token. The location is one in the source, so that <c>#pragma warning disable</c> works.</summary>
    public void Report(DiagnosticDescriptor descriptor, SyntaxNodeOrToken place, params object[] arguments) =>
        Report(descriptor, place, ImmutableDictionary<string, string?>.Empty, arguments);

    /// <summary>The same, at a value in place of which others would be right.</summary>
    public void Report(DiagnosticDescriptor descriptor, SyntaxNodeOrToken place, Suggestion suggestion, params object[] arguments) =>
        Report(
            descriptor,
            place,
            ImmutableDictionary<string,
            string?>.Empty.Add(Suggestion.Property, string.Join(Suggestion.Separator.ToString(), suggestion.Values)),
            arguments);

    private void Report(
        DiagnosticDescriptor descriptor, SyntaxNodeOrToken place, ImmutableDictionary<string, string?> properties, object[] arguments)
    {
        if (descriptor.DefaultSeverity == DiagnosticSeverity.Error)
            HasErrors = true;
        if (report is null)
            return;

        var diagnostic = Diagnostic.Create(descriptor, place.GetLocation(), properties, arguments);
        if (_variant is null || _variant.IsInside(diagnostic.Location))
            report(diagnostic);
        else if (!_variant.IsSaid(diagnostic))
            report(Diagnostic.Create(descriptor, _variant.Place, arguments));
    }

    /// <summary>A sink for what is read from two classes: a variant and the model that it is a variant of.</summary>
    public DiagnosticSink ForVariant(VariantPlace variant) => new(report) { _variant = variant };

    /// <summary>Marks the model as invalid because of code that the C# compiler reports by itself.</summary>
    public void LeaveToCompiler() => HasErrors = true;
}

/// <summary>
/// Where to say what a variant has wrong with the source of the model that it is a variant of: at its own name, unless the model has it
/// wrong too.
/// </summary>
/// <param name="variant">The class whose own source has places of its own.</param>
/// <param name="place">Its name.</param>
/// <param name="said">What is said of the model itself.</param>
internal sealed class VariantPlace(INamedTypeSymbol variant, Location place, IReadOnlyList<Diagnostic> said)
{
    public Location Place => place;

    public bool IsInside(Location location) =>
        variant.DeclaringSyntaxReferences.Any(part => part.SyntaxTree == location.SourceTree && part.Span.Contains(location.SourceSpan));

    public bool IsSaid(Diagnostic diagnostic) =>
        said.Any(other => other.Id == diagnostic.Id
            && other.Location == diagnostic.Location
            && other.GetMessage() == diagnostic.GetMessage());
}
