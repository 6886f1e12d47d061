namespace SparseSharp.Kernels;

/// <summary>Moves samples into the inputs of a model.</summary>
internal static unsafe class InputEdge
{
    /// <summary>
    /// Moves a panel's samples into the slot of the input, or what they have of each input into the slot of one of several.
    /// </summary>
    /// <param name="descriptor">Of the model.</param>
    /// <param name="pass">The panel.</param>
    /// <param name="source">All samples of the batch.</param>
    /// <param name="start">The first sample of the panel.</param>
    /// <param name="samples">Samples of the panel.</param>
    /// <param name="training">Whether the workspace is that of the training.</param>
    public static void Load(ModelDescriptor descriptor, in PanelPass pass, InputSource source, nint start, int samples, bool training)
    {
        var features = descriptor.InputFeatures;
        if (descriptor.Inputs.Count == 0)
        {
            var slot = training ? descriptor.TrainingInput : descriptor.InferenceInput;
            PanelEdges.Load(in pass, source.Sample(features, start), features, features, samples, slot);
            return;
        }
        for (var index = 0; index < descriptor.Inputs.Count; index++)
        {
            var input = descriptor.Inputs[index];
            var slot = training ? input.TrainingSlot : input.InferenceSlot;
            if (slot == InputDescriptor.Unused)
                continue;
            var first = source.Part(features, start, index, input, out var stride);
            PanelEdges.Load(in pass, first, stride, input.Features, samples, slot);
        }
    }
}
