namespace SparseSharp.Models.Tests.Gradients;

/// <summary>The derived backward passes against central differences of an independent forward pass in double precision.</summary>
public sealed class GradientTests
{
    public static TheoryData<string> Models => GradientCases.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void Gradients_are_those_of_the_loss(string model)
    {
        foreach (var loss in ReferenceLoss.All)
            GradientCases.Of(model).CheckGradients(loss, samples: 21);
    }

    /// <summary>More samples than a panel has columns, with padding in the last one.</summary>
    [Theory]
    [InlineData("Dropped")]
    [InlineData("NestedNet")]
    [InlineData("SharedSideBySide")]
    public void Gradients_add_up_over_panels(string model) => GradientCases.Of(model).CheckGradients(ReferenceLoss.All[2], samples: 107);

    [Theory]
    [MemberData(nameof(Models))]
    public void Predictions_are_those_of_the_reference(string model)
    {
        GradientCases.Of(model).CheckPredictions(samples: 1);
        GradientCases.Of(model).CheckPredictions(samples: 75);
    }
}
