using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchDigits;

/// <summary>A training loop of torch: nothing in it knows what kind of module it trains.</summary>
internal static class Training
{
    private const int Epochs = 5;
    private const int BatchSize = 128;

    /// <summary>Trains and prints loss, accuracy and time of each epoch.</summary>
    /// <param name="title">Stands at the beginning of each line.</param>
    /// <param name="module">From <c>[batch, 784]</c> to <c>[batch, 10]</c>.</param>
    /// <param name="afterStep">Follows each step of the optimizer.</param>
    /// <param name="train">What to learn from.</param>
    /// <param name="test">What to measure accuracy with.</param>
    public static void Run(string title, nn.Module<Tensor, Tensor> module, Action afterStep, Digits train, Digits test)
    {
        random.manual_seed(1);
        using var optimizer = optim.SGD(module.parameters(), learningRate: 0.05, momentum: 0.9);
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            var clock = Stopwatch.StartNew();
            var loss = Learn(module, optimizer, afterStep, train);
            var seconds = clock.Elapsed.TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{title,-16}  epoch {epoch}  loss {loss:0.0000}  test accuracy {Accuracy(module, test):0.00 %}  {seconds:0.0} s"));
        }
    }

    private static double Learn(nn.Module<Tensor, Tensor> module, optim.Optimizer optimizer, Action afterStep, Digits train)
    {
        module.train();
        var (sum, steps) = (0.0, 0);
        using var order = randperm(train.Labels.shape[0]);
        for (var start = 0L; start < train.Labels.shape[0]; start += BatchSize, steps++)
        {
            using var scope = NewDisposeScope();
            var batch = order.narrow(0, start, Math.Min(BatchSize, train.Labels.shape[0] - start));
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(module.call(train.Images.index_select(0, batch)), train.Labels.index_select(0, batch));
            loss.backward();
            optimizer.step();
            afterStep();
            sum += loss.item<float>();
        }
        return sum / steps;
    }

    private static double Accuracy(nn.Module<Tensor, Tensor> module, Digits test)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        module.eval();
        return module.call(test.Images).argmax(1).eq(test.Labels).mean([0], type: ScalarType.Float32).item<float>();
    }
}
