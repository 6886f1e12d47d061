using SparseSharp.Kernels;

namespace SparseSharp;

/// <summary>A compiled model, whatever its type. Implemented by generated code.</summary>
public interface ISparseModel
{
    /// <summary>All layers in order of declaration, those of nested models at their member's place.</summary>
    IReadOnlyList<ILayer> Layers { get; }
}

/// <summary>What the generator implements for a model class: the contract between generated code and the runtime.</summary>
/// <typeparam name="TSelf">The model class itself.</typeparam>
public interface ISparseModel<TSelf> : ISparseModel
    where TSelf : class, ISparseModel<TSelf>
{
    /// <summary>What is known at compile time: shapes, the layer table, the sizes of the workspaces.</summary>
    static abstract ModelDescriptor Descriptor { get; }

    /// <summary>Makes a model with freshly initialised weights.</summary>
    /// <param name="seed">Equal seeds give equal weights, on every machine.</param>
    static abstract TSelf Create(ulong seed);

    /// <summary>Makes what a pass needs besides weights, such as tables for images of a size; comes before every pass.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">Whether weight gradients follow.</param>
    static virtual void Prepare(TSelf model, bool training) { }

    /// <summary>
    /// Inference for one panel, called by every member of the team that shares it: from slot <see cref="ModelDescriptor.InferenceInput"/>
    /// to slot <see cref="ModelDescriptor.InferenceOutput"/>.
    /// </summary>
    static abstract void Infer(TSelf model, in PanelPass pass);

    /// <summary>
    /// Training forward for one panel: as <see cref="Infer"/>, in the training workspace, keeping what the backward pass needs. One phase
    /// of it: <see cref="PanelPass.Phase"/>.
    /// </summary>
    static abstract void Forward(TSelf model, in PanelPass pass);

    /// <summary>
    /// Backward for one panel: from the loss gradient in slot <see cref="ModelDescriptor.TrainingOutputGradient"/> to the gradient of every
    /// layer's output. Weight gradients are left to <see cref="GradWeights"/>. One phase of it; the first has the number of the last
    /// phase of <see cref="Forward"/>.
    /// </summary>
    static abstract void Backward(TSelf model, in PanelPass pass);

    /// <summary>
    /// What operations do with the whole batch after phase <see cref="BatchPass.Phase"/>, called by every worker; each computes its own
    /// features. All panels have come to the end of the phase, and none has begun the next.
    /// </summary>
    static virtual void Reduce(TSelf model, in BatchPass batch) { }

    /// <summary>Weight and bias gradients over all panels, called by every worker; each computes its own rows.</summary>
    static abstract void GradWeights(TSelf model, in BatchPass batch);
}
