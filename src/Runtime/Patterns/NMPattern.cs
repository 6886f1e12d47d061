using System.Globalization;
using System.Numerics;
using SparseSharp.Masks;
using SparseSharp.Masks.Search;
using SparseSharp.Patterns;
using SparseSharp.Settings;

namespace SparseSharp;

/// <summary>
/// An N:M pattern: exactly <paramref name="Keep"/> of <paramref name="Group"/> consecutive weights of a row are kept and, where
/// transposable, of a column too.
/// </summary>
/// <param name="Keep">N, weights kept.</param>
/// <param name="Group">M, weights in a group; at most 32.</param>
/// <param name="Transposable">Whether every M by M tile keeps N weights per row and per column.</param>
/// <param name="Policy">How masked weights are treated while training.</param>
/// <param name="RefreshEvery">Optimizer steps between two mask searches, at least 1; not used by a static mask.</param>
/// <param name="Decay">Lambda of SR-STE.</param>
/// <param name="RegrowShare">Mean score of masked weights under <see cref="MaskPolicy.Regrow"/>, as a share of the mean magnitude of kept
/// ones.</param>
public sealed record NMPattern(
    int Keep, int Group, bool Transposable, MaskPolicy Policy = MaskPolicy.SrSte, int RefreshEvery = 1, float Decay = 2e-4f,
    float RegrowShare = (float)NMSettings.DefaultRegrowShare) : SparsityPattern
{
    /// <summary>
    /// How masked weights are annealed; null leaves them to <see cref="Policy"/>, which is <see cref="MaskPolicy.SrSte"/> or
    /// <see cref="MaskPolicy.StraightThrough"/> otherwise.
    /// </summary>
    public GradientAnnealing? Annealing { get; init; }

    /// <summary>What annealing does beside the pattern.</summary>
    public NMAnnealing Mode { get; init; }

    /// <inheritdoc cref="GradientAnnealAttribute.BetaInBackward"/>
    public bool BetaInBackward { get; init; }

    /// <inheritdoc/>
    public override double Density => (double)Keep / Group;

    /// <inheritdoc cref="NMSettings.KeepsMaskedWeights"/>
    internal override bool KeepsMaskedWeights => NMSettings.KeepsMaskedWeights(Policy);

    internal override GradientAnnealing? Annealed => Annealing;

    internal override int SearchInterval => RefreshEvery;

    internal override bool StartsDense => Policy == MaskPolicy.Step;

    internal override double? GaussianShare => GaussianMass.Of(this);

    internal override double? MaskDigits => MaskDiversity.Log10(this);

    internal override string Identity =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{this}, {Policy}, refreshed every {RefreshEvery}, decay {Decay}, regrow share {RegrowShare}{AnnealingText}");

    /// <summary>What a search for a mask has to know.</summary>
    internal NMShape Shape => new(Keep, Group, Transposable);

    private string AnnealingText =>
        Annealing is null ? "" : $", {Mode}{(BetaInBackward ? " with its factor backward" : "")}, {Annealing.Identity}";

    /// <summary>For example <c>2:4 transposable</c>.</summary>
    public override string ToString() => $"{Keep}:{Group}{(Transposable ? " transposable" : "")}";

    /// <summary>Whether the tiles of a mask lie within groups of so many rows.</summary>
    internal bool StaysInGroups(int rows) => !Transposable || rows % Group == 0;

    internal override string? FirstFault(Mask mask)
    {
        Check(mask.Columns, mask.Rows);
        for (var row = 0; row < mask.Rows; row++)
        {
            var words = mask.Row(row);
            for (var column = 0; column < mask.Columns; column += Group)
            {
                var kept = BitOperations.PopCount(MaskBits.Read(words, column, Group));
                if (kept != Keep)
                    return $"row {row} keeps {kept} of columns {column} to {column + Group - 1}";
            }
        }
        for (var row = 0; row < mask.Rows && Transposable; row += Group)
        {
            for (var word = 0; word < mask.WordsPerRow; word++)
            {
                var others = MaskCounts.ColumnsWithOther(mask, word, row, row + Group, Keep);
                if (others == 0)
                    continue;
                var column = (64 * word) + BitOperations.TrailingZeroCount(others);
                var kept = Enumerable.Range(row, Group).Count(i => mask[i, column]);
                return $"column {column} keeps {kept} of rows {row} to {row + Group - 1}";
            }
        }
        return null;
    }

    /// <summary>Thresholds may leave fewer weights than N: the mask that keeps all of them and some zeros.</summary>
    internal override unsafe Mask? MaskOfZeros(ReadOnlySpan<float> weight, int outputs, int inputs)
    {
        if (base.MaskOfZeros(weight, outputs, inputs) is { } exact)
            return exact;
        if (Annealed is null)
            return null;
        var (nonZero, mask) = (Mask.NonZero(weight, outputs, inputs), new Mask(outputs, inputs));
        fixed (float* first = weight)
            MaskSearch.Find(Shape, first, inputs, 0, outputs, mask, previous: null, nameof(weight));
        for (var i = 0; i < mask.Words.Length; i++)
        {
            if ((nonZero.Words[i] & ~mask.Words[i]) != 0)
                return null;
        }
        return mask;
    }

    internal override void Check(int inputs, int outputs)
    {
        if (!NMSettings.IsValid(Keep, Group))
            throw new ArgumentException(
                $"{Keep}:{Group} sparsity is not possible: N must be at least 1 and less than M, and M at most {NMSettings.MaximumGroup}.");
        if (!NMSettings.Divides(Group, inputs))
            throw new ArgumentException($"{this} sparsity needs input features divisible by {Group}, not {inputs}.");
        if (Transposable && !NMSettings.Divides(Group, outputs))
            throw new ArgumentException($"{this} sparsity needs output features divisible by {Group}, not {outputs}.");
        if (Transposable && Policy == MaskPolicy.SoftThreshold)
            throw new ArgumentException($"{this} sparsity cannot be soft-thresholded: a tile may keep smaller weights than it masks. Use a "
                + "row-wise pattern or another policy.");
        if (Transposable && Policy == MaskPolicy.BiMask)
            throw new ArgumentException(
                $"{this} sparsity needs no second mask for the gradient of the input. Use a row-wise pattern or another policy.");
        ArgumentOutOfRangeException.ThrowIfLessThan(RefreshEvery, 1);
        if (Annealing is null)
            return;
        Annealing.Check();
        if (!AnnealSettings.CanAnneal(Policy))
            throw new ArgumentException(
                $"MaskPolicy.{Policy} cannot be annealed: its masked weights do not exist, or it has a rule of its own for them.");
        if (Transposable && Mode == NMAnnealing.SoftNM)
            throw new ArgumentException($"{this} sparsity cannot be soft-thresholded: a tile may keep smaller weights than it masks. Use a "
                + "row-wise pattern or another mode.");
    }
}
