using System.Globalization;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;
using SparseSharp.Rules;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads <c>[GradientAnneal]</c> and checks it against the layers that it applies to.</summary>
internal static class GradientAnnealReader
{
    private static readonly GradientAnnealAttribute Defaults = new();

    /// <summary>Null where a setting is not valid.</summary>
    public static AnnealSpec? Read(AttributeData attribute, DiagnosticSink sink)
    {
        var valid = true;
        var spec = new AnnealSpec
        {
            Alpha = Number(nameof(Defaults.Alpha), Defaults.Alpha, AnnealRules.IsShare, "it is a share of the gradient, from 0 to 1"),
            Schedule = Member(nameof(Defaults.Schedule), Defaults.Schedule),
            HardZero = Number(nameof(Defaults.HardZero), Defaults.HardZero, AnnealRules.IsPositiveShare, "it is a part of the training, greater than 0 and at most 1"),
            PerStep = attribute.Get(nameof(Defaults.PerStep), Defaults.PerStep),
            AfterZero = Member(nameof(Defaults.AfterZero), Defaults.AfterZero),
            AutoTune = attribute.Get(nameof(Defaults.AutoTune), Defaults.AutoTune),
            BackwardDensity = Number(nameof(Defaults.BackwardDensity), Defaults.BackwardDensity, AnnealRules.IsPositiveShare, "it is a part of the weights, greater than 0 and at most 1"),
            Threshold = Member(nameof(Defaults.Threshold), Defaults.Threshold),
            InitialThreshold = attribute.Get(nameof(Defaults.InitialThreshold), Defaults.InitialThreshold),
            ThresholdRate = Number(nameof(Defaults.ThresholdRate), Defaults.ThresholdRate, AnnealRules.IsRate, "it is a factor of the learning rate, greater than 0"),
            TopK = Number(nameof(Defaults.TopK), Defaults.TopK, AnnealRules.IsShare, "it is the share of weights to keep, up to 1, or 0 for learned thresholds"),
            Budget = Member(nameof(Defaults.Budget), Defaults.Budget),
            Mode = Member(nameof(Defaults.Mode), Defaults.Mode),
            BetaInBackward = attribute.Get(nameof(Defaults.BetaInBackward), Defaults.BetaInBackward),
            RebuildEvery = AnnealRules.Rebuild(attribute.Get(nameof(Defaults.RebuildEvery), Defaults.RebuildEvery)),
        };
        if (spec.RebuildEvery < 1)
            Fault(Descriptors.AnnealRange, nameof(Defaults.RebuildEvery), nameof(Defaults.RebuildEvery), spec.RebuildEvery, "it is a number of optimizer steps, at least 1, or 0 for the default");
        if (!AnnealRules.IsThreshold(spec.InitialThreshold))
            Fault(Descriptors.ThresholdRange, nameof(Defaults.InitialThreshold), Text(spec.InitialThreshold), AnnealRules.LargestThreshold);
        return valid ? spec : null;

        double Number(string property, double otherwise, Func<double, bool> isValid, string range)
        {
            var value = attribute.Get(property, otherwise);
            if (!isValid(value))
                Fault(Descriptors.AnnealRange, property, property, Text(value), range);
            return value;
        }

        TEnum Member<TEnum>(string property, TEnum otherwise)
            where TEnum : struct, Enum
        {
            var number = attribute.Get(property, (int)(object)otherwise);
            if (!Enum.IsDefined(typeof(TEnum), number))
                Fault(Descriptors.AnnealUnknown, property, number, typeof(TEnum).Name, otherwise);
            return (TEnum)(object)number;
        }

        void Fault(DiagnosticDescriptor descriptor, string property, params object[] values)
        {
            sink.Report(descriptor, attribute.Argument(property), values);
            valid = false;
        }
    }

