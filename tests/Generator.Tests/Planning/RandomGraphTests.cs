using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Planning;
using SparseSharp.Generator.Specs;
using SparseSharp.Kernels;

namespace SparseSharp.Generator.Tests.Planning;

/// <summary>Plans of random graphs, run in a workspace laid out as planned.</summary>
public sealed class RandomGraphTests
{
    private const int Graphs = 200;

    private static readonly Func<float, Operation>[] _unary =
    [
        _ => new Activate(ActivationKind.Relu),
        _ => new Activate(ActivationKind.Gelu),
        _ => new Activate(ActivationKind.Silu),
        _ => new Activate(ActivationKind.Tanh),
        _ => new Activate(ActivationKind.Sigmoid),
        probability => new Dropout(probability),
        factor => new Scale(factor),
        term => new Shift(term),
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, Graphs)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void InferenceComputesTheGraph(int seed)
    {
        var (spec, plan, parameters, input) = Make(seed);
        var run = new PlanInterpreter(plan, plan.Inference.Workspace, parameters);

        run.Write(plan.Inference.Input, input);
        run.Run(plan.Inference.Calls);

        Assert.False(run.IsRounded(plan.Inference.Output));
        AssertClose(Reference.Evaluate(spec.Graph, parameters, input, training: false), run.Read(plan.Inference.Output), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TrainingComputesTheGraphAndItsGradients(int seed)
    {
        var (spec, plan, parameters, input) = Make(seed);
        var run = new PlanInterpreter(plan, plan.Training.Workspace, parameters);

        run.Write(plan.Training.Input, input);
        run.Run(plan.Training.Forward);
        var output = run.Read(plan.Training.Output);
        AssertClose(Reference.Evaluate(spec.Graph, parameters, input, training: true), output, 1e-12);

        var combination = Combination(output.Length);
        run.Write(plan.Training.OutputGradient, combination);
        run.Run(plan.Training.Backward);
        run.Run(plan.Training.GradWeights);

        var random = new Random(seed);
        for (var layer = 0; layer < spec.Layers.Count; layer++)
        {
            var (o, i) = (random.Next(spec.Layers[layer].Kind.Outputs), random.Next(spec.Layers[layer].Kind.Inputs));
            var expected = CentralDifference(layer, o, i);
            Assert.True(
                Math.Abs(expected - run.WeightGradients[layer][o, i]) < 2e-6 * (1 + Math.Abs(expected)),
                $"layer {layer} weight [{o}, {i}]");
        }

        double CentralDifference(int layer, int o, int i)
        {
            const double step = 1e-6;
            var value = parameters[layer, o, i];
            parameters[layer, o, i] = value + step;
            var above = Loss();
            parameters[layer, o, i] = value - step;
            var below = Loss();
            parameters[layer, o, i] = value;
            return (above - below) / (2 * step);
        }

        double Loss() => Reference.Evaluate(spec.Graph, parameters, input, training: true).Zip(combination, (y, c) => y * c).Sum();
    }

    /// <summary>The ops for the gradient of the input can be left out: those of the weights are the same without them.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void TrainingComputesTheGradientOfTheInputWhereItIsAskedFor(int seed)
    {
        var (spec, plan, parameters, input) = Make(seed, inputGradient: true);
        var (with, without) = (Backward(asked: true), Backward(asked: false));

        foreach (var (expected, actual) in with.WeightGradients.Zip(without.WeightGradients))
            Assert.Equal(expected.Cast<double>(), actual.Cast<double>());
        var gradient = with.Read(plan.Training.InputGradient);
        for (var i = 0; i < input.Length; i++)
        {
            var expected = CentralDifference(i);
            Assert.True(Math.Abs(expected - gradient[i]) < 2e-6 * (1 + Math.Abs(expected)), $"input {i}: {expected} and {gradient[i]}");
        }

        PlanInterpreter Backward(bool asked)
        {
            var run = new PlanInterpreter(plan, plan.Training.Workspace, parameters);
            run.Write(plan.Training.Input, input);
            run.Run(plan.Training.Forward);
            run.Write(plan.Training.OutputGradient, Combination(run.Read(plan.Training.Output).Length));
            run.Run(plan.Training.Backward.Where(call => asked || !call.IsForInput));
            run.Run(plan.Training.GradWeights);
            return run;
        }

        double CentralDifference(int i)
        {
            const double step = 1e-6;
            var value = input[i];
            input[i] = value + step;
            var above = Loss();
            input[i] = value - step;
            var below = Loss();
            input[i] = value;
            return (above - below) / (2 * step);
        }

        double Loss()
        {
            var output = Reference.Evaluate(spec.Graph, parameters, input, training: true);
            return output.Zip(Combination(output.Length), (y, c) => y * c).Sum();
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void WorkspaceIsCloseToWhatLivesAtOnce(int seed)
    {
        var (_, plan, _, _) = Make(seed);

        foreach (var workspace in new[] { plan.Inference.Workspace, plan.Training.Workspace })
        {
            // An op in place has two values in the same rows.
            var most = Enumerable.Range(0, workspace.Values.Max(value => value.Last) + 1)
                .Max(moment => workspace.Values.Where(value => value.First <= moment && moment <= value.Last)
                    .DistinctBy(value => value.Slot)
                    .Sum(value => value.Rows));
            Assert.InRange(workspace.Rows, most, most * 3 / 2);
        }
    }

    /// <summary>A graph of 3 nodes and more with dead branches, shared layers and values that are used several times.</summary>
    private static (ModelSpec Spec, ModelPlan Plan, Parameters Parameters, double[] Input) Make(int seed, bool inputGradient = false)
    {
        var random = new Random(seed);
        var (precision, blends) = (new Random(seed), new Random(seed));
        int[] sizes = [4, 6, 9];
        var builder = new ModelSpecBuilder(sizes[random.Next(sizes.Length)]);
        var layers = new List<(int Index, int Inputs, int Outputs)>();
        var last = Through(0, 4);
        for (var count = random.Next(3, 20); count > 0; count--)
            last = AddNode(Math.Max(0, last - random.Next(4)));
        for (var loose = 1; loose < last; loose++)
        {
            if (!builder.IsUsed(loose) && random.Next(8) > 0)
                last = builder.Apply(new Add(), last, builder.Features(loose) == builder.Features(last)
                    ? loose
                    : Through(loose, builder.Features(last)));
        }

        var spec = builder.Build();
        var input = Enumerable.Range(0, builder.Features(0)).Select(_ => (random.NextDouble() * 2) - 1).ToArray();
        return (spec, ModelPlanner.Plan(spec, inputGradient), new(spec.Layers, random), input);

        int AddNode(int x)
        {
            var choice = random.Next(10);
            if (choice < 4)
            {
                var y = Through(x, random.Next(2) == 0 ? builder.Features(x) : sizes[random.Next(sizes.Length)]);
                return random.Next(3) == 0 ? y : builder.Apply(_unary[random.Next(5)](0), y);
            }
            if (choice < 7)
                return builder.Apply(_unary[random.Next(_unary.Length)](0.1f * random.Next(0, 6)), x);
            var partners = Enumerable.Range(0, last + 1).Where(node => builder.Features(node) == builder.Features(x)).TakeLast(5).ToArray();
            if (choice == 9 && blends.Next(2) == 0)
                return builder.Apply(new Blend(), x, partners[blends.Next(partners.Length)], partners[blends.Next(partners.Length)]);
            return builder.Apply(
                choice switch { 7 => (Operation)new Multiply(), 8 => new Subtract(), _ => new Add() }, x,
                partners[random.Next(partners.Length)]);
        }

        int Through(int x, int outputs)
        {
            var fitting = layers.Where(layer => layer.Inputs == builder.Features(x) && layer.Outputs == outputs).ToArray();
            if (fitting.Length > 0 && random.Next(3) == 0)
                return builder.Through(x, fitting[random.Next(fitting.Length)].Index);
            var index = builder.Layer($"Layer{layers.Count}", builder.Features(x), outputs, bfloat16: (Bfloat16Use)precision.Next(3));
            layers.Add((index, builder.Features(x), outputs));
            return builder.Through(x, index);
        }
    }

    /// <summary>The loss is a fixed combination of the outputs: its gradient.</summary>
    private static double[] Combination(int outputs) => [.. Enumerable.Range(0, outputs).Select(index => 1.0 / (index + 2))];

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var index = 0; index < expected.Length; index++)
            Assert.True(
                Math.Abs(expected[index] - actual[index]) <= tolerance * (1 + Math.Abs(expected[index])),
                $"{expected[index]} and {actual[index]} at {index}");
    }
}
