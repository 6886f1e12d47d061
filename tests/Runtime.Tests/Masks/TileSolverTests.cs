using SparseSharp.Masks.Search;

namespace SparseSharp.Runtime.Tests.Masks;

public sealed unsafe class TileSolverTests
{
    [Theory]
    [InlineData(1, 4, 2, 295429, 295429, 302998, 302998)]
    [InlineData(3, 4, 2, 361114, 361114, 372456, 372456)]
    [InlineData(1, 8, 4, 1470072, 1473573, 1474650, 1474650)]
    [InlineData(2, 8, 4, 1400907, 1428696, 1445558, 1445558)]
    [InlineData(1, 8, 2, 831861, 855001, 855001, 856755)]
    [InlineData(3, 8, 2, 757862, 757862, 775555, 779545)]
    [InlineData(1, 16, 8, 6027612, 6045845, 6064906, 6078614)]
    [InlineData(1, 32, 16, 24708794, 24832789, 24951176, 24998704)]
    public void Golden_mass_after_every_stage(uint seed, int group, int keep, double greedy, double fill, double exchange, double optimum)
    {
        var solver = Load(Tiles.Golden(seed, group), keep, group);
        solver.Greedy();
        Assert.Equal(greedy, solver.Mass);
        solver.Fill();
        Assert.Equal(fill, solver.Mass);
        solver.Exchange();
        Assert.Equal(exchange, solver.Mass);
        solver.Rotate(4 * group);
        Assert.Equal(optimum, solver.Mass);
        AssertFull(solver, keep, group);
    }

    [Theory]
    [InlineData(1, 8, 4, 2004302)]
    [InlineData(2, 8, 4, 2136795)]
    [InlineData(3, 8, 2, 2072687)]
    [InlineData(1, 16, 8, 8410243)]
    [InlineData(1, 32, 16, 34199825)]
    public void Golden_tiles_are_the_ones_of_the_table(uint seed, int group, int keep, double total)
    {
        Assert.Equal(total, Tiles.Golden(seed, group).Sum(value => (double)value));
        Assert.InRange(keep, 1, group - 1);
    }

    [Theory]
    [InlineData(1, 8, 4, "6C B8 8D 66 E2 1B 53 95")]
    [InlineData(2, 8, 4, "9A 17 74 71 E4 8B 4D AA")]
    [InlineData(1, 8, 2, "48 A0 05 44 28 03 12 90")]
    [InlineData(3, 8, 2, "24 42 11 28 41 12 88 84")]
    [InlineData(1, 16, 8, "B2CC 6E0D 13EA B057 C633 0D76 E11B 4D33 DAE0 3C99 5547 A0BE 515D ABA4 EEC0 1FA8")]
    public void Golden_masks(uint seed, int group, int keep, string expected) =>
        Assert.Equal(expected, Tiles.Print(Tiles.Find(Tiles.Both(keep, group), Tiles.Golden(seed, group), group, group)));

    [Fact]
    public void Golden_masks_after_the_first_stages()
    {
        var solver = Load(Tiles.Golden(2, 8), 4, 8);
        solver.Greedy();
        Assert.Equal("9A 36 74 11 E4 CA 4B AC", Tiles.Print(solver.Rows));
        solver.Fill();
        Assert.Equal("9A 17 74 71 E4 8B 4B AC", Tiles.Print(solver.Rows));
    }

    [Theory]
    [InlineData(2, 4, 300)]
    [InlineData(4, 8, 300)]
    [InlineData(2, 8, 300)]
    [InlineData(7, 8, 60)]
    [InlineData(1, 8, 60)]
    [InlineData(2, 3, 100)]
    [InlineData(5, 12, 40)]
    [InlineData(8, 16, 60)]
    [InlineData(4, 16, 40)]
    [InlineData(16, 32, 8)]
    [InlineData(8, 32, 8)]
    public void Reaches_the_optimum_of_the_flow_oracle(int keep, int group, int tiles)
    {
        for (var i = 0; i < tiles; i++)
        {
            var tile = i % 3 == 0 ? Tiles.Integers(group * group, 5, (uint)(100 + i)) : Tiles.Gaussian(group * group, (uint)(100 + i));
            var solver = Load(tile, keep, group);
            Solve(solver, 4 * group);
            AssertFull(solver, keep, group);
            var optimum = new MinimumCostFlow(tile, group, keep).Mass();
            Assert.Equal(optimum, solver.Mass, 1e-9 * Math.Max(1, optimum));
        }
    }

