using System.ComponentModel;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SparseSharp.Normalisation;

namespace SparseSharp.Kernels;

/// <summary>
/// Layer normalisation in the passes of a model. A sample is a column of a panel, so its mean is one over rows, and no panel waits for
/// another.
/// </summary>
/// <remarks>
/// The statistics of a panel are a line of means and a line of inverses of deviations. Members of a team share its columns where they sum
/// up, and else its rows.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class LayerNormPass
{
    /// <summary>Mean and inverse deviation of each sample.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The values.</param>
    /// <param name="statistics">Receives them.</param>
    public static void Statistics(SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics)
    {
        ArgumentNullException.ThrowIfNull(norm);
        pass.Check(ref x, norm.Features);
        pass.Check(ref statistics, 2);
        if (pass.IsSampleMajor)
            return;
        var (first, end) = Columns(in pass);
        var source = Pointer(ref x);
        var means = Pointer(ref statistics);
        var inverses = means + pass.Width;
        var sums = stackalloc double[pass.Width];
        new Span<double>(sums, pass.Width).Clear();
        for (var feature = 0; feature < norm.Features; feature++, source += pass.Width)
        {
            for (var column = first; column < end; column += Vector128<float>.Count)
                Add(sums + column, Vector128.Load(source + column));
        }
        for (var column = first; column < end; column++)
            (means[column], sums[column]) = ((float)(sums[column] / norm.Features), 0);
        source = Pointer(ref x);
        for (var feature = 0; feature < norm.Features; feature++, source += pass.Width)
        {
            for (var column = first; column < end; column += Vector128<float>.Count)
            {
                var distance = Vector128.Load(source + column) - Vector128.Load(means + column);
                AddProduct(sums + column, distance, distance);
            }
        }
        for (var column = first; column < end; column++)
            inverses[column] = (float)(1 / Math.Sqrt((sums[column] / norm.Features) + norm.Epsilon));
    }

    /// <summary><c>y = (x - mean)·inverse·factor + term</c>, then ReLU where it is fused.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The values.</param>
    /// <param name="statistics">The statistics.</param>
    /// <param name="y">Receives the result.</param>
    /// <param name="activation">None or ReLU.</param>
    public static void Forward(
        SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float y, ActivationKind activation)
    {
        ArgumentNullException.ThrowIfNull(norm);
        pass.Check(ref x, norm.Features);
        pass.Check(ref statistics, 2);
        pass.Check(ref y, norm.Features);
        var isRelu = NormKernels.IsRelu(activation);
        if (pass.IsSampleMajor)
        {
            Samples(norm, in pass, ref x, ref y, isRelu);
            return;
        }
        var run = Run(norm, in pass, ref statistics);
        NormKernels.Normalise(Pointer(ref x), Pointer(ref y), in run, isRelu);
    }

    /// <summary>What the gradient of the input has besides that of the result: a term, and a slope by the distance from the mean.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="x">The values.</param>
    /// <param name="statistics">Their statistics.</param>
    /// <param name="dy">Gradient of the result.</param>
    /// <param name="sums">Receives a line of terms and a line of slopes.</param>
    public static void GradStatistics(
        SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float dy, ref float sums)
    {
        ArgumentNullException.ThrowIfNull(norm);
        pass.Check(ref x, norm.Features);
        pass.Check(ref statistics, 2);
        pass.Check(ref dy, norm.Features);
        pass.Check(ref sums, 2);
        var (first, end) = Columns(in pass);
        var values = Pointer(ref x);
        var gradients = Pointer(ref dy);
        var means = Pointer(ref statistics);
        var inverses = means + pass.Width;
        var terms = Pointer(ref sums);
        var slopes = terms + pass.Width;
        var totals = stackalloc double[2 * pass.Width];
        var products = totals + pass.Width;
        new Span<double>(totals, 2 * pass.Width).Clear();
        for (var feature = 0; feature < norm.Features; feature++, values += pass.Width, gradients += pass.Width)
        {
            var factor = norm.Factor(feature);
            for (var column = first; column < end; column += Vector128<float>.Count)
            {
                var gradient = Vector128.Load(gradients + column) * factor;
                Add(totals + column, gradient);
                AddProduct(products + column, gradient, Vector128.Load(values + column) - Vector128.Load(means + column));
            }
        }
        for (var column = first; column < end; column++)
        {
            double inverse = inverses[column];
            terms[column] = (float)(-inverse * totals[column] / norm.Features);
            slopes[column] = (float)(-inverse * inverse * inverse * products[column] / norm.Features);
        }
    }

    /// <summary>The gradient of the values.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="dy">Gradient of the result.</param>
    /// <param name="x">The values.</param>
    /// <param name="statistics">Their statistics.</param>
    /// <param name="sums">Terms and slopes.</param>
    /// <param name="dx">Receives the gradient.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void GradInput(
        SampleNormalisation norm, in PanelPass pass, ref float dy, ref float x, ref float statistics, ref float sums, ref float dx,
        bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(norm);
        pass.Check(ref x, norm.Features);
        pass.Check(ref statistics, 2);
        pass.Check(ref sums, 2);
        pass.Check(ref dy, norm.Features);
        pass.Check(ref dx, norm.Features);
        var run = Run(norm, in pass, ref statistics);
        NormKernels.GradInput(
            Pointer(ref x), Pointer(ref dy), Pointer(ref dx), Pointer(ref sums), Pointer(ref sums) + pass.Width, in run, accumulate);
    }

    /// <summary>The gradients of factors and terms.</summary>
    /// <param name="norm">The normalisation.</param>
    /// <param name="batch">All panels.</param>
    /// <param name="x">Slot of the values.</param>
    /// <param name="statistics">Slot of the statistics.</param>
    /// <param name="dy">Slot of the gradient of the result.</param>
    /// <param name="accumulate">Whether to add to the gradients: a layer's second use in the model.</param>
    public static void GradWeight(SampleNormalisation norm, in BatchPass batch, int x, int statistics, int dy, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(norm);
        if (norm.IsFrozen || batch.Tap is not null || norm.Weight is null)
            return;
        batch.Check(x, norm.Features);
        batch.Check(dy, norm.Features);
        batch.Check(statistics, 2);
        var weight = norm.Weight.GradientBuffer;
        var bias = norm.Bias!.GradientBuffer;
        var (first, end) = batch.Share(norm.Features, 1);
        for (var feature = first; feature < end; feature++)
        {
            var (sums, products) = (Vector256<double>.Zero, Vector256<double>.Zero);
            var (sum, product) = accumulate ? (bias[feature], (double)weight[feature]) : (0.0, 0.0);
            for (var panel = 0; panel < batch.Layout.Panels; panel++)
            {
                var (width, samples) = (batch.Layout.Width(panel), batch.Layout.Samples(panel));
                var means = batch.Slot(statistics, panel);
                var inverses = means + width;
                var values = batch.Slot(x, panel) + ((nint)feature * width);
                var gradients = batch.Slot(dy, panel) + ((nint)feature * width);
                var column = 0;
                for (; column <= samples - Vector256<float>.Count; column += Vector256<float>.Count)
                {
                    var distance = Vector256.Load(values + column) - Vector256.Load(means + column);
                    var (low, high) = Vector256.Widen(Vector256.Load(gradients + column));
                    var (lowValue, highValue) = Vector256.Widen(distance * Vector256.Load(inverses + column));
                    sums += low + high;
                    products += (low * lowValue) + (high * highValue);
                }
                for (; column < samples; column++)
                {
                    sum += gradients[column];
                    product += (double)gradients[column] * ((values[column] - means[column]) * inverses[column]);
                }
            }
            (weight[feature], bias[feature]) = ((float)(product + Vector256.Sum(products)), (float)(sum + Vector256.Sum(sums)));
        }
    }

    /// <summary>A few samples, each in one run.</summary>
    private static void Samples(SampleNormalisation norm, in PanelPass pass, ref float x, ref float y, bool isRelu)
    {
        for (nint sample = pass.Member; sample < pass.UsedColumns; sample += pass.Members)
        {
            var at = sample * SmallBatch.Stride(norm.Features);
            var source = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref x, at), norm.Features);
            var target = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref y, at), norm.Features);
            var (mean, variance) = (0.0, 0.0);
            foreach (var value in source)
                mean += value;
            mean /= norm.Features;
            foreach (var value in source)
                variance += (value - mean) * (value - mean);
            var inverse = (float)(1 / Math.Sqrt((variance / norm.Features) + norm.Epsilon));
            TensorPrimitives.Subtract(source, (float)mean, target);
            TensorPrimitives.Multiply(target, inverse, target);
            if (norm is { Weight: { } weight, Bias: { } bias })
                TensorPrimitives.MultiplyAdd(target, weight.Values, bias.Values, target);
            if (isRelu)
                TensorPrimitives.Max(target, 0f, target);
        }
    }

    /// <summary>Sums are double, because there may be many features; four columns are the shortest vector of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double* sums, Vector128<float> values) => (Vector256.Load(sums) + Wide(values)).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProduct(double* sums, Vector128<float> left, Vector128<float> right) =>
        (Vector256.Load(sums) + (Wide(left) * Wide(right))).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Wide(Vector128<float> values)
    {
        if (Avx.IsSupported)
            return Avx.ConvertToVector256Double(values);
        var (low, high) = Vector128.Widen(values);
        return Vector256.Create(low, high);
    }

    /// <summary>The columns of the calling member, in whole vectors.</summary>
    private static (int First, int End) Columns(in PanelPass pass)
    {
        var (first, end) = pass.Share(pass.Vectors, 1);
        return (first * PanelGeometry.Lanes, end * PanelGeometry.Lanes);
    }

    private static NormRun Run(SampleNormalisation norm, in PanelPass pass, ref float statistics) => new(
        (norm.Weight, norm.Bias), ChannelLines.Of(norm.Features, null), pass.Width, pass.Share(norm.Features, 4),
        Pointer(ref statistics), Pointer(ref statistics) + pass.Width)
    {
        Stride = 0,
    };

    /// <summary>The workspace does not move.</summary>
    private static float* Pointer(ref float value) => (float*)Unsafe.AsPointer(ref value);
}
