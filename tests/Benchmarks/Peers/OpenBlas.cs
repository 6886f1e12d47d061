using System.Runtime.InteropServices;

namespace SparseSharp.Benchmarks.Peers;

/// <summary>OpenBLAS: <c>cblas_sgemm</c>.</summary>
internal sealed unsafe class OpenBlas : MatrixLibrary
{
    public const string Package = "libopenblas0-pthread";

    private const int RowMajor = 101;
    private const int AsStored = 111;
    private const int Transposed = 112;

    private static readonly string[] Names =
        ["libopenblas.so.0", "libopenblas.so", "libopenblas.0.dylib", "libopenblas.dylib", "libopenblas.dll", "openblas.dll"];

    private readonly delegate* unmanaged[Cdecl]<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _multiply;
    private readonly delegate* unmanaged[Cdecl]<int, void> _useThreads;

    private OpenBlas(nint library)
    {
        _multiply = (delegate* unmanaged[Cdecl]<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            NativeLibrary.GetExport(library, "cblas_sgemm");
        _useThreads = (delegate* unmanaged[Cdecl]<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
    }

    public override string Name => "OpenBLAS";

    /// <summary>The library, or null if it is not installed.</summary>
    public static OpenBlas? TryLoad() =>
        Load(Names, "cblas_sgemm", "openblas_set_num_threads") is var library and not 0 ? new OpenBlas(library) : null;

    public override void UseThreads(int threads) => _useThreads(threads);

    public override void Multiply(bool transposeA, bool transposeB, int m, int n, int k, float* a, float* b, float* c) =>
        _multiply(
            RowMajor, transposeA ? Transposed : AsStored, transposeB ? Transposed : AsStored,
            m, n, k, 1, a, transposeA ? m : k, b, transposeB ? k : n, 0, c, n);
}
