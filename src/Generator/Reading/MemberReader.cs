using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Layers;
using SparseSharp.Generator.Modifiers;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads the properties of a model class: its layers and its nested models.</summary>
/// <param name="model">The class.</param>
/// <param name="declared">How it is declared again.</param>
/// <param name="variant">Whose members it has, where it is a variant; else null.</param>
/// <param name="models">Reads nested models.</param>
/// <param name="sink">Takes what is found.</param>
internal sealed class MemberReader(
    INamedTypeSymbol model, TypeSpec declared, VariantReader? variant, ModelReader models, DiagnosticSink sink)
{
    private readonly MemberTable _table = new();
    private readonly ModifierReader _modifiers = new(ReadDefaults(model, variant, sink), model.Name, sink, models.Cancellation);
    private bool _isTooLarge;

    /// <summary>Set where a member leads back to a model that is being read: that model.</summary>
    public NestedModel? Loop { get; private set; }

    public MemberTable Read()
    {
        foreach (var member in (variant?.Model ?? model).GetMembers())
        {
            if (member is IPropertySymbol property)
                ReadProperty(variant?.ReplacementOf(property) ?? property, property);
        }

        return _table;
    }

    /// <summary>The attributes of the class, which are the defaults of its layers.</summary>
    private static Annotations ReadDefaults(INamedTypeSymbol model, VariantReader? variant, DiagnosticSink sink)
    {
        var own = Annotations.Of(model, sink);
        if (variant is not null)
            return own.Over(Annotations.Of(variant.Model, sink));
        if (own.OptOut is { } attribute)
            sink.Report(
                Descriptors.OutsideModel, attribute.Syntax(), Vocabulary.ShortName(attribute),
                "a class without sparsity is dense anyway; remove it");
        return own;
    }

    /// <param name="property">The property.</param>
    /// <param name="original">That of the model where a variant declares it again, else the same.</param>
    private void ReadProperty(IPropertySymbol property, IPropertySymbol original)
    {
        if (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not BasePropertyDeclarationSyntax any)
            return;
        if (property.Name.Length == 0)
        {
            // Half a declaration, as it stands while someone types.
            sink.LeaveToCompiler();
            return;
        }

        var annotations = any.AttributeLists.Count > 0 ? Annotations.Of(property, sink) : Annotations.None;
        if (any is not PropertyDeclarationSyntax syntax)
        {
            if (annotations.Layer is { } onIndexer)
                sink.Report(Descriptors.PropertyNotGetOnly, onIndexer.Syntax(), property.Name, "an indexer cannot be a layer");
            return;
        }

        var shape = annotations.Layer ?? (Vocabulary.IsLayer(property.Type) ? Vocabulary.Find(original, AttributeRole.Layer) : null);
        if (shape is { } layer)
        {
            ReadLayer(property, syntax, layer, annotations);
            return;
        }

        foreach (var ineffective in annotations.OnLayers)
            sink.Report(Descriptors.SparsityWithoutLayer, ineffective.Syntax(), Vocabulary.ShortName(ineffective), property.Name);
        if (!syntax.Modifiers.Any(SyntaxKind.PartialKeyword))
            return;
        if (property.Type is INamedTypeSymbol type && Vocabulary.IsModel(type))
            ReadNested(property, syntax, type);
        else if (Vocabulary.KindOf(property.Type) is { } kind && StubReader.IsLeftToGenerator(property, declared))
            sink.Report(Descriptors.LayerWithoutAttribute, syntax.Identifier, property.Name, $"[{kind.Name}{kind.Parameters}] {string.Join(" ", syntax.Modifiers.Select(modifier => modifier.Text))} {kind.Name} {property.Name} {{ get; }}");
    }

    private void ReadLayer(IPropertySymbol property, PropertyDeclarationSyntax syntax, AttributeData attribute, Annotations annotations)
    {
        CheckProperty(syntax, sink);
        var kind = Vocabulary.KindOf(attribute);
        if (Vocabulary.KindOf(property.Type) != kind)
            sink.Report(Descriptors.PropertyType, syntax.Type, property.Name, Vocabulary.ShortName(attribute), syntax.Type.ToString());

        var source = new LayerSource(attribute, TypeReader.Escape(property.Name), annotations, _modifiers, sink);
        var spec = kind.Read(source);
        foreach (var ineffective in source.HasMatrix ? [] : annotations.OnLayers)
            sink.Report(
                Descriptors.OutsideModel, ineffective.Syntax(), Vocabulary.ShortName(ineffective),
                $"a {kind.Name} layer has no weight matrix, so remove it");
        _table.Add(new LayerMember(property.Name, syntax.Identifier, _table.Layers.Count));
        if (!_isTooLarge && ModelSize.HasTooManyLayers(_table.Layers.Count + 1))
        {
            sink.Report(Descriptors.ModelTooLarge, syntax.Identifier, property.Name, model.Name, ModelSize.MostLayers, "layers");
            _isTooLarge = true;
        }

        _table.Layers.Add(new(source.Path, KeywordsOf(property, syntax), spec) { IsDocumented = IsDocumented(property, syntax) });
    }

    /// <summary>Where documentation is off, its comments are comments like all others.</summary>
    private bool IsDocumented(IPropertySymbol property, PropertyDeclarationSyntax syntax) =>
        !IsInherited(property) && syntax.GetLeadingTrivia().Any(
            trivia => trivia.HasStructure
                || (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && trivia.ToString().StartsWith("///", StringComparison.Ordinal)));

    private void ReadNested(IPropertySymbol property, PropertyDeclarationSyntax syntax, INamedTypeSymbol type)
    {
        CheckProperty(syntax, sink);
        var name = syntax.Identifier.ValueText;
        var nested = models.ReadNested(type);
        var first = _table.Layers.Count;
        var fits = nested.Spec is { } read && !ModelSize.HasTooManyLayers(first + read.Layers.Count);
        _table.Add(new NestedMember(name, syntax.Identifier, type.Name, first, fits ? nested.Spec!.Graph : null));

        if (nested.Spec is not { } spec)
        {
            ReportFault(syntax, type, nested);
            return;
        }

        if (ModelSize.HasTooManyLayers(_table.Layers.Count + spec.Layers.Count))
        {
            if (!_isTooLarge)
                sink.Report(Descriptors.ModelTooLarge, syntax.Identifier, name, model.Name, ModelSize.MostLayers, "layers");
            _isTooLarge = true;
            return;
        }
        foreach (var layer in spec.Layers)
            _table.Layers.Add(layer with { Path = $"{TypeReader.Escape(name)}.{layer.Path}", Keywords = "" });
        _table.NestedModels.Add(new(TypeReader.Escape(name), KeywordsOf(property, syntax), spec.Type.FullName, first, spec.Layers.Count));
    }

    private void ReportFault(PropertyDeclarationSyntax syntax, INamedTypeSymbol type, NestedModel nested)
    {
        if (nested.Loop is not null && SymbolEqualityComparer.Default.Equals(nested.Loop, model))
        {
            sink.Report(Descriptors.ContainsItself, syntax.Type, model.Name, $"{model.Name} → {nested.Chain}");
            return;
        }

        if (nested.Loop is not null)
            Loop ??= nested with { Chain = $"{model.Name} → {nested.Chain}" };
        sink.Report(Descriptors.NestedModelUnreadable, syntax.Type, syntax.Identifier.ValueText, type.Name, nested.Fault);
    }

    /// <summary>Reports a property that the generator cannot implement.</summary>
    public static void CheckProperty(PropertyDeclarationSyntax syntax, DiagnosticSink sink)
    {
        var name = syntax.Identifier.ValueText;
        if (!syntax.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            var modifiers = string.Concat(syntax.Modifiers.Select(modifier => modifier.Text + " "));
            sink.Report(Descriptors.PropertyNotPartial, syntax.Identifier, name, $"{modifiers}partial {syntax.Type} {name} {{ get; }}");
            return;
        }

        foreach (var modifier in syntax.Modifiers)
        {
            if (modifier.IsKind(SyntaxKind.StaticKeyword))
                sink.Report(Descriptors.PropertyNotGetOnly, modifier, name, "remove 'static'");
        }

        if (syntax.ExpressionBody is { } body)
            sink.Report(Descriptors.PropertyNotGetOnly, body, name, "write '{ get; }' instead of this body");
        if (syntax.Initializer is { } initializer)
            sink.Report(Descriptors.PropertyNotGetOnly, initializer, name, "remove the initializer");
        foreach (var accessor in syntax.AccessorList?.Accessors ?? default)
        {
            if (!accessor.IsKind(SyntaxKind.GetAccessorDeclaration))
                sink.Report(Descriptors.PropertyNotGetOnly, accessor, name, $"remove '{accessor.Keyword.ValueText}'");
            else if (accessor.Body is not null || accessor.ExpressionBody is not null)
                sink.Report(Descriptors.PropertyNotGetOnly, accessor, name, "write 'get;' without a body");
        }
    }

    /// <summary>A variant has no part of its own of what its model declares.</summary>
    private string KeywordsOf(IPropertySymbol property, PropertyDeclarationSyntax syntax)
    {
        var keywords = string.Join(" ", syntax.Modifiers.Select(modifier => modifier.Text));
        return IsInherited(property) ? VariantReader.WithoutPartial(keywords) : keywords;
    }

    /// <summary>Whether a variant has a property from its model.</summary>
    private bool IsInherited(IPropertySymbol property) => !SymbolEqualityComparer.Default.Equals(property.ContainingType, model);
}
