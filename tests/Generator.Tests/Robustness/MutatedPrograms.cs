using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SparseSharp.Generator.Tests.Robustness;

/// <summary>Programs with models, and what becomes of them when tokens are lost, doubled, exchanged or replaced.</summary>
internal static class MutatedPrograms
{
    /// <summary>
    /// What may stand where another token stood: names that differ in case only, keywords, letters of other scripts, numbers that no shape
    /// has.
    /// </summary>
    private static readonly string[] Tokens =
    [
        "@class", "@int", "größe", "Größe", "名前", "ıI", "_", "__", "record", "field", "var", "dynamic", "partial", "class", "struct",
        "interface", "static", "abstract", "file", "ref", "params",
        "required", "readonly", "virtual", "new", "this", "base", "null", "default", "0", "-1", "1", "3", "2147483647", "99999999999",
        "0.5f", "float.NaN", "'x'", "\"text\"", "1e39", "(", ")", "{", "}",
        "[", "]", "<", ">", "<T>", ";", ",", ".", "=>", "=", "?", "!", "+", "-", "*", "/", "%", "Net", "NET", "net", "Linear",
        "Activation", "SparseModel", "Input", "Forward", "forward", "Head", "head",
        "Layers", "Save", "Dispose", "ToString", "_descriptor", "get;", "set;", "init;", "#if X", "#endif", "//", "/*", "x", "Through",
        "int", "string", "object", "void",
    ];

    public static IReadOnlyList<string> Originals { get; } =
    [
        """
        [SparseModel] public sealed partial class Net
        {
            [Linear(64, 32), NMSparse(2, 4, Transposable = true)] public partial Linear Stem { get; }
            [Linear(32, 32)] public partial Linear Mixer { get; }
            [Linear(32, 10, Bias = false)] public partial Linear Head { get; }
            Activation Forward([Input(8, 8)] Activation x)
            {
                var h = x.Through(Stem).Relu();
                h += h.Through(Mixer).Gelu().Dropout(0.25f) * 0.5f;
                return (h - 1).Through(Head) / 2;
            }
        }
        """,
        """
        namespace A.B;
        [SparseModel] partial class Block { [Linear(16, 16)] private partial Linear Inner { get; } Activation Forward([Input(16)] Activation x) => x + x.Through(Inner).Silu(); }
        [SparseModel] partial class Pair { public partial Block First { get; } public partial Block Second { get; } Activation Forward([Input(16)] Activation x) => x.Through(First).Through(Second); }
        [SparseModel] internal partial class Net
        {
            public partial Pair Left { get; }
            public partial Pair Right { get; }
            Activation Forward([Input(16)] Activation x) => x.Through(Left) * x.Through(Right).Sigmoid() - -x;
        }
        """,
        """
        public partial class Outer
        {
            public partial record struct Middle
            {
                [SparseModel, NMSparse(1, 4, Policy = MaskPolicy.Static)]
                public partial class @class : IDisposable
                {
                    private const int Width = 32;
                    [Linear(Width, 2 * Width)] public partial Linear @return { get; }
                    [Linear(2 * Width, Width), Dense] public partial Linear größe { get; }
                    public @class(string path) : this(1) => LoadWeights(path);
                    Activation Forward([Input(Width)] Activation 名前) => 名前.Through(@return).Tanh().Through(größe);
                    public void Dispose() => DisposeLayers();
                }
            }
        }
        """,
        """
        [SparseModel, BlockSparse(Uniform, Sparsity = 0.75)]
        partial class Blocks
        {
            [Linear(64, 64)] internal partial Linear A { get; }
            [Linear(64, 64), BlockSparse(RBGP4, Sparsity = 0.5)] internal partial Linear B { get; }
            [Linear(64, 64), BlockSparse(Learned, Penalty = 0.01f)] internal partial Linear C { get; }
            [Linear(64, 64), BlockSparse(Hierarchical, Sparsity = 0.75)] internal partial Linear D { get; }
            Activation Forward([Input(64)] Activation x) => x.Through(A).Relu().Through(B).Relu().Through(C).Relu().Through(D);
        }
        """,
        """
        [SparseModel, Bfloat16, NMActivations(2, 4)]
        partial class Rounded
        {
            [Linear(32, 32), NMGradients(2, 4), GradientAnneal] public partial Linear A { get; }
            [Linear(32, 8), GradientAnneal(TopK = 0.5)] public partial Linear B { get; }
            Activation Forward([Input(32)] Activation x) { const float half = 1 / 2f; Activation h; h = x.Through(A).KTanh(); { h *= half; } return h.Through(B); }
            public override string ToString() => "rounded";
        }
        [SparseModel] partial class rounded { Activation Forward([Input(4)] Activation x) => x.Relu(); }
        """,
        """
        namespace Net { [SparseModel] partial class Net { [Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => x.Through(Head); } }
        namespace net { [SparseModel] partial class Net { [Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => x.Through(Head); } }
        namespace SparseSharp { [SparseModel] partial class DenseKernel { [Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => x.Through(Head); } }
        """,
        """
        partial class Unmarked { [Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => x.Through(Head); }
        [SparseModel] partial record Data { [Linear(8, 4)] public partial Linear Head { get; set; } Activation Forward([Input(8)] Activation x) => x.Through(Head); }
        [SparseModel] partial class Many<T>(int n) { public int N => n; public partial Linear Head { get; } Activation forward([Input(8)] Activation x) => Head.Forward(x); }
        static class Use { static void It(Trainer<Good> trainer, Dataset data) { trainer.Fit(data, 1, 2); _ = trainer.Fit(data, 1, 2); foreach (var epoch in trainer.Fit(data, 3, 4)) { } } }
        [SparseModel] partial class Good { public Good(int a) : this((ulong)a) { } [Linear(8, 4)] public partial Linear Head { get; } Activation Forward([Input(8)] Activation x) => x.Through(Head); }
        """,
        """
        [SparseModel, UniformBlocks(Sparsity = 0.75, Rows = 8, Cols = 2)]
        partial class Net
        {
            [Linear(64, 64)] public partial Linear A { get; }
            [Linear(64, 64), Rbgp4Blocks(Sparsity = 0.875)] public partial Linear B { get; }
            [Linear(64, 64), HierarchicalBlocks(Sparsity = 0.75)] public partial Linear C { get; }
            [Linear(64, 64), LearnedBlocks(Penalty = 0.01f)] public partial Linear D { get; }
            [Linear(64, 10), Dense] public partial Linear Head { get; }
            Activation Forward([Input(64)] Activation x) => x.Through(A).Relu().Through(B).Relu().Through(C).Relu().Through(D).Through(Head);
        }
        [SparseModel(VariantOf = typeof(Net)), NMSparse(2, 4)] partial class Net24 { [Linear(64, 64), Dense] public partial Linear B { get; } }
        [SparseModel(VariantOf = typeof(Net24)), GradientAnneal(TopK = 0.1)] public sealed partial class Annealed;
        [SparseModel(VariantOf = typeof(Net)), Bfloat16] partial class Rounded { public partial Net A { get; } }
        """,
    ];

