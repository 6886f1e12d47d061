using SparseSharp.Kernels;
using SparseSharp.Numerics;
using SparseSharp.Models;
using SparseSharp.Workers;

namespace SparseSharp.Pruning;

/// <summary>What the layers of a model see of given samples, without dropout.</summary>
internal static unsafe class LayerInputs
{
    /// <summary>Samples of one pass: bounds the workspace, which keeps all values of a pass.</summary>
    private const int Chunk = 1024;

    /// <summary>The layers that the model uses, in the order of its forward pass.</summary>
    public static IReadOnlyList<Linear> Order<TModel>(TModel model)
        where TModel : class, ISparseModel<TModel>
    {
        var capture = new InputCapture(null);
        Run(model, new float[TModel.Descriptor.InputFeatures], capture);
        return [.. capture.Order.Reverse().Select(matrix => model.Layers.First(layer => layer.Matrix == matrix))];
    }

    /// <summary>The inputs of one layer, row-major <c>[samples × uses of the layer, features]</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">One of its layers.</param>
    /// <param name="samples">Inputs of the model, row-major.</param>
    public static float[] Of<TModel>(TModel model, Linear layer, ReadOnlySpan<float> samples)
        where TModel : class, ISparseModel<TModel>
    {
        var capture = new InputCapture(layer.Matrix);
        var features = TModel.Descriptor.InputFeatures;
        for (var rest = samples; rest.Length > 0; rest = rest[Math.Min(rest.Length, Chunk * features)..])
            Run(model, rest[..Math.Min(rest.Length, Chunk * features)], capture);
        return [.. capture.Uses.SelectMany(values => values)];
    }

    private static void Run<TModel>(TModel model, ReadOnlySpan<float> samples, InputCapture capture)
        where TModel : class, ISparseModel<TModel>
    {
        var descriptor = TModel.Descriptor;
        using var scope = ModelLifetime.Of(model, descriptor.Name).Use();
        var layout = new BatchLayout(samples.Length / descriptor.InputFeatures);
        using var workspace = new NativeBuffer<float>((long)descriptor.TrainingRows * layout.Columns);
        var barrier = default(TeamBarrier);
        var team = new PanelTeam(layout, worker: 0, workers: 1, ref barrier);
        fixed (float* source = samples)
        {
            for (var panel = 0; panel < layout.Panels; panel++)
            {
                var start = layout.Start(panel);
                var pass = team.Pass(workspace.Pointer, descriptor.TrainingRows, start, layout.Vectors(panel));
                PanelEdges.Load(
                    in pass, source + ((nint)start * descriptor.InputFeatures), descriptor.InputFeatures, layout.Samples(panel), descriptor.TrainingInput);
                TModel.Forward(model, in pass);
            }
        }
        TModel.GradWeights(model, new BatchPass(workspace.Pointer, descriptor.TrainingRows, layout, accumulate: false, member: 0, members: 1, randomKey: 0, capture));
    }
}
