using SparseSharp;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;
using Tensor = TorchSharp.torch.Tensor;

namespace Torch.Tests;

/// <summary>Emitted modules against the signatures of TorchSharp, with a small implementation behind them.</summary>
public sealed class TorchModuleTests
{
    [Fact]
    public void ForwardIsThatOfTheModel()
    {
        using var module = new Mixed.TorchModule(seed: 3);
        using var model = new Mixed(seed: 3);
        using var x = Tensors.Random(1, 21, 48);
        var expected = new float[21 * 10];
        model.Predict(x.Floats(), expected);

        using var recorded = module.call(x);
        using var plain = Plain(module, x);
        Assert.Equal([21, 10], recorded.shape);
        AssertClose(expected, recorded.Floats(), 1e-5);
        Assert.Equal(expected, plain.Floats());
    }

    /// <summary>
    /// Momentum, a mask that follows the weights and pulls masked ones to zero, packed weights, and batches that are no whole panels.
    /// </summary>
    [Fact]
    public void LearnsAsOurTrainerDoes()
    {
        using var module = new Mixed.TorchModule(seed: 5);
        using var model = new Mixed(seed: 5);
        var trainer = new Trainer<Mixed>(model, Loss.MeanSquaredError, new Sgd(0.05f, momentum: 0.9f));
        var velocities = new Dictionary<Parameter, float[]>();
        using var x = Tensors.Random(2, 37, 48);
        using var targets = Tensors.Random(3, 37, 10);
        using var batch = new Batch(37, 48, 10) { Count = 37 };
        x.Floats().CopyTo(batch.Inputs);
        targets.Floats().CopyTo(batch.Targets);

        for (var step = 0; step < 8; step++)
        {
            trainer.Step(batch);
            using var output = module.call(x);
            using var gradient = Tensors.Difference(output, targets.Floats());
            output.backward([gradient]);
            Tensors.Step(module.parameters(), velocities, 0.05f, 0.9f);
            module.after_step();
        }

        foreach (var (own, other) in Linears(model).Zip(Linears(module.Model)))
        {
            Assert.Equal(Kept(own), Kept(other));
            AssertClose(own.Weight, other.Weight, 1e-4);
            AssertClose(own.Bias, other.Bias, 1e-4);
        }
        using var after = module.call(x);
        var expected = new float[37 * 10];
        model.Predict(x.Floats(), expected);
        AssertClose(expected, after.Floats(), 1e-3);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(33)]
    public void InputGetsItsGradient(int batch)
    {
        using var module = new Residual.TorchModule(seed: 2);
        using var x = Tensors.Random(5, batch, 32);
        x.requires_grad = true;
        using var weights = Tensors.Random(6, batch, 32);
        using (var output = module.call(x))
            output.backward([weights]);

        var sample = (batch - 1) * 32;
        foreach (var feature in new[] { 0, 7, 31 })
        {
            const float step = 1e-2f;
            var value = x.Floats()[sample + feature];
            x.Floats()[sample + feature] = value + step;
            var above = Loss();
            x.Floats()[sample + feature] = value - step;
            var below = Loss();
            x.Floats()[sample + feature] = value;
            Assert.Equal((above - below) / (2 * step), x.grad!.Floats()[sample + feature], 1e-3);
        }

        double Loss()
        {
            using var output = Plain(module, x);
            var sum = 0.0;
            for (var i = 0; i < output.Floats().Length; i++)
                sum += (double)output.Floats()[i] * weights.Floats()[i];
            return sum;
        }
    }

    [Fact]
    public void GradientsOfTheWeightsAreTheSameWithAndWithoutThatOfTheInput()
    {
        using var module = new Residual.TorchModule();
        var gradients = new List<float[]>();
        foreach (var asked in new[] { false, true })
        {
            using var x = Tensors.Random(5, 9, 32);
            x.requires_grad = asked;
            using var output = module.call(x);
            using var ones = Tensors.Random(6, 9, 32);
            output.backward([ones]);
            Assert.Equal(asked, x.grad is not null);
            gradients.Add([.. module.parameters().SelectMany(parameter => parameter.grad!.Floats().ToArray())]);
            foreach (var parameter in module.parameters())
                parameter.grad = null;
        }
        Assert.Equal(gradients[0], gradients[1]);
    }

