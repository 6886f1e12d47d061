using SparseSharp.Benchmarks.Peers.Onnx;

namespace SparseSharp.Benchmarks.WholeNetworks;

/// <summary>The networks as graphs of ONNX. Each returns the value that is its output.</summary>
internal static class NetworkGraphs
{
    public static string ResNet20(OnnxGraph graph)
    {
        var x = ConvolveNormalise(graph, OnnxGraph.Input, "Conv1", "Bn1", relu: true);
        for (var stage = 1; stage <= 3; stage++)
        {
            for (var block = 0; block < 3; block++)
            {
                var path = $"Layer{stage}Block{block}";
                var y = ConvolveNormalise(graph, x, $"{path}Conv1", $"{path}Bn1", relu: true);
                y = ConvolveNormalise(graph, y, $"{path}Conv2", $"{path}Bn2", relu: false);
                var shortcut = stage > 1 && block == 0 ? graph.Shortcut(x, zeros: 4 << (stage - 1)) : x;
                x = graph.Relu(graph.Add(y, shortcut));
            }
        }
        return graph.Multiply(graph.Average(x), "Linear");
    }

    public static string WideResNet16x4(OnnxGraph graph)
    {
        var x = graph.Convolve(OnnxGraph.Input, "Conv1");
        for (var stage = 1; stage <= 3; stage++)
        {
            for (var block = 0; block < 2; block++)
            {
                var path = $"Layer{stage}Block{block}";
                var a = graph.Relu(graph.Normalise(x, $"{path}Bn1"));
                var y = ConvolveNormalise(graph, a, $"{path}Conv1", $"{path}Bn2", relu: true);
                x = graph.Add(graph.Convolve(y, $"{path}Conv2"), block == 0 ? graph.Convolve(a, $"{path}Shortcut") : x);
            }
        }
        return graph.Multiply(graph.Average(graph.Relu(graph.Normalise(x, "Bn1"))), "Linear");
    }

    public static string ResNet50(OnnxGraph graph)
    {
        int[] blocks = [3, 4, 6, 3];
        var x = ConvolveNormalise(graph, OnnxGraph.Input, "Conv1", "Bn1", relu: true);
        x = graph.MaxPool(x, kernel: 3, stride: 2, padding: 1);
        for (var stage = 1; stage <= 4; stage++)
        {
            for (var block = 0; block < blocks[stage - 1]; block++)
            {
                var path = $"Layer{stage}Block{block}";
                var y = ConvolveNormalise(graph, x, $"{path}Conv1", $"{path}Bn1", relu: true);
                y = ConvolveNormalise(graph, y, $"{path}Conv2", $"{path}Bn2", relu: true);
                y = ConvolveNormalise(graph, y, $"{path}Conv3", $"{path}Bn3", relu: false);
                var shortcut = block == 0 ? ConvolveNormalise(graph, x, $"{path}Shortcut", $"{path}ShortcutBn", relu: false) : x;
                x = graph.Relu(graph.Add(y, shortcut));
            }
        }
        return graph.Multiply(graph.Average(x), "Linear");
    }

    public static string MobileNet(OnnxGraph graph)
    {
        var x = ConvolveNormalise(graph, OnnxGraph.Input, "Stem", "StemBn", relu: true);
        for (var pair = 1; pair <= 13; pair++)
        {
            x = ConvolveNormalise(graph, x, $"Depth{pair}", $"Depth{pair}Bn", relu: true);
            x = ConvolveNormalise(graph, x, $"Point{pair}", $"Point{pair}Bn", relu: true);
        }
        return graph.Multiply(graph.Average(x), "Linear");
    }

    private static string ConvolveNormalise(OnnxGraph graph, string x, string convolution, string normalisation, bool relu)
    {
        var y = graph.Normalise(graph.Convolve(x, convolution), normalisation);
        return relu ? graph.Relu(y) : y;
    }
}
