namespace SparseSharp.Runtime.Tests.Testing;

public sealed class AllocationsTests
{
    private object? _last;

    [Fact]
    public void An_action_that_allocates_is_found()
    {
        Assert.InRange(Allocations.LeastOf(() => _last = new byte[100]), 100, 200);
        Assert.NotNull(_last);
    }

    [Fact]
    public void An_action_that_allocates_nothing_has_none()
    {
        var sum = 0;
        Assert.Equal(0, Allocations.LeastOf(() => sum++));
        Assert.InRange(sum, 2, int.MaxValue);
    }

    /// <summary>As the runtime does: in the first run, and in one run later.</summary>
    [Fact]
    public void What_is_allocated_in_one_run_is_not_of_the_action()
    {
        foreach (var odd in (int[])[2, 3, 5])
        {
            var run = 0;
            Assert.Equal(0, Allocations.LeastOf(() => _last = ++run == 1 || run == odd ? new byte[3152] : _last));
        }
    }

    [Fact]
    public void The_smallest_of_all_runs_counts()
    {
        var run = 0;
        Assert.InRange(Allocations.LeastOf(() => _last = new byte[++run == 4 ? 100 : 1000]), 100, 200);
    }
}