    /// <summary>Two calls before the first backward pass, and gradients that add up.</summary>
    [Fact]
    public void CallsMayOverlap()
    {
        using var module = new Mixed.TorchModule();
        using var x = Tensors.Random(1, 16, 48);
        using var other = Tensors.Random(2, 40, 48);
        var alone = new[] { x, other }.Select(Gradient).ToArray();

        using var first = module.call(x);
        using var second = module.call(other);
        first.backward([Tensors.Random(9, 16, 10)]);
        second.backward([Tensors.Random(9, 40, 10)]);

        var sums = module.parameters().SelectMany(parameter => parameter.grad!.Floats().ToArray()).ToArray();
        for (var i = 0; i < sums.Length; i++)
            Assert.Equal(alone[0][i] + alone[1][i], sums[i]);

        float[] Gradient(Tensor input)
        {
            using var output = module.call(input);
            output.backward([Tensors.Random(9, input.shape[0], 10)]);
            float[] all = [.. module.parameters().SelectMany(parameter => parameter.grad!.Floats().ToArray())];
            foreach (var parameter in module.parameters())
                parameter.grad = null;
            return all;
        }
    }

    [Fact]
    public void ParametersHaveTheNamesOfTensorsInFiles()
    {
        using var module = new Mixed.TorchModule();
        Assert.Equal(
            ["stem.master_weight", "stem.bias", "middle.master_weight", "middle.bias", "out_proj.packed_weight", "out_proj.bias",
                "head.weight", "head.bias"],
            module.named_parameters().Select(entry => entry.name));
        Assert.Equal(
            ["stem.weight", "stem.bias", "middle.weight", "middle.bias", "out_proj.weight", "out_proj.bias", "head.weight", "head.bias"],
            module.state_dict().Keys);
        Assert.All(
            module.state_dict().Where(entry => entry.Key.EndsWith("weight", StringComparison.Ordinal)),
            entry => Assert.Equal(2, entry.Value.shape.Length));
        Assert.Equal([64, 48], module.get_buffer("stem.mask")!.shape);
        Assert.Null(module.get_buffer("head.mask"));
    }

    [Fact]
    public void MasksFollowTheWeights()
    {
        using var module = new Mixed.TorchModule();
        Assert.Equal(Kept(module.Model.OutProj), module.get_buffer("out_proj.mask")!.bytes.ToArray());
        var before = module.get_buffer("middle.mask")!.bytes.ToArray();
        var weight = module.named_parameters().First(entry => entry.name == "middle.master_weight").parameter;
        for (var i = 0; i < weight.numel(); i++)
            weight.Floats()[i] = 1 / (weight.Floats()[i] + 1e-3f);

        for (var step = 1; step <= 3; step++)
        {
            Assert.Equal(before, module.get_buffer("middle.mask")!.bytes.ToArray());
            module.after_step();
        }
        Assert.NotEqual(before, module.get_buffer("middle.mask")!.bytes.ToArray());
        Assert.Equal(Kept(module.Model.Middle), module.get_buffer("middle.mask")!.bytes.ToArray());
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("load")]
    [InlineData("parent")]
    public void CheckpointsCarryWeightsAndTheirMasks(string way)
    {
        using var source = new Mixed.TorchModule(seed: 8);
        using var target = new Mixed.TorchModule(seed: 9);
        using var x = Tensors.Random(4, 5, 48);
        using var first = Plain(target, x);
        using var expected = Plain(source, x);

        if (way == "state_dict")
        {
            target.load_state_dict(source.state_dict());
        }
        else if (way == "load")
        {
            using var file = new MemoryStream();
            source.save(new BinaryWriter(file));
            file.Position = 0;
            target.load(new BinaryReader(file));
        }
        else
        {
            new Parent(target).load_state_dict(new Parent(source).state_dict());
        }

        using var actual = Plain(target, x);
        using var recorded = target.call(x);
        Assert.Equal(expected.Floats(), actual.Floats());
        AssertClose(expected.Floats(), recorded.Floats(), 1e-5);
        Assert.NotEqual(expected.Floats().ToArray(), first.Floats().ToArray());
        foreach (var (a, b) in Linears(source.Model).Zip(Linears(target.Model)))
            Assert.Equal(a.Weight, b.Weight);
    }

