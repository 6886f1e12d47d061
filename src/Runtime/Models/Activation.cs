namespace SparseSharp;

/// <summary>
/// A batch of feature vectors in the <c>Forward</c> method of a <see cref="SparseModelAttribute">model</see>. The method is read at
/// compile time and never runs: it is the definition of the model, so none of these members may be called elsewhere.
/// </summary>
public sealed class Activation
{
    private Activation() { }

    /// <summary>Feeds the value through a layer of the model.</summary>
    public Activation Through(ILayer layer) => throw NeverRuns();

    /// <summary>Feeds the value through a nested model.</summary>
    public Activation Through(ISparseModel model) => throw NeverRuns();

    /// <summary>Feeds this value and others through a nested model with several inputs, in their order.</summary>
    /// <param name="model">The nested model.</param>
    /// <param name="others">What its inputs behind the first one are given.</param>
    public Activation Through(ISparseModel model, params Activation[] others) => throw NeverRuns();

    /// <summary><c>max(x, 0)</c>.</summary>
    public Activation Relu() => throw NeverRuns();

    /// <summary><c>x·Φ(x)</c> with the normal distribution function, in its tanh form (Hendrycks and Gimpel, 2016).</summary>
    public Activation Gelu() => throw NeverRuns();

    /// <summary><c>x·sigmoid(x)</c>, also called swish.</summary>
    public Activation Silu() => throw NeverRuns();

    /// <summary>The hyperbolic tangent.</summary>
    public Activation Tanh() => throw NeverRuns();

    /// <summary><c>1 / (1 + exp(-x))</c>.</summary>
    public Activation Sigmoid() => throw NeverRuns();

    /// <summary>
    /// The hyperbolic tangent by integer operations and a small table (<see cref="SparseSharp.KTanh"/>, Kundu et al., 2019), to 0.0104. Its
    /// backward pass is that of the exact function at the approximate output, <c>1 - y²</c>.
    /// </summary>
    public Activation KTanh() => throw NeverRuns();

    /// <summary>
    /// <c>1 / (1 + exp(-x))</c> by K-TanH, <c>(1 + tanh(x / 2)) / 2</c>, to 0.0053; the backward pass is <c>y·(1 - y)</c> of that output.
    /// </summary>
    public Activation KSigmoid() => throw NeverRuns();

    /// <summary>
    /// <c>x·sigmoid(x)</c> by K-TanH, to 0.0149; the backward pass is the exact function's with the approximate sigmoid in it.
    /// </summary>
    public Activation KSwish() => throw NeverRuns();

    /// <summary>
    /// The tanh form of GELU by K-TanH, to 0.0074; the backward pass is the exact function's with the approximate tanh in it.
    /// </summary>
    public Activation KGelu() => throw NeverRuns();

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    public Activation Relu6() => throw NeverRuns();

    /// <summary><c>min(max(x / 6 + 1/2, 0), 1)</c>.</summary>
    public Activation HardSigmoid() => throw NeverRuns();

    /// <summary><c>x·min(max(x / 6 + 1/2, 0), 1)</c> (Howard et al., 2019).</summary>
    public Activation HardSwish() => throw NeverRuns();

    /// <summary><c>x</c> where it is positive, else <c>slope·x</c>.</summary>
    /// <param name="slope">A constant of at least 0.</param>
    public Activation LeakyRelu(double slope = 0.01) => throw NeverRuns();

    /// <summary><c>x</c> where it is positive, else <c>alpha·(exp(x) - 1)</c> (Clevert et al., 2016).</summary>
    /// <param name="alpha">A constant of more than 0.</param>
    public Activation Elu(double alpha = 1) => throw NeverRuns();

    /// <summary><c>min(max(x, min), max)</c>. Where the result is a bound, the gradient is 0.</summary>
    /// <param name="min">A constant.</param>
    /// <param name="max">A larger constant.</param>
    public Activation Clip(double min, double max) => throw NeverRuns();

