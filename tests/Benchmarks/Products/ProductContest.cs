using SparseSharp.Benchmarks.Measuring;
using SparseSharp.Benchmarks.Peers;
using SparseSharp.Benchmarks.Reporting;

namespace SparseSharp.Benchmarks.Products;

/// <summary>The libraries, our dense layer and our sparse layers of one shape, each from row-major input to row-major output.</summary>
internal sealed unsafe class ProductContest : IDisposable
{
    /// <summary>A sum of 4096 products in single precision; ours are within 3e-6.</summary>
    private const double Tolerance = 2e-5;

    private readonly BenchmarkRun _run;
    private readonly Operands _operands;
    private readonly (LayerKernel Kernel, ISparseModel Model)[] _entrants;

    /// <param name="run">The run.</param>
    /// <param name="shape">Batch x in x out.</param>
    /// <param name="sparse">The sparse layers that compete; none for the dense one alone.</param>
    public ProductContest(BenchmarkRun run, ProductShape shape, IEnumerable<LayerKernel> sparse)
    {
        _run = run;
        _operands = new Operands(shape);
        LayerKernel[] kernels = [LayerKernels.DenseOf(shape), .. sparse];
        _entrants = [.. kernels.Select(kernel => (kernel, kernel.Create(1)))];
    }

    private Linear Dense => _entrants[0].Model.Linears[0];

    /// <summary>Measures with every number of threads and adds a row for each sparse layer, or for the dense one if it is alone.</summary>
    /// <param name="bench">Name of the benchmark.</param>
    /// <param name="product">The product.</param>
    public void Measure(string bench, Product product)
    {
        var compressed = _entrants.Select(entrant => InCsr(entrant.Kernel, entrant.Model, product)).ToArray();
        foreach (var threads in _run.ThreadCounts)
        {
            _run.UseThreads(threads);
            CheckLibraries(bench, product);
            CheckSparse(bench, product, compressed);
            var libraries = _run.Libraries.All;
            Contender[] contenders =
            [
                .. libraries.Select(library => Entry(library, product)),
                .. _entrants.Select(entrant => Entry(entrant.Kernel, entrant.Model, product)),
                .. compressed.OfType<CsrMatrix>().Select(weight => new Contender(Mkl.Name, () => product.Run(weight, _operands))),
            ];
            var times = Interleaved.Measure(contenders, _run.Effort, threads);
            var csr = libraries.Count + _entrants.Length;
            for (var i = _entrants.Length > 1 ? 1 : 0; i < _entrants.Length; i++)
            {
                var (kernel, model) = _entrants[i];
                var name = kernel.IsSparse ? kernel.Name : product.Name;
                _run.Add(
                    new BenchmarkRow(bench, name, _operands.Shape.ToString(), threads, times[libraries.Count + i])
                    {
                        Density = kernel.Density,
                        Peer = _run.Libraries.Best(times),
                        OwnDenseMs = times[libraries.Count],
                        CsrMs = compressed[i] is null ? null : times[csr++],
                        MaxRelErr = product.ErrorOf(model.Linears[0], _operands),
                    },
                    Tolerance);
            }
        }
        foreach (var weight in compressed)
            weight?.Dispose();
    }

    public void Dispose()
    {
        _operands.Dispose();
        foreach (var (_, model) in _entrants)
            (model as IDisposable)?.Dispose();
    }

    private Contender Entry(MatrixLibrary library, Product product) => new(library.Name, () =>
    {
        fixed (float* weight = Dense.Weight)
            product.Run(library, weight, _operands);
    });

    private Contender Entry(LayerKernel kernel, ISparseModel model, Product product)
    {
        var layer = model.Linears[0];
        return new(kernel.Name, () => product.Run(layer, _operands));
    }

    /// <summary>The weights of a layer for the library for sparse matrices, where blocks and what they are compared with compete.</summary>
    private CsrMatrix? InCsr(LayerKernel kernel, ISparseModel model, Product product) =>
        kernel.InBlocks && _run.Libraries.Sparse is { } library ? product.InCsr(library, model.Linears[0]) : null;

    /// <summary>A library that was called in a wrong way would be a wrong yardstick.</summary>
    private void CheckLibraries(string bench, Product product)
    {
        foreach (var library in _run.Libraries.All)
        {
            var error = product.ErrorOf(library, Dense, _operands);
            if (error > Tolerance)
                _run.Fault($"{bench}, {_operands.Shape}: {library.Name} computes something else, error {error:E1}");
        }
    }

    private void CheckSparse(string bench, Product product, CsrMatrix?[] compressed)
    {
        for (var i = 0; i < compressed.Length; i++)
        {
            if (compressed[i] is { } weight
                && product.ErrorOf(weight, _entrants[i].Model.Linears[0], _operands) is var error
                && error > Tolerance)
                _run.Fault($"{bench}, {_entrants[i].Kernel.Name}, {_operands.Shape}: {Mkl.Name} computes something else, error {error:E1}");
        }
    }
}
