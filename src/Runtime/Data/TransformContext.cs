namespace SparseSharp;

/// <summary>What an <see cref="ImageTransform"/> gets beside the image. One thread uses it.</summary>
public sealed class TransformContext
{
    private float[] _scratch = [];
    private ulong _seed;
    private int _epoch;
    private int _image;
    private int _augmentation;

    /// <summary>Makes a context, for example to try a transform.</summary>
    /// <param name="seed">Of the random numbers.</param>
    /// <param name="epoch">The epoch, at least 0.</param>
    /// <param name="image">Number of the image, at least 0.</param>
    public TransformContext(ulong seed = 0, int epoch = 0, int image = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        Begin(seed, epoch, image, augmentation: 0);
        Enter(0);
    }

    /// <summary>Random numbers of this image, this epoch and this transform.</summary>
    public RandomStream Random { get; } = new();

    /// <summary>Memory for values in between, which is not cleared; the next call gives the same memory.</summary>
    public Span<float> Scratch(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (_scratch.Length < length)
            _scratch = GC.AllocateUninitializedArray<float>(length);
        return _scratch.AsSpan(0, length);
    }

    /// <summary>Begins an image.</summary>
    internal void Begin(ulong seed, int epoch, int image, int augmentation) =>
        (_seed, _epoch, _image, _augmentation) = (seed, epoch, image, augmentation);

    /// <summary>Begins a transform of the image.</summary>
    internal void Enter(int place) => Random.Begin(_seed, _epoch, _image, _augmentation, place);
}
