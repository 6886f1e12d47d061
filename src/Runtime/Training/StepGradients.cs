using System.Numerics.Tensors;
using SparseSharp.Kernels;
using SparseSharp.Layers;
using SparseSharp.Learning;

namespace SparseSharp;

/// <summary>
/// The gradients of an optimizer step, between the backward passes and the update: what <see cref="TrainerOptions.OnGradients"/> may look
/// at and change. Enumerate it, or ask for one by its layer. Everything that comes after (clipping, the look for values that are not
/// finite, the update) reads what it leaves.
/// </summary>
/// <remarks>It belongs to the trainer and serves during the call alone. Enumerating it allocates nothing.</remarks>
public sealed class StepGradients
{
    private readonly (LearnedPart Part, string Path)[] _parts;
    private readonly Func<double> _squares;
    private bool _isOpen;

    internal StepGradients(IEnumerable<ILayer> layers, ModelDescriptor descriptor, Func<double> squares)
    {
        _parts = [.. layers.SelectMany((layer, number) => layer.Parts.Learned.Select(part => (part, descriptor.Layers[number].Path)))];
        _squares = squares;
    }

    /// <summary>Number of the step, from 1.</summary>
    public long Step { get; private set; }

    /// <summary>The scheduled learning rate.</summary>
    public float LearningRate { get; private set; }

    /// <summary>Norm of all gradients together as they are now: what <see cref="TrainerOptions.ClipNorm"/> limits.</summary>
    public double Norm
    {
        get
        {
            ThrowIfClosed();
            return Math.Sqrt(_squares());
        }
    }

    /// <summary>The gradient of one parameter.</summary>
    /// <param name="layer">Path of the layer, for example <c>First.Stem</c>.</param>
    /// <param name="name"><c>weight</c> or <c>bias</c>.</param>
    /// <exception cref="ArgumentException">There is no such gradient: the message has those that there are.</exception>
    public LayerGradient this[string layer, string name = "weight"]
    {
        get
        {
            foreach (var gradient in this)
            {
                if (gradient.Layer == layer && gradient.Name == name)
                    return gradient;
            }
            var names = new List<string>();
            foreach (var gradient in this)
                names.Add($"{gradient.Layer} {gradient.Name}");
            throw new ArgumentException(
                $"There is no gradient '{name}' of a layer '{layer}' in this step. There are: {string.Join(", ", names)}. "
                + "Frozen layers have none.",
                nameof(layer));
        }
    }

    /// <summary>All gradients, layer by layer.</summary>
    public Enumerator GetEnumerator()
    {
        ThrowIfClosed();
        return new(this);
    }

    /// <summary>Lets somebody look at the gradients, which become means over samples before.</summary>
    internal void Show(Action<StepGradients> callback, long step, float learningRate, float scale)
    {
        (Step, LearningRate, _isOpen) = (step, learningRate, true);
        try
        {
            foreach (var gradient in this)
            {
                if (scale != 1)
                    TensorPrimitives.Multiply(gradient.Values, scale, gradient.Values);
            }
            callback(this);
        }
        finally
        {
            _isOpen = false;
        }
    }

    private void ThrowIfClosed()
    {
        if (!_isOpen)
        {
            throw new InvalidOperationException(
                $"Gradients can be seen in {nameof(TrainerOptions)}.{nameof(TrainerOptions.OnGradients)} alone: "
                + "copy what is needed later.");
        }
    }

    /// <summary>Goes through gradients without allocating.</summary>
    public struct Enumerator
    {
        private readonly StepGradients _gradients;
        private int _part;
        private int _number = -1;

        internal Enumerator(StepGradients gradients) => _gradients = gradients;

        /// <summary>The gradient that the enumerator stands at.</summary>
        public readonly LayerGradient Current =>
            new(_gradients._parts[_part].Path, _gradients._parts[_part].Part.Gradients[_number]);

        /// <summary>Goes to the next one.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext()
        {
            for (_number++; _part < _gradients._parts.Length; (_part, _number) = (_part + 1, 0))
            {
                if (_number < _gradients._parts[_part].Part.Gradients.Count)
                    return true;
            }
            return false;
        }
    }
}

/// <summary>The gradient of one parameter of a layer in a step.</summary>
public readonly struct LayerGradient
{
    private readonly GradientBuffer _buffer;

    internal LayerGradient(string layer, GradientBuffer buffer) => (Layer, _buffer) = (layer, buffer);

    /// <summary>Path of the layer from the model, for example <c>First.Stem</c>.</summary>
    public string Layer { get; }

    /// <summary>
    /// <c>weight</c>, <c>bias</c>, or <c>all weights</c>: that is a second gradient, by which layers that regrow weights search for their
    /// mask.
    /// </summary>
    public string Name => _buffer.Name;

    /// <summary>
    /// Derivatives of the mean loss, which may be changed. Row-major <c>[out, in]</c> where all weights learn; where only kept weights
    /// exist, those in the order in which they are packed. Learned thresholds and factors of blocks learn from the gradient of the weights.
    /// </summary>
    public Span<float> Values => _buffer.Values;
}
