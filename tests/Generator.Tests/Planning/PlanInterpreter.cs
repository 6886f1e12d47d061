using SparseSharp.Generator.Planning;

namespace SparseSharp.Generator.Tests.Planning;

/// <summary>
/// Runs the ops of a plan for one sample, in double precision, in a workspace laid out as planned. Each write of a value is numbered, and
/// the rows remember the number of the write they come from: reading a row that holds something else than the value's last write fails. Rounding changes no number here, but
/// is remembered: products of a layer in bfloat16 must find their operands rounded, and everybody else must not.
/// </summary>
internal sealed class PlanInterpreter(ModelPlan plan, WorkspacePlan workspace, Parameters parameters)
{
    private readonly double[] _rows = new double[workspace.Rows];
    private readonly int[] _writeOfRow = new int[workspace.Rows];
    private readonly int[] _writeOfValue = new int[workspace.Values.Count];
    private readonly bool[] _isRounded = new bool[workspace.Values.Count];
    private int _writes;

    public double[][,] WeightGradients { get; } = [.. plan.Layers.Select(layer => new double[layer.Spec.Outputs, layer.Spec.Inputs])];

    public double[] Read(int value)
    {
        var (slot, rows) = (workspace.Values[value].Slot, workspace.Values[value].Rows);
        for (var row = slot; row < slot + rows; row++)
            Assert.True(_writeOfRow[row] == _writeOfValue[value] && _writeOfValue[value] > 0, $"row {row} does not hold {workspace.Values[value].Name}");
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

    public void Run(IEnumerable<OpPlan> ops)
    {
        foreach (var op in ops)
        {
            AssertMayOverlap(op);
            AssertPrecision(op);
            Run(op);
        }
    }

    private void Run(OpPlan op)
    {
        switch (op)
        {
            case LinearOp linear:
                var z = parameters.Apply(linear.Layer, Read(linear.X));
                if (linear.Z >= 0)
                    Write(linear.Z, z);
                Write(linear.Y, Reference.Activate(linear.Activation, z));
                break;
            case ActivateOp activate:
                Write(activate.Y, Reference.Activate(activate.Activation, Read(activate.X)));
                break;
            case AddOp add:
                Write(add.Y, Reference.Zip(Read(add.Left), Read(add.Right), (a, b) => a + b));
                break;
            case SubtractOp subtract:
                Write(subtract.Y, Reference.Zip(Read(subtract.Left), Read(subtract.Right), (a, b) => a - b));
                break;
            case MultiplyOp multiply:
                Write(multiply.Y, Reference.Zip(Read(multiply.Left), Read(multiply.Right), (a, b) => a * b));
                break;
            case ScaleOp scale:
                Write(scale.Y, Array.ConvertAll(Read(scale.X), x => x * scale.Factor));
                break;
            case ShiftOp shift:
                Write(shift.Y, Array.ConvertAll(Read(shift.X), x => x + shift.Term));
                break;
            case DropoutOp dropout:
                var kept = Reference.Keep(dropout.Site, dropout.Probability, workspace.Values[dropout.Y].Features);
                Write(dropout.Y, Reference.Zip(Read(dropout.X), kept, (a, b) => a * b));
                Write(dropout.Keep, kept);
                break;
            case RoundOp round:
                Write(round.Y, Read(round.X));
                _isRounded[round.Y] = true;
                break;
            case LinearGradInputOp grad:
                var dx = Sum(grad.Dx, grad.Accumulate, parameters.ApplyTransposed(grad.Layer, Read(grad.Dy)));
                Write(grad.Dx, grad.Saved < 0 ? dx : Reference.Zip(dx, Read(grad.Saved), (d, saved) => d * Reference.Derivative(grad.Derivative, saved)));
                break;
            case ActivateGradOp grad:
                var product = Reference.Zip(Read(grad.Dy), Read(grad.Saved), (d, saved) => d * Reference.Derivative(grad.Activation, saved));
                Write(grad.Dx, Sum(grad.Dx, grad.Accumulate, product));
                break;
            case MultiplyGradOp grad:
                Write(grad.Dx, Sum(grad.Dx, grad.Accumulate, Reference.Zip(Read(grad.Dy), Read(grad.Other), (d, other) => d * other)));
                break;
            case ScaleGradOp grad:
                Write(grad.Dx, Sum(grad.Dx, grad.Accumulate, Array.ConvertAll(Read(grad.Dy), d => d * grad.Factor)));
                break;
            case PassOnOp pass:
                Assert.Equal(workspace.Values[pass.Dy].Slot, workspace.Values[pass.Dx].Slot);
                _writeOfValue[pass.Dx] = _writeOfValue[pass.Dy];
                _isRounded[pass.Dx] = _isRounded[pass.Dy];
                break;
            case LinearGradWeightOp grad:
                Reference.AddOuter(WeightGradients[grad.Layer], Read(grad.Dy), Read(grad.X), grad.Accumulate);
                break;
            default:
                throw new NotSupportedException(op.ToString());
        }
    }

    private double[] Sum(int value, bool accumulate, double[] term) => accumulate ? Reference.Zip(Read(value), term, (a, b) => a + b) : term;

    private void AssertPrecision(OpPlan op)
    {
        var (layer, operands, others) = op switch
        {
            LinearOp linear => (linear.Layer, new[] { linear.X }, Array.Empty<int>()),
            LinearGradInputOp grad => (grad.Layer, [grad.Dy], grad.Accumulate ? [grad.Dx] : []),
            LinearGradWeightOp grad => (grad.Layer, [grad.X, grad.Dy], []),
            // A derivative is that of what was stored.
            ActivateGradOp grad => (-1, [], grad.Accumulate ? [grad.Dy, grad.Dx] : [grad.Dy]),
            PassOnOp => (-1, [], []),
            _ => (-1, [], op.Reads),
        };
        foreach (var operand in operands)
            Assert.True(plan.Layers[layer].Spec.RoundsActivations == _isRounded[operand], $"{op}: {workspace.Values[operand].Name} is {(_isRounded[operand] ? "" : "not ")}rounded");
        foreach (var other in others)
            Assert.False(_isRounded[other], $"{op}: {workspace.Values[other].Name} is rounded");
    }

    /// <summary>A result and an operand in the same memory: only of an element-wise op, and row for row.</summary>
    private void AssertMayOverlap(OpPlan op)
    {
        foreach (var (read, write) in from r in op.Reads from w in op.Writes where r != w select (workspace.Values[r], workspace.Values[w]))
        {
            var overlap = read.Slot < write.Slot + write.Rows && write.Slot < read.Slot + read.Rows;
            Assert.True(!overlap || (op.IsElementWise && read.Slot == write.Slot), $"{op} writes {write.Name} over {read.Name}");
        }
        foreach (var (a, b) in from a in op.Writes from b in op.Writes where a < b select (workspace.Values[a], workspace.Values[b]))
            Assert.True(a.Slot + a.Rows <= b.Slot || b.Slot + b.Rows <= a.Slot, $"{op} writes {a.Name} over {b.Name}");
    }
}