    /// <summary>The table of kept mass over optimum: mean after stages 1, 1-2, 1-3 and with one, two or all cycles.</summary>
    [Theory]
    [InlineData(2, 4, 4000, .985, .989, .9992, .99998, 1)]
    [InlineData(4, 8, 3000, .987, .992, .9983, .9998, .99998)]
    [InlineData(2, 8, 3000, .977, .979, .9959, .9997, .99996)]
    [InlineData(8, 16, 300, .991, .994, .9984, .9992, .9998)]
    [InlineData(16, 32, 40, .993, .995, .998, .9987, .9990)]
    public void Quality_of_every_stage(
        int keep, int group, int tiles, double greedy, double fill, double exchange, double oneCycle, double twoCycles)
    {
        var mean = new double[5];
        for (var i = 0; i < tiles; i++)
        {
            var solver = Load(Tiles.Gaussian(group * group, (uint)(1000 + i)), keep, group);
            var mass = new double[5];
            solver.Greedy();
            mass[0] = solver.Mass;
            solver.Fill();
            mass[1] = solver.Mass;
            solver.Exchange();
            mass[2] = solver.Mass;
            solver.Rotate(1);
            mass[3] = solver.Mass;
            solver.Rotate(1);
            mass[4] = solver.Mass;
            solver.Rotate(4 * group);
            for (var stage = 0; stage < mean.Length; stage++)
                mean[stage] += mass[stage] / solver.Mass / tiles;
        }
        Assert.InRange(mean[0], greedy - .001, greedy + .001);
        Assert.InRange(mean[1], fill - .001, fill + .001);
        Assert.InRange(mean[2], exchange - .0003, exchange + .001);
        Assert.InRange(mean[3], oneCycle - .0001, 1);
        Assert.InRange(mean[4], twoCycles - .0001, 1);
    }

    [Theory]
    [InlineData(4, 8)]
    [InlineData(8, 16)]
    [InlineData(16, 32)]
    public void A_warm_start_ends_at_the_same_mass(int keep, int group)
    {
        var (rows, columns) = (2 * group, 3 * group);
        var pattern = Tiles.Both(keep, group);
        var weight = Tiles.Gaussian(rows * columns, 30);
        var before = Tiles.Find(pattern, weight, rows, columns);
        var noise = Tiles.Gaussian(rows * columns, 31);
        for (var i = 0; i < weight.Length; i++)
            weight[i] += .1f * noise[i];
        var cold = Tiles.Find(pattern, weight, rows, columns);
        var warm = Tiles.Find(pattern, weight, rows, columns, before);
        Assert.True(warm.Follows(pattern));
        Assert.Equal(Tiles.Mass(cold, weight), Tiles.Mass(warm, weight), 1e-6);
        Assert.NotEqual(0, before.Flips(warm));
    }

    [Fact]
    public void A_warm_start_keeps_an_optimal_mask_where_others_are_as_good()
    {
        var pattern = Tiles.Both(4, 8);
        var ones = Enumerable.Repeat(1f, 64 * 64).ToArray();
        var before = Tiles.Find(pattern, Tiles.Gaussian(64 * 64, 32), 64, 64);
        Tiles.AssertEqual(before, Tiles.Find(pattern, ones, 64, 64, before));
        Assert.NotEqual(0, before.Flips(Tiles.Find(pattern, ones, 64, 64)));
    }

    [Fact]
    public void A_start_that_is_no_mask_of_the_pattern_is_left_aside()
    {
        var pattern = Tiles.Both(4, 8);
        var weight = Tiles.Gaussian(32 * 48, 33);
        Tiles.AssertEqual(Tiles.Find(pattern, weight, 32, 48), Tiles.Find(pattern, weight, 32, 48, Tiles.Full(32, 48)));
    }

