using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Emitting;

/// <summary>
/// Names that the parts of an emitted model agree on. Those of types are aliases at the top of the file, unlikely in a user's own code.
/// </summary>
internal static class Surface
{
    public const string GeneratedCode = "[global::System.CodeDom.Compiler.GeneratedCode(\"SparseSharp.Generator\", \"0.1\")]";
    public const string Layers = "global::System.Collections.Generic.IReadOnlyList<global::SparseSharp.ILayer>";
    public const string Elementwise = "ElementwisePass";
    public const string Activation = "PassActivation";
    public const string Descriptor = "_descriptor";
    public const string Predictor = "_predictor";
    public const string Cuts = "_cuts";
    public const string Images = "global::SparseSharp.Kernels.ImagePass";
    public const string Pools = "global::SparseSharp.Kernels.PoolPass";
    public const string Channels = "global::SparseSharp.Kernels.ChannelPass";
    public const string Pruning = "global::SparseSharp.Kernels.PrunePass";
    public const string Upsampling = "global::SparseSharp.Kernels.UpsamplePass";
    public const string ShapedActivations = "global::SparseSharp.Kernels.ShapedActivations";
    public const string Predictions = "global::SparseSharp.Kernels.Predictions";

    /// <summary>The field with the layout of an image.</summary>
    public static string FieldOf(ImageLines image) => $"_image{image.Channels}x{image.Rows}x{image.Columns}";

    /// <summary>The field with a convolution over images of a size.</summary>
    public static string FieldOf(ConvolutionArgument use, EquatableArray<LayerPlan> layers) =>
        $"{layers[use.Index].Field}_over{use.Input.Rows}x{use.Input.Columns}";

    /// <summary>The drivers of the kernels of a plan.</summary>
    public static string PassOf(KernelPlan kernel) => kernel.Name + "Pass";

    /// <summary>The class of a layer, fully qualified.</summary>
    public static string TypeOf(LayerPlan layer) => $"global::SparseSharp.{layer.Kind.Name}";

    /// <summary>
    /// The kernels of a matrix as an expression: those of its products, the dense ones if it uses them, those of a pruned gradient or
    /// input, and those of a few samples.
    /// </summary>
    public static string OperationsOf(MatrixPlan plan)
    {
        var products = plan.UsesDense ? "OperationsWithDenseGradient" : "Operations";
        var smallBatch = plan.SmallBatchKernel is { } kernel
            ? $".{(kernel.Kind == KernelKind.Stream ? "WithStream" : "WithBlockStream")}{Arguments(kernel)}()"
            : "";
        return $"{PassOf(plan.Kernel)}.{products}{plan.Operands}{smallBatch}";
    }

    /// <summary>What <see cref="PassOf"/> stands for; null for kernels that passes reach through the layer.</summary>
    public static string? AliasOf(KernelPlan kernel)
    {
        var driver = kernel.Kind switch
        {
            KernelKind.Stream or KernelKind.BlockStream => null,
            KernelKind.Dense => "DensePass",
            KernelKind.Lists => "ListPass",
            KernelKind.Blocks => "BlockPass",
            _ => "BucketPass",
        };
        return driver is null ? null : $"using {PassOf(kernel)} = global::SparseSharp.Kernels.{driver}{Arguments(kernel)};";
    }

    /// <summary>What the text of kernels is compiled for, as an argument of a generic type or method.</summary>
    public static string Arguments(KernelPlan kernel) => kernel.IsEmitted ? $"<global::SparseSharp.Generated.{kernel.Name}>" : "";
}
