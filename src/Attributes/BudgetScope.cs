namespace SparseSharp;

/// <summary>Over which weights <see cref="GradientAnnealAttribute.TopK"/> counts.</summary>
public enum BudgetScope
{
    /// <summary>Each layer keeps its share.</summary>
    PerLayer,

    /// <summary>The layers of the model that have the same budget keep the share together, where magnitudes are largest.</summary>
    OverModel,
}
