using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Modifiers.NMSparse;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.GradientAnneal;

/// <summary>Reads <c>[GradientAnneal]</c> and checks it against the matrices that it applies to.</summary>
internal sealed class GradientAnnealModifier : Modifier
{
    private static readonly GradientAnnealAttribute Defaults = new();

    public override ImmutableArray<string> Attributes => ["GradientAnneal"];

    public override ImmutableArray<DiagnosticDescriptor> Diagnostics => GradientAnnealDiagnostics.All;

    public override bool ContradictsDense => true;

    public override ModifierSpec? Read(ModifierSource source, DiagnosticSink sink)
    {
        var attribute = source.Attribute;
        var valid = true;
        var spec = new AnnealSpec
        {
            Alpha = Number(nameof(Defaults.Alpha), Defaults.Alpha, AnnealSettings.IsShare, "it is a share of the gradient, from 0 to 1"),
            Schedule = Member(nameof(Defaults.Schedule), Defaults.Schedule),
            HardZero = Number(
                nameof(Defaults.HardZero),
                Defaults.HardZero,
                AnnealSettings.IsPositiveShare,
                "it is a part of the training, greater than 0 and at most 1"),
            PerStep = attribute.Get(nameof(Defaults.PerStep), Defaults.PerStep),
            AfterZero = Member(nameof(Defaults.AfterZero), Defaults.AfterZero),
            AutoTune = attribute.Get(nameof(Defaults.AutoTune), Defaults.AutoTune),
            BackwardDensity = Number(
                nameof(Defaults.BackwardDensity),
                Defaults.BackwardDensity,
                AnnealSettings.IsPositiveShare,
                "it is a part of the weights, greater than 0 and at most 1"),
            Threshold = Member(nameof(Defaults.Threshold), Defaults.Threshold),
            InitialThreshold = attribute.Get(nameof(Defaults.InitialThreshold), Defaults.InitialThreshold),
            ThresholdRate = Number(
                nameof(Defaults.ThresholdRate),
                Defaults.ThresholdRate,
                AnnealSettings.IsRate,
                "it is a factor of the learning rate, greater than 0"),
            TopK = Number(
                nameof(Defaults.TopK),
                Defaults.TopK,
                AnnealSettings.IsShare,
                "it is the share of weights to keep, up to 1, or 0 for learned thresholds"),
            Budget = Member(nameof(Defaults.Budget), Defaults.Budget),
            Mode = Member(nameof(Defaults.Mode), Defaults.Mode),
            BetaInBackward = attribute.Get(nameof(Defaults.BetaInBackward), Defaults.BetaInBackward),
            RebuildEvery = AnnealSettings.Rebuild(attribute.Get(nameof(Defaults.RebuildEvery), Defaults.RebuildEvery)),
        };
        if (spec.RebuildEvery < 1)
            Fault(
                GradientAnnealDiagnostics.AnnealRange,
                nameof(Defaults.RebuildEvery),
                nameof(Defaults.RebuildEvery),
                spec.RebuildEvery,
                "it is a number of optimizer steps, at least 1, or 0 for the default");
        if (!AnnealSettings.IsThreshold(spec.InitialThreshold))
            Fault(
                GradientAnnealDiagnostics.ThresholdRange,
                nameof(Defaults.InitialThreshold),
                Text(spec.InitialThreshold),
                AnnealSettings.LargestThreshold);
        return valid ? spec : null;

        double Number(string property, double otherwise, Func<double, bool> isValid, string range)
        {
            var value = attribute.Get(property, otherwise);
            if (!isValid(value))
                Fault(GradientAnnealDiagnostics.AnnealRange, property, property, Text(value), range);
            return value;
        }

        TEnum Member<TEnum>(string property, TEnum otherwise)
            where TEnum : struct, Enum
        {
            var number = attribute.Get(property, (int)(object)otherwise);
            if (!Enum.IsDefined(typeof(TEnum), number))
                Fault(GradientAnnealDiagnostics.AnnealUnknown, property, number, typeof(TEnum).Name, otherwise);
            return (TEnum)(object)number;
        }

        void Fault(DiagnosticDescriptor descriptor, string property, params object[] values)
        {
            sink.Report(descriptor, attribute.Argument(property), values);
            valid = false;
        }
    }

