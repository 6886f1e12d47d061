namespace SparseSharp.Matrices;

/// <summary>Takes the weights of a matrix for the file of a model.</summary>
internal interface IWeightWriter : IStateWriter
{
    /// <summary>Adds a text of the layer.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">The text.</param>
    void AddText(string key, string value);
}