    /// <summary>A checkpoint written between backward pass and step must not undo the step.</summary>
    [Fact]
    public void LookingAtTheStateChangesNothing()
    {
        var results = new List<float[]>();
        foreach (var looks in new[] { false, true })
        {
            using var module = new Mixed.TorchModule(seed: 4);
            using var x = Tensors.Random(4, 5, 48);
            var velocities = new Dictionary<Parameter, float[]>();
            for (var step = 0; step < 2; step++)
            {
                using var output = module.call(x);
                output.backward([Tensors.Random(7, 5, 10)]);
                if (looks)
                    module.state_dict();
                Tensors.Step(module.parameters(), velocities, 0.1f, 0);
                if (looks)
                    module.state_dict();
                module.after_step();
            }
            using var after = Plain(module, x);
            results.Add(after.Floats().ToArray());
        }
        Assert.Equal(results[0], results[1]);
    }

    /// <summary>Whoever forgets after_step() still computes with the weights that are there.</summary>
    [Fact]
    public void ChangedWeightsAreSeenWithoutBeingTold()
    {
        using var told = new Residual.TorchModule(seed: 4);
        using var untold = new Residual.TorchModule(seed: 4);
        using var x = Tensors.Random(4, 5, 32);
        foreach (var module in new[] { told, untold })
        {
            // Makes what predictions read, which the step outdates.
            Plain(module, x).Dispose();
            x.requires_grad = true;
            using var output = module.call(x);
            output.backward([Tensors.Random(7, 5, 32)]);
            Tensors.Step(module.parameters(), [], 0.1f, 0);
            x.grad = null;
        }
        told.after_step();

        using var expected = new Residual(seed: 4);
        expected.Layer.SetWeight(told.Model.Layer.Weight, told.Model.Layer.Mask!);
        expected.Layer.SetBias(told.Model.Layer.Bias);
        var outputs = new float[5 * 32];
        expected.Predict(x.Floats(), outputs);
        using var ofTold = Plain(told, x);
        using var ofUntold = Plain(untold, x);
        Assert.Equal(outputs, ofTold.Floats());
        Assert.Equal(outputs, ofUntold.Floats());
        Assert.Equal(InputGradient(told), InputGradient(untold));

        float[] InputGradient(Residual.TorchModule module)
        {
            using var output = module.call(x);
            output.backward([Tensors.Random(7, 5, 32)]);
            var gradient = x.grad!.Floats().ToArray();
            x.grad = null;
            return gradient;
        }
    }

    [Fact]
    public void InputsMayBeStridedAndHaveMoreDimensions()
    {
        using var module = new WithDropout.TorchModule();
        module.eval();
        using var wide = Tensors.Random(4, 6, 40);
        using var strided = wide.narrow(1, 3, 32);
        using var copied = strided.contiguous();
        using var deep = copied.view(2, 3, 32);

        using var expected = module.call(copied);
        using var fromStrided = module.call(strided);
        using var fromDeep = module.call(deep);
        Assert.False(strided.is_contiguous());
        Assert.Equal(expected.Floats(), fromStrided.Floats());
        Assert.Equal(expected.Floats(), fromDeep.Floats());
        Assert.Equal([2, 3, 8], fromDeep.shape);
    }

    [Fact]
    public void DropoutFollowsTheModeOfTheModule()
    {
        using var module = new WithDropout.TorchModule();
        using var x = Tensors.Random(4, 6, 32);
        using var first = module.call(x);
        using var second = module.call(x);
        module.eval();
        using var third = module.call(x);
        using var plain = Plain(module, x);

        Assert.NotEqual(first.Floats().ToArray(), second.Floats().ToArray());
        AssertClose(plain.Floats(), third.Floats(), 1e-5);

        // In evaluation gradients pass all elements.
        x.requires_grad = true;
        using var output = module.call(x);
        output.backward([Tensors.Random(7, 6, 8)]);
        var gradient = module.parameters().First().grad!.Floats();
        Assert.DoesNotContain(float.NaN, gradient.ToArray());
        Assert.True(gradient.ToArray().Count(value => value != 0) > gradient.Length / 4);
    }

