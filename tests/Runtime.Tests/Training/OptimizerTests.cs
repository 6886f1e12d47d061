using SparseSharp.Runtime.Tests.Testing;

namespace SparseSharp.Runtime.Tests.Training;

public sealed class OptimizerTests
{
    private static readonly Dictionary<string, Optimizer> s_optimizers = new()
    {
        ["plain"] = new Sgd(0.1f),
        ["plain, decay"] = new Sgd(0.1f, weightDecay: 0.05f),
        ["momentum"] = new Sgd(0.05f, momentum: 0.9f),
        ["momentum, decay"] = new Sgd(0.05f, momentum: 0.9f, weightDecay: 0.01f),
        ["nesterov"] = new Sgd(0.05f, momentum: 0.8f, nesterov: true, weightDecay: 0.01f),
        ["adam without decay"] = new AdamW(0.01f, weightDecay: 0),
        ["adam"] = new Adam(0.01),
        ["adam, decay"] = new Adam(0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1),
        ["adamw"] = new AdamW(0.02f, beta1: 0.8f, beta2: 0.95f, epsilon: 1e-3f, weightDecay: 0.1f),
    };

    public static TheoryData<string> Names => [.. s_optimizers.Keys];

    /// <summary>
    /// Parameter after each of four steps with the gradients 0.5, -1, 2, 0.25 from 1: worked out with the update rules of PyTorch's
    /// documentation.
    /// </summary>
    [Theory]
    [InlineData("plain", 0.95, 1.05, 0.85, 0.825)]
    [InlineData("momentum", 0.975, 1.0025, 0.92725, 0.847025)]
    [InlineData("adam", 0.99, 0.99366104, 0.98946448, 0.98541650)]
    [InlineData("adam without decay", 0.99, 0.99366104, 0.98946448, 0.98541650)]
    public void A_known_sequence_is_followed(string name, double first, double second, double third, double fourth)
    {
        var run = new Run(s_optimizers[name], [1]);
        float[] gradients = [0.5f, -1, 2, 0.25f];
        var values = gradients.Select(g => (double)run.Step([g])[0]).ToArray();
        Assert.Equal([first, second, third, fourth], values, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_rule_is_that_of_its_definition_in_double(string name)
    {
        const int Length = 83;
        var random = new Random(7);
        var start = Enumerable.Range(0, Length).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        foreach (var decays in (bool[])[true, false])
        {
            var run = new Run(s_optimizers[name], start) { Decays = decays, GradientScale = 0.5f };
            var reference = new Reference(name, start, decays);
            for (var step = 1; step <= 20; step++)
            {
                var gradient = Enumerable.Range(0, Length).Select(_ => (float)(random.NextDouble() - 0.3)).ToArray();
                run.Step(gradient);
                reference.Step([.. gradient.Select(g => 0.5 * g)], step);
            }
            Assert.Equal(reference.Values, run.Values.Select(v => (double)v), (a, b) => Math.Abs(a - b) < 2e-6);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Slices_do_not_change_a_bit(string name)
    {
        const int Length = 101;
        var random = new Random(11);
        var start = Enumerable.Range(0, Length).Select(_ => (float)random.NextDouble()).ToArray();
        var whole = new Run(s_optimizers[name], start);
        var cut = new Run(s_optimizers[name], start) { Cuts = [0, 1, 4, 21, 22, 60, 99, Length] };
        for (var step = 0; step < 5; step++)
        {
            var gradient = Enumerable.Range(0, Length).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
            Assert.Equal(whole.Step(gradient), cut.Step(gradient));
            Assert.Equal(whole.First, cut.First);
            Assert.Equal(whole.Second, cut.Second);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_step_allocates_nothing(string name)
    {
        var run = new Run(s_optimizers[name], new float[1003]);
        var gradient = new float[1003];
        Assert.Equal(0, Allocations.LeastOf(() => run.Step(gradient)));
    }

    [Fact]
    public void Settings_out_of_range_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(0.1f, momentum: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(0.1f, weightDecay: -1));
        Assert.Throws<ArgumentException>(() => new Sgd(0.1f, nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(0.1f, beta2: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(0.1f, epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(0.1, beta1: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(0.1, weightDecay: -1e-9));
    }

    [Fact]
    public void What_float_rounds_out_of_its_range_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(1e-60));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(1e60));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(0.1, momentum: 1 - 1e-12));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(0.1, epsilon: 1e-60));
    }

    [Fact]
    public void Settings_may_be_double_float_or_whole_and_give_the_same_bits()
    {
        Assert.Equal(
            new Sgd(0.05f, momentum: 0.9f, weightDecay: 5e-4f).ToString(), new Sgd(0.05, momentum: 0.9, weightDecay: 5e-4).ToString());
        Assert.Equal(new AdamW(0.001f, 0.8f, 0.99f, 1e-6f, 0.1f).ToString(), new AdamW(0.001, 0.8, 0.99, 1e-6, 0.1).ToString());
        Assert.Equal(new AdamW(0.001f, 0.9f, 0.999f, 1e-8f, 0.01f).ToString(), new AdamW(0.001).ToString());
        Assert.Equal(0.05f, new Sgd(0.05).LearningRate);
        Assert.Equal(1f, new Sgd(1).LearningRate);
        Assert.Equal(Weights(new Adam(0.01f, 0.8f, weightDecay: 0.1f)), Weights(new Adam(0.01, 0.8, weightDecay: 0.1)));

        static float[] Weights(Optimizer optimizer)
        {
            var run = new Run(optimizer, [1, -2, 3]);
            for (var step = 0; step < 5; step++)
                run.Step([0.3f, -0.2f, 0.1f]);
            return run.Values;
        }
    }

    [Fact]
    public void Slices_of_different_lengths_are_an_error() =>
        Assert.Throws<ArgumentException>(
            () => s_optimizers["momentum"].Update(new float[4], new float[4], new float[3], [], new(1, 0.1f, 1, true)));

    /// <summary>An optimizer over one parameter, whole or in slices.</summary>
    private sealed class Run(Optimizer optimizer, float[] start)
    {
        private int _steps;

        public float[] Values { get; } = [.. start];

        public float[] First { get; } = optimizer.StateCount > 0 ? new float[start.Length] : [];

        public float[] Second { get; } = optimizer.StateCount > 1 ? new float[start.Length] : [];

        public bool Decays { get; init; } = true;

        public float GradientScale { get; init; } = 1;

        public int[] Cuts { get; init; } = [0, start.Length];

        public float[] Step(float[] gradient)
        {
            var step = new UpdateStep(++_steps, optimizer.LearningRate, GradientScale, Decays);
            for (var i = 1; i < Cuts.Length; i++)
            {
                var (from, length) = (Cuts[i - 1], Cuts[i] - Cuts[i - 1]);
                var first = First.Length == 0 ? [] : First.AsSpan(from, length);
                var second = Second.Length == 0 ? [] : Second.AsSpan(from, length);
                optimizer.Update(Values.AsSpan(from, length), gradient.AsSpan(from, length), first, second, step);
            }
            return Values;
        }
    }

    /// <summary>The same rules in double, element by element.</summary>
    private sealed class Reference(string name, float[] start, bool decays)
    {
        private readonly double[] _first = new double[start.Length];
        private readonly double[] _second = new double[start.Length];

        public double[] Values { get; } = [.. start.Select(v => (double)v)];

        public void Step(double[] gradient, int step)
        {
            for (var i = 0; i < Values.Length; i++)
            {
                Values[i] = name switch
                {
                    "plain" => Sgd(i, gradient[i], 0.1, 0, 0, false),
                    "plain, decay" => Sgd(i, gradient[i], 0.1, 0, 0.05, false),
                    "momentum" => Sgd(i, gradient[i], 0.05, 0.9, 0, false),
                    "momentum, decay" => Sgd(i, gradient[i], 0.05, 0.9, 0.01, false),
                    "nesterov" => Sgd(i, gradient[i], 0.05, 0.8, 0.01, true),
                    "adam without decay" or "adam" => Adam(i, gradient[i], step, 0.01, 0.9, 0.999, 1e-8, 0),
                    "adam, decay" => Coupled(i, gradient[i], step, 0.02, 0.8, 0.95, 1e-3, 0.1),
                    "adamw" => Adam(i, gradient[i], step, 0.02, 0.8, 0.95, 1e-3, 0.1),
                    _ => throw new ArgumentException(name),
                };
            }
        }

        private double Sgd(int i, double gradient, double rate, double momentum, double decay, bool nesterov)
        {
            var g = gradient + (decays ? decay * Values[i] : 0);
            _first[i] = (momentum * _first[i]) + g;
            return Values[i] - (rate * (nesterov ? g + (momentum * _first[i]) : _first[i]));
        }

        private double Coupled(int i, double g, int step, double rate, double beta1, double beta2, double epsilon, double decay) =>
            Adam(i, g + (decays ? decay * Values[i] : 0), step, rate, beta1, beta2, epsilon, decay: 0);

        private double Adam(int i, double g, int step, double rate, double beta1, double beta2, double epsilon, double decay)
        {
            _first[i] = (beta1 * _first[i]) + ((1 - beta1) * g);
            _second[i] = (beta2 * _second[i]) + ((1 - beta2) * g * g);
            var mean = _first[i] / (1 - Math.Pow(beta1, step));
            var root = Math.Sqrt(_second[i] / (1 - Math.Pow(beta2, step)));
            return (Values[i] * (1 - (decays ? rate * decay : 0))) - (rate * mean / (root + epsilon));
        }
    }
}