    public override MatrixSpec Apply(ModifierSpec spec, MatrixSpec matrix, ModifierUse use)
    {
        var annealing = (AnnealSpec)spec;
        if (!use.IsDefault)
            ReportWithoutEffect(annealing, use);
        if (use.Mask is not { } mask)
        {
            GroupChecks.ReportTooSmall(matrix, use);
            return matrix.With(annealing);
        }
        if (matrix.Format is not NMSpec pattern)
        {
            if (matrix.Format is not null)
                ReportFixed(matrix.Format, use);
            return matrix;
        }
        if (!CheckPattern(annealing, pattern, use))
            return matrix;

        // Masked weights are pulled to zero only where that was asked for.
        var decay = mask.Sets(nameof(NMSparseAttribute.Decay)) ? pattern.Decay : 0;
        return matrix.Replace(pattern, pattern with { Decay = decay }).With(annealing);
    }

    private static bool CheckPattern(AnnealSpec spec, NMSpec pattern, ModifierUse use)
    {
        var (attribute, sink) = (use.Attribute, use.Sink);
        if (!pattern.KeepsMaskedWeights)
            ReportFixed(pattern, use);
        else if (!AnnealSettings.CanAnneal(pattern.Policy))
            sink.Report(
                GradientAnnealDiagnostics.AnnealPolicy,
                attribute.Syntax(),
                pattern.Policy,
                use.Path,
                "leave Policy out (NMAnnealing.SoftNM uses soft-thresholded weights), or remove [GradientAnneal]");
        else if (spec.Mode == NMAnnealing.SoftNM && pattern.Transposable)
            sink.Report(
                GradientAnnealDiagnostics.AnnealTransposable, attribute.Argument(nameof(Defaults.Mode)), $"{pattern.Keep}:{pattern.Group}");
        else if (spec.TopK > 0)
            sink.Report(
                GradientAnnealDiagnostics.TwoBudgets, attribute.Argument(nameof(Defaults.TopK)), use.Path, Text(spec.TopK), use.MaskName);
        else
            return true;
        return false;
    }

    private static void ReportFixed(FormatSpec format, ModifierUse use) => use.Sink.Report(
        GradientAnnealDiagnostics.AnnealFixed,
        use.Attribute.Syntax(),
        use.Path,
        $"under {format.Source(use.MaskName)} only kept weights exist",
        use.IsDefault
            ? "put [GradientAnneal] on the layers that need it instead of the class"
            : "remove [GradientAnneal] or choose another sparsity");

    /// <summary>Reports settings that others make pointless.</summary>
    private static void ReportWithoutEffect(AnnealSpec spec, ModifierUse use)
    {
        if (use.Mask is null)
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

        var fixedBy = spec.TopK > 0 ? "with a fixed budget"
            : use.Mask is not null && spec.Mode != NMAnnealing.Intersect ? $"under NMAnnealing.{spec.Mode}"
            : null;
        if (fixedBy is null)
            return;
        Without(
            $"{fixedBy}, which learns no thresholds",
            nameof(Defaults.Threshold),
            nameof(Defaults.InitialThreshold),
            nameof(Defaults.ThresholdRate));
        if (spec.AfterZero == AfterZero.FollowThreshold)
            Without($"{fixedBy}, which learns no thresholds", nameof(Defaults.AfterZero));

        void Without(string reason, params string[] properties)
        {
            foreach (var property in properties)
            {
                if (use.Attribute.Sets(property))
                    use.Sink.Report(GradientAnnealDiagnostics.AnnealWithoutEffect, use.Attribute.Argument(property), property, reason);
            }
        }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
