using Digits.Models;
using SparseSharp;

namespace Digits;

/// <summary>One model class of this program.</summary>
/// <param name="Model">The value of <c>--model</c> that it belongs to; null for all.</param>
/// <param name="Name">Its name in the JSON report; models of the same name differ in width.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Hidden">Width of its hidden layers.</param>
/// <param name="Create">Makes a contestant with fresh weights.</param>
internal sealed record CatalogueEntry(string? Model, string Name, string Title, int Hidden, Func<ulong, Contestant> Create);

/// <summary>The models that are compiled into this program. A further kind of model is one more line here.</summary>
internal static class Catalogue
{
    private static readonly CatalogueEntry[] s_entries =
    [
        .. Kind<DenseDigitNet256, DenseDigitNet512, DenseDigitNet, DenseDigitNet2048>(null, "dense", "dense"),
        .. Kind<DigitNet256, DigitNet512, DigitNet, DigitNet2048>("nm", "nm", "2:4 transposable"),
        Entry<Product75DigitNet>("blocks", "rbgp4-75", "RBGP4 75 %"),
        Entry<Product87DigitNet>("blocks", "rbgp4-87.5", "RBGP4 87.5 %"),
        Entry<Product93DigitNet>("blocks", "rbgp4-93.75", "RBGP4 93.75 %"),
        Entry<Uniform75DigitNet>("blocks", "uniform-75", "Uniform 4x4 75 %"),
        Entry<Uniform87DigitNet>("blocks", "uniform-87.5", "Uniform 4x4 87.5 %"),
        Entry<Uniform93DigitNet>("blocks", "uniform-93.75", "Uniform 4x4 93.75 %"),
        Entry<Hierarchical75DigitNet>("blocks", "hierarchical-75", "Hierarchical 75 %"),
        Entry<Hierarchical87DigitNet>("blocks", "hierarchical-87.5", "Hierarchical 87.5 %"),
        Entry<Hierarchical93DigitNet>("blocks", "hierarchical-93.75", "Hierarchical 93.75 %"),
        Entry<Learned75DigitNet>("blocks", "learned-75", "Learned 4x4 75 %"),
        Entry<Learned87DigitNet>("blocks", "learned-87.5", "Learned 4x4 87.5 %"),
        Entry<Learned93DigitNet>("blocks", "learned-93.75", "Learned 4x4 93.75 %"),
        Entry<AnnealedDigitNet>("autosparse", "autosparse", "AutoSparse"),
        Entry<RoundedDenseDigitNet>("bfloat16", "dense-bfloat16", "dense, bfloat16"),
        Entry<RoundedDigitNet>("bfloat16", "nm-bfloat16", "2:4 transposable, bfloat16"),
        Entry<RoundedProduct75DigitNet>("bfloat16", "rbgp4-75-bfloat16", "RBGP4 75 %, bfloat16"),
    ];

    private static readonly Func<Contestant, DigitData, IReadOnlyList<Contestant>>[] s_prunings =
    [
        Pruning.Prune<DenseDigitNet256, DigitNet256>,
        Pruning.Prune<DenseDigitNet512, DigitNet512>,
        Pruning.Prune<DenseDigitNet, DigitNet>,
        Pruning.Prune<DenseDigitNet2048, DigitNet2048>,
    ];

    /// <summary>The values of <c>--model</c>.</summary>
    public static IReadOnlyList<string> Models { get; } = [.. s_entries.Select(entry => entry.Model).OfType<string>().Distinct()];

    /// <summary>Widths that every kind of model comes in, ascending.</summary>
    public static IList<int> Widths { get; } = [.. s_entries.Select(entry => entry.Hidden).Distinct().Order()];

    /// <summary>
    /// The models of one value of <c>--model</c> and a width, the dense one first; none if they do not come in that width.
    /// </summary>
    public static IReadOnlyList<CatalogueEntry> Of(string model, int hidden)
    {
        var entries = s_entries.Where(entry => entry.Hidden == hidden && (entry.Model ?? model) == model).ToList();
        return entries.Count > 1 ? entries : [];
    }

    /// <summary>What makes pruned models of a trained dense one of this width.</summary>
    public static Func<Contestant, DigitData, IReadOnlyList<Contestant>> PruningOfWidth(int hidden) => s_prunings[Widths.IndexOf(hidden)];

    private static CatalogueEntry[] Kind<T1, T2, T3, T4>(string? model, string name, string title)
        where T1 : class, ISparseModel<T1>, IDisposable
        where T2 : class, ISparseModel<T2>, IDisposable
        where T3 : class, ISparseModel<T3>, IDisposable
        where T4 : class, ISparseModel<T4>, IDisposable =>
        [Entry<T1>(model, name, title), Entry<T2>(model, name, title), Entry<T3>(model, name, title), Entry<T4>(model, name, title)];

    private static CatalogueEntry Entry<TModel>(string? model, string name, string title)
        where TModel : class, ISparseModel<TModel>, IDisposable =>
        new(
            model, name, title, TModel.Descriptor.Layers[0].Outputs,
            seed => new Contestant<TModel>(name, title, seed, TModel.Create(seed)));
}
