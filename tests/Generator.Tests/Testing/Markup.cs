using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace SparseSharp.Generator.Tests.Testing;

/// <summary>Source in which <c>{|SPS0001:text|}</c> stands for <c>text</c> with that diagnostic exactly there.</summary>
internal sealed partial record Markup(string Source, IReadOnlyList<(string Id, TextSpan Span)> Expected)
{
    public static Markup Parse(string text)
    {
        var source = new StringBuilder();
        var open = new Stack<(string Id, int Start)>();
        var expected = new List<(string, TextSpan)>();
        var position = 0;
        foreach (Match match in Marks().Matches(text))
        {
            source.Append(text, position, match.Index - position);
            position = match.Index + match.Length;
            if (match.Groups["id"] is { Success: true, Value: var id })
            {
                open.Push((id, source.Length));
                continue;
            }

            var (opened, start) = open.Pop();
            expected.Add((opened, TextSpan.FromBounds(start, source.Length)));
        }

        source.Append(text, position, text.Length - position);
        Assert.Empty(open);
        return new(source.ToString(), expected);
    }

    [GeneratedRegex(@"\{\|(?<id>SPS\d{4}):|\|\}")]
    private static partial Regex Marks();
}
