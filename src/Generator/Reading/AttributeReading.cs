using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SparseSharp.Generator.Reading;

/// <summary>Values of an attribute and, for diagnostics only, the places they are written at.</summary>
internal static class AttributeReading
{
    /// <summary>Reads a constructor argument; false where the C# compiler has an error to report.</summary>
    public static bool TryGet<T>(this AttributeData attribute, int index, out T value)
    {
        value = default!;
        if (attribute.ConstructorArguments.Length <= index
            || attribute.ConstructorArguments[index] is not { Kind: not TypedConstantKind.Array, Value: T read })
            return false;

        value = read;
        return true;
    }

    /// <summary>Reads a constructor argument that is an array; false where the C# compiler has an error to report.</summary>
    public static bool TryGetArray<T>(this AttributeData attribute, int index, out T[] values)
    {
        values = [];
        if (attribute.ConstructorArguments.Length <= index
            || attribute.ConstructorArguments[index] is not { Kind: TypedConstantKind.Array, IsNull: false, Values: var elements }
            || !elements.All(element => element.Value is T))
            return false;

        values = [.. elements.Select(element => (T)element.Value!)];
        return true;
    }

    /// <summary>Reads a property that the attribute sets, or the default it has otherwise.</summary>
    public static T Get<T>(this AttributeData attribute, string property, T otherwise)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == property && argument.Value.Value is T value)
                return value;
        }

        return otherwise;
    }

    /// <summary>
    /// Reads a property that is an array; empty where the attribute sets none, or an element is an error of the C# compiler.
    /// </summary>
    public static IReadOnlyList<T> GetArray<T>(this AttributeData attribute, string property)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == property && argument.Value is { Kind: TypedConstantKind.Array, IsNull: false })
                return [.. argument.Value.Values.Select(element => element.Value).OfType<T>()];
        }

        return [];
    }

    /// <summary>Whether the attribute sets a property.</summary>
    public static bool Sets(this AttributeData attribute, string property) =>
        attribute.NamedArguments.Any(argument => argument.Key == property);

    public static AttributeSyntax Syntax(this AttributeData attribute) =>
        (AttributeSyntax)attribute.ApplicationSyntaxReference!.GetSyntax();

    /// <summary>The argument of a constructor parameter, by name or position; the whole attribute where it is not written out.</summary>
    public static SyntaxNode Argument(this AttributeData attribute, int index)
    {
        var syntax = attribute.Syntax();
        var arguments = syntax.ArgumentList?.Arguments ?? default;
        var name = attribute.AttributeConstructor?.Parameters is { } parameters
            && index < parameters.Length ? parameters[index].Name : null;
        foreach (var argument in arguments)
        {
            if (argument.NameColon is { } colon && colon.Name.Identifier.ValueText == name)
                return argument.Expression;
        }

        return index < arguments.Count
            && arguments[index] is { NameColon: null, NameEquals: null } positional ? positional.Expression : syntax;
    }

    /// <summary>The value that the attribute gives to a property; the whole attribute where it gives none.</summary>
    public static SyntaxNode Argument(this AttributeData attribute, string property)
    {
        var syntax = attribute.Syntax();
        foreach (var argument in syntax.ArgumentList?.Arguments ?? default)
        {
            if (argument.NameEquals is { } equals && equals.Name.Identifier.ValueText == property)
                return argument.Expression;
        }

        return syntax;
    }
}
