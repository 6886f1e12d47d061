using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SparseSharp.Testing;

namespace SparseSharp.Architecture.Tests;

/// <summary>
/// Which source files of a project use which others: a file uses another one if it names a type or a member that is declared there.
/// Documentation comments do not count.
/// </summary>
public sealed class FileGraph
{
    private FileGraph(IReadOnlyList<string> files, IReadOnlyDictionary<string, SortedSet<string>> uses, CSharpCompilation compilation)
    {
        Files = files;
        Uses = uses;
        Compilation = compilation;
    }

    /// <summary>Paths below the folder of the project, with <c>/</c>, in order.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>For each file the others that it uses.</summary>
    public IReadOnlyDictionary<string, SortedSet<string>> Uses { get; }

    /// <summary>What the graph was read from.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>Reads the sources below a folder.</summary>
    /// <param name="folder">The folder of the project.</param>
    /// <exception cref="InvalidOperationException">The sources do not compile: what they use would be unknown.</exception>
    public static FileGraph Read(string folder)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.Parse);
        string[] files =
        [
            .. Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
                .Where(path => path.Split('/')[0] is not ("bin" or "obj"))
                .Order(StringComparer.Ordinal),
        ];
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(folder, file)), options, file)).ToArray();
        var compilation = CSharpCompilation.Create(
            "SparseSharp", // As the assembly, which sees the internals of the attributes.
            [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, options)],
            TrustedReferences.Find("SparseSharp.Attributes.dll", "System.Numerics.Tensors.dll"),
            new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        if (compilation.GetDiagnostics().FirstOrDefault(found => found.Severity == DiagnosticSeverity.Error
            && found.Id != ImplementedByGenerator) is { } error)
            throw new InvalidOperationException($"The sources in {folder} do not compile: {error}.");
        return new(files, trees.ToDictionary(tree => tree.FilePath, tree => FilesUsedBy(tree, compilation)), compilation);
    }

    /// <summary>
    /// Sets of files each of which uses all others of its set, if only by way of others: those with more than one file, the largest first.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Circles()
    {
        var (index, low, stack, onStack) =
            (new Dictionary<string, int>(), new Dictionary<string, int>(), new Stack<string>(), new HashSet<string>());
        var circles = new List<IReadOnlyList<string>>();
        foreach (var file in Files)
        {
            if (!index.ContainsKey(file))
                Visit(file);
        }
        return [.. circles.OrderByDescending(circle => circle.Count).ThenBy(circle => circle[0], StringComparer.Ordinal)];

        // Tarjan's algorithm.
        void Visit(string file)
        {
            index[file] = low[file] = index.Count;
            stack.Push(file);
            onStack.Add(file);
            foreach (var used in Uses[file])
            {
                if (!index.ContainsKey(used))
                {
                    Visit(used);
                    low[file] = Math.Min(low[file], low[used]);
                }
                else if (onStack.Contains(used))
                {
                    low[file] = Math.Min(low[file], index[used]);
                }
            }
            if (low[file] != index[file])
                return;
            var circle = new List<string>();
            string member;
            do
            {
                member = stack.Pop();
                onStack.Remove(member);
                circle.Add(member);
            }
            while (member != file);
            if (circle.Count > 1)
                circles.Add([.. circle.Order(StringComparer.Ordinal)]);
        }
    }

    /// <summary>A partial method without a body: the framework's generator for native calls writes it.</summary>
    private const string ImplementedByGenerator = "CS8795";

    private const string ImplicitUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static SortedSet<string> FilesUsedBy(SyntaxTree tree, CSharpCompilation compilation)
    {
        var model = compilation.GetSemanticModel(tree);
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            // Names, and what calls a constructor, an operator or an indexer without one.
            if (node is not (SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax or ElementAccessExpressionSyntax or BinaryExpressionSyntax or CollectionExpressionSyntax))
                continue;
            if (node.Ancestors().Any(ancestor => ancestor is UsingDirectiveSyntax or BaseNamespaceDeclarationSyntax)
                && node.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>() is null)
                continue;
            var symbol = model.GetSymbolInfo(node).Symbol;
            foreach (var file in DeclaredIn(symbol))
                files.Add(file);
        }
        files.Remove(tree.FilePath);
        return files;
    }

    /// <summary>Where a type or a member is declared. Of a type in several files it is the first.</summary>
    private static IEnumerable<string> DeclaredIn(ISymbol? symbol)
    {
        symbol = symbol switch
        {
            null or INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol or IRangeVariableSymbol or ILabelSymbol =>
                null,
            IAliasSymbol alias => alias.Target,
            IMethodSymbol { MethodKind: MethodKind.LocalFunction } => null,
            IMethodSymbol { MethodKind: MethodKind.ReducedExtension, ReducedFrom: { } reduced } => reduced,
            _ => symbol,
        };
        return symbol?.OriginalDefinition.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree.FilePath)
            .Where(path => path.Length > 0)
            .Order(StringComparer.Ordinal)
            .Take(1) ?? [];
    }
}