    [Fact]
    public void FrozenParametersGetNoGradient()
    {
        using var module = new Mixed.TorchModule();
        var frozen = module.named_parameters().First(entry => entry.name == "stem.master_weight").parameter;
        frozen.requires_grad = false;
        using var x = Tensors.Random(4, 6, 48);
        using var output = module.call(x);
        output.backward([Tensors.Random(7, 6, 10)]);

        Assert.Null(frozen.grad);
        Assert.All(module.parameters().Where(parameter => parameter != frozen), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void WithoutGradientsNothingIsRecorded()
    {
        using var module = new Mixed.TorchModule();
        using var x = Tensors.Random(4, 6, 48);
        using var output = Plain(module, x);
        Assert.False(output.requires_grad);
    }

    [Fact]
    public void ThousandStepsLeaveNoTensorBehind()
    {
        using var module = new Mixed.TorchModule();
        using var x = Tensors.Random(4, 6, 48);
        using var gradient = Tensors.Random(7, 6, 10);
        var velocities = new Dictionary<Parameter, float[]>();
        Step();
        var before = Tensor.TotalCount;
        for (var step = 0; step < 1000; step++)
            Step();
        Assert.Equal(before, Tensor.TotalCount);

        void Step()
        {
            using (torch.NewDisposeScope())
                module.call(x).backward([gradient]);
            Tensors.Step(module.parameters(), velocities, 1e-3f, 0.9f);
            module.after_step();
        }
    }

    /// <summary>
    /// A backward pass cannot throw through frames of torch: it gives no gradient that could pass for one, and the next call tells why.
    /// </summary>
    [Fact]
    public void SecondBackwardPassIsNoticed()
    {
        using var module = new Mixed.TorchModule();
        using var x = Tensors.Random(4, 6, 48);
        using var output = module.call(x);
        output.backward([Tensors.Random(7, 6, 10)]);
        output.backward([Tensors.Random(7, 6, 10)]);

        Assert.All(module.parameters(), parameter => Assert.True(float.IsNaN(parameter.grad!.Floats()[0])));
        var error = Assert.Throws<InvalidOperationException>(() => module.call(x));
        Assert.Contains("retain_graph", error.Message);
        module.call(x).Dispose();
    }

    [Fact]
    public void WrongInputsAreNamed()
    {
        using var module = new Mixed.TorchModule();
        Assert.Contains("[*, 48], but got [6, 40]", Message<ArgumentException>(() => module.call(torch.zeros([6, 40]))));
        Assert.Contains("Float64", Message<ArgumentException>(() => module.call(torch.zeros([6, 48], torch.ScalarType.Float64))));
        Assert.Contains(
            "CUDA", Message<ArgumentException>(() => module.call(torch.zeros([6, 48], device: new torch.Device(DeviceType.CUDA)))));
        Assert.Contains("empty batch", Message<ArgumentException>(() => module.call(torch.zeros([0, 48]))));
    }

    [Fact]
    public void ModulesStayFloat32OnTheCpu()
    {
        using var module = new Mixed.TorchModule();
        module.to(torch.ScalarType.Float32, torch.CPU);
        Assert.Contains("cannot become BFloat16", Message<NotSupportedException>(() => module.to(torch.ScalarType.BFloat16)));
        Assert.Contains("cannot move to CUDA", Message<NotSupportedException>(() => module.to(device: new torch.Device(DeviceType.CUDA))));
        Assert.Contains(
            "cannot move to CUDA", Message<NotSupportedException>(() => new Parent(module).to(device: new torch.Device(DeviceType.CUDA))));
    }

    [Fact]
    public void LayersThatNeedOurTrainerAreRefused() =>
        Assert.Contains(
            "Layer Stem cannot be trained by the optimizer of another framework",
            Message<NotSupportedException>(() => new Annealed.TorchModule()));

    private static IEnumerable<Linear> Linears(ISparseModel model) => model.Layers.Cast<Linear>();

    private static string Message<T>(Action action)
        where T : Exception => Assert.Throws<T>(action).Message;

    private static Tensor Plain(torch.nn.Module<Tensor, Tensor> module, Tensor x)
    {
        using var noGradients = torch.no_grad();
        module.eval();
        var output = module.call(x);
        module.train();
        return output;
    }

    private static byte[] Kept(Linear layer) =>
        layer.Mask is not { } mask ? []
        : [.. from row in Enumerable.Range(0, mask.Rows) from column in Enumerable.Range(0, mask.Columns) select mask[row, column]
            ? (byte)1
            : (byte)0];

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance * (1 + Math.Abs(expected[i])), $"{expected[i]} and {actual[i]} at {i}");
    }

    /// <summary>A module of a user's own that holds one of ours.</summary>
    private sealed class Parent : torch.nn.Module
    {
        public Parent(torch.nn.Module child)
            : base(nameof(Parent)) => register_module("child", child);
    }
}
