using SparseSharp.Kernels;

namespace SparseSharp.Convolutions;

/// <summary>
/// The output of a convolution, or the gradient of its input: weights times lines of images, for a batch of a given size. Tables and room
/// are made here; a call allocates nothing.
/// </summary>
internal sealed unsafe class ConvolutionProduct : IDisposable
{
    private readonly PhaseProduct[] _phases;
    private readonly ConvolutionWeights _weights;
    private readonly WeightView _view;
    private int _version;

    private ConvolutionProduct(
        ConvolutionWeights weights, WeightView view, IEnumerable<TapPhase> phases, ImageLayout input, ImageLayout output)
    {
        (Input, Output, _weights, _view, _version) = (input, output, weights, view, view.Version);
        var products = new List<PhaseProduct>();
        foreach (var phase in phases)
        {
            if (phase.Border > input.Border)
                throw new ArgumentException($"{input} is read {phase.Border} lines beyond the image.", nameof(input));
            products.Add(new PhaseProduct(view, phase, input, output, Parts));
            Parts += products[^1].Parts;
        }
        _phases = [.. products];
    }

    /// <summary>Layout of what is read.</summary>
    public ImageLayout Input { get; }

    /// <summary>Layout of what is written: all of the images, nothing of the border.</summary>
    public ImageLayout Output { get; }

    /// <summary>Parts that have sums of their own.</summary>
    internal int Parts { get; }

    /// <summary>The formats of the weights, one for each phase.</summary>
    internal IEnumerable<ConvolutionFormat> Formats => _phases.Select(phase => phase.Weights.Format);

    /// <summary>The output: <c>y = w * x</c>.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="x">Layout of the input; its border is at least <see cref="ConvolutionShape.InputBorder"/>.</param>
    /// <param name="y">Layout of the output.</param>
    public static ConvolutionProduct Forward(ConvolutionWeights weights, ImageLayout x, ImageLayout y)
    {
        weights.Check(x, y);
        return new(weights, weights.Forward, [TapPhase.Forward(weights.Shape)], x, y);
    }

    /// <summary>The gradient of the input: <c>dx = wᵀ * dy</c>.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="dy">Layout of the gradient of the output; its border is at least <see cref="ConvolutionShape.GradientBorder"/>.</param>
    /// <param name="dx">Layout of the gradient of the input.</param>
    public static ConvolutionProduct GradInput(ConvolutionWeights weights, ImageLayout dy, ImageLayout dx)
    {
        weights.Check(dx, dy);
        return new(weights, weights.Transposed, TapPhase.GradInput(weights.Shape), dy, dx);
    }

    /// <summary>
    /// Follows the weights to another mask (<see cref="ConvolutionWeights.Update(Mask?, Mask?)"/>): finds out how to pack them. One member
    /// does, and all of them then <see cref="Pack"/>. Memory is reused unless a mask needs more than any before.
    /// </summary>
    /// <returns>Whether the mask has changed.</returns>
    public bool Update()
    {
        if (_version == _view.Version)
            return false;
        foreach (var phase in _phases)
            phase.Update();
        _version = _view.Version;
        return true;
    }

    /// <summary>Packs a member's share of the weights. All members are done before the next <see cref="Run"/>.</summary>
    /// <param name="parameter">The weights in the order of the parameter.</param>
    /// <param name="member">The member.</param>
    /// <param name="members">How many there are.</param>
    public void Pack(ReadOnlySpan<float> parameter, int member = 0, int members = 1)
    {
        CheckMember(member, members);
        if (parameter.Length != _weights.Parameters)
            throw new ArgumentException($"The parameter has {_weights.Parameters} weights, not {parameter.Length}.", nameof(parameter));
        if (_version != _view.Version)
            throw new InvalidOperationException("The mask of the weights has changed, and the product has not followed.");
        foreach (var phase in _phases)
            phase.Weights.Take(parameter, member, members);
    }

    /// <summary>Computes a member's share. Results do not depend on the number of members.</summary>
    /// <param name="input">A value of the input's layout, with a border of zeros.</param>
    /// <param name="output">A value of the output's layout.</param>
    /// <param name="epilogue">What is done to the sums.</param>
    /// <param name="member">The member.</param>
    /// <param name="members">How many there are.</param>
    public void Run(
        ReadOnlySpan<float> input, Span<float> output, in ConvolutionEpilogue epilogue = default, int member = 0, int members = 1)
    {
        CheckMember(member, members);
        Input.Check(input.Length);
        Output.Check(output.Length);
        var options = epilogue.Check(Output, this);
        fixed (float* x = input, y = output, bias = epilogue.Bias, scale = epilogue.Scale, shift = epilogue.Shift)
        fixed (float* residual = epilogue.Residual, gate = epilogue.Gate)
        {
            var run = new ConvolutionRun
            {
                X = x,
                Y = y,
                ChannelStride = Output.ChannelStride,
                Bias = bias,
                Scale = scale,
                Shift = shift,
                Residual = residual,
                Gate = gate,
                Lanes = LaneMasks.Of(epilogue.LastSamples(Output)),
                Options = options,
            };
            foreach (var phase in _phases)
                phase.Run(run, epilogue.Sums, member, members);
        }
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        foreach (var phase in _phases)
            phase.Dispose();
    }

    internal static void CheckMember(int member, int members)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)member, (uint)members, nameof(member));
    }
}
