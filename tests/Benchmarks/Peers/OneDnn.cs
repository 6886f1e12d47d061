using System.Runtime.InteropServices;

namespace SparseSharp.Benchmarks.Peers;

/// <summary>oneDNN: <c>dnnl_sgemm</c>, with its threads set through the OpenMP runtime.</summary>
internal sealed unsafe class OneDnn : MatrixLibrary
{
    public const string Package = "libdnnl2";

    private static readonly string[] Names =
        ["libdnnl.so.2", "libdnnl.so.3", "libdnnl.so", "libdnnl.2.dylib", "libdnnl.3.dylib", "libdnnl.dylib", "dnnl.dll"];

    private static readonly string[] ThreadingNames =
        ["libgomp.so.1", "libgomp.so", "libgomp.1.dylib", "libomp.dylib", "libgomp-1.dll", "vcomp140.dll"];

    private readonly delegate* unmanaged[Cdecl]<byte, byte, long, long, long, float, float*, long, float*, long, float, float*, long, int> _multiply;
    private readonly delegate* unmanaged[Cdecl]<int, void> _useThreads;

    private OneDnn(nint library, nint threading)
    {
        _multiply = (delegate* unmanaged[Cdecl]<byte, byte, long, long, long, float, float*, long, float*, long, float, float*, long, int>)
            NativeLibrary.GetExport(library, "dnnl_sgemm");
        _useThreads = (delegate* unmanaged[Cdecl]<int, void>)NativeLibrary.GetExport(threading, "omp_set_num_threads");
    }

    public override string Name => "oneDNN";

    /// <summary>
    /// The library, or null if it or its OpenMP runtime is not installed: without that, its threads could not be counted.
    /// </summary>
    public static OneDnn? TryLoad() =>
        Load(Names, "dnnl_sgemm") is var library and not 0 && Load(ThreadingNames, "omp_set_num_threads") is var threading and not 0
            ? new OneDnn(library, threading)
            : null;

    public override void UseThreads(int threads) => _useThreads(threads);

    public override void Multiply(bool transposeA, bool transposeB, int m, int n, int k, float* a, float* b, float* c)
    {
        var status = _multiply(
            (byte)(transposeA ? 'T' : 'N'), (byte)(transposeB ? 'T' : 'N'),
            m, n, k, 1, a, transposeA ? m : k, b, transposeB ? k : n, 0, c, n);
        if (status != 0)
            throw new InvalidOperationException($"dnnl_sgemm returned status {status}.");
    }
}
