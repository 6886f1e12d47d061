using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Modifiers.NMSparse;

/// <summary>Reads <c>[NMSparse]</c> and checks it against the matrices that it applies to.</summary>
internal sealed class NMSparseModifier : Modifier
{
    /// <summary>The attribute itself knows what its properties are where the user sets none.</summary>
    private static readonly NMSparseAttribute Defaults = new(1, 2);

    public override ImmutableArray<string> Attributes => ["NMSparse"];

    public override ImmutableArray<DiagnosticDescriptor> Diagnostics => NMSparseDiagnostics.All;

    public override bool DecidesMask => true;

    public override ModifierSpec? Read(ModifierSource source, DiagnosticSink sink)
    {
        var attribute = source.Attribute;
        if (!GroupChecks.TryRead(attribute, out var keep, out var group, sink))
            return null;

        var valid = GroupChecks.IsInRange(attribute, keep, group, sink);
        var transposable = attribute.Get(nameof(Defaults.Transposable), Defaults.Transposable);
        var policy = (MaskPolicy)attribute.Get(nameof(Defaults.Policy), (int)Defaults.Policy);
        var refresh = attribute.Get(nameof(Defaults.RefreshEvery), Defaults.RefreshEvery);
        var decay = attribute.Get(nameof(Defaults.Decay), Defaults.Decay);
        var regrow = attribute.Get(nameof(Defaults.RegrowShare), Defaults.RegrowShare);

        if (!Enum.IsDefined(typeof(MaskPolicy), policy))
            Fault(NMSparseDiagnostics.PolicyUnknown, nameof(Defaults.Policy), (int)policy);
        if (refresh < 0)
            Fault(NMSparseDiagnostics.RefreshRange, nameof(Defaults.RefreshEvery), refresh);
        if (!(decay >= 0) || double.IsInfinity(decay))
            Fault(NMSparseDiagnostics.DecayRange, nameof(Defaults.Decay), decay.ToString(CultureInfo.InvariantCulture));
        if (!(regrow > 0) || double.IsInfinity(regrow))
            Fault(NMSparseDiagnostics.RegrowRange, nameof(Defaults.RegrowShare), regrow.ToString(CultureInfo.InvariantCulture));

        if (transposable && policy == MaskPolicy.SoftThreshold)
            Fault(NMSparseDiagnostics.ThresholdTransposable, nameof(Defaults.Transposable), $"{keep}:{group}");
        if (transposable && policy == MaskPolicy.BiMask)
            Fault(NMSparseDiagnostics.SecondMaskTransposable, nameof(Defaults.Transposable), $"{keep}:{group}");
        CheckEffect(attribute, policy, sink);

        return valid ? new NMSpec(keep, group, transposable, policy, Refresh(policy, transposable, refresh), decay, regrow) : null;

        void Fault(DiagnosticDescriptor descriptor, string property, object value)
        {
            sink.Report(descriptor, attribute.Argument(property), value);
            valid = false;
        }
    }

    public override MatrixSpec Apply(ModifierSpec spec, MatrixSpec matrix, ModifierUse use)
    {
        var pattern = (NMSpec)spec;
        if (matrix.HasShape && IsDivided())
            GroupChecks.ReportTooSmall(matrix, use);
        return matrix.With(pattern);

        bool IsDivided()
        {
            var (group, ofRows, ofColumns) = (pattern.Group, NMSparseDiagnostics.OutputsNotDivisible, Descriptors.InputsNotDivisible);
            return GroupChecks.DividesDepth(ofColumns, group, matrix, use)
                && (!pattern.Transposable || GroupChecks.DividesRows(ofRows, group, matrix, use));
        }
    }

    /// <summary>Reports settings that the policy ignores.</summary>
    private static void CheckEffect(AttributeData attribute, MaskPolicy policy, DiagnosticSink sink)
    {
        if (!NMSettings.Decays(policy) && attribute.Sets(nameof(Defaults.Decay)))
            sink.Report(NMSparseDiagnostics.DecayWithoutEffect, attribute.Argument(nameof(Defaults.Decay)), policy);
        if (policy != MaskPolicy.Regrow && attribute.Sets(nameof(Defaults.RegrowShare)))
            sink.Report(NMSparseDiagnostics.RegrowWithoutEffect, attribute.Argument(nameof(Defaults.RegrowShare)), policy);
        var reason = policy switch
        {
            MaskPolicy.Static => "its mask is found once",
            MaskPolicy.SoftThreshold => "its mask follows the weights at every step",
            _ => null,
        };
        if (reason is not null && attribute.Sets(nameof(Defaults.RefreshEvery)))
            sink.Report(NMSparseDiagnostics.RefreshWithoutEffect, attribute.Argument(nameof(Defaults.RefreshEvery)), policy, reason);
    }

    private static int Refresh(MaskPolicy policy, bool transposable, int steps) =>
        policy == MaskPolicy.SoftThreshold ? 1 : steps == 0 ? NMSettings.DefaultRefresh(policy, transposable) : steps;
}
