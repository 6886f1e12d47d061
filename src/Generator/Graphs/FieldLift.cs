namespace SparseSharp.Generator.Graphs;

/// <summary>
/// A lift of the complete graph <c>K(a, b)</c> by <c>r</c>, a power of two: row <c>(i, x)</c> meets column <c>(j, x + I[i]·J[j])</c>, with
/// elements I and J of a finite field of which the sum uses the low bits only.
/// </summary>
/// <remarks>
/// The blocks of its matrix are translations of x, which commute, so the characters of x split the matrix into r small ones: the trivial
/// character gives all ones, every other one a matrix of signs <c>[a, b]</c>. Those are cut out of the table of an additive character of
/// the field, whose rows are orthogonal with norm <c>√q</c>. So no other singular value exceeds <c>√q</c>, and the test of the graph is one
/// of small matrices.
/// </remarks>
internal sealed class FieldLift
{
    private const int RandomAttempts = 64;

    private readonly int[,] _translations;

    private FieldLift(GaloisField field, int[] left, int[] right, int fold)
    {
        Left = left;
        Right = right;
        Fold = fold;
        _translations = new int[left.Length, right.Length];
        for (var i = 0; i < left.Length; i++)
        {
            for (var j = 0; j < right.Length; j++)
                _translations[i, j] = field.Multiply(left[i], right[j]) & (fold - 1);
        }
    }

    /// <summary>The elements of the rows.</summary>
    public int[] Left { get; }

    /// <summary>The elements of the columns.</summary>
    public int[] Right { get; }

    /// <summary>The lift's r.</summary>
    public int Fold { get; }

    private double Bound => RamanujanTest.Bound(Right.Length, Left.Length);

    /// <summary>The lift by the first elements and, where the field has others, by random ones.</summary>
    public static IEnumerable<FieldLift> Attempts(int left, int right, int fold, SplitMix64 random)
    {
        var field = new GaloisField(Math.Max(Math.Max(left, right), fold));
        yield return new(field, [.. Enumerable.Range(0, left)], [.. Enumerable.Range(0, right)], fold);
        if (left == field.Order && right == field.Order)
            yield break;
        for (var attempt = 0; attempt < RandomAttempts; attempt++)
            yield return new(field, random.Subset(field.Order, left), random.Subset(field.Order, right), fold);
    }

    /// <summary>
    /// Whether the lift by the first elements has the second singular value <c>√max(a, b)</c>, which is within the bound.
    /// </summary>
    public static bool IsCertain(int left, int right, int fold) =>
        IsPowerOfTwo(left) && IsPowerOfTwo(right) && fold <= Math.Max(left, right);

    public bool IsAccepted() => IsWithin(Bound);

    /// <summary>Whether no singular value but the largest exceeds a bound.</summary>
    public bool IsWithin(double bound)
    {
        var size = Math.Min(Left.Length, Right.Length);
        return Enumerable.Range(1, Fold - 1).All(character => RamanujanTest.IsWithin(Gram(character), size, bound));
    }

    public double SecondSingularValue()
    {
        var size = Math.Min(Left.Length, Right.Length);
        return Math.Sqrt(Enumerable.Range(1, Fold - 1).Max(character => SymmetricMatrix.LargestEigenvalue(Gram(character), size)));
    }

    public BipartiteGraph Graph()
    {
        var rows = new int[Left.Length * Fold][];
        for (var row = 0; row < rows.Length; row++)
        {
            var (i, x) = (row / Fold, row % Fold);
            rows[row] = [.. Enumerable.Range(0, Right.Length).Select(j => (j * Fold) + (x ^ _translations[i, j]))];
        }
        return BipartiteGraph.Of(Right.Length * Fold, rows);
    }

    /// <summary>Of the matrix of signs of a character, over its smaller side.</summary>
    private double[] Gram(int character)
    {
        var isWide = Left.Length <= Right.Length;
        var (size, length) = isWide ? (Left.Length, Right.Length) : (Right.Length, Left.Length);
        var gram = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                for (var k = 0; k < length; k++)
                {
                    var (x, y) = isWide ? (_translations[i, k], _translations[j, k]) : (_translations[k, i], _translations[k, j]);
                    gram[(i * size) + j] += IsOdd(character & (x ^ y)) ? -1 : 1;
                }
            }
        }
        return gram;
    }

    private static bool IsPowerOfTwo(int number) => (number & (number - 1)) == 0;

    /// <summary>Whether a number below <see cref="GaloisField.LargestOrder"/> has an odd number of bits.</summary>
    private static bool IsOdd(int bits)
    {
        bits ^= bits >> 4;
        bits ^= bits >> 2;
        return ((bits ^ (bits >> 1)) & 1) != 0;
    }
}
