using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Modifiers;

namespace SparseSharp.Generator.Diagnostics;

/// <summary>
/// Every diagnostic of the package. An id is never used again for something else; titles are those of the pages in docs/diagnostics.
/// </summary>
/// <remarks>
/// SPS0001 to 0019 are about the class and its members, 0020 to 0039 Forward, 0040 to 0079 and 0085 to 0089 sparsity, 0080 to 0084
/// precision, 0090 to 0094 the build, 0095 to 0100 what newcomers meet first, 0101 to 0104 operations of the user, 0110 to
/// 0119 normalisations and classifiers.
/// </remarks>
internal static partial class Descriptors
{
    private const string Model = "SparseSharp.Model";
    private const string Forward = "SparseSharp.Forward";
    public const string Sparsity = "SparseSharp.Sparsity";
    public const string Precision = "SparseSharp.Precision";
    private const string Training = "SparseSharp.Training";
    private const string Build = "SparseSharp.Build";

    /// <summary>Where people find the files of this repository. Only SparseSharp.targets, which is no C#, has it a second time.</summary>
    public const string Files = "https://github.com/sparsesharp/sparsesharp/blob/main/";

    public const string Help = Files + "docs/diagnostics/";

    public static ImmutableArray<DiagnosticDescriptor> All =>
    [
        ClassNotPartial, ClassGeneric, ClassForm, ContainingTypeNotPartial, PropertyNotPartial, PropertyNotGetOnly, PropertyType,
        LayerDimension, UnusedMember, OutsideModel, ContainsItself, NestedModelUnreadable, NameTaken, VariantOfUnreadable, VariantMember,
        ForwardMissing, ForwardDuplicate,
        ForwardSignature, InputMissing, InputDimensions, Unreadable, LayerShape, OperandShape, NestedModelShape, DropoutProbability,
        OperationNumber,
        ConflictingSparsity, SparsityWithoutLayer, PatternRange, InputsNotDivisible, LayerTooSmall, GradientsOfStaticMask,
        LanguageVersion, PrimaryConstructor, ConstructorWithoutLayers, LayerWithoutAttribute, MarkMissing,
        ModelTooLarge, FitNotEnumerated, OperationMethod, OperationGradient, OperationOutputs, OperationUse, ImageShape, ChannelsNotDivisible,
        NormalisationOption, NormalisationOfOne, FixedRows,
        .. Catalogue.All.SelectMany(modifier => modifier.Diagnostics),
    ];
}
