using Microsoft.CodeAnalysis;

namespace SparseSharp.Generator.Diagnostics;

internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor ForwardMissing = new(
        id: "SPS0020",
        title: "Model has no Forward method",
        messageFormat: "Model '{0}' has no Forward method; {1}",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0020.md");

    public static readonly DiagnosticDescriptor ForwardDuplicate = new(
        id: "SPS0021",
        title: "Model has more than one Forward method",
        messageFormat: "Model '{0}' has more than one Forward method, but exactly one defines it; remove or rename the others",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0021.md");

    public static readonly DiagnosticDescriptor ForwardSignature = new(
        id: "SPS0022",
        title: "Forward has the wrong signature",
        messageFormat: "Forward {0}; its form is 'Activation Forward([Input(784)] Activation x)' with a body",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0022.md");

    public static readonly DiagnosticDescriptor InputMissing = new(
        id: "SPS0023",
        title: "Parameter of Forward has no [Input]",
        messageFormat: "The shape of '{0}' is not known; put [Input(784)], with the dimensions of one sample, before the parameter",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0023.md");

    public static readonly DiagnosticDescriptor InputDimensions = new(
        id: "SPS0024",
        title: "Dimensions of [Input] are out of range",
        messageFormat: "The dimensions of [Input] {0}; give at least one, each at least 1, with a product of at most 2147483647",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0024.md");

    public static readonly DiagnosticDescriptor Unreadable = new(
        id: "SPS0025",
        title: "Forward contains something that cannot be read",
        messageFormat: "Forward is read at compile time and never runs, and this cannot be read: {0}",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0025.md");

    public static readonly DiagnosticDescriptor LayerShape = new(
        id: "SPS0026",
        title: "Value does not fit the layer",
        messageFormat: "Layer '{0}' takes {1} features, but this value has {2}; {3} or feed it another value",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0026.md");

    public static readonly DiagnosticDescriptor OperandShape = new(
        id: "SPS0027",
        title: "Operands have different shapes",
        messageFormat: "The operands of '{0}' have {1} and {2} features; give them the same number, for example with a layer on one of "
            + "them",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0027.md");

    public static readonly DiagnosticDescriptor NestedModelShape = new(
        id: "SPS0028",
        title: "Value does not fit the nested model",
        messageFormat: "Nested model '{0}' takes {1} features, but this value has {2}; change [Input] in '{3}' or feed it another value",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0028.md");

    public static readonly DiagnosticDescriptor DropoutProbability = new(
        id: "SPS0029",
        title: "Dropout probability is out of range",
        messageFormat: "The dropout probability is {0}; it is the share of elements that are zeroed, at least 0 and less than 1",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0029.md");

    public static readonly DiagnosticDescriptor OperationNumber = new(
        id: "SPS0120",
        title: "Number of an operation is out of range",
        messageFormat: "Argument '{1}' of {2} is {0}; give {3}",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0120.md");

    public static readonly DiagnosticDescriptor ImageShape = new(
        id: "SPS0105",
        title: "Operation on images does not fit the value that it is fed with",
        messageFormat: "{0} {1}, but is fed with {2}; {3}",
        category: Forward,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: Help + "SPS0105.md");
}
