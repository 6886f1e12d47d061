using System.Runtime.InteropServices;

namespace TorchSharp;

public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
}

/// <summary>By this type the generator tells version 0.107.</summary>
public readonly struct BFloat16;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);

    public enum ScalarType : sbyte
    {
        Int64 = 4,
        Float32 = 6,
        Float64 = 7,
        Bool = 11,
        BFloat16 = 15,
    }

    public static Tensor empty(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var tensor = zeros(size, dtype, device, requires_grad, names);
        // What nobody writes to must not pass for zeros.
        tensor.bytes.Fill(0xFF);
        return tensor;
    }

    public static Tensor zeros(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        new(size, dtype ?? ScalarType.Float32, device ?? CPU) { requires_grad = requires_grad };

    public static IDisposable no_grad() => new GradMode(false);

    public static bool is_grad_enabled() => GradMode.IsEnabled;

    public static DisposeScope NewDisposeScope() => new();

    public sealed class Device(DeviceType type, int index = -1)
    {
        public DeviceType type { get; } = type;

        public int index { get; } = index;
    }

    /// <summary>A view of a storage: its elements may lie apart.</summary>
    public class Tensor : IDisposable
    {
        private static int s_count;

        private readonly long _offset;
        private readonly long[] _strides;
        private Storage? _storage;

        internal Tensor(long[] shape, ScalarType type, Device device)
            : this(
                new Storage(shape.Aggregate(1L, (product, size) => product * size) * SizeOf(type)), shape, Contiguous(shape), 0, type,
                device)
        {
        }

        protected Tensor(Tensor moved)
            : this(moved._storage!, moved.shape, moved._strides, moved._offset, moved.dtype, moved._device) => moved.Dispose();

        private Tensor(Storage storage, long[] shape, long[] strides, long offset, ScalarType type, Device device)
        {
            (_storage, this.shape, _strides, _offset, dtype, _device) = (storage, shape, strides, offset, type, device);
            Interlocked.Increment(ref s_count);
            DisposeScope.Current?.Attach(this);
        }

        private readonly Device _device;

        /// <summary>Tensors that nobody has disposed.</summary>
        public static int TotalCount => Volatile.Read(ref s_count);

        public long[] shape { get; }

        public ScalarType dtype { get; }

        public DeviceType device_type => _device.type;

        public bool requires_grad { get; set; }

        public Tensor? grad { get; set; }

        public bool IsInvalid => _storage is null;

        internal autograd.Node? Node { get; set; }

        internal DisposeScope? OwningDisposeScope { get; set; }

        public unsafe Span<byte> bytes => is_contiguous()
            ? new Span<byte>((byte*)Alive.Memory + (_offset * SizeOf(dtype)), checked((int)(numel() * SizeOf(dtype))))
            : throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");

        private Storage Alive => _storage ?? throw new ObjectDisposedException(nameof(Tensor));

        public long numel() => shape.Aggregate(1L, (product, size) => product * size);

        public bool is_contiguous() => _strides.SequenceEqual(Contiguous(shape));

        public Tensor contiguous()
        {
            if (is_contiguous())
                return new(Alive, shape, _strides, _offset, dtype, _device);
            var copy = new Tensor(shape, dtype, _device);
            var source = Floats();
            var target = MemoryMarshal.Cast<byte, float>(copy.bytes);
            for (var i = 0; i < target.Length; i++)
                target[i] = source[i];
            return copy;
        }

        public Tensor narrow(long dim, long start, long length)
        {
            var narrowed = (long[])shape.Clone();
            narrowed[dim] = length;
            return new(Alive, narrowed, _strides, _offset + (start * _strides[dim]), dtype, _device);
        }

        public Tensor view(params long[] shape) => new(Alive, shape, Contiguous(shape), _offset, dtype, _device);

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            if (!shape.SequenceEqual(source.shape))
                throw new InvalidOperationException($"shapes differ: [{string.Join(", ", shape)}] and [{string.Join(", ", source.shape)}]");
            source.bytes.CopyTo(bytes);
            return this;
        }

        public void backward() => throw new NotSupportedException("Only gradients that are given are implemented.");

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.Run(this, grad_tensors![0]);

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _storage, null) is not null)
                Interlocked.Decrement(ref s_count);
            OwningDisposeScope?.Detach(this);
            GC.SuppressFinalize(this);
        }

        internal Tensor Alias() => new(Alive, shape, _strides, _offset, dtype, _device);

        /// <summary>The elements in order, wherever they lie.</summary>
        private unsafe List<float> Floats()
        {
            var elements = new List<float>();
            var indices = new long[shape.Length];
            for (var i = 0L; i < numel(); i++)
            {
                var at = _offset;
                for (var d = 0; d < shape.Length; d++)
                    at += indices[d] * _strides[d];
                elements.Add(((float*)Alive.Memory)[at]);
                for (var d = shape.Length - 1; d >= 0 && ++indices[d] == shape[d]; d--)
                    indices[d] = 0;
            }
            return elements;
        }

        private static long[] Contiguous(long[] shape)
        {
            var strides = new long[shape.Length];
            var stride = 1L;
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                strides[d] = stride;
                stride *= shape[d];
            }
            return strides;
        }

        private static int SizeOf(ScalarType type) => type switch
        {
            ScalarType.Bool => 1,
            ScalarType.BFloat16 => 2,
            ScalarType.Float32 => 4,
            _ => 8,
        };
    }

    /// <summary>Memory outside the managed heap, freed with its last tensor.</summary>
    private sealed unsafe class Storage(long bytes)
    {
        private readonly void* _memory = NativeMemory.AllocZeroed((nuint)Math.Max(bytes, 1));

        ~Storage() => NativeMemory.Free(_memory);

        public void* Memory => _memory;
    }

    private sealed class GradMode : IDisposable
    {
        [ThreadStatic]
        private static bool s_isOff;

        private readonly bool _wasOff = s_isOff;

        public GradMode(bool enabled) => s_isOff = !enabled;

        public static bool IsEnabled => !s_isOff;

        public void Dispose() => s_isOff = _wasOff;
    }
}

/// <summary>Disposes what was made in it, but for what has left.</summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? s_current;

    private readonly HashSet<torch.Tensor> _tensors = [];
    private readonly DisposeScope? _outer = s_current;

    internal DisposeScope() => s_current = this;

    internal static DisposeScope? Current => s_current;

    public void Dispose()
    {
        s_current = _outer;
        foreach (var tensor in _tensors.ToArray())
            tensor.Dispose();
    }

    internal void Attach(torch.Tensor tensor)
    {
        _tensors.Add(tensor);
        tensor.OwningDisposeScope = this;
    }

    internal void Detach(torch.Tensor tensor)
    {
        _tensors.Remove(tensor);
        tensor.OwningDisposeScope = null;
    }

    internal void MoveToOuter(torch.Tensor tensor)
    {
        Detach(tensor);
        _outer?.Attach(tensor);
    }

    internal static void Replace(torch.Tensor old, torch.Tensor tensor)
    {
        tensor.OwningDisposeScope?.Detach(tensor);
        var scope = old.OwningDisposeScope;
        scope?.Detach(old);
        scope?.Attach(tensor);
    }
}
