using System.Globalization;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Specs;
using SparseSharp.Rules;

namespace SparseSharp.Generator.Reading;

/// <summary>Reads <c>[NMSparse]</c> and checks it against the layers that it applies to.</summary>
internal static class NMSparseReader
{
    /// <summary>The attribute itself knows what its properties are where the user sets none.</summary>
    private static readonly NMSparseAttribute Defaults = new(1, 2);

    /// <summary>Null where the pattern is not valid.</summary>
    public static NMSpec? Read(AttributeData attribute, DiagnosticSink sink)
    {
        if (!attribute.TryGet(0, out int keep) || !attribute.TryGet(1, out int group))
        {
            sink.LeaveToCompiler();
            return null;
        }

        var valid = CheckRange(attribute, keep, group, sink);
        var transposable = attribute.Get(nameof(Defaults.Transposable), Defaults.Transposable);
        var policy = (MaskPolicy)attribute.Get(nameof(Defaults.Policy), (int)Defaults.Policy);
        var refresh = attribute.Get(nameof(Defaults.RefreshEvery), Defaults.RefreshEvery);
        var decay = attribute.Get(nameof(Defaults.Decay), Defaults.Decay);
        var regrow = attribute.Get(nameof(Defaults.RegrowShare), Defaults.RegrowShare);

        if (!Enum.IsDefined(typeof(MaskPolicy), policy))
            Fault(Descriptors.PolicyUnknown, nameof(Defaults.Policy), (int)policy);
        if (refresh < 0)
            Fault(Descriptors.RefreshRange, nameof(Defaults.RefreshEvery), refresh);
        if (!(decay >= 0) || double.IsInfinity(decay))
            Fault(Descriptors.DecayRange, nameof(Defaults.Decay), decay.ToString(CultureInfo.InvariantCulture));
        if (!(regrow > 0) || double.IsInfinity(regrow))
            Fault(Descriptors.RegrowRange, nameof(Defaults.RegrowShare), regrow.ToString(CultureInfo.InvariantCulture));

        if (transposable && policy == MaskPolicy.SoftThreshold)
            Fault(Descriptors.ThresholdTransposable, nameof(Defaults.Transposable), $"{keep}:{group}");
        if (transposable && policy == MaskPolicy.BiMask)
            Fault(Descriptors.SecondMaskTransposable, nameof(Defaults.Transposable), $"{keep}:{group}");
        CheckEffect(attribute, policy, sink);

        return valid ? new(keep, group, transposable, policy, Refresh(policy, transposable, refresh), decay, regrow) : null;

        void Fault(DiagnosticDescriptor descriptor, string property, object value)
        {
            sink.Report(descriptor, attribute.Argument(property), value);
            valid = false;
        }
    }

    /// <summary>Reports a layer whose dimensions the groups do not divide: at the dimension, or at the class attribute that reaches the layer.</summary>
    public static void Check(NMSpec pattern, LayerSpec layer, AttributeData layerAttribute, AttributeData sparsity, bool isDefault, DiagnosticSink sink)
    {
        if (!NMRules.Divides(pattern.Group, layer.Inputs))
            NotDivisible(Descriptors.InputsNotDivisible, argument: 0, layer.Inputs);
        else if (pattern.Transposable && !NMRules.Divides(pattern.Group, layer.Outputs))
            NotDivisible(Descriptors.OutputsNotDivisible, argument: 1, layer.Outputs);
        else
            CheckSize(layer, layerAttribute, sparsity, isDefault, sink);

        void NotDivisible(DiagnosticDescriptor descriptor, int argument, int features) => ReportFeatures(
            descriptor, isDefault ? sparsity.Syntax() : layerAttribute.Argument(argument), layer.Path, features, pattern.Group, isDefault, sink);
    }

    /// <summary>Reports a layer that is too small to gain from zeros.</summary>
    public static void CheckSize(LayerSpec layer, AttributeData layerAttribute, AttributeData sparsity, bool isDefault, DiagnosticSink sink)
    {
        if (layer.Inputs < 1 || layer.Outputs < 1 || (long)layer.Inputs * layer.Outputs >= NMRules.SmallestLayer)
            return;
        sink.Report(
            Descriptors.LayerTooSmall,
            isDefault ? layerAttribute.Syntax() : sparsity.Syntax(),
            layer.Path,
            layer.Inputs * layer.Outputs,
            NMRules.SmallestLayer,
            isDefault ? "put [Dense] on it" : $"remove [{Vocabulary.ShortName(sparsity)}]");
    }

    /// <summary>Reports settings that the policy ignores.</summary>
    private static void CheckEffect(AttributeData attribute, MaskPolicy policy, DiagnosticSink sink)
    {
        if (!NMRules.Decays(policy) && attribute.Sets(nameof(Defaults.Decay)))
            sink.Report(Descriptors.DecayWithoutEffect, attribute.Argument(nameof(Defaults.Decay)), policy);
        if (policy != MaskPolicy.Regrow && attribute.Sets(nameof(Defaults.RegrowShare)))
            sink.Report(Descriptors.RegrowWithoutEffect, attribute.Argument(nameof(Defaults.RegrowShare)), policy);
        var reason = policy switch
        {
            MaskPolicy.Static => "its mask is found once",
            MaskPolicy.SoftThreshold => "its mask follows the weights at every step",
            _ => null,
        };
        if (reason is not null && attribute.Sets(nameof(Defaults.RefreshEvery)))
            sink.Report(Descriptors.RefreshWithoutEffect, attribute.Argument(nameof(Defaults.RefreshEvery)), policy, reason);
    }

    private static int Refresh(MaskPolicy policy, bool transposable, int steps) =>
        policy == MaskPolicy.SoftThreshold ? 1 : steps == 0 ? NMRules.DefaultRefresh(policy, transposable) : steps;

    /// <summary>Reports input features that the groups of a layer do not divide.</summary>
    public static void ReportInputs(LayerSpec layer, int group, AttributeData layerAttribute, AttributeData attribute, bool isDefault, DiagnosticSink sink) => ReportFeatures(
        Descriptors.InputsNotDivisible, isDefault ? attribute.Syntax() : layerAttribute.Argument(0), layer.Path, layer.Inputs, group, isDefault, sink);

    private static void ReportFeatures(DiagnosticDescriptor descriptor, SyntaxNode place, string path, int features, int group, bool isDefault, DiagnosticSink sink)
    {
        var neighbours = Neighbours(features, group);
        sink.Report(descriptor, place, neighbours, path, features, group, $"change it to {neighbours}{(isDefault ? $" or put [Dense] on '{path}'" : "")}");
    }

    /// <summary>Reports an N or an M that no pattern has.</summary>
    public static bool CheckRange(AttributeData attribute, int keep, int group, DiagnosticSink sink)
    {
        if (NMRules.IsValid(keep, group))
            return true;

        var (argument, advice) =
            keep < 1 ? (0, "keep at least 1")
            : group > NMRules.MaximumGroup ? (1, $"choose an M of at most {NMRules.MaximumGroup}")
            : (0, "choose a smaller N, or leave the layer dense to keep everything");
        sink.Report(Descriptors.PatternRange, attribute.Argument(argument), keep, group, NMRules.MaximumGroup, advice);
        return false;
    }

    /// <summary>The multiples of a group that are nearest to a number of features.</summary>
    public static Suggestion Neighbours(int features, int group)
    {
        var below = features / group * group;
        return below == 0 ? new(group) : new(below, below + group);
    }
}
