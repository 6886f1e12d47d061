namespace SparseSharp.Patterns;

/// <summary>When a training drops blocks, and how far it has come with that.</summary>
/// <param name="From">Optimizer step of the first pruning, at least 1.</param>
/// <param name="Steps">Optimizer steps from the first pruning to the last, at least 1.</param>
/// <param name="Every">Optimizer steps between two prunings, at least 1.</param>
internal readonly record struct PruneSchedule(int From, int Steps, int Every)
{
    /// <summary>The step of the last pruning.</summary>
    public long Last => (long)From + Steps;

    /// <summary>
    /// The schedule for a training of so many steps: if it would go on for longer, it ends after three quarters of them, which leaves time
    /// to recover.
    /// </summary>
    /// <param name="steps">Optimizer steps of the training; 0 where they are not known.</param>
    public PruneSchedule Within(long steps)
    {
        if (steps == 0 || Last <= steps)
            return this;
        var length = (int)Math.Max(1, (steps * 3 / 4) - From);
        return new(From, length, Every <= length ? Every : Math.Max(1, length / 8));
    }

    /// <summary>Whether blocks are dropped after a step.</summary>
    public bool Prunes(long step) => step >= From && step <= Last && ((step - From) % Every == 0 || step == Last);

    /// <summary>0 at the first pruning, 1 at the last.</summary>
    public double Progress(long step) => (step - From) / (double)Steps;

    /// <summary>Throws if a number is out of its range.</summary>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(From, 1, "PruneFrom");
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1, "PruneSteps");
        ArgumentOutOfRangeException.ThrowIfLessThan(Every, 1, "PruneEvery");
    }

    /// <summary>For example <c>pruned every 50 steps from step 1 for 1000</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"pruned every {Every} steps from step {From} for {Steps}");
}
