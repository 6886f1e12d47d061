using System.Runtime.InteropServices;
using SparseSharp.Convolutions;
using SparseSharp.Kernels;
using SparseSharp.Numerics;

namespace SparseSharp.Benchmarks.Peers;

/// <summary>
/// A convolution by oneDNN 2, with every operand in the layout that the library asks for; bringing them there takes no measured time.
/// </summary>
internal sealed unsafe class OneDnnConvolution : IDisposable
{
    private const int ForwardTraining = 64;
    private const int Direct = 1;
    private const int Float = 3;
    private const int AnyLayout = 1;

    // What a primitive is asked for, and what its operands are called.
    private const int QuerySource = 129;
    private const int QuerySourceGradient = 130;
    private const int QueryWeights = 131;
    private const int QueryWeightsGradient = 132;
    private const int QueryTarget = 133;
    private const int QueryTargetGradient = 134;
    private const int Source = 1;
    private const int Target = 17;
    private const int Weights = 33;
    private const int SourceGradient = 129;
    private const int TargetGradient = 145;
    private const int WeightsGradient = 161;
    private const int ReorderFrom = 1;
    private const int ReorderTo = 17;

    private readonly Library _library;
    private readonly List<NativeBuffer<byte>> _memory = [];
    private readonly Primitive _forward;
    private readonly Primitive _gradInput;
    private readonly Primitive _gradWeight;

    /// <summary>Makes the primitives with the threads that are set now; they are run with as many.</summary>
    /// <param name="library">The library.</param>
    /// <param name="shape">The convolution, in one group.</param>
    /// <param name="samples">Samples of the batch.</param>
    public OneDnnConvolution(Library library, ConvolutionShape shape, int samples)
    {
        _library = library;
        var x = Describe(samples, shape.Inputs, shape.Image);
        var w = Describe(shape.Outputs, shape.Inputs, shape.Kernel);
        var y = Describe(samples, shape.Outputs, shape.Output);
        long* stride = stackalloc long[] { shape.Stride.Rows, shape.Stride.Columns };
        long* dilation = stackalloc long[] { shape.Dilation.Rows - 1, shape.Dilation.Columns - 1 };
        long* before = stackalloc long[] { shape.Padding.Top, shape.Padding.Left };
        long* after = stackalloc long[] { shape.Padding.Bottom, shape.Padding.Right };
        var description = NewRoom();
        Check(library.ForwardInit(description, ForwardTraining, Direct, x, w, null, y, stride, dilation, before, after));
        var hint = NewDescription(description, null);
        _forward = NewPrimitive(hint, (Source, QuerySource), (Weights, QueryWeights), (Target, QueryTarget));
        description = NewRoom();
        Check(library.BackwardDataInit(description, Direct, x, w, y, stride, dilation, before, after));
        _gradInput = NewPrimitive(
            NewDescription(description, hint), (TargetGradient, QueryTargetGradient), (Weights, QueryWeights),
            (SourceGradient, QuerySourceGradient));
        description = NewRoom();
        Check(library.BackwardWeightsInit(description, Direct, x, w, null, y, stride, dilation, before, after));
        _gradWeight = NewPrimitive(
            NewDescription(description, hint), (Source, QuerySource), (TargetGradient, QueryTargetGradient),
            (WeightsGradient, QueryWeightsGradient));
        Shape = shape;
        Samples = samples;
    }

    private ConvolutionShape Shape { get; }

    private int Samples { get; }

    /// <summary>Gives the products their operands: images, and weights as PyTorch has them.</summary>
    public void Import(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> dy)
    {
        Import(_forward, 0, x);
        Import(_forward, 1, weight);
        Import(_gradInput, 0, dy);
        Import(_gradInput, 1, weight);
        Import(_gradWeight, 0, x);
        Import(_gradWeight, 1, dy);
    }

    public void Forward() => Run(_forward);

    public void GradInput() => Run(_gradInput);

    public void GradWeight() => Run(_gradWeight);

    /// <summary>The output as images.</summary>
    public float[] Output() => Export(_forward, Samples, Shape.Outputs, Shape.Output);

    /// <summary>The gradient of the input as images.</summary>
    public float[] InputGradient() => Export(_gradInput, Samples, Shape.Inputs, Shape.Image);

    /// <summary>The gradient of the weights as PyTorch has it.</summary>
    public float[] WeightGradient() => Export(_gradWeight, Shape.Outputs, Shape.Inputs, Shape.Kernel);

