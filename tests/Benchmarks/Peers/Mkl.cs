using System.Runtime.InteropServices;

namespace SparseSharp.Benchmarks.Peers;

/// <summary>Intel MKL: products of sparse matrices in CSR with dense ones, which are row-major.</summary>
internal sealed unsafe class Mkl
{
    public const string Name = "MKL";

    public const string Package = "libmkl-rt, of its section non-free";

    private const int GnuThreads = 3;
    private const int ZeroBased = 0;
    private const int AsStored = 10;
    private const int RowMajor = 101;
    private const int ResolveNowForAll = 0x102;

    /// <summary>Calls for which it pays to prepare a matrix.</summary>
    private const int ManyCalls = 1000;

    private readonly delegate* unmanaged[Cdecl]<int, void> _useThreads;
    private readonly delegate* unmanaged[Cdecl]<byte, byte, nuint, nuint, float, float*, nuint, float*, nuint, void> _copy;
    private readonly delegate* unmanaged[Cdecl]<nint*, int, int, int, int*, int*, int*, float*, int> _create;
    private readonly delegate* unmanaged[Cdecl]<nint, int, Description, int, int, int, int> _expect;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _prepare;
    private readonly delegate* unmanaged[Cdecl]<int, float, nint, Description, int, float*, int, int, float, float*, int, int> _multiply;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _free;

    private Mkl(nint library)
    {
        _useThreads = (delegate* unmanaged[Cdecl]<int, void>)NativeLibrary.GetExport(library, "MKL_Set_Num_Threads");
        _copy = (delegate* unmanaged[Cdecl]<byte, byte, nuint, nuint, float, float*, nuint, float*, nuint, void>)NativeLibrary.GetExport(
            library, "MKL_Somatcopy");
        _create = (delegate* unmanaged[Cdecl]<nint*, int, int, int, int*, int*, int*, float*, int>)NativeLibrary.GetExport(
            library, "mkl_sparse_s_create_csr");
        _expect = (delegate* unmanaged[Cdecl]<nint, int, Description, int, int, int, int>)NativeLibrary.GetExport(
            library, "mkl_sparse_set_mm_hint");
        _prepare = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "mkl_sparse_optimize");
        _multiply = (delegate* unmanaged[Cdecl]<int, float, nint, Description, int, float*, int, int, float, float*, int, int>)
            NativeLibrary.GetExport(library, "mkl_sparse_s_mm");
        _free = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "mkl_sparse_destroy");
    }

    /// <summary>The library, or null if it is not installed.</summary>
    public static Mkl? TryLoad()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libmkl_rt.so", out var library))
            return null;
        // Its part for threads looks for OpenMP among the names of the process, and a library that .NET loads keeps its names to itself.
        var open = (delegate* unmanaged[Cdecl]<byte*, int, nint>)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "dlopen");
        fixed (byte* name = "libgomp.so.1\0"u8)
        {
            if (open(name, ResolveNowForAll) == 0)
                return null;
        }
        ((delegate* unmanaged[Cdecl]<int, int>)NativeLibrary.GetExport(library, "MKL_Set_Threading_Layer"))(GnuThreads);
        return new Mkl(library);
    }

    /// <summary>Threads of the products that follow.</summary>
    public void UseThreads(int threads) => _useThreads(threads);

    /// <summary>A matrix in CSR, whose memory the caller keeps.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="starts">Where each row begins, and the last one ends.</param>
    /// <param name="indices">Column of each value, ascending in a row.</param>
    /// <param name="values">The values.</param>
    /// <param name="width">Columns of the dense matrices that it will be multiplied by.</param>
    public nint Create(int rows, int columns, int* starts, int* indices, float* values, int width)
    {
        nint matrix;
        Check(_create(&matrix, ZeroBased, rows, columns, starts, starts + 1, indices, values));
        Check(_expect(matrix, AsStored, Description.General, RowMajor, width, ManyCalls));
        Check(_prepare(matrix));
        return matrix;
    }

    /// <summary><c>y[rows, width] = matrix·x</c>.</summary>
    public void Multiply(nint matrix, float* x, float* y, int width) =>
        Check(_multiply(AsStored, 1, matrix, Description.General, RowMajor, x, width, width, 0, y, width));

    /// <summary><c>target[columns, rows] = sourceᵀ</c>.</summary>
    public void Transpose(float* source, int rows, int columns, float* target) =>
        _copy((byte)'R', (byte)'T', (nuint)rows, (nuint)columns, 1, source, (nuint)columns, target, (nuint)rows);

    public void Free(nint matrix) => Check(_free(matrix));

    private static void Check(int status)
    {
        if (status != 0)
            throw new InvalidOperationException($"MKL returned status {status}.");
    }

    /// <summary>What is known of a matrix; the last two fields are of triangular ones.</summary>
    private readonly record struct Description(int Kind, int Triangle, int Diagonal)
    {
        public static readonly Description General = new(20, 0, 0);
    }
}
