namespace SparseSharp.Training;

/// <summary>Where the label of each sample stands among the outputs. Samples that do not count have the label -1.</summary>
internal sealed class SampleRanks(int outputs, int samples)
{
    /// <summary>Classes to tell apart: a single output tells two.</summary>
    public int Classes { get; } = Math.Max(2, outputs);

    /// <summary>
    /// Outputs that are chosen before that of the label: 0 where the prediction is right, all where an output is not a number or the sample
    /// does not count.
    /// </summary>
    public int[] Ranks { get; } = new int[samples];

    /// <summary>The labels, -1 for samples that do not count.</summary>
    public int[] Labels { get; } = new int[samples];

    /// <summary>The class that is chosen, or -1.</summary>
    public int[] Predictions { get; } = new int[samples];

    /// <summary>Takes notice of one sample.</summary>
    /// <param name="sample">Its number.</param>
    /// <param name="label">Its label, or -1 if it does not count.</param>
    /// <param name="values">Its outputs.</param>
    public void Set(int sample, int label, ReadOnlySpan<float> values)
    {
        (Labels[sample], Predictions[sample], Ranks[sample]) = (label, -1, Classes);
        foreach (var value in values)
        {
            if (float.IsNaN(value))
                return;
        }
        if (outputs == 1)
        {
            Predictions[sample] = values[0] > 0 ? 1 : 0;
            Ranks[sample] = label < 0 ? Classes : Predictions[sample] == label ? 0 : 1;
            return;
        }
        var (largest, rank) = (0, 0);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > values[largest])
                largest = i;
            if (label >= 0 && (values[i] > values[label] || (values[i] == values[label] && i < label)))
                rank++;
        }
        (Predictions[sample], Ranks[sample]) = (largest, label >= 0 ? rank : Classes);
    }
}
