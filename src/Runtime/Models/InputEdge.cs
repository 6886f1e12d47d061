namespace SparseSharp.Kernels;

/// <summary>Moves samples into the inputs of a model.</summary>
internal static unsafe class InputEdge
{
    /// <summary>
    /// Moves a panel's samples into the slot of the input, or each part of a sample into the slot of one of several inputs.
    /// </summary>
    /// <param name="descriptor">Of the model.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="source">All samples of the batch, row-major.</param>
    /// <param name="start">The first sample of the panel.</param>
    /// <param name="samples">Samples of the panel.</param>
    /// <param name="training">Whether the workspace is that of the training.</param>
    public static void Load(ModelDescriptor descriptor, in PanelPass pass, float* source, nint start, int samples, bool training)
    {
        var features = descriptor.InputFeatures;
        var first = source + (start * features);
        if (descriptor.Inputs.Count == 0)
        {
            var slot = training ? descriptor.TrainingInput : descriptor.InferenceInput;
            PanelEdges.Load(in pass, first, features, features, samples, slot);
            return;
        }
        for (var index = 0; index < descriptor.Inputs.Count; index++)
        {
            var input = descriptor.Inputs[index];
            var slot = training ? input.TrainingSlot : input.InferenceSlot;
            PanelEdges.Load(in pass, first + input.First, features, input.Features, samples, slot);
        }
    }
}
