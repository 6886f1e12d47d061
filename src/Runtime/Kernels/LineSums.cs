using System.Runtime.CompilerServices;

namespace SparseSharp.Kernels;

/// <summary>Consecutive lines of a channel, row by row and vector by vector. All distances are in floats.</summary>
internal unsafe struct LineRun
{
    /// <summary>The first line.</summary>
    public float* Lines;

    /// <summary>Lines of a row.</summary>
    public int Columns;

    /// <summary>Rows of an image.</summary>
    public int Rows;

    /// <summary>Distance between rows.</summary>
    public nint RowStride;

    /// <summary>Vectors of samples.</summary>
    public int Vectors;

    /// <summary>Distance between vectors of samples.</summary>
    public nint VectorStride;

    /// <summary>Receives eight numbers, of which the first is the sum.</summary>
    public float* Sum;
}

/// <summary>The sum of all lanes of the lines of a channel: the gradient of its bias.</summary>
/// <remarks>Two sums take turns, since additions of one would wait for each other.</remarks>
internal readonly unsafe struct LineSums : IPanelKernel<LineRun>
{
    [MethodImpl(Jit.Leaf)]
    public static void Run<TPath, TVector, TVectors>(in LineRun run)
        where TPath : struct, IVectorPath<TVector>
        where TVector : unmanaged
        where TVectors : unmanaged, ICount
    {
        TVector even = TPath.Zero, odd = TPath.Zero;
        for (nint vector = 0; vector < run.Vectors; vector++)
        {
            for (nint row = 0; row < run.Rows; row++)
            {
                var line = run.Lines + (vector * run.VectorStride) + (row * run.RowStride);
                var columns = run.Columns;
                for (; columns > 1; columns -= 2)
                {
                    even = TPath.Add(even, TPath.Load(ref *line, 0));
                    odd = TPath.Add(odd, TPath.Load(ref *line, TPath.Lanes));
                    line += 2 * TPath.Lanes;
                }
                if (columns == 1)
                    even = TPath.Add(even, TPath.Load(ref *line, 0));
            }
        }
        var sum = TPath.Add(even, odd);
        ConvolutionGradient.Write(TPath.Sums(sum, sum, sum, sum, sum, sum, sum, sum), run.Sum, accumulate: false);
    }

    public static void RunScalar(int width, in LineRun run)
    {
        var sum = 0f;
        for (nint vector = 0; vector < run.Vectors; vector++)
        {
            for (nint row = 0; row < run.Rows; row++)
            {
                for (nint lane = 0; lane < run.Columns * width; lane++)
                    sum += run.Lines[(vector * run.VectorStride) + (row * run.RowStride) + lane];
            }
        }
        *run.Sum = sum;
    }
}