    /// <summary>The program of a number: which it was made of, and its text.</summary>
    public static (int Original, string Source) Make(int number)
    {
        var random = new Random(number);
        var original = number % Originals.Count;
        var source = Originals[original];
        for (var mutations = 1 + random.Next(4); mutations > 0; mutations--)
            source = Mutate(source, random);
        return (original, source);
    }

    private static string Mutate(string source, Random random)
    {
        var root = CSharpSyntaxTree.ParseText(source).GetRoot();
        var tokens = root.DescendantTokens().Where(token => token.Span.Length > 0).ToList();
        if (tokens.Count < 3)
            return source;
        var token = tokens[random.Next(tokens.Count)];
        switch (random.Next(12))
        {
            case 0 or 1:
                return Replace(token, "");
            case 2:
                return Replace(token, $"{token.Text} {token.Text}");
            case 3:
                return Exchange(token, tokens[random.Next(tokens.Count)]);
            case 4:
                return source[..random.Next(source.Length)];
            case 5:
                return source.Remove(token.SpanStart + random.Next(token.Span.Length), 1);
            case 6:
                // A member or a statement once more.
                var nodes = root.DescendantNodes().Where(node => node is Microsoft.CodeAnalysis.CSharp.Syntax.MemberDeclarationSyntax or Microsoft.CodeAnalysis.CSharp.Syntax.StatementSyntax).ToList();
                var node = nodes[random.Next(nodes.Count)];
                return source.Insert(node.FullSpan.End, source.Substring(node.FullSpan.Start, node.FullSpan.Length));
            case 7:
                // A name in another spelling, everywhere.
                var names = tokens.Where(other => other.IsKind(SyntaxKind.IdentifierToken)).ToList();
                var name = names[random.Next(names.Count)].Text;
                return source.Replace(name, random.Next(3) switch
                {
                    0 =>
                    name.ToUpperInvariant(),
                    1 =>
                        name.ToLowerInvariant(),
                    _ => Tokens[random.Next(Tokens.Length)]
                }, StringComparison.Ordinal);
            case 8:
                return source.Insert(token.SpanStart, Tokens[random.Next(Tokens.Length)] + " ");
            default:
                return Replace(token, Tokens[random.Next(Tokens.Length)]);
        }

        string Replace(SyntaxToken old, string text) => source.Remove(old.SpanStart, old.Span.Length).Insert(old.SpanStart, text);

        string Exchange(SyntaxToken one, SyntaxToken other)
        {
            var (first, second) = one.SpanStart < other.SpanStart ? (one, other) : (other, one);
            return first == second ? source : source[..first.SpanStart] + second.Text + source[first.Span.End..second.SpanStart] + first.Text + source[second.Span.End..];
        }
    }
}
