namespace SparseSharp.Training;

/// <summary>What workers do with the groups of rows of all layers.</summary>
internal enum UpdateStage
{
    Squares,
    Peaks,
    Complete,
    Prepare,
    Update,
    Find,
    Pack,
}
