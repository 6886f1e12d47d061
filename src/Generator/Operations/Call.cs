using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Operations;

/// <summary>One call of the runtime in an emitted pass, or a note that a value has another name from here on.</summary>
/// <param name="Target">Class and method as the pass names them; empty for a note.</param>
/// <param name="Arguments">In order. They say which values are read and written.</param>
/// <param name="Comment">What is computed, in names of values.</param>
internal sealed record Call(string Target, EquatableArray<Argument> Arguments, string Comment)
{
    /// <summary>The values that the call reads, those it accumulates into included.</summary>
    public EquatableArray<int> Reads { get; } =
        Arguments.OfType<ValueArgument>().Where(argument => argument.IsRead).Select(argument => argument.Value).ToEquatableArray();

    /// <summary>The values of which an element-wise call reads the element that it writes, and no other.</summary>
    public EquatableArray<int> ElementReads { get; } =
        Arguments.OfType<ValueArgument>().Where(argument => argument is { IsRead: true, IsWhole: false }).Select(argument => argument.Value)
            .ToEquatableArray();

    /// <summary>The values that the call writes; of an element-wise one the first is its result.</summary>
    public EquatableArray<int> Writes { get; } =
        Arguments.OfType<ValueArgument>().Where(argument => argument.IsWritten).Select(argument => argument.Value).ToEquatableArray();

    /// <summary>
    /// Whether the result may lie exactly over an operand: an element depends on the same element of the operands alone, except for those
    /// that are read as a whole.
    /// </summary>
    public bool IsElementWise { get; init; }

    /// <summary>Whether the call is there for the gradient of the input alone, which not every pass is asked for.</summary>
    public bool IsForInput { get; init; }

    /// <summary>
    /// Whether the call works on all panels of the batch: it begins when they have come to it, and they go on when it is done. Calls of
    /// this kind that follow each other do not wait for one another. Inference has none: a sample's output depends on no other sample.
    /// </summary>
    public bool IsBatchWide { get; init; }

    /// <summary>Whether nothing is called.</summary>
    public bool IsNote => Target.Length == 0;

    /// <summary>Another name for the memory of a value.</summary>
    /// <param name="from">The value.</param>
    /// <param name="to">Its other name.</param>
    /// <param name="comment">What it means.</param>
    public static Call Note(int from, int to, string comment) => new("", new([Argument.Read(from), Argument.Write(to)]), comment);
}

/// <summary>What a call is given.</summary>
internal abstract record Argument
{
    /// <summary>The panel that a call works on.</summary>
    public static readonly Argument Pass = Text("in pass");

    /// <summary>The batch that a call works on.</summary>
    public static readonly Argument Batch = Text("in batch");

    /// <summary>The name of the parameter where the call says it.</summary>
    public string? Name { get; init; }

    public static Argument Read(int value) => new ValueArgument(value, IsRead: true, IsWritten: false);

    /// <summary>A value of which each element of the result needs others than its own, such as the statistics of a normalisation.</summary>
    public static Argument ReadWhole(int value) => new ValueArgument(value, IsRead: true, IsWritten: false) { IsWhole = true };

    public static Argument Write(int value) => new ValueArgument(value, IsRead: false, IsWritten: true);

    /// <summary>A gradient that the call writes, or adds to.</summary>
    public static Argument Target(int value, bool accumulate) => new ValueArgument(value, IsRead: accumulate, IsWritten: true);

    public static Argument Activation(ActivationKind kind) => Text($"{Surface.Activation}.{kind}");

    public static Argument Layer(int layer) => new LayerArgument(layer);

    /// <summary>Rows of the panel that a value takes.</summary>
    public static Argument LinesOf(ValueTable values, int value) => new LinesArgument(values.Layout(value));

    /// <summary>The layout of an image.</summary>
    public static Argument Image(ImageLines image) => new ImageArgument(image);

    public static Argument Number(float value) => new NumberArgument(value);

    public static Argument Number(int value) => Text(Words.Number(value));

    /// <summary>Whether the gradients of weights add to those of a use before, or of a batch before.</summary>
    /// <param name="accumulate">Whether the layer was used before.</param>
    public static Argument AccumulateBatch(bool accumulate) =>
        accumulate ? Accumulate(true) : Text("batch.Accumulate") with { Name = "accumulate" };

    public static Argument Accumulate(bool accumulate) => Text(accumulate ? "true" : "false") with { Name = "accumulate" };

    /// <summary>Something else, as it is printed.</summary>
    public static Argument Text(string text) => new TextArgument(text);
}

internal sealed record ValueArgument(int Value, bool IsRead, bool IsWritten) : Argument
{
    /// <summary>Whether an element of the result needs other elements than its own.</summary>
    public bool IsWhole { get; init; }
}

internal sealed record LayerArgument(int Index) : Argument;

internal sealed record ImageArgument(ImageLines Lines) : Argument;

/// <summary>A convolution over images of a size.</summary>
/// <param name="Index">Of its layer.</param>
/// <param name="Input">Layout of its input.</param>
/// <param name="Output">Layout of its output.</param>
internal sealed record ConvolutionArgument(int Index, ImageLines Input, ImageLines Output) : Argument;

/// <summary>Rows of the panel that a value takes, which in parts are fewer.</summary>
internal sealed record LinesArgument(ValueLayout Layout) : Argument;

internal sealed record NumberArgument(float Value) : Argument;

internal sealed record TextArgument(string Words) : Argument;
