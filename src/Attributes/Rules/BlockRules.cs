namespace SparseSharp.Rules;

/// <summary>What makes block sparsity valid, shared by the compiler checks and the runtime.</summary>
internal static class BlockRules
{
    /// <summary>Rows and columns of a block: what one tile of a kernel works on.</summary>
    public const int DefaultSize = 4;

    /// <summary>Rows and columns of a large block.</summary>
    public const int DefaultOuterSize = 32;

    public const int DefaultPruneFrom = 1;

    public const int DefaultPruneSteps = 1000;

    public const int DefaultPruneEvery = 50;

    public const double DefaultPenalty = 1e-3;

    /// <summary>How often an RBGP4 mask can halve the weights of a layer.</summary>
    public const int MostHalvings = 6;

    /// <summary>Whether something is left to drop and to keep.</summary>
    public static bool IsSparsity(double sparsity) => sparsity > 0 && sparsity < 1;

    public static bool IsPenalty(double penalty) => penalty >= 0 && !double.IsInfinity(penalty);

    /// <summary>The sparsity after so many halvings.</summary>
    public static double SparsityOf(int halvings) => 1 - (1.0 / (1 << halvings));

    /// <summary>The halvings that give a sparsity; 0 where none do.</summary>
    public static int HalvingsOf(double sparsity)
    {
        for (var halvings = 1; halvings <= MostHalvings; halvings++)
        {
            if (sparsity == SparsityOf(halvings))
                return halvings;
        }
        return 0;
    }
}
