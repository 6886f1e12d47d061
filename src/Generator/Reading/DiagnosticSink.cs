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
    public bool HasErrors { get; private set; }

    /// <summary>Reports at a node or a token. The location is one in the source, so that <c>#pragma warning disable</c> works.</summary>
    public void Report(DiagnosticDescriptor descriptor, SyntaxNodeOrToken place, params object[] arguments) =>
        Report(descriptor, place, ImmutableDictionary<string, string?>.Empty, arguments);

    /// <summary>The same, at a value in place of which others would be right.</summary>
    public void Report(DiagnosticDescriptor descriptor, SyntaxNodeOrToken place, Suggestion suggestion, params object[] arguments) => Report(
        descriptor,
        place,
        ImmutableDictionary<string, string?>.Empty.Add(Suggestion.Property, string.Join(Suggestion.Separator.ToString(), suggestion.Values)),
        arguments);

    private void Report(DiagnosticDescriptor descriptor, SyntaxNodeOrToken place, ImmutableDictionary<string, string?> properties, object[] arguments)
    {
        if (descriptor.DefaultSeverity == DiagnosticSeverity.Error)
            HasErrors = true;
        report?.Invoke(Diagnostic.Create(descriptor, place.GetLocation(), properties, arguments));
    }

    /// <summary>Marks the model as invalid because of code that the C# compiler reports by itself.</summary>
    public void LeaveToCompiler() => HasErrors = true;
}
