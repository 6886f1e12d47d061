using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>What newcomers write: seeds of any integer type, predictions that return something, and a model as text.</summary>
public sealed class ConvenienceTests
{
    private const int Inputs = 37;
    private const int Outputs = 6;

    [Fact]
    public void A_seed_of_any_integer_type_gives_the_same_weights()
    {
        const byte small = 7;
        int number = 7;
        long big = 7;
        uint positive = 7;
        ulong biggest = 7;
        MixedPolicies[] models = [new(7), new(seed: 7), new(number), new(big), new(positive), new(biggest), new(small), new(7L), new(7UL),
            MixedPolicies.Create(number), MixedPolicies.Create(biggest)];
        var expected = Values.Bits(models[0].Stem.Weight.ToArray());
        Assert.All(models, model => Assert.Equal(expected, Values.Bits(model.Stem.Weight.ToArray())));
        Array.ForEach(models, model => model.Dispose());

        using var negative = new MixedPolicies(-1);
        using var same = new MixedPolicies(ulong.MaxValue);
        using var one = new MixedPolicies();
        Assert.Equal(Values.Bits(same.Stem.Weight.ToArray()), Values.Bits(negative.Stem.Weight.ToArray()));
        Assert.NotEqual(Values.Bits(one.Stem.Weight.ToArray()), Values.Bits(negative.Stem.Weight.ToArray()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70)]
    public void A_prediction_can_be_an_array(int batch)
    {
        using var model = new MixedPolicies(2);
        var inputs = Values.Uniform(batch * Inputs, seed: 1);
        var expected = new float[batch * Outputs];
        model.Predict(inputs, expected);
        Assert.Equal(Values.Bits(expected), Values.Bits(model.Predict(inputs)));

        var classes = Enumerable.Range(0, batch).Select(
            sample => expected.AsSpan(sample * Outputs, Outputs).IndexOf(expected.Skip(sample * Outputs).Take(Outputs).Max()));
        Assert.Equal(classes, model.PredictClasses(inputs));
        for (var sample = 0; sample < batch; sample++)
            Assert.InRange(model.PredictClass(inputs.AsSpan(sample * Inputs, Inputs)), 0, Outputs - 1);
    }

    [Fact]
    public void Inputs_that_are_no_samples_are_refused()
    {
        using var model = new MixedPolicies(2);
        Assert.Contains("37 features", Assert.Throws<ArgumentException>(() => model.Predict(new float[Inputs + 1])).Message);
        Assert.Contains(
            "PredictClasses takes several", Assert.Throws<ArgumentException>(() => model.PredictClass(new float[2 * Inputs])).Message);
        Assert.Throws<ArgumentException>(() => model.PredictClasses(new float[Inputs - 1]));
    }

    [Fact]
    public void The_first_of_equal_outputs_is_the_class_and_what_is_no_number_has_none()
    {
        using var model = new Passing();
        Assert.Equal(1, model.PredictClass([-1f, 3f, 3f, 2f]));
        Assert.Equal(
            0, model.PredictClass([float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity]));
        Assert.Equal([3, 0], model.PredictClasses([0f, 0f, 0f, 1f, 1f, 0f, 0f, 0f]));
        var fault = Assert.Throws<InvalidOperationException>(() => model.PredictClasses([0f, 0f, 0f, 1f, 1f, 0f, float.NaN, 0f]));
        Assert.StartsWith("Output 2 of sample 1 is not a number", fault.Message);
    }

    [Fact]
    public void One_output_decides_between_two_classes()
    {
        using var model = new Single();
        Assert.Equal([1, 0, 0], model.PredictClasses([0.5f, -0.5f, 0f]));
        Assert.Equal(1, model.PredictClass([1e-9f]));
    }

    [Fact]
    public void A_model_is_written_as_a_table()
    {
        using var model = new Told();
        Assert.Equal(
            """
            Told: 64 to 10 features
            layer        inputs  outputs  pattern           weights kept     of  FLOP per sample
            Stem             64       64  2:4 transposable         2,048  4,096            4,096
            Block.Inner      64       64  1:4, bfloat16            1,024  4,096            2,048
            Head             64       10  dense                      640    640            1,280
            all                                                    3,712  8,832            7,424
            """.ReplaceLineEndings("\n"),
            model.ToString());
        var before = model.ToString();
        model.Dispose();
        Assert.Equal(before, model.ToString());
    }

    [Fact]
    public void What_a_class_declares_itself_is_left_alone()
    {
        using var model = new Opinionated(5);
        Assert.Equal("mine", model.ToString());
        Assert.Equal(-1, model.PredictClass([0f, 0f, 0f, 0f]));
        Assert.Equal([0f], model.Predict(new ReadOnlySpan<float>([1, 2, 3, 4])));
        Assert.Equal(42, model.PredictClasses);
        Assert.Contains("layer", ModelTable.Of(model));
        var layer = Assert.Single(ModelTable.Layers(model));
        Assert.Equal(new("Only", 4, 2, Pattern: null, Bfloat16Use.None, Density: 1), layer);
        Assert.Equal((8, 8, 16), (layer.Weights, layer.KeptWeights, layer.Flops));
    }
}

/// <summary>Its outputs are its inputs.</summary>
[SparseModel]
internal sealed partial class Passing
{
    private Activation Forward([Input(4)] Activation x) => x;
}

[SparseModel]
internal sealed partial class Single
{
    private Activation Forward([Input(1)] Activation x) => x * 2;
}

[SparseModel]
internal sealed partial class ToldBlock
{
    [Linear(64, 64), NMSparse(1, 4), Bfloat16]
    public partial Linear Inner { get; }

    private Activation Forward([Input(64)] Activation x) => x.Through(Inner).Relu();
}

[SparseModel]
internal sealed partial class Told
{
    [Linear(64, 64), NMSparse(2, 4, Transposable = true)]
    public partial Linear Stem { get; }

    public partial ToldBlock Block { get; }

    [Linear(64, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(64)] Activation x) => x.Through(Stem).Relu().Through(Block).Through(Head);
}

/// <summary>Has its own members in place of all that the generator would add but need not.</summary>
[SparseModel]
internal sealed partial class Opinionated
{
    public Opinionated(long seed)
        : this((ulong)seed)
    {
    }

    [Linear(4, 2)]
    public partial Linear Only { get; }

    public int PredictClasses => 42;

    public static Opinionated Create(long seed) => new(seed);

    public float[] Predict(ReadOnlySpan<float> inputs) => [inputs.Length - 4f];

    public int PredictClass(ReadOnlySpan<float> sample) => sample.Length - 5;

    public override string ToString() => "mine";

    private Activation Forward([Input(4)] Activation x) => x.Through(Only);
}
