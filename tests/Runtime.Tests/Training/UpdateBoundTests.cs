using SparseSharp.Learning;
using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Training;

/// <summary>Bounds must hold, or a step that cannot be taken back is taken for certain.</summary>
public sealed class UpdateBoundTests
{
    public static TheoryData<string, Optimizer> Rules => new()
    {
        { "plain", new Sgd(0.5f) },
        { "decaying", new Sgd(0.5f, weightDecay: 3) },
        { "momentum", new Sgd(2, momentum: 0.95f, weightDecay: 0.1f) },
        { "nesterov", new Sgd(0.1f, momentum: 0.9f, nesterov: true) },
        { "adam", new AdamW(0.01f) },
        { "coupled adam", new Adam(0.01f, weightDecay: 0.1f) },
        { "fast adam", new AdamW(10, beta1: 0.5f, beta2: 0.6f, weightDecay: 1) },
        { "adam without memory", new AdamW(0.1f, beta1: 0, beta2: 0) },
        { "adam that remembers its mean for longer", new AdamW(0.1f, beta1: 0.99f, beta2: 0.9f, epsilon: 1e-3f) },
    };

    /// <summary>Gradients of all sizes, runs of equal ones and of zeros among them: these bring Adam to the edge of its bound.</summary>
    [Theory, MemberData(nameof(Rules))]
    public void No_update_goes_beyond_its_bounds(string name, Optimizer optimizer)
    {
        const int Count = 64;
        Assert.NotEmpty(name);
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle())];
        var (gradient, first, second) = (new float[Count], new float[Count], new float[Count]);
        var bounds = new UpdateBounds(Peak.Of(values), 0, 0);
        for (var number = 1; number <= 300; number++)
        {
            for (var i = 0; i < Count; i++)
            {
                if (random.Next(8) == 0)
                    gradient[i] = random.Next(3) == 0 ? 0 : (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-25, 6));
            }
            var step = new UpdateStep(number, optimizer.LearningRate * random.NextSingle(), 0.5f, Decay: random.Next(2) == 0);
            bounds = optimizer.Bound(bounds, 0.5 * Peak.Of(gradient), in step);
            optimizer.Update(values, gradient, optimizer.StateCount > 0 ? first : [], optimizer.StateCount > 1 ? second : [], in step);
            // From there on a trainer looks for itself.
            if (!bounds.AreSafe && number > 20)
                return;
            Assert.True(bounds.AreSafe, $"{bounds} after {number}");
            Assert.True(Peak.Of(values) <= bounds.Value, $"{Peak.Of(values)} > {bounds} after {number}");
            Assert.True(Peak.Of(first) <= bounds.First, $"{Peak.Of(first)} > {bounds} after {number}");
            Assert.True(Peak.Of(second) <= bounds.Second, $"{Peak.Of(second)} > {bounds} after {number}");
        }
    }

    /// <summary>Else it would have to look at the arrays all the time.</summary>
    [Fact]
    public void Bounds_stay_useful_for_long()
    {
        foreach (var optimizer in (Optimizer[])[new Sgd(0.1f, momentum: 0.9f, weightDecay: 1e-4f), new AdamW(1e-3f)])
        {
            var bounds = new UpdateBounds(1, 0, 0);
            for (var number = 1; number <= 100_000; number++)
                bounds = optimizer.Bound(bounds, 1e6, new UpdateStep(number, optimizer.LearningRate, 1, Decay: true));
            Assert.True(bounds.AreSafe, $"{optimizer}: {bounds}");
        }
    }
}
