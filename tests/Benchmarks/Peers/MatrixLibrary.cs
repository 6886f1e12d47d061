using System.Runtime.InteropServices;

namespace SparseSharp.Benchmarks.Peers;

/// <summary>A library with a single-precision matrix product. All matrices are row-major.</summary>
internal abstract unsafe class MatrixLibrary
{
    public abstract string Name { get; }

    /// <summary>Threads of the products that follow.</summary>
    public abstract void UseThreads(int threads);

    /// <summary><c>c[m, n] = a·b</c>, either of them transposed or not.</summary>
    /// <param name="transposeA">Whether <paramref name="a"/> is stored <c>[k, m]</c>.</param>
    /// <param name="transposeB">Whether <paramref name="b"/> is stored <c>[n, k]</c>.</param>
    /// <param name="m">Rows of the result.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    /// <param name="c">Receives the result.</param>
    public abstract void Multiply(bool transposeA, bool transposeB, int m, int n, int k, float* a, float* b, float* c);

    /// <summary><c>y[batch, out] = x·Wᵀ</c> with <c>W[out, in]</c>.</summary>
    public void Forward(float* x, float* weight, float* y, int batch, int inputs, int outputs) =>
        Multiply(false, true, batch, outputs, inputs, x, weight, y);

    /// <summary><c>dx[batch, in] = dy·W</c>.</summary>
    public void GradInput(float* dy, float* weight, float* dx, int batch, int inputs, int outputs) =>
        Multiply(false, false, batch, inputs, outputs, dy, weight, dx);

    /// <summary><c>dW[out, in] = dyᵀ·x</c>.</summary>
    public void GradWeight(float* dy, float* x, float* gradient, int batch, int inputs, int outputs) =>
        Multiply(true, false, outputs, inputs, batch, dy, x, gradient);

    /// <summary>Loads the first library that is there, and has all functions.</summary>
    protected static nint Load(IEnumerable<string> names, params ReadOnlySpan<string> functions)
    {
        foreach (var name in names)
        {
            if (!NativeLibrary.TryLoad(name, out var library))
                continue;
            var complete = true;
            foreach (var function in functions)
                complete &= NativeLibrary.TryGetExport(library, function, out _);
            if (complete)
                return library;
            NativeLibrary.Free(library);
        }
        return 0;
    }
}