    [Fact]
    public void Works_in_place_and_in_slices()
    {
        var pattern = Tiles.Both(5, 12);
        var weight = Tiles.Gaussian(48 * 60, 34);
        var mask = Tiles.Find(pattern, weight, 48, 60);
        Tiles.AssertEqual(mask, Tiles.Find(pattern, weight, 48, 60, step: 12));
        var again = mask.Copy();
        fixed (float* first = weight)
            MaskSearch.Find(pattern.Shape, first, 60, 0, 48, again, again, "weight");
        Tiles.AssertEqual(mask, again);
    }

    /// <summary>Every stage of the vector path for tiles of 8 by 8 against the general one, with and without ties.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(7)]
    public void Tiles_of_eight_take_a_faster_path_to_the_same_mask(int keep)
    {
        var (fast, general) = (new TileSolver(), new TileSolver(usesVectors: false));
        for (var i = 0; i < 1500; i++)
        {
            var tile = i % 2 == 0 ? Tiles.Integers(64, (uint)(2 + (i % 9)), (uint)(2000 + i)) : Tiles.Gaussian(64, (uint)(2000 + i));
            fixed (float* first = tile)
            {
                fast.Load(keep, 8, first, 8);
                general.Load(keep, 8, first, 8);
            }
            foreach (var stage in (Action<TileSolver>[])[it => it.Greedy(), it => it.Fill(), it => it.Exchange(), it => it.Rotate(
                1), it => it.Rotate(32)])
            {
                stage(fast);
                stage(general);
                Assert.Equal(general.Rows, fast.Rows);
            }
        }
    }

    [Fact]
    public void A_refresh_of_tiles_of_eight_ends_at_the_same_mask_on_both_paths()
    {
        const int Size = 64;
        var weight = Tiles.Gaussian(Size * Size, 50);
        var before = Tiles.Find(Tiles.Both(4, 8), weight, Size, Size);
        var noise = Tiles.Gaussian(Size * Size, 51);
        for (var i = 0; i < weight.Length; i++)
            weight[i] += .05f * noise[i];
        var (fast, general) = (before.Copy(), before.Copy());
        fixed (float* first = weight)
            for (var row = 0; row < Size; row += 8)
            {
                new TileSolver().Find(4, 8, first, Size, row, fast, fast);
                new TileSolver(usesVectors: false).Find(4, 8, first, Size, row, general, general);
            }
        Assert.NotEqual(0, before.Flips(fast));
        Tiles.AssertEqual(general, fast);
    }

    [Fact]
    public void One_solver_takes_tiles_of_any_size_in_turn()
    {
        var solver = new TileSolver();
        foreach (var (keep, group) in new[] { (16, 32), (2, 3), (4, 8), (15, 31), (4, 8) })
        {
            var tile = Tiles.Gaussian(group * group, 35);
            fixed (float* first = tile)
                solver.Load(keep, group, first, group);
            Solve(solver, 4 * group);
            var fresh = Load(tile, keep, group);
            Solve(fresh, 4 * group);
            Assert.Equal(fresh.Rows, solver.Rows);
        }
    }

    private static TileSolver Load(float[] tile, int keep, int group)
    {
        var solver = new TileSolver();
        fixed (float* first = tile)
            solver.Load(keep, group, first, group);
        return solver;
    }

    private static void Solve(TileSolver solver, int cycles)
    {
        solver.Greedy();
        solver.Fill();
        solver.Exchange();
        solver.Rotate(cycles);
    }

    private static void AssertFull(TileSolver solver, int keep, int group)
    {
        for (var i = 0; i < group; i++)
        {
            Assert.Equal(keep, System.Numerics.BitOperations.PopCount(solver.Rows[i]));
            var column = 0;
            foreach (var row in solver.Rows)
                column += (int)(row >> i & 1);
            Assert.Equal(keep, column);
        }
    }
}
