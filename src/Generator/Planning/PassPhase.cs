using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Planning;

/// <summary>A part of a pass that all panels go through before any begins the next one.</summary>
/// <param name="Calls">What is done with each panel.</param>
/// <param name="Reduction">What is done with all panels afterwards; empty for the last phase.</param>
internal sealed record PassPhase(EquatableArray<Call> Calls, EquatableArray<Call> Reduction)
{
    /// <summary>Cuts a pass behind its batch-wide calls.</summary>
    public static IReadOnlyList<PassPhase> Cut(EquatableArray<Call> calls)
    {
        var phases = new List<PassPhase>();
        for (var next = 0; next < calls.Count || phases.Count == 0;)
        {
            var panels = Take(isBatchWide: false);
            phases.Add(new(panels, Take(isBatchWide: true)));

            EquatableArray<Call> Take(bool isBatchWide)
            {
                var taken = calls.Skip(next).TakeWhile(call => call.IsBatchWide == isBatchWide).ToEquatableArray();
                next += taken.Count;
                return taken;
            }
        }
        if (phases[phases.Count - 1].Reduction.Count > 0)
            phases.Add(new(EquatableArray<Call>.Empty, EquatableArray<Call>.Empty));
        return phases;
    }
}
