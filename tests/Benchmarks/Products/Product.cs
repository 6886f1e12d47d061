using SparseSharp.Benchmarks.Peers;
using SparseSharp.Kernels;

namespace SparseSharp.Benchmarks.Products;

/// <summary>One of the three products of a layer: how we and the libraries compute it, and what is right.</summary>
internal abstract unsafe class Product
{
    public static Product Forward { get; } = new ForwardProduct();

    public static Product GradInput { get; } = new GradInputProduct();

    public static Product GradWeight { get; } = new GradWeightProduct();

    public abstract string Name { get; }

    /// <summary>Ours.</summary>
    public abstract void Run(Linear layer, Operands operands);

    /// <summary>A library's, with the dense weights <c>[out, in]</c>.</summary>
    public abstract void Run(MatrixLibrary library, float* weight, Operands operands);

    /// <summary>The weights of a layer as a library for sparse matrices wants them; null where it has no such product.</summary>
    public virtual CsrMatrix? InCsr(Mkl library, Linear layer) => null;

    /// <summary>A library's, with sparse weights.</summary>
    public virtual void Run(CsrMatrix weight, Operands operands) =>
        throw new NotSupportedException($"There is no {Name} of a matrix in CSR.");

    /// <summary>Error of the result of a run of ours, which is done once more into cleared memory.</summary>
    public double ErrorOf(Linear layer, Operands operands)
    {
        Clear(operands);
        layer.Matrix.Parameter.GradientBuffer.Fill(float.NaN);
        Run(layer, operands);
        Collect(layer, operands);
        return Error(layer, operands, keptOnly: layer.Matrix.IsPacked);
    }

    /// <summary>Error of the result of a run of a library with the weights of a dense layer.</summary>
    public double ErrorOf(MatrixLibrary library, Linear dense, Operands operands)
    {
        Clear(operands);
        fixed (float* weight = dense.Weight)
            Run(library, weight, operands);
        return Error(dense, operands, keptOnly: false);
    }

    /// <summary>Error of the result of a run of a library with the sparse weights of a layer.</summary>
    public double ErrorOf(CsrMatrix weight, Linear layer, Operands operands)
    {
        Clear(operands);
        Run(weight, operands);
        return Error(layer, operands, keptOnly: true);
    }

    /// <summary>Brings a result that stays in the layer to the operands.</summary>
    protected virtual void Collect(Linear layer, Operands operands) { }

    /// <summary>Error of the result in the operands.</summary>
    /// <param name="layer">Whose weights were used.</param>
    /// <param name="operands">The product.</param>
    /// <param name="keptOnly">Whether masked weights have no gradient.</param>
    protected abstract double Error(Linear layer, Operands operands, bool keptOnly);

    /// <summary>Makes sure that nothing is taken for a result that was not written.</summary>
    private static void Clear(Operands operands)
    {
        operands.Y.Span.Fill(float.NaN);
        operands.Dx.Span.Fill(float.NaN);
        operands.Dw.Span.Fill(float.NaN);
    }

    private sealed class ForwardProduct : Product
    {
        public override string Name => "forward";

        public override void Run(Linear layer, Operands operands) => layer.Forward(operands.X.Span, operands.Y.Span);

        public override void Run(MatrixLibrary library, float* weight, Operands operands)
        {
            var (batch, inputs, outputs) = operands.Shape;
            library.Forward(operands.X.Pointer, weight, operands.Y.Pointer, batch, inputs, outputs);
        }

        public override CsrMatrix InCsr(Mkl library, Linear layer) => new(library, WideMatrix.FloatsOf(layer), layer.Inputs);

        public override void Run(CsrMatrix weight, Operands operands) =>
            weight.Multiply(operands.X.Pointer, operands.Y.Pointer, operands.Shape.Batch);

        protected override double Error(Linear layer, Operands operands, bool keptOnly)
        {
            var weight = WideMatrix.WeightOf(layer);
            var x = WideMatrix.From(operands.X.Span, layer.Inputs);
            var expected = new double[layer.Outputs];
            var error = new ReferenceError();
            foreach (var sample in WideMatrix.Sample(operands.Shape.Batch))
            {
                weight.MultiplyTransposed(x[sample], expected);
                error.Add(expected, operands.Y.Span.Slice(sample * layer.Outputs, layer.Outputs));
            }
            return error.Value;
        }
    }

    private sealed class GradInputProduct : Product
    {
        public override string Name => "grad-input";

        public override void Run(Linear layer, Operands operands) => layer.GradInput(operands.Dy.Span, operands.Dx.Span);

        public override void Run(MatrixLibrary library, float* weight, Operands operands)
        {
            var (batch, inputs, outputs) = operands.Shape;
            library.GradInput(operands.Dy.Pointer, weight, operands.Dx.Pointer, batch, inputs, outputs);
        }

        /// <summary>A transposed copy: with the weights as they are MKL takes up to a hundred times as long.</summary>
        public override CsrMatrix InCsr(Mkl library, Linear layer)
        {
            var weight = WideMatrix.FloatsOf(layer);
            var transposed = new float[weight.Length];
            for (var i = 0; i < weight.Length; i++)
                transposed[(i % layer.Inputs * layer.Outputs) + (i / layer.Inputs)] = weight[i];
            return new CsrMatrix(library, transposed, layer.Outputs);
        }

        public override void Run(CsrMatrix weight, Operands operands) =>
            weight.Multiply(operands.Dy.Pointer, operands.Dx.Pointer, operands.Shape.Batch);

        protected override double Error(Linear layer, Operands operands, bool keptOnly)
        {
            var weight = WideMatrix.WeightOf(layer);
            var dy = WideMatrix.From(operands.Dy.Span, layer.Outputs);
            var expected = new double[layer.Inputs];
            var error = new ReferenceError();
            foreach (var sample in WideMatrix.Sample(operands.Shape.Batch))
            {
                weight.Multiply(dy[sample], expected);
                error.Add(expected, operands.Dx.Span.Slice(sample * layer.Inputs, layer.Inputs));
            }
            return error.Value;
        }
    }

    private sealed class GradWeightProduct : Product
    {
        public override string Name => "grad-weight";

        public override void Run(Linear layer, Operands operands) => layer.GradWeight(operands.X.Span, operands.Dy.Span);

        public override void Run(MatrixLibrary library, float* weight, Operands operands)
        {
            var (batch, inputs, outputs) = operands.Shape;
            library.GradWeight(operands.Dy.Pointer, operands.X.Pointer, operands.Dw.Pointer, batch, inputs, outputs);
        }

        protected override void Collect(Linear layer, Operands operands) =>
            layer.Matrix.Export(layer.Matrix.Parameter.Gradient, operands.Dw.Span);

        protected override double Error(Linear layer, Operands operands, bool keptOnly)
        {
            var x = WideMatrix.From(operands.X.Span, layer.Inputs);
            var dy = WideMatrix.From(operands.Dy.Span, layer.Outputs);
            var expected = new double[layer.Inputs];
            var error = new ReferenceError();
            foreach (var row in WideMatrix.Sample(layer.Outputs))
            {
                var gradient = dy.Column(row);
                if (layer.Gradients is { } pattern)
                    MinimumVariance.PruneBatch(gradient, pattern, key: 0, site: 0, row);
                x.Multiply(gradient, expected);
                if (keptOnly)
                    WideMatrix.Apply(layer.Mask!, row, expected);
                error.Add(expected, operands.Dw.Span.Slice(row * layer.Inputs, layer.Inputs));
            }
            return error.Value;
        }
    }
}
