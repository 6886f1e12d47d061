namespace SparseSharp.Matrices;

/// <summary>The thresholds <c>g = sigmoid(s)</c> of a layer, by their scope.</summary>
/// <param name="values">One, one per row, or one per weight.</param>
/// <param name="scope">Which of these.</param>
internal readonly unsafe struct ThresholdValues(float* values, ThresholdScope scope)
{
    /// <summary>Whether all weights of a row have the same one.</summary>
    public bool IsUniform => scope != ThresholdScope.PerWeight;

    /// <summary>The threshold of a row, or the first one of its weights.</summary>
    /// <param name="row">The row.</param>
    /// <param name="columns">Weights of a row.</param>
    public float* Row(int row, int columns) => values + scope switch
    {
        ThresholdScope.PerLayer => 0,
        ThresholdScope.PerOutputChannel => row,
        _ => (nint)row * columns,
    };

    /// <summary>The threshold of a weight.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="index">Its place in the layer.</param>
    public float At(int row, int index) => values[scope switch
    {
        ThresholdScope.PerLayer => 0,
        ThresholdScope.PerOutputChannel => row,
        _ => index,
    }];

    /// <summary>How many thresholds a layer has.</summary>
    public static int Count(ThresholdScope scope, int rows, int columns) => scope switch
    {
        ThresholdScope.PerLayer => 1,
        ThresholdScope.PerOutputChannel => rows,
        _ => rows * columns,
    };
}