    /// <summary>
    /// While training, zeroes each element with a probability and scales the others by <c>1 / (1 - probability)</c>; the identity in
    /// inference.
    /// </summary>
    /// <param name="probability">Constant, at least 0 and less than 1.</param>
    public Activation Dropout(double probability) => throw NeverRuns();

    /// <summary>
    /// An image as a vector of features, channel by channel. Layers that take vectors do it by themselves: it is for the reader.
    /// </summary>
    public Activation Flatten() => throw NeverRuns();

    /// <summary>The maximum of each window of an image. Padding is never a maximum, and a NaN in a window is its result.</summary>
    /// <remarks>The gradient goes to the first of several equal maxima, row by row.</remarks>
    /// <param name="kernel">Rows and columns of a window, a constant of at least 1.</param>
    /// <param name="stride">Pixels from a window to the next, a constant of at least 1; the kernel where it is left out.</param>
    /// <param name="padding">Pixels around the image that windows reach over, a constant of at most half of the kernel.</param>
    /// <param name="ceil">Whether a last window that is not whole counts.</param>
    /// <param name="kernelWidth">Columns of a window where they differ from <paramref name="kernel"/>.</param>
    /// <param name="strideWidth">Columns from a window to the next where they differ from <paramref name="stride"/>.</param>
    /// <param name="paddingWidth">Columns of the padding where they differ from <paramref name="padding"/>.</param>
    public Activation MaxPool(
        int kernel, int stride = 0, int padding = 0, bool ceil = false, int kernelWidth = 0, int strideWidth = 0, int paddingWidth = -1) =>
        throw NeverRuns();

    /// <summary>The mean of each window of an image.</summary>
    /// <param name="kernel">Rows and columns of a window, a constant of at least 1.</param>
    /// <param name="stride">Pixels from a window to the next, a constant of at least 1; the kernel where it is left out.</param>
    /// <param name="padding">Pixels around the image that windows reach over, a constant of at most half of the kernel.</param>
    /// <param name="ceil">Whether a last window that is not whole counts.</param>
    /// <param name="kernelWidth">Columns of a window where they differ from <paramref name="kernel"/>.</param>
    /// <param name="strideWidth">Columns from a window to the next where they differ from <paramref name="stride"/>.</param>
    /// <param name="paddingWidth">Columns of the padding where they differ from <paramref name="padding"/>.</param>
    /// <param name="countIncludePad">Whether a mean is over the pixels of the padding too, as zeros: true, as in PyTorch, unless said
    /// otherwise.</param>
    public Activation AveragePool(
        int kernel, int stride = 0, int padding = 0, bool ceil = false, int kernelWidth = 0, int strideWidth = 0, int paddingWidth = -1,
        bool countIncludePad = true) => throw NeverRuns();

    /// <summary>
    /// The means of so many parts of an image, whatever its size: part i of n goes from pixel <c>floor(i·size / n)</c> to
    /// <c>ceil((i + 1)·size / n)</c>.
    /// </summary>
    /// <param name="rows">Rows of the result, a constant of at least 1.</param>
    /// <param name="columns">Columns of the result; as many as rows where they are left out.</param>
    public Activation AdaptiveAveragePool(int rows, int columns = 0) => throw NeverRuns();

    /// <summary>The maximum of each channel of an image: a feature per channel.</summary>
    public Activation GlobalMaxPool() => throw NeverRuns();

    /// <summary>The mean of each channel of an image: a feature per channel.</summary>
    public Activation GlobalAveragePool() => throw NeverRuns();

    /// <summary>
    /// The channels of this image and then those of the others, which have the same rows and columns; of vectors the features.
    /// </summary>
    public Activation Concat(Activation other, params Activation[] others) => throw NeverRuns();

    /// <summary>Some neighbouring channels of an image, or features of a vector.</summary>
    /// <param name="first">The first one, a constant from 0 on.</param>
    /// <param name="count">How many, a constant.</param>
    public Activation Channels(int first, int count) => throw NeverRuns();

