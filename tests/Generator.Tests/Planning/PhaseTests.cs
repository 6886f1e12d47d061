using SparseSharp.Generator.Emitting;
using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Planning;

/// <summary>Passes that an operation on the whole batch cuts into phases.</summary>
public sealed class PhaseTests
{
    private const int Samples = 5;

    [Fact]
    public void AModelWithoutSuchOperationsHasOnePhase()
    {
        var builder = new ModelSpecBuilder(4);
        builder.Linear(builder.Apply(ActivationKind.Relu, builder.Linear(0, 8)), 2);

        var training = ModelPlanner.Plan(builder.Build()).Training;

        Assert.Equal(training.Forward, Assert.Single(training.ForwardPhases).Calls);
        Assert.Equal(training.Backward, Assert.Single(training.BackwardPhases).Calls);
    }

    [Fact]
    public void BothPassesAreCutWhereTheBatchIsNeeded()
    {
        var plan = ModelPlanner.Plan(Centered());

        Assert.Equal(
            ["h1 = tanh(Layer0(input)): 4 -> 6, dense | mean(h1)", "h2 = h1 - mean(h1), output = Layer1(h2): 6 -> 3, dense | "],
            plan.Training.ForwardPhases.Select(Text));
        Assert.Equal(
            ["dh2 = transpose(Layer1) dOutput: 3 -> 6, dense | mean(dh2)", "dh1 = dh2 - mean(dh2), dz1 = dh1 * tanh'(h1) | "],
            plan.Training.BackwardPhases.Select(Text));
        Assert.DoesNotContain(plan.Inference.Calls, call => call.IsBatchWide);

        static string Text(PassPhase phase) =>
            $"{string.Join(", ", phase.Calls.Select(call => call.Comment))} | {string.Join(", ", phase.Reduction.Select(call => call.Comment))}";
    }

    [Fact]
    public void PhasesStandApartInThePasses()
    {
        var code = new CodeWriter();
        new PassEmitter(code, ModelPlanner.Plan(Centered())).Emit();

        Snapshot.Match(code.ToString(), "TwoPhases");
    }

    /// <summary>
    /// Operations on the whole batch in a row, side by side, behind sums and products, and one whose result is the output.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void GradientsAreThoseOfTheWholeBatch(int model)
    {
        var spec = model switch { 0 => Centered(), 1 => InARow(), 2 => SideBySide(), _ => CenteredOutput() };
        var plan = ModelPlanner.Plan(spec);
        var random = new Random(model);
        var parameters = new Parameters(spec.Layers, random);
        var inputs = Enumerable.Range(0, Samples).Select(_ => Numbers(spec.Graph.Input.Features)).ToArray();
        var combinations = Enumerable.Range(0, Samples).Select(_ => Numbers(plan.OutputFeatures)).ToArray();

        var means = new Dictionary<Argument, double[]>();
        var runs = inputs.Select(_ => new PlanInterpreter(plan, plan.Training.Workspace, parameters, means)).ToArray();
        for (var sample = 0; sample < Samples; sample++)
            runs[sample].Write(plan.Training.Input, inputs[sample]);
        Run(plan.Training.ForwardPhases);
        var expected = Evaluate();
        for (var sample = 0; sample < Samples; sample++)
        {
            Assert.All(expected[sample].Zip(runs[sample].Read(plan.Training.Output)), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
            runs[sample].Write(plan.Training.OutputGradient, combinations[sample]);
        }
        Run(plan.Training.BackwardPhases);
        foreach (var run in runs)
            run.Run(plan.Training.GradWeights);

        for (var layer = 0; layer < spec.Layers.Count; layer++)
        {
            var (o, i) = (random.Next(spec.Layers[layer].Kind.Outputs), random.Next(spec.Layers[layer].Kind.Inputs));
            Assert.Equal(Slope(ref parameters[layer, o, i]), runs.Sum(run => run.WeightGradients[layer][o, i]), 1e-7);
        }

        // All samples go through a phase before any begins the next.
        void Run(IReadOnlyList<PassPhase> phases)
        {
            foreach (var phase in phases)
            {
                foreach (var run in runs)
                    run.Run(phase.Calls);
                foreach (var call in phase.Reduction)
                {
                    var values = runs.Select(run => run.Read(call.Reads[0])).ToArray();
                    means[call.Arguments[1]] = [.. values[0].Select((_, feature) => values.Average(value => value[feature]))];
                }
            }
        }

        double Slope(ref double weight)
        {
            const double step = 1e-6;
            var value = weight;
            weight = value + step;
            var above = Loss();
            weight = value - step;
            var below = Loss();
            weight = value;
            return (above - below) / (2 * step);
        }

        double Loss() => Evaluate().Zip(combinations, (output, combination) => output.Zip(combination, (y, c) => y * c).Sum()).Sum();

        double[][] Evaluate()
        {
            var values = new double[spec.Graph.Nodes.Count][][];
            for (var node = 0; node < values.Length; node++)
            {
                var operands = spec.Graph.Nodes[node].Operands.Select(operand => values[operand]).ToArray();
                values[node] = [.. Enumerable.Range(0, Samples).Select(sample => spec.Graph.Nodes[node].Operation switch
                {
                    Input => inputs[sample],
                    LinearProduct product => parameters.Apply(product.Layer, operands[0][sample]),
                    Activate activate => Reference.Activate(activate.Kind, operands[0][sample]),
                    Add => Reference.Zip(operands[0][sample], operands[1][sample], (a, b) => a + b),
                    Multiply => Reference.Zip(operands[0][sample], operands[1][sample], (a, b) => a * b),
                    Center => [.. operands[0][sample].Select((x, feature) => x - operands[0].Average(other => other[feature]))],
                    var other => throw new NotSupportedException(other.Name),
                })];
            }
            return values[^1];
        }

        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 2) - 1)];
    }

    private static ModelSpec Centered()
    {
        var builder = new ModelSpecBuilder(4);
        builder.Linear(builder.Apply(new Center(0), builder.Apply(ActivationKind.Tanh, builder.Linear(0, 6))), 3);
        return builder.Build();
    }

    private static ModelSpec InARow()
    {
        var builder = new ModelSpecBuilder(4);
        var hidden = builder.Apply(new Center(0), builder.Linear(0, 5));
        hidden = builder.Apply(new Center(1), builder.Apply(ActivationKind.Gelu, hidden));
        builder.Linear(builder.Apply(ActivationKind.Tanh, hidden), 3);
        return builder.Build();
    }

    private static ModelSpec SideBySide()
    {
        var builder = new ModelSpecBuilder(4);
        var shared = builder.Apply(ActivationKind.Tanh, builder.Linear(0, 4));
        var left = builder.Apply(new Center(0), shared);
        var right = builder.Apply(ActivationKind.Sigmoid, builder.Apply(new Center(1), builder.Linear(shared, 4)));
        builder.Linear(builder.Apply(new Add(), builder.Apply(new Multiply(), left, right), shared), 2);
        return builder.Build();
    }

    private static ModelSpec CenteredOutput()
    {
        var builder = new ModelSpecBuilder(4);
        var hidden = builder.Apply(ActivationKind.Gelu, builder.Linear(0, 6));
        builder.Apply(new Center(0), builder.Apply(new Multiply(), hidden, hidden));
        return builder.Build();
    }
}
