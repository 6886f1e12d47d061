using System.ComponentModel;
using SparseSharp.Convolutions;
using SparseSharp.Matrices;

namespace SparseSharp.Kernels;

/// <summary>
/// A convolution over images of a size, at one place of a model: the tables of its products, and the weights as they read them. Layers make
/// it; emitted code hands it to the drivers.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class ConvolutionUse : IDisposable
{
    /// <summary>Kept share of the weights from which on the products run dense: less is saved than lists cost.</summary>
    private const double DenseFrom = 0.7;

    private readonly Lock _lock = new();
    private readonly ConvolutionWeights _weights;
    private readonly ConvolutionWeights _all;
    private ConvolutionWeights? _kept;
    private ConvolutionProduct? _forward;
    private ConvolutionParts? _parts;
    private ConvolutionProduct? _gradInput;
    private ConvolutionWeightGradient? _gradWeight;
    private ConvolutionWeightGradient? _allGradWeights;
    private float[] _inUse = [];
    private volatile int _madeOf = -1;
    private volatile int _madeForTraining = -1;
    private volatile bool _isDisposed;

    /// <param name="product">The weights and the bias.</param>
    /// <param name="window">What an output pixel reads.</param>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="input">Layout of the input.</param>
    /// <param name="output">Layout of the output.</param>
    internal ConvolutionUse(MatrixProduct product, ConvolutionWindow window, int inputs, ImageLayout input, ImageLayout output)
    {
        (Product, Input, Output) = (product, input, output);
        Shape = window.Over(inputs, product.Rows, input.Size);
        (_weights, _all) = (new ConvolutionWeights(Shape), new ConvolutionWeights(Shape));
        _weights.Check(input, output);
    }

    /// <summary>Layout of the input.</summary>
    public ImageLayout Input { get; }

    /// <summary>Layout of the output.</summary>
    public ImageLayout Output { get; }

    /// <summary>The weights and the bias.</summary>
    internal MatrixProduct Product { get; }

    /// <summary>The convolution.</summary>
    internal ConvolutionShape Shape { get; }

    /// <summary>The gradient of the input, after <see cref="Prepare"/> for a training.</summary>
    internal ConvolutionProduct GradInput => _gradInput ?? throw Unprepared();

    private Matrix Matrix => Product.Matrix;

    /// <summary>Makes whatever is missing for a pass. What predictions need is made where a pass first comes to it.</summary>
    /// <param name="training">Whether weight gradients follow.</param>
    public void Prepare(bool training)
    {
        if (!training || (_madeOf == Matrix.Changes && _madeForTraining == _madeOf && HasGradients))
            return;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var changes = Matrix.Changes;
            ReadOnlySpan<float> weights = _madeOf != changes || _madeForTraining != changes ? InUse() : [];
            MakeForward(weights);
            if (_madeForTraining != changes)
            {
                _gradInput ??= ConvolutionProduct.GradInput(_weights, Output, Input);
                _gradInput.Update();
                _gradInput.Pack(weights);
                FollowKept();
                _madeForTraining = changes;
            }
            AddGradients();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Clear();
        }
    }

    /// <summary>The output.</summary>
    /// <param name="isCut">Whether the pass cuts images.</param>
    internal ConvolutionProduct Forward(bool isCut)
    {
        if (isCut && Input.Parts is not null)
            return _parts is { } parts && parts.MadeOf == Matrix.Changes ? parts.Product : MakeParts();
        return _madeOf == Matrix.Changes ? _forward! : MakeForward();
    }

    /// <summary>The gradient of the weights that learn, after <see cref="Prepare"/> for a training.</summary>
    internal ConvolutionWeightGradient GradWeight => _gradWeight ?? throw Unprepared();

    /// <summary>The gradient of all weights, for the search of a mask; after <see cref="Prepare"/> for a training.</summary>
    internal ConvolutionWeightGradient AllGradWeights => _allGradWeights ?? throw Unprepared();

    private static InvalidOperationException Unprepared() => new("A convolution runs without what it needs.");

    private bool HasGradients => Product.IsFrozen || (_gradWeight is not null && (!NeedsAll || _allGradWeights is not null));

    /// <summary>Whether the gradient of all weights is asked for beside that of those that learn.</summary>
    private bool NeedsAll => Matrix.MaskedGradient != null;

    private ConvolutionProduct MakeForward()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_madeOf != Matrix.Changes)
                MakeForward(InUse());
            return _forward!;
        }
    }

    private ConvolutionProduct MakeParts()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _parts ??= new(Shape, Input.In(isCut: true), Output.In(isCut: true));
            if (_parts.MadeOf != Matrix.Changes)
                _parts.Update(MaskInUse, InUse(), Matrix.Changes);
            return _parts.Product;
        }
    }

    private void MakeForward(ReadOnlySpan<float> weights)
    {
        var changes = Matrix.Changes;
        if (_madeOf == changes)
            return;
        var mask = MaskInUse;
        _weights.Update(mask, mask is null ? null : Matrix.SecondMask);
        _forward ??= ConvolutionProduct.Forward(_weights, Input, Output);
        _forward.Update();
        _forward.Pack(weights);
        _madeOf = changes;
    }

    /// <summary>The mask that products follow, null where they run dense.</summary>
    private Mask? MaskInUse => Matrix.IsDense || Matrix.KeptShare > DenseFrom ? null : Matrix.Mask;

    /// <summary>Lets the gradients of kept weights follow the mask.</summary>
    private void FollowKept()
    {
        if (Matrix.KeptGradient == null != _kept is null)
        {
            _gradWeight?.Dispose();
            (_gradWeight, _kept) = (null, null);
        }
        if (Matrix.KeptGradient == null)
            return;
        if (_kept is null)
            _kept = ConvolutionWeights.Of(Shape, Matrix);
        else
            _kept.Update(Matrix);
        if (_gradWeight?.Update() == true)
            _gradWeight.Arrange();
    }

    /// <summary>The weights that products use, <c>[rows, columns]</c>.</summary>
    private ReadOnlySpan<float> InUse()
    {
        var count = checked(Matrix.Rows * Matrix.Columns);
        if (Matrix.IsDense)
            return new(Matrix.InUse, count);
        if (_inUse.Length != count)
            _inUse = new float[count];
        Matrix.CopyEffective(_inUse);
        return _inUse;
    }

    private void AddGradients()
    {
        if (Product.IsFrozen)
            return;
        _gradWeight ??= new ConvolutionWeightGradient(_kept ?? _all, Input, Output);
        if (NeedsAll)
            _allGradWeights ??= new ConvolutionWeightGradient(_all, Input, Output);
    }

    private void Clear()
    {
        _forward?.Dispose();
        _parts?.Dispose();
        _gradInput?.Dispose();
        _gradWeight?.Dispose();
        _allGradWeights?.Dispose();
        (_forward, _parts, _gradInput, _gradWeight, _allGradWeights) = (null, null, null, null, null);
        (_madeOf, _madeForTraining) = (-1, -1);
    }
}
