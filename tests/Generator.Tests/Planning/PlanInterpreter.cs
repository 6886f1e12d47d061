using System.Globalization;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Planning;

/// <summary>
/// Runs the calls of a plan for one sample, in double precision, in a workspace laid out as planned. Each write of a value is numbered, and
/// the rows remember the number of the write they come from: reading a row that holds something else than the value's last write fails.
/// Rounding changes no number here, but is remembered: products of a layer in bfloat16 must find their operands rounded, and everybody else
/// must not.
/// </summary>
/// <param name="plan">The model.</param>
/// <param name="workspace">Of the plan: that of the training or of inference.</param>
/// <param name="parameters">Weights and biases.</param>
/// <param name="means">What batch-wide calls have computed, which all samples of a batch share.</param>
internal sealed class PlanInterpreter(
    ModelPlan plan, WorkspacePlan workspace, Parameters parameters, Dictionary<Argument, double[]>? means = null)
{
    private readonly double[] _rows = new double[workspace.Rows];
    private readonly int[] _writeOfRow = new int[workspace.Rows];
    private readonly int[] _writeOfValue = new int[workspace.Values.Count];
    private readonly bool[] _isRounded = new bool[workspace.Values.Count];
    private int _writes;

    public double[][,] WeightGradients { get; } = [.. plan.Layers.Select(layer => new double[layer.Kind.Outputs, layer.Kind.Inputs])];

    public double[] Read(int value)
    {
        var (slot, rows) = (workspace.Values[value].Slot, workspace.Values[value].Rows);
        for (var row = slot; row < slot + rows; row++)
            Assert.True(_writeOfRow[row] == _writeOfValue[value]
                && _writeOfValue[value] > 0, $"row {row} does not hold {workspace.Values[value].Name}");
        return _rows.AsSpan(slot, workspace.Values[value].Features).ToArray();
    }

    public bool IsRounded(int value) => _isRounded[value];

    public void Write(int value, double[] data)
    {
        var planned = workspace.Values[value];
        Assert.Equal(planned.Features, data.Length);
        Array.Fill(_writeOfRow, ++_writes, planned.Slot, planned.Rows);
        _writeOfValue[value] = _writes;
        _isRounded[value] = false;
        data.CopyTo(_rows, planned.Slot);
    }

    public void Run(IEnumerable<Call> calls)
    {
        foreach (var call in calls)
        {
            AssertMayOverlap(call);
            AssertPrecision(call);
            Run(call);
        }
    }

    private void Run(Call call)
    {
        var values = call.Arguments.OfType<ValueArgument>().Select(argument => argument.Value).ToArray();
        switch (MethodOf(call))
        {
            case "Forward":
                var z = parameters.Apply(Layer(call), Read(values[0]));
                if (values.Length > 2)
                    Write(values[1], z);
                Write(values[^1], Reference.Activate(Activation(call), z));
                break;
            case "Activate":
                Write(values[1], Reference.Activate(Activation(call), Read(values[0])));
                break;
            case "Add":
                Write(values[2], Reference.Zip(Read(values[0]), Read(values[1]), (a, b) => a + b));
                break;
            case "Subtract":
                Write(values[2], Reference.Zip(Read(values[0]), Read(values[1]), (a, b) => a - b));
                break;
            case "Multiply":
                Write(values[2], Reference.Zip(Read(values[0]), Read(values[1]), (a, b) => a * b));
                break;
            case nameof(Blend):
                Write(values[3], Blend.Of(Read(values[0]), Read(values[1]), Read(values[2])));
                break;
            case nameof(Center):
                Write(values[1], Reference.Zip(Read(values[0]), means![call.Arguments[1]], (x, mean) => x - mean));
                break;
            case "CenterGrad":
                Write(values[1], Sum(values[1], call, Reference.Zip(Read(values[0]), means![call.Arguments[1]], (d, mean) => d - mean)));
                break;
            case "Scale":
                Write(values[1], Array.ConvertAll(Read(values[0]), x => x * Number(call)));
                break;
            case "Shift":
                Write(values[1], Array.ConvertAll(Read(values[0]), x => x + Number(call)));
                break;
            case "Dropout":
                var kept = Reference.Keep(Integer(call, 1), Number(call), workspace.Values[values[1]].Features);
                Write(values[1], Reference.Zip(Read(values[0]), kept, (a, b) => a * b));
                Write(values[2], kept);
                break;
            case "Round":
                Write(values[1], Read(values[0]));
                _isRounded[values[1]] = true;
                break;
            case "GradInput":
                var dx = Sum(values[1], call, parameters.ApplyTransposed(Layer(call), Read(values[0])));
                Write(values[1], values.Length == 2
                    ? dx
                    : Reference.Zip(dx, Read(values[2]), (d, saved) => d * Reference.Derivative(Activation(call), saved)));
                break;
            case "ActivateGrad":
                var product =
                    Reference.Zip(Read(values[0]), Read(values[1]), (d, saved) => d * Reference.Derivative(Activation(call), saved));
                Write(values[2], Sum(values[2], call, product));
                break;
            case "MultiplyGrad":
                Write(values[2], Sum(values[2], call, Reference.Zip(Read(values[0]), Read(values[1]), (d, other) => d * other)));
                break;
            case "ScaleGrad":
                Write(values[1], Sum(values[1], call, Array.ConvertAll(Read(values[0]), d => d * Number(call))));
                break;
            case "":
                Assert.Equal(workspace.Values[values[0]].Slot, workspace.Values[values[1]].Slot);
                _writeOfValue[values[1]] = _writeOfValue[values[0]];
                _isRounded[values[1]] = _isRounded[values[0]];
                break;
            case "GradWeight":
                Reference.AddOuter(WeightGradients[Layer(call)], Read(values[1]), Read(values[0]), Accumulates(call));
                break;
            default:
                throw new NotSupportedException(call.Target);
        }
    }

    private double[] Sum(int value, Call call, double[] term) =>
        Accumulates(call) ? Reference.Zip(Read(value), term, (a, b) => a + b) : term;

    private static string MethodOf(Call call) => call.Target[(call.Target.LastIndexOf('.') + 1)..];

    private static int Layer(Call call) => call.Arguments.OfType<LayerArgument>().Single().Index;

    private static float Number(Call call) => call.Arguments.OfType<NumberArgument>().Single().Value;

    private static int Integer(Call call, int argument) =>
        int.Parse(((TextArgument)call.Arguments[argument]).Words, CultureInfo.InvariantCulture);

    private static bool Accumulates(Call call) => call.Arguments.Contains(Argument.Accumulate(true));

    private static ActivationKind Activation(Call call) =>
        Enum.GetValues<ActivationKind>().Single(kind => call.Arguments.Contains(Argument.Activation(kind)));

    private void AssertPrecision(Call call)
    {
        var values = call.Arguments.OfType<ValueArgument>().ToArray();
        var (operands, others) = MethodOf(call) switch
        {
            "Forward" => (values[..1], []),
            "GradInput" => (values[..1], values[1..2]),
            "GradWeight" => (values, []),
            // A derivative is that of what was stored.
            "ActivateGrad" => ([], [values[0], values[2]]),
            "" => ([], []),
            _ => (Array.Empty<ValueArgument>(), values),
        };
        foreach (var operand in operands.Select(argument => argument.Value))
        {
            Assert.True(
                plan.Layers[Layer(call)].Kind.Matrices[0].RoundsActivations == _isRounded[operand],
                $"{call.Comment}: {workspace.Values[operand].Name} is {(_isRounded[operand] ? "" : "not ")}rounded");
        }
        foreach (var other in others.Where(argument => argument.IsRead).Select(argument => argument.Value))
            Assert.False(_isRounded[other], $"{call.Comment}: {workspace.Values[other].Name} is rounded");
    }

    /// <summary>A result and an operand in the same memory: only of an element-wise call, and row for row.</summary>
    private void AssertMayOverlap(Call call)
    {
        foreach (var (read, write) in from r in call.Reads
                                      from w in call.Writes
                                      where r != w
                                      select (workspace.Values[r], workspace.Values[w]))
        {
            var overlap = read.Slot < write.Slot + write.Rows && write.Slot < read.Slot + read.Rows;
            Assert.True(
                !overlap || ((call.IsElementWise || call.IsNote) && read.Slot == write.Slot),
                $"{call.Comment} writes {write.Name} over {read.Name}");
        }
        foreach (var (a, b) in from a in call.Writes from b in call.Writes where a < b select (workspace.Values[a], workspace.Values[b]))
            Assert.True(a.Slot + a.Rows <= b.Slot || b.Slot + b.Rows <= a.Slot, $"{call.Comment} writes {a.Name} over {b.Name}");
    }
}