    /// <summary>
    /// The channels of an image in another order (Zhang et al., 2018): channel i of group g becomes channel <c>i·groups + g</c>. A
    /// convolution with groups then sees all groups of the one before.
    /// </summary>
    /// <param name="groups">Groups, a constant; it divides the channels.</param>
    public Activation ShuffleChannels(int groups) => throw NeverRuns();

    /// <summary>An image with channels of zeros before and behind its own.</summary>
    /// <param name="before">Channels before, a constant.</param>
    /// <param name="after">Channels behind, a constant.</param>
    public Activation PadChannels(int before, int after) => throw NeverRuns();

    /// <summary>Each so many row and column of an image, from the first one on.</summary>
    /// <param name="stride">From a pixel that is taken to the next, a constant of at least 1.</param>
    public Activation Subsample(int stride) => throw NeverRuns();

    /// <summary>
    /// The shortcut of a residual block that has no weights (He et al., 2016, option A): <see cref="Subsample"/>, then as many channels of
    /// zeros before the image as behind it.
    /// </summary>
    /// <param name="channels">Channels of the result, a constant: at least those of the image.</param>
    /// <param name="stride">From a pixel that is taken to the next, a constant of at least 1.</param>
    public Activation Shortcut(int channels, int stride = 1) => throw NeverRuns();

    /// <summary>An image with so many times the rows and columns.</summary>
    /// <param name="factor">How many times, a constant of at least 1.</param>
    /// <param name="mode">Where the new pixels come from.</param>
    public Activation Upsample(int factor, UpsampleMode mode = UpsampleMode.Nearest) => throw NeverRuns();

    /// <summary>Applies an operation of the user's own, and its gradient in the backward pass.</summary>
    /// <param name="operation">A static method with <see cref="OperationAttribute">[Operation]</see>, by its name.</param>
    /// <param name="operands">The operands of the operation that follow this one.</param>
    public Activation Apply(Delegate operation, params Activation[] operands) => throw NeverRuns();

    /// <summary>Element-wise sum of two values of the same shape.</summary>
    public static Activation operator +(Activation left, Activation right) => throw NeverRuns();

    /// <summary>Adds a constant, rounded to float32, to every element.</summary>
    public static Activation operator +(Activation value, double constant) => throw NeverRuns();

    /// <summary>Adds a constant, rounded to float32, to every element.</summary>
    public static Activation operator +(double constant, Activation value) => throw NeverRuns();

    /// <summary>Element-wise difference of two values of the same shape.</summary>
    public static Activation operator -(Activation left, Activation right) => throw NeverRuns();

    /// <summary>Subtracts a constant from every element.</summary>
    public static Activation operator -(Activation value, double constant) => throw NeverRuns();

    /// <summary>Subtracts every element from a constant.</summary>
    public static Activation operator -(double constant, Activation value) => throw NeverRuns();

    /// <summary>The negative of every element.</summary>
    public static Activation operator -(Activation value) => throw NeverRuns();

    /// <summary>Element-wise product of two values of the same shape.</summary>
    public static Activation operator *(Activation left, Activation right) => throw NeverRuns();

    /// <summary>Multiplies every element by a constant, rounded to float32.</summary>
    public static Activation operator *(Activation value, double constant) => throw NeverRuns();

    /// <summary>Multiplies every element by a constant, rounded to float32.</summary>
    public static Activation operator *(double constant, Activation value) => throw NeverRuns();

    /// <summary>Divides every element by a constant: multiplies it by the reciprocal, rounded to float.</summary>
    /// <param name="value">The value. There is no quotient of two values, and none of a constant and a value.</param>
    /// <param name="constant">Not 0.</param>
    public static Activation operator /(Activation value, double constant) => throw NeverRuns();

    private static InvalidOperationException NeverRuns() =>
        new("Forward is the definition of a model: the generator reads it and it never runs. Call Predict or use a Trainer instead.");
}
