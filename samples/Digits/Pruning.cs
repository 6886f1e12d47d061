using SparseSharp;

namespace Digits;

/// <summary>Makes 2:4 transposable models of a trained dense one, without training: with the mask alone, and with AdaPrune.</summary>
internal static class Pruning
{
    private const int CalibrationImages = 1000;

    /// <summary>Prunes a trained contestant.</summary>
    /// <typeparam name="TDense">Class of its model.</typeparam>
    /// <typeparam name="TSparse">Class of the models to make.</typeparam>
    public static IReadOnlyList<Contestant> Prune<TDense, TSparse>(Contestant trained, DigitData data)
        where TDense : class, ISparseModel<TDense>, IDisposable
        where TSparse : class, ISparseModel<TSparse>, IDisposable
    {
        var dense = ((Contestant<TDense>)trained).Model;
        var masked = TSparse.Create(trained.Seed);
        MagnitudePruning.Apply(dense, masked);
        var pruned = TSparse.Create(trained.Seed);
        Console.WriteLine(AdaPrune.Apply(dense, pruned, data.Train.Take(CalibrationImages).Inputs));
        return
        [
            new Contestant<TSparse>("nm-masked", "2:4 mask on dense", trained.Seed, masked),
            new Contestant<TSparse>("nm-adaprune", "2:4 AdaPrune of dense", trained.Seed, pruned),
        ];
    }
}
