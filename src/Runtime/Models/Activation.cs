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

    /// <summary>The mean of each channel of an image: a feature per channel.</summary>
    public Activation GlobalAveragePool() => throw NeverRuns();

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
