using FsCheck;
using FsCheck.Fluent;
using SparseSharp.Masks.Search;

namespace SparseSharp.Runtime.Tests.Masks;

/// <summary>
/// What holds for the masks of any weights, with cases that FsCheck makes up: every pattern, ragged shapes, few and many ties.
/// </summary>
public sealed unsafe class MaskProperties
{
    private sealed record Case(NMPattern Pattern, int Rows, int Columns, float[] Weight)
    {
        public Mask Mask => Tiles.Find(Pattern, Weight, Rows, Columns);

        public Case With(Func<float, int, float> change) => this with { Weight = [.. Weight.Select(change)] };

        public override string ToString() => $"{Pattern} of [{Rows}, {Columns}]: {string.Join(' ', Weight)}";
    }

    [Fact]
    public void Counts_are_exact() => Holds(Cases(null), it => it.Mask.Follows(it.Pattern) && it.Mask.Density == it.Pattern.Density);

    [Fact]
    public void Scaling_by_a_power_of_two_changes_nothing() => Holds(
        Cases(null),
        it => Same(it.Mask, it.With((value, _) => value * 1024).Mask) && Same(it.Mask, it.With((value, _) => value / 64).Mask));

    [Fact]
    public void Signs_change_nothing() => Holds(
        Cases(null), it => Same(it.Mask, it.With((value, index) => index % 3 == 0 ? -value : value).Mask));

    [Fact]
    public void Transposing_keeps_the_mass() => Holds(
        Cases(true),
        it =>
        {
            var turned = Tiles.Transpose(it.Weight, it.Rows, it.Columns);
            return Near(Tiles.Mass(it.Mask, it.Weight), Tiles.Mass(Tiles.Find(it.Pattern, turned, it.Columns, it.Rows), turned));
        });

    [Fact]
    public void A_transposable_mask_keeps_no_more_than_a_row_wise_one() => Holds(
        Cases(true),
        it => Tiles.Mass(it.Mask, it.Weight) <= Tiles.Mass(
            Tiles.Find(it.Pattern with { Transposable = false }, it.Weight, it.Rows, it.Columns), it.Weight) + 1e-6);

    [Fact]
    public void A_warm_start_loses_nothing() => Holds(
        Cases(true),
        it =>
        {
            var other = it.With((value, index) => value + ((index * 31 % 17) - 8));
            var warm = Tiles.Find(it.Pattern, it.Weight, it.Rows, it.Columns, other.Mask);
            return warm.Follows(it.Pattern) && Near(Tiles.Mass(it.Mask, it.Weight), Tiles.Mass(warm, it.Weight));
        });

    [Fact]
    public void Distinct_magnitudes_carry_the_mask_with_them() => Holds(
        Cases(false),
        it =>
        {
            var order = Enumerable.Range(0, it.Weight.Length).OrderBy(index => it.Weight[index]).ToArray();
            var rank = new int[order.Length];
            for (var i = 0; i < order.Length; i++)
                rank[order[i]] = i;
            var distinct = it.With((value, index) => value < 0 ? -rank[index] : rank[index]);
            var reversed = distinct with { Weight = [.. distinct.Weight.Reverse()] };
            var (mask, mirror) = (distinct.Mask, reversed.Mask);
            return Enumerable.Range(0, it.Rows).All(row => Enumerable.Range(0, it.Columns).All(column =>
                mask[row, column] == mirror[it.Rows - 1 - row, it.Columns - 1 - column]));
        });

    [Fact]
    public void Stages_three_and_four_never_lose_mass() => Holds(
        Cases(true),
        it =>
        {
            var solver = new TileSolver();
            fixed (float* first = it.Weight)
                solver.Load(it.Pattern.Keep, it.Pattern.Group, first, it.Columns);
            solver.Greedy();
            var greedy = solver.Mass;
            solver.Fill();
            var filled = solver.Mass;
            solver.Exchange();
            var exchanged = solver.Mass;
            solver.Rotate(4 * it.Pattern.Group);
            const double Rounding = 1e-9;
            return exchanged >= filled - Rounding && solver.Mass >= exchanged - Rounding && greedy >= (solver.Mass / 2) - Rounding;
        });

    private static Gen<Case> Cases(bool? transposable) =>
        from @group in Gen.Choose(2, 32)
        from keep in Gen.Choose(1, @group - 1)
        from both in transposable is { } fixedChoice ? Gen.Constant(fixedChoice) : Gen.Elements(true, false)
        from tall in Gen.Choose(1, 3)
        from wide in Gen.Choose(1, @group < 9 ? 20 : 3)
        from values in Gen.Elements(1, 3, 50, 100_000)
        let rows = both ? @group * tall : tall
        from weight in Gen.ArrayOf(Gen.Choose(-values, values), rows * @group * wide)
        select new Case(new NMPattern(keep, @group, both), rows, @group * wide, [.. weight.Select(value => (float)value)]);

    private static void Holds(Gen<Case> cases, Func<Case, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20, 1121), Prop.ForAll(cases.ToArbitrary(), property));

    private static bool Same(Mask first, Mask second) => first.Flips(second) == 0;

    private static bool Near(double first, double second) => Math.Abs(first - second) <= 1e-9 * Math.Max(1, first);
}
