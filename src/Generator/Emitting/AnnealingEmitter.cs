using System.Globalization;
using SparseSharp.Generator.Specs;
using SparseSharp.Rules;

namespace SparseSharp.Generator.Emitting;

/// <summary>Prints what gradient annealing adds to the pattern of a layer. Settings that are the runtime's own are left out.</summary>
internal static class AnnealingEmitter
{
    /// <summary>The pattern of a layer that has no other.</summary>
    public static string Free(AnnealSpec annealing)
    {
        var settings = Settings(annealing);
        Add(settings, nameof(annealing.TopK), Number(annealing.TopK), annealing.TopK > 0);
        Add(settings, nameof(annealing.Budget), Member(annealing.Budget), annealing.Budget != default);
        Add(settings, nameof(annealing.RebuildEvery), annealing.RebuildEvery.ToString(CultureInfo.InvariantCulture), annealing.RebuildEvery != AnnealRules.DefaultRebuild);
        return $"new global::SparseSharp.UnstructuredPattern {{ {string.Join(", ", settings)} }}";
    }

    /// <summary>What goes behind an N:M pattern.</summary>
    public static string Beside(AnnealSpec annealing)
    {
        var settings = Settings(annealing);
        Add(settings, nameof(annealing.Mode), Member(annealing.Mode), annealing.Mode != default);
        Add(settings, nameof(annealing.BetaInBackward), "true", annealing.BetaInBackward);
        return $" {{ {string.Join(", ", settings)} }}";
    }

    /// <summary>The settings of annealing itself, as the first of those of a pattern.</summary>
    private static List<string> Settings(AnnealSpec annealing)
    {
        var own = new List<string>();
        Add(own, nameof(annealing.Alpha), Number(annealing.Alpha), annealing.Alpha != AnnealRules.DefaultAlpha);
        Add(own, nameof(annealing.Schedule), Member(annealing.Schedule), annealing.Schedule != default);
        Add(own, nameof(annealing.HardZero), Number(annealing.HardZero), annealing.HardZero != AnnealRules.DefaultHardZero);
        Add(own, nameof(annealing.PerStep), "true", annealing.PerStep);
        Add(own, nameof(annealing.AfterZero), Member(annealing.AfterZero), annealing.AfterZero != default);
        Add(own, nameof(annealing.AutoTune), "true", annealing.AutoTune);
        Add(own, nameof(annealing.BackwardDensity), Number(annealing.BackwardDensity), annealing.BackwardDensity != 1);
        Add(own, nameof(annealing.Threshold), Member(annealing.Threshold), annealing.Threshold != default);
        Add(own, nameof(annealing.InitialThreshold), Number(annealing.InitialThreshold), annealing.InitialThreshold != AnnealRules.DefaultThreshold);
        Add(own, nameof(annealing.ThresholdRate), Number(annealing.ThresholdRate), annealing.ThresholdRate != 1);
        return [own.Count == 0 ? "Annealing = new()" : $"Annealing = new() {{ {string.Join(", ", own)} }}"];
    }

    private static void Add(List<string> settings, string property, string value, bool differs)
    {
        if (differs)
            settings.Add($"{property} = {value}");
    }

    private static string Member<TEnum>(TEnum member)
        where TEnum : struct, Enum => $"global::SparseSharp.{typeof(TEnum).Name}.{member}";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture) + "d";
}
