using System.Runtime.CompilerServices;
using SparseSharp.Kernels;
using SparseSharp.Training;
using SparseSharp.Workers;

namespace SparseSharp.Runtime.Tests.Training;

/// <summary>Passes in phases: all panels finish one, something is computed from all of them, and they begin the next.</summary>
public sealed class PhaseTests
{
    private const double Step = 1e-6;

    /// <summary>Samples in one panel and in several, with padding in the last one.</summary>
    public static TheoryData<int> Batches => [1, 7, 150, 1001];

    [Theory]
    [MemberData(nameof(Batches))]
    public void The_gradient_is_that_of_the_whole_batch(int samples)
    {
        using var batch = Make(samples);
        var (loss, gradient) = Train(batch, workers: 1);

        var inputs = Array.ConvertAll(batch.Inputs.ToArray(), value => (double)value);
        Assert.Equal(Loss(inputs, batch.Targets), loss / samples, 1e-6);
        for (var i = 0; i < inputs.Length; i += 1 + (inputs.Length / 50))
        {
            var value = inputs[i];
            inputs[i] = value + Step;
            var above = Loss(inputs, batch.Targets);
            inputs[i] = value - Step;
            var below = Loss(inputs, batch.Targets);
            inputs[i] = value;
            Assert.Equal((above - below) / (2 * Step) * samples, (double)gradient[i] * samples, 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Results_do_not_depend_on_the_number_of_threads(int samples)
    {
        using var batch = Make(samples);
        var expected = Train(batch, workers: 1).Gradient;

        for (var workers = 2; workers <= 5; workers++)
            Assert.Equal(expected, Train(batch, workers).Gradient);
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Other_frameworks_see_the_same_phases(int samples)
    {
        using var batch = Make(samples);
        using var pass = new AutogradPass<Centered>(new Centered(), seed: 1);
        var outputs = new float[batch.Inputs.Length];
        var gradient = new float[outputs.Length];

        var tape = pass.Forward(batch.Inputs, outputs, training: true);
        var outputGradient = new float[outputs.Length];
        for (var i = 0; i < outputs.Length; i++)
            outputGradient[i] = 2 * (outputs[i] - batch.Targets[i]) / (Centered.Features * samples);
        Assert.True(pass.Backward(tape, outputGradient, gradient, gradients: []));

        var expected = Train(batch, workers: 1).Gradient;
        for (var i = 0; i < gradient.Length; i++)
            Assert.Equal(expected[i] * samples, gradient[i] * samples, 1e-5);
    }

    private static Batch Make(int samples)
    {
        var random = new Random(samples);
        var batch = new Batch(samples, Centered.Features, Centered.Features) { Count = samples };
        foreach (ref var value in batch.Inputs)
            value = (2 * random.NextSingle()) - 1;
        foreach (ref var value in batch.Targets)
            value = (2 * random.NextSingle()) - 1;
        return batch;
    }

    private static (double Loss, float[] Gradient) Train(Batch batch, int workers)
    {
        var model = new Centered();
        using var pool = new WorkerPool(workers);
        using var work = new BatchWork<Centered>(model);
        var total = work.Run(
            pool, batch, SparseSharp.Loss.MeanSquaredError, scale: 1f / batch.Count, accumulate: false, randomKey: 0, gradients: 1);
        return (total.Sum, model.InputGradient);
    }

    /// <summary>The mean over the batch of the mean squared error, in double precision.</summary>
    private static double Loss(double[] inputs, Span<float> targets)
    {
        var hidden = Array.ConvertAll(inputs, Math.Tanh);
        var samples = inputs.Length / Centered.Features;
        var sum = 0.0;
        for (var feature = 0; feature < Centered.Features; feature++)
        {
            var mean = 0.0;
            for (var sample = 0; sample < samples; sample++)
                mean += hidden[(sample * Centered.Features) + feature] / samples;
            for (var sample = 0; sample < samples; sample++)
            {
                var i = (sample * Centered.Features) + feature;
                sum += Math.Pow(hidden[i] - mean - targets[i], 2) / (Centered.Features * samples);
            }
        }
        return sum;
    }

    /// <summary>
    /// <c>output = h - mean(h)</c> with <c>h = tanh(input)</c> and the mean of each feature over the batch; as emitted, but by hand.
    /// </summary>
    private sealed class Centered : ISparseModel<Centered>
    {
        public const int Features = 6;

        private const int Input = 0;
        private const int Hidden = 8;
        private const int Output = 16;
        private const int OutputGradient = 24;
        private const int HiddenGradient = 32;

        private readonly float[][] _means = [new float[Features], new float[Features]];

        public static ModelDescriptor Descriptor { get; } = new(
            Name: nameof(Centered),
            InputFeatures: Features,
            OutputFeatures: Features,
            Layers: [],
            InferenceRows: 24,
            InferenceInput: Input,
            InferenceOutput: Output,
            TrainingRows: 40,
            TrainingInput: Input,
            TrainingOutput: Output,
            TrainingOutputGradient: OutputGradient,
            TrainingInputGradient: HiddenGradient,
            ForwardPhases: 2,
            BackwardPhases: 2);

        public IReadOnlyList<ILayer> Layers => [];

        /// <summary>The gradient of the input after a step, row-major.</summary>
        public float[] InputGradient { get; private set; } = [];

        public static Centered Create(ulong seed) => new();

        public static void Infer(Centered model, in PanelPass pass) =>
            Elementwise.Activate(in pass, ActivationKind.Tanh, ref pass.Slot(Input), ref pass.Slot(Output), Features);

        public static void Forward(Centered model, in PanelPass pass)
        {
            if (pass.Phase == 0)
                Elementwise.Activate(in pass, ActivationKind.Tanh, ref pass.Slot(Input), ref pass.Slot(Hidden), Features);
            if (pass.Phase == 1)
                SubtractMeans(in pass, Hidden, Output, model._means[0]);
        }

        public static void Backward(Centered model, in PanelPass pass)
        {
            if (pass.Phase == 2)
            {
                SubtractMeans(in pass, OutputGradient, HiddenGradient, model._means[1]);
                pass.Sync();
                ref var gradient = ref pass.Slot(HiddenGradient);
                Elementwise.ActivateGrad(
                    in pass, ActivationKind.Tanh, ref gradient, ref pass.Slot(Hidden), ref gradient, Features, accumulate: false);
            }
        }

        public static unsafe void Reduce(Centered model, in BatchPass batch)
        {
            var (first, end) = batch.Share(Features, 1);
            for (var feature = first; feature < end; feature++)
            {
                var sum = 0.0;
                for (var panel = 0; panel < batch.Layout.Panels; panel++)
                {
                    var row = batch.Slot(batch.Phase == 0 ? Hidden : OutputGradient, panel) + ((nint)feature * batch.Layout.Width(panel));
                    for (var column = 0; column < batch.Layout.Samples(panel); column++)
                        sum += row[column];
                }
                model._means[batch.Phase][feature] = (float)(sum / batch.Layout.Batch);
            }
        }

        public static unsafe void GradWeights(Centered model, in BatchPass batch)
        {
            if (batch.Member != 0)
                return;
            model.InputGradient = new float[batch.Layout.Batch * Features];
            for (var panel = 0; panel < batch.Layout.Panels; panel++)
            {
                var values = batch.Slot(HiddenGradient, panel);
                for (var i = 0; i < batch.Layout.Samples(panel) * Features; i++)
                {
                    var (column, feature) = (i / Features, i % Features);
                    model.InputGradient[((batch.Layout.Start(panel) + column) * Features) + feature] =
                        values[(feature * batch.Layout.Width(panel)) + column];
                }
            }
        }

        private static void SubtractMeans(in PanelPass pass, int from, int to, float[] means)
        {
            var (first, end) = pass.Share(Features, 4);
            for (var feature = first; feature < end; feature++)
            {
                for (var column = 0; column < pass.Width; column++)
                {
                    var at = (feature * pass.Width) + column;
                    Unsafe.Add(ref pass.Slot(to), at) = Unsafe.Add(ref pass.Slot(from), at) - means[feature];
                }
            }
        }
    }
}