    /// <summary>The annealed layer; unchanged, and reported, where that is not possible.</summary>
    /// <param name="spec">The settings, or null where they are not valid.</param>
    /// <param name="layer">The layer with its sparsity.</param>
    /// <param name="layerAttribute">What makes it a layer.</param>
    /// <param name="attribute">Where the settings come from.</param>
    /// <param name="sparsity">Where its sparsity comes from; null where it has none.</param>
    /// <param name="isDefault">Whether the settings are those of the class.</param>
    /// <param name="sink">Takes what is wrong.</param>
    public static LayerSpec Apply(
        AnnealSpec? spec, LayerSpec layer, AttributeData layerAttribute, AttributeData attribute, AttributeData? sparsity, bool isDefault, DiagnosticSink sink)
    {
        if (spec is null)
            return layer;
        if (!isDefault)
            ReportWithoutEffect(spec, attribute, sparsity, sink);
        if (sparsity is null)
        {
            NMSparseReader.CheckSize(layer, layerAttribute, attribute, isDefault, sink);
            return layer with { Annealing = spec };
        }
        if (layer.Sparsity is not NMSpec pattern)
        {
            if (layer.Sparsity is not null)
                ReportFixed(layer, layer.Sparsity, attribute, isDefault, sink);
            return layer;
        }
        if (!CheckPattern(spec, pattern, layer, attribute, sparsity, isDefault, sink))
            return layer;

        // Masked weights are pulled to zero only where that was asked for.
        var decay = sparsity.Sets(nameof(NMSparseAttribute.Decay)) ? pattern.Decay : 0;
        return layer with { Annealing = spec, Sparsity = pattern with { Decay = decay } };
    }

    private static bool CheckPattern(
        AnnealSpec spec, NMSpec pattern, LayerSpec layer, AttributeData attribute, AttributeData sparsity, bool isDefault, DiagnosticSink sink)
    {
        if (!pattern.KeepsMaskedWeights)
            ReportFixed(layer, pattern, attribute, isDefault, sink);
        else if (!AnnealRules.CanAnneal(pattern.Policy))
            sink.Report(Descriptors.AnnealPolicy, attribute.Syntax(), pattern.Policy, layer.Path, "leave Policy out (NMAnnealing.SoftNM uses soft-thresholded weights), or remove [GradientAnneal]");
        else if (spec.Mode == NMAnnealing.SoftNM && pattern.Transposable)
            sink.Report(Descriptors.AnnealTransposable, attribute.Argument(nameof(Defaults.Mode)), $"{pattern.Keep}:{pattern.Group}");
        else if (spec.TopK > 0)
            sink.Report(Descriptors.TwoBudgets, attribute.Argument(nameof(Defaults.TopK)), layer.Path, Text(spec.TopK), Vocabulary.ShortName(sparsity));
        else
            return true;
        return false;
    }

    private static void ReportFixed(LayerSpec layer, SparsitySpec sparsity, AttributeData attribute, bool isDefault, DiagnosticSink sink) => sink.Report(
        Descriptors.AnnealFixed,
        attribute.Syntax(),
        layer.Path,
        $"under {sparsity.Source} only kept weights exist",
        isDefault ? "put [GradientAnneal] on the layers that need it instead of the class" : "remove [GradientAnneal] or choose another sparsity");

    /// <summary>Reports settings that others make pointless.</summary>
    private static void ReportWithoutEffect(AnnealSpec spec, AttributeData attribute, AttributeData? sparsity, DiagnosticSink sink)
    {
        if (sparsity is null)
        {
            Without("without [NMSparse]", nameof(Defaults.Mode), nameof(Defaults.BetaInBackward));
        }
        else
        {
            Without("beside [NMSparse]", nameof(Defaults.RebuildEvery), nameof(Defaults.BackwardDensity));
            if (spec.Mode != NMAnnealing.SoftNM)
                Without($"under NMAnnealing.{spec.Mode}", nameof(Defaults.BetaInBackward));
        }
        if (spec.TopK == 0)
            Without("without TopK", nameof(Defaults.Budget));

        var fixedBy = spec.TopK > 0 ? "with a fixed budget" : sparsity is not null && spec.Mode != NMAnnealing.Intersect ? $"under NMAnnealing.{spec.Mode}" : null;
        if (fixedBy is null)
            return;
        Without($"{fixedBy}, which learns no thresholds", nameof(Defaults.Threshold), nameof(Defaults.InitialThreshold), nameof(Defaults.ThresholdRate));
        if (spec.AfterZero == AfterZero.FollowThreshold)
            Without($"{fixedBy}, which learns no thresholds", nameof(Defaults.AfterZero));

        void Without(string reason, params string[] properties)
        {
            foreach (var property in properties)
            {
                if (attribute.Sets(property))
                    sink.Report(Descriptors.AnnealWithoutEffect, attribute.Argument(property), property, reason);
            }
        }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
