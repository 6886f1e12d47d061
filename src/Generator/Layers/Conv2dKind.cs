using SparseSharp.Generator.Diagnostics;
using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Layers;

/// <summary><c>[Conv2d]</c>, a convolution of images.</summary>
internal sealed class Conv2dKind : LayerKind
{
    private static readonly Conv2dAttribute Defaults = new(1, 1);

    public override string Name => "Conv2d";

    public override string Parameters => "(inputs, outputs)";

    public override string Plural => "convolutions";

    public override KindSpec Read(LayerSource source)
    {
        var attribute = source.Attribute;
        var window = ReadWindow(source);
        if (!attribute.TryGet(0, out int inputs) || !attribute.TryGet(1, out int outputs))
        {
            source.Sink.LeaveToCompiler();
            return new Conv2dSpec(0, Matrix(0, 0), window, Bias: true);
        }

        inputs = source.Positive(0, inputs, "input channels");
        outputs = source.Positive(1, outputs, "output channels");
        if (window.Groups > 0 && !(IsDivided(inputs, 0, "input channels") & IsDivided(outputs, 1, "output channels")))
            (inputs, outputs) = (0, 0);
        var channels = window.IsValid ? inputs / window.Groups : 0;
        if (!source.HasRoomFor((double)window.Taps * channels * outputs, argument: 1))
            return new Conv2dSpec(inputs, Matrix(0, 0), window, Bias: true);
        var matrix = Matrix(outputs, (int)(window.Taps * channels));
        return new Conv2dSpec(inputs, matrix, window, attribute.Get(nameof(Defaults.Bias), Defaults.Bias));

        MatrixSpec Matrix(int rows, int columns) => source.Matrix(
            rows, columns, rowsArgument: 1, depthArgument: 0, taps: columns > 0 ? (int)window.Taps : 1, groups: Math.Max(1, window.Groups));

        bool IsDivided(int channels, int argument, string what)
        {
            if (channels % window.Groups == 0)
                return true;
            source.Sink.Report(
                Descriptors.LayerDimension, attribute.Argument(argument), source.Path, channels, what,
                $"make them a multiple of its {window.Groups} groups, or change the groups");
            return false;
        }
    }

    private static ConvolutionWindow ReadWindow(LayerSource source)
    {
        var same = source.Attribute.Get(nameof(Defaults.Same), (int)Defaults.Same);
        if (!Enum.IsDefined(typeof(SamePadding), same))
        {
            source.Sink.Report(
                Descriptors.LayerDimension, source.Attribute.Argument(nameof(Defaults.Same)), source.Path, same, "as its Same",
                "use SamePadding.Upper, SamePadding.Lower or SamePadding.None");
            same = 0;
        }
        var vertical = new WindowAxis(
            Number(nameof(Defaults.KernelHeight), nameof(Defaults.Kernel), Defaults.Kernel, "kernel rows"),
            Number(nameof(Defaults.StrideHeight), nameof(Defaults.Stride), Defaults.Stride, "rows from an output pixel to the next"),
            Padding(nameof(Defaults.PaddingTop), "rows of padding above"),
            Padding(nameof(Defaults.PaddingBottom), "rows of padding below"),
            Number(nameof(Defaults.DilationHeight), nameof(Defaults.Dilation), Defaults.Dilation, "rows from a tap to the next"));
        var horizontal = new WindowAxis(
            Number(nameof(Defaults.KernelWidth), nameof(Defaults.Kernel), Defaults.Kernel, "kernel columns"),
            Number(nameof(Defaults.StrideWidth), nameof(Defaults.Stride), Defaults.Stride, "columns from an output pixel to the next"),
            Padding(nameof(Defaults.PaddingLeft), "columns of padding to the left"),
            Padding(nameof(Defaults.PaddingRight), "columns of padding to the right"),
            Number(nameof(Defaults.DilationWidth), nameof(Defaults.Dilation), Defaults.Dilation, "columns from a tap to the next"));
        var groups = Number(nameof(Defaults.Groups), nameof(Defaults.Groups), Defaults.Groups, "groups");
        return new(vertical, horizontal, groups, (SamePadding)same);

        int Number(string own, string both, int otherwise, string what) =>
            source.Property(source.Attribute.Sets(own) ? own : both, otherwise, least: 1, what);

        int Padding(string own, string what) =>
            source.Property(source.Attribute.Sets(own) ? own : nameof(Defaults.Padding), Defaults.Padding, least: 0, what);
    }
}

/// <summary>A convolution: <c>y = w * x + b</c>.</summary>
/// <param name="Channels">Channels of the input; 0 where they are not valid.</param>
/// <param name="Matrix">The weights <c>[out, taps·in / groups]</c>.</param>
/// <param name="Window">Kernel, stride, padding, dilation and groups.</param>
/// <param name="Bias">Whether there is a bias.</param>
internal sealed record Conv2dSpec(int Channels, MatrixSpec Matrix, ConvolutionWindow Window, bool Bias) : KindSpec
{
    public override string Name => "Conv2d";

    public override int Inputs => Channels;

    public override int Outputs => Matrix.Rows;

    public override EquatableArray<MatrixSpec> Matrices => new([Matrix]);

    public override EquatableArray<string> Vectors => Bias ? new(["bias"]) : EquatableArray<string>.Empty;

    public override string Shape => $"{Inputs} to {Outputs} channels, {Window}, with{(Bias ? " a" : "out a")} bias";

    public override Operation Through(int layer) => new Convolve(layer);

    public override string ChangeFor(int features) => $"change [Conv2d({Inputs}, {Outputs})] to [Conv2d({features}, {Outputs})]";

    public override string Arguments(LayerPlan layer, ConstructorNames names)
    {
        var matrix = layer.Matrices[0];
        var (rows, columns) = (Window.Vertical, Window.Horizontal);
        var settings = new List<string>();
        Add("StrideRows", rows.Stride, 1);
        Add("StrideColumns", columns.Stride, 1);
        Add("Top", rows.Before, 0);
        Add("Left", columns.Before, 0);
        Add("Bottom", rows.After, 0);
        Add("Right", columns.After, 0);
        Add("DilationRows", rows.Dilation, 1);
        Add("DilationColumns", columns.Dilation, 1);
        Add("Groups", Window.Groups, 1);
        if (Window.Same != SamePadding.None)
            settings.Add($"Same = global::SparseSharp.SamePadding.{Window.Same}");
        var initial = settings.Count == 0 ? "" : $" {{ {string.Join(", ", settings)} }}";
        var window = $"new({Words.Number(rows.Kernel)}, {Words.Number(columns.Kernel)}){initial}";
        var shape = $"{Inputs}, {Outputs}, {window}, {(Bias ? "true" : "false")}";
        return $"{shape}, {names.Pattern(matrix)}, {Surface.OperationsOf(matrix)}, {names.Seed}, {names.Stream}{matrix.Arguments}";

        void Add(string name, int value, int otherwise)
        {
            if (value != otherwise)
                settings.Add($"{name} = {Words.Number(value)}");
        }
    }
}