    public void Dispose()
    {
        foreach (var memory in _memory)
            memory.Dispose();
    }

    private void Run(Primitive primitive)
    {
        Check(_library.Execute(primitive.Handle, _library.Stream, primitive.Arguments.Length, (Argument*)Unsafe(primitive.Arguments)));
        Check(_library.Wait(_library.Stream));

        static void* Unsafe(Argument[] pinned) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0).ToPointer();
    }

    private void Import(Primitive primitive, int operand, ReadOnlySpan<float> images)
    {
        fixed (float* values = images)
            Reorder(NewMemory(Plain(primitive.Descriptions[operand]), values), primitive.Arguments[operand].Memory);
    }

    private float[] Export(Primitive primitive, int first, int second, Extent size)
    {
        var images = new float[first * second * size.Area];
        fixed (float* values = images)
            Reorder(primitive.Arguments[2].Memory, NewMemory(Describe(first, second, size, plain: true), values));
        return images;
    }

    /// <summary>The same numbers in the order of PyTorch.</summary>
    private byte* Plain(nint description)
    {
        var dimensions = (long*)((byte*)description + sizeof(long));
        return Describe((int)dimensions[0], (int)dimensions[1], new((int)dimensions[2], (int)dimensions[3]), plain: true);
    }

    private void Reorder(nint from, nint to)
    {
        nint description, primitive;
        var (engine, source, target) = (_library.Engine, (nint)_library.DescriptionOf(from), (nint)_library.DescriptionOf(to));
        Check(_library.ReorderCreate(&description, (byte*)source, engine, (byte*)target, engine, 0));
        Check(_library.PrimitiveCreate(&primitive, description));
        var arguments = stackalloc Argument[] { new() { Id = ReorderFrom, Memory = from }, new() { Id = ReorderTo, Memory = to } };
        Check(_library.Execute(primitive, _library.Stream, 2, arguments));
        Check(_library.Wait(_library.Stream));
    }

    private nint NewDescription(byte* operation, nint? hint)
    {
        nint description;
        Check(_library.DescriptionCreate(&description, operation, 0, _library.Engine, hint ?? 0));
        return description;
    }

    private Primitive NewPrimitive(nint description, params ReadOnlySpan<(int Argument, int Query)> operands)
    {
        nint handle;
        Check(_library.PrimitiveCreate(&handle, description));
        var arguments = GC.AllocateArray<Argument>(operands.Length, pinned: true);
        var descriptions = new nint[operands.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var layout = _library.Query(description, operands[i].Query, 0);
            var memory = new NativeBuffer<byte>((long)_library.SizeOf(layout));
            _memory.Add(memory);
            arguments[i] = new() { Id = operands[i].Argument, Memory = NewMemory(layout, (float*)memory.Pointer) };
            descriptions[i] = (nint)layout;
        }
        return new(handle, arguments, descriptions);
    }

    private nint NewMemory(byte* description, float* values)
    {
        nint memory;
        Check(_library.MemoryCreate(&memory, description, _library.Engine, values));
        return memory;
    }

    private byte* Describe(int first, int second, Extent size, bool plain = false)
    {
        var description = NewRoom();
        long* dimensions = stackalloc long[] { first, second, size.Rows, size.Columns };
        Check(_library.LayoutInit(description, 4, dimensions, Float, plain ? Library.PlainLayout : AnyLayout));
        return description;
    }

    /// <summary>Room for a description of any kind.</summary>
    private byte* NewRoom()
    {
        var room = new NativeBuffer<byte>(32 * 1024);
        _memory.Add(room);
        return room.Pointer;
    }

    private static void Check(int status)
    {
        if (status != 0)
            throw new InvalidOperationException($"oneDNN returned status {status}.");
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Argument
    {
        public int Id;
        public nint Memory;
    }

    private sealed record Primitive(nint Handle, Argument[] Arguments, nint[] Descriptions);

    /// <summary>The functions of the library, an engine for the processor and a stream.</summary>
    internal sealed class Library
    {
        /// <summary><c>[a, b, c, d]</c>.</summary>
        public const int PlainLayout = 5;

        private Library(nint library)
        {
            LayoutInit = (delegate* unmanaged[Cdecl]<byte*, int, long*, int, int, int>)Export("dnnl_memory_desc_init_by_tag");
            ForwardInit = (delegate* unmanaged[Cdecl]<byte*, int, int, byte*, byte*, byte*, byte*, long*, long*, long*, long*, int>)
                Export("dnnl_dilated_convolution_forward_desc_init");
            BackwardDataInit = (delegate* unmanaged[Cdecl]<byte*, int, byte*, byte*, byte*, long*, long*, long*, long*, int>)
                Export("dnnl_dilated_convolution_backward_data_desc_init");
            BackwardWeightsInit = (delegate* unmanaged[Cdecl]<byte*, int, byte*, byte*, byte*, byte*, long*, long*, long*, long*, int>)
                Export("dnnl_dilated_convolution_backward_weights_desc_init");
            DescriptionCreate = (delegate* unmanaged[Cdecl]<nint*, byte*, nint, nint, nint, int>)Export("dnnl_primitive_desc_create");
            PrimitiveCreate = (delegate* unmanaged[Cdecl]<nint*, nint, int>)Export("dnnl_primitive_create");
            ReorderCreate = (delegate* unmanaged[Cdecl]<nint*, byte*, nint, byte*, nint, nint, int>)
                Export("dnnl_reorder_primitive_desc_create");
            Query = (delegate* unmanaged[Cdecl]<nint, int, int, byte*>)Export("dnnl_primitive_desc_query_md");
            SizeOf = (delegate* unmanaged[Cdecl]<byte*, nuint>)Export("dnnl_memory_desc_get_size");
            MemoryCreate = (delegate* unmanaged[Cdecl]<nint*, byte*, nint, void*, int>)Export("dnnl_memory_create");
            MemoryDescription = (delegate* unmanaged[Cdecl]<nint, byte**, int>)Export("dnnl_memory_get_memory_desc");
            Execute = (delegate* unmanaged[Cdecl]<nint, nint, int, Argument*, int>)Export("dnnl_primitive_execute");
            Wait = (delegate* unmanaged[Cdecl]<nint, int>)Export("dnnl_stream_wait");
            nint engine, stream;
            Check(((delegate* unmanaged[Cdecl]<nint*, int, nuint, int>)Export("dnnl_engine_create"))(&engine, 1, 0));
            Check(((delegate* unmanaged[Cdecl]<nint*, nint, uint, int>)Export("dnnl_stream_create"))(&stream, engine, 1));
            (Engine, Stream) = (engine, stream);

            nint Export(string name) => NativeLibrary.GetExport(library, name);
        }

        public nint Engine { get; }

        public nint Stream { get; }

        public delegate* unmanaged[Cdecl]<byte*, int, long*, int, int, int> LayoutInit { get; }

        public delegate* unmanaged[Cdecl]<byte*, int, int, byte*, byte*, byte*, byte*, long*, long*, long*, long*, int> ForwardInit { get; }

        public delegate* unmanaged[Cdecl]<byte*, int, byte*, byte*, byte*, long*, long*, long*, long*, int> BackwardDataInit { get; }

        public delegate* unmanaged[Cdecl]<byte*, int, byte*, byte*, byte*, byte*, long*, long*, long*, long*, int> BackwardWeightsInit
        {
            get;
        }

        public delegate* unmanaged[Cdecl]<nint*, byte*, nint, nint, nint, int> DescriptionCreate { get; }

        public delegate* unmanaged[Cdecl]<nint*, nint, int> PrimitiveCreate { get; }

        public delegate* unmanaged[Cdecl]<nint*, byte*, nint, byte*, nint, nint, int> ReorderCreate { get; }

        public delegate* unmanaged[Cdecl]<nint, int, int, byte*> Query { get; }

        public delegate* unmanaged[Cdecl]<byte*, nuint> SizeOf { get; }

        public delegate* unmanaged[Cdecl]<nint*, byte*, nint, void*, int> MemoryCreate { get; }

        public delegate* unmanaged[Cdecl]<nint, byte**, int> MemoryDescription { get; }

        public delegate* unmanaged[Cdecl]<nint, nint, int, Argument*, int> Execute { get; }

        public delegate* unmanaged[Cdecl]<nint, int> Wait { get; }

        /// <summary>The library if it is installed and has this interface, which version 3 does not.</summary>
        public static Library? TryLoad() =>
            NativeLibrary.TryLoad("libdnnl.so.2", out var library) &&
            NativeLibrary.TryGetExport(library, "dnnl_dilated_convolution_forward_desc_init", out _)
                ? new Library(library)
                : null;

        public byte* DescriptionOf(nint memory)
        {
            byte* description;
            Check(MemoryDescription(memory, &description));
            return description;
        }
    }
}
