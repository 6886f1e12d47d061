namespace SparseSharp.Training;

/// <summary>
/// Decides when STEP (Lu et al., 2023) ends its dense phase: as soon as the mean change of the second moments, averaged over a window of
/// <c>1 / (1 - beta2)</c> steps, is below the epsilon of Adam.
/// </summary>
/// <param name="beta2">Share of the mean square that Adam keeps.</param>
/// <param name="epsilon">Epsilon of Adam.</param>
internal sealed class AutoSwitch(float beta2, float epsilon)
{
    /// <summary>Steps of the window. In decimals, because 1 - 0.9f is a little more than a tenth.</summary>
    private readonly int _window = (int)decimal.Floor(1 / (1 - (decimal)beta2));

    /// <summary>Takes notice of a dense step; true if it was the last one.</summary>
    /// <param name="changes">The changes of the steps before, at most a window of them; gets this one.</param>
    /// <param name="step">Number of the step, from 1.</param>
    /// <param name="change">Mean of <c>|v - v before|</c>.</param>
    /// <param name="earliest">First step that may be the last one.</param>
    /// <param name="latest">The step that is the last one in any case.</param>
    public bool Observe(List<double> changes, long step, double change, long earliest, long latest)
    {
        if (changes.Count == _window)
            changes.RemoveAt(0);
        changes.Add(change);
        if (step >= latest)
            return true;
        return step >= earliest && changes.Count == _window && changes.Average() < epsilon;
    }
}
