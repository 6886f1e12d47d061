namespace SparseSharp.Benchmarks.Models;

// Layers that keep their largest weights, wherever they are: what annealing with learned thresholds ends with, at given densities.

[SparseModel, GradientAnneal(TopK = 0.2)]
internal sealed partial class Largest20x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, GradientAnneal(TopK = 0.1)]
internal sealed partial class Largest10x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}

[SparseModel, GradientAnneal(TopK = 0.05)]
internal sealed partial class Largest5x1024
{
    [Linear(1024, 1024, Bias = false)]
    public partial Linear Layer { get; }

    private Activation Forward([Input(1024)] Activation x) => x.Through(Layer);
}
