using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SparseSharp.Fuzz.Programs;

/// <summary>Makes programs that nobody would write, and those that people write while they type.</summary>
internal static class ProgramMutator
{
    private static readonly string[] Numbers =
    [
        "0", "1", "2", "3", "4", "5", "7", "8", "12", "15", "16", "17", "32", "63", "64", "65", "100", "128", "1000", "1024", "4096",
        "65536", "1 << 20", "16777216", "2147483647", "-1", "-2147483648", "2147483648",
        "0.5", "0.25", "0.75", "0.875", "0.9", "0.99999", "1.0", "1.5", "-0.5", "0.0", "1e-30", "1e300", "double.NaN",
        "double.PositiveInfinity", "float.NaN", "int.MaxValue", "0.1f", "10m", "'a'", "null", "\"x\"", "default", "checked(1 / 0)", "0x7f",
        "1_000",
    ];

    private static readonly string[] Tokens =
    [
        "(", ")", "{", "}", "[", "]", "<", ">", ";", ",", ".", "?", "!", "=>", "=", "+", "-", "*", "/", "?.", "??", "..", "&", "is", "not",
        "null", "this", "base", "static", "partial", "sealed", "abstract", "record", "struct", "interface", "class",
        "readonly", "required", "virtual", "override", "new", "unsafe", "async", "ref", "in", "out", "params", "scoped", "file", "private",
        "public", "protected", "internal", "get", "set", "init", "return", "var", "int", "float", "Linear", "Activation",
        "if (true)", "while (true)", "for (;;)", "foreach (var i in x)", "switch", "try", "lock (this)", "using", "yield return", "await",
        "goto", "throw", "#if X\n", "#endif\n", "#nullable disable\n", "#line 5 \"a.cs\"\n", "/*", "//", "\"", "@", "$\"", "\\u0041", "é",
        "𝒳", "<T>",
        "where T : class", "global::", "nameof(", "typeof(int)", "default", "stackalloc int[3]", "() =>", "delegate", "event", "operator",
        "namespace N;", "extern alias x;", "[assembly: System.CLSCompliant(true)]",
    ];

    /// <summary>A program for the random numbers given.</summary>
    public static string Make(Random random)
    {
        var corpus = Corpus.Instance;
        var text = Pick(corpus.Programs, random);
        if (random.Next(6) == 0)
            text += "\n" + Pick(corpus.Programs, random);
        // Half of the programs have one change, which most often is one mistake.
        for (var times = random.Next(2) == 0 ? 1 : random.Next(1, 5); times > 0; times--)
        {
            text = Mutate(text, corpus, random);
            if (text.Length > 200_000)
                break;
        }
        return text;
    }

    private static string Mutate(string text, Corpus corpus, Random random)
    {
        var root = CSharpSyntaxTree.ParseText(text).GetCompilationUnitRoot();
        var tokens = root.DescendantTokens().Where(token => token.Span.Length > 0).ToList();
        if (tokens.Count == 0)
            return Pick(corpus.Programs, random);
        var token = tokens[random.Next(tokens.Count)];
        switch (random.Next(16))
        {
            case 0 or 1 or 2:
                return Replace(text, Of<LiteralExpressionSyntax>(root, random)?.Span, Pick(Numbers, random));
            case 3:
                return Replace(text, Of<ExpressionSyntax>(root, random)?.Span, Pick(corpus.Expressions, random));
            case 4:
                var identifiers = tokens.Where(candidate => candidate.IsKind(SyntaxKind.IdentifierToken)).ToList();
                return identifiers.Count == 0
                    ? text
                    : Replace(text, identifiers[random.Next(identifiers.Count)].Span, Pick(corpus.Identifiers, random));
            case 5:
                return Replace(text, Of<AttributeSyntax>(root, random)?.Span, Pick(corpus.Attributes, random));
            case 6:
                var owner = Of<MemberDeclarationSyntax>(root, random);
                return owner is null ? text : text.Insert(owner.SpanStart, $"[{Pick(corpus.Attributes, random)}] ");
            case 7:
                var member = Of<PropertyDeclarationSyntax>(root, random);
                return member is null ? text : text.Insert(member.SpanStart, Pick(corpus.Members, random) + "\n");
            case 8:
                var repeated = Of<CSharpSyntaxNode>(root, random);
                return repeated is null ? text : text.Insert(repeated.Span.End, repeated.ToString());
            case 9:
                return Replace(text, Of<CSharpSyntaxNode>(root, random)?.Span, "");
            case 10:
                var other = tokens[random.Next(tokens.Count)];
                return Replace(Replace(text, token.Span, Pick(Tokens, random)), other.Span.End < token.SpanStart
                    ? other.Span
                    : null, token.Text);
            case 11:
                return Replace(text, token.Span, "");
            case 12:
                return text.Insert(token.SpanStart, Pick(Tokens, random) + " ");
            case 13:
                // As while typing.
                return text[..token.Span.End];
            case 14:
                return Deepen(text, root, random);
            default:
                return Replace(text, Of<ExpressionSyntax>(root, random)?.Span, Pick(Numbers, random));
        }
    }

    /// <summary>Long chains, deep parentheses and long sums.</summary>
    private static string Deepen(string text, CompilationUnitSyntax root, Random random)
    {
        if (Of<InvocationExpressionSyntax>(root, random) is not { } call)
            return text;
        var depth = 1 << random.Next(1, 12);
        return random.Next(5) switch
        {
            0 => text.Insert(call.Span.End, string.Concat(Enumerable.Repeat(".Relu()", depth))),
            1 => Replace(text, call.Span, new string('(', depth) + call + new string(')', depth)),
            2 => text.Insert(call.Span.End, string.Concat(Enumerable.Repeat($" + {call}", depth > 64 ? 64 : depth))),
            3 => text.Insert(call.Span.End, string.Concat(Enumerable.Repeat($" + x", depth))),
            _ => text.Insert(call.Span.End, string.Concat(Enumerable.Repeat($".{Pick((string[])["Tanh()", "Gelu()", "Dropout(0.5f)", "Sigmoid()", "Relu()", "Through(Stem)", "Reshape(4, 4)"], random)}", depth > 200 ? 200 : depth))),
        };
    }

    private static T? Of<T>(CompilationUnitSyntax root, Random random)
        where T : SyntaxNode
    {
        var nodes = root.DescendantNodes().OfType<T>().Where(node => node.Span.Length > 0).ToList();
        return nodes.Count == 0 ? null : nodes[random.Next(nodes.Count)];
    }

    private static string Replace(string text, TextSpan? span, string replacement) =>
        span is { } place
            && place.End <= text.Length ? string.Concat(text.AsSpan(0, place.Start), replacement, text.AsSpan(place.End)) : text;

    private static string Pick(IReadOnlyList<string> list, Random random) => list[random.Next(list.Count)];
}
