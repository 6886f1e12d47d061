using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>Every activation by K-TanH, fused into layers and alone.</summary>
[SparseModel]
internal sealed partial class KTanhNet
{
    [Linear(784, 64), NMSparse(2, 4, Transposable = true)]
    public partial Linear Stem { get; }

    [Linear(64, 64)]
    public partial Linear Mixer { get; }

    [Linear(64, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x)
    {
        var h = x.Through(Stem).KTanh();
        return ((h + h.Through(Mixer).KGelu()).KSwish() * h.KSigmoid()).Through(Head);
    }
}

/// <summary>The same with exact functions.</summary>
[SparseModel]
internal sealed partial class ExactTanhNet
{
    [Linear(784, 64), NMSparse(2, 4, Transposable = true)]
    public partial Linear Stem { get; }

    [Linear(64, 64)]
    public partial Linear Mixer { get; }

    [Linear(64, 10)]
    public partial Linear Head { get; }

    private Activation Forward([Input(784)] Activation x)
    {
        var h = x.Through(Stem).Tanh();
        return ((h + h.Through(Mixer).Gelu()).Silu() * h.Sigmoid()).Through(Head);
    }
}

public sealed class KTanhModelTests
{
    [Fact]
    public void Predictions_are_close_to_those_of_exact_functions_but_not_equal()
    {
        using var approximate = new KTanhNet(seed: 3);
        using var exact = new ExactTanhNet(seed: 3);
        var x = Values.Uniform(50 * 784, seed: 4);
        var (y, expected) = (new float[500], new float[500]);
        approximate.Predict(x, y);
        exact.Predict(x, expected);
        var largest = y.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(largest, 1e-5f, .02f);
    }

    [Fact]
    public void A_model_learns_as_well_as_with_exact_functions()
    {
        Assert.InRange(FinalLoss<KTanhNet>() / FinalLoss<ExactTanhNet>(), .8, 1.25);
    }

    private static double FinalLoss<TModel>()
        where TModel : class, ISparseModel<TModel>
    {
        var model = TModel.Create(1);
        using var owner = model as IDisposable;
        var (data, _, _) = SyntheticDigits.Generate(1000, seed: 1).Standardize();
        using var trainer = new Trainer<TModel>(model, Loss.SoftmaxCrossEntropy, new Sgd(0.05f, momentum: 0.9f));
        var losses = trainer.Fit(data, epochs: 5, batchSize: 50).Select(report => report.Loss).ToList();
        Assert.True(losses[^1] < .5 * losses[0]);
        return losses[^1];
    }
}
