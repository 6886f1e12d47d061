namespace SparseSharp.Generator.Tests.Emitting;

internal static class RuntimeStubs
{
    public const string Source =
        """
        #pragma warning disable CS1591, CS8597
        using System;
        using System.Collections.Generic;
        using System.Numerics.Tensors;

        namespace SparseSharp
        {
            public static class ModelFile
            {
                public static void Save(ISparseModel model, Kernels.ModelDescriptor descriptor, string path) => throw null!;
                public static void Load(ISparseModel model, Kernels.ModelDescriptor descriptor, string path, IReadOnlyDictionary<string, string>? names = null) => throw null!;
            }
        }

        namespace SparseSharp.Kernels
        {
            public static class DensePass<K>
            {
                public static LinearOperations Operations => throw null!;
                public static void Forward(Linear layer, in PanelPass pass, ref float x, ref float y, ActivationKind activation) => throw null!;
                public static void Forward(Linear layer, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation) => throw null!;
                public static void GradInput(Linear layer, in PanelPass pass, ref float dy, ref float dx, bool accumulate) => throw null!;
                public static void GradInput(Linear layer, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate) => throw null!;
                public static void GradWeight(Linear layer, in BatchPass batch, int x, int dy, bool accumulate) => throw null!;
            }

            public static class BucketPass<K>
            {
                public static LinearOperations Operations => throw null!;
                public static void Forward(Linear layer, in PanelPass pass, ref float x, ref float y, ActivationKind activation) => throw null!;
                public static void Forward(Linear layer, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation) => throw null!;
                public static void GradInput(Linear layer, in PanelPass pass, ref float dy, ref float dx, bool accumulate) => throw null!;
                public static void GradInput(Linear layer, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate) => throw null!;
                public static void GradWeight(Linear layer, in BatchPass batch, int x, int dy, bool accumulate) => throw null!;
            }

            public static class Elementwise
            {
                public static void Activate(in PanelPass pass, ActivationKind kind, ref float x, ref float y, int features) => throw null!;
                public static void ActivateGrad(in PanelPass pass, ActivationKind kind, ref float dy, ref float saved, ref float dx, int features, bool accumulate) => throw null!;
                public static void Add(in PanelPass pass, ref float a, ref float b, ref float y, int features) => throw null!;
                public static void Multiply(in PanelPass pass, ref float a, ref float b, ref float y, int features) => throw null!;
                public static void MultiplyGrad(in PanelPass pass, ref float dy, ref float other, ref float dx, int features, bool accumulate) => throw null!;
                public static void Scale(in PanelPass pass, ref float x, float factor, ref float y, int features) => throw null!;
                public static void ScaleGrad(in PanelPass pass, ref float dy, float factor, ref float dx, int features, bool accumulate) => throw null!;
                public static void Shift(in PanelPass pass, ref float x, float term, ref float y, int features) => throw null!;
                public static void Dropout(in PanelPass pass, int site, float probability, ref float x, ref float y, ref float keep, int features) => throw null!;
            }

            public sealed class Predictor<TModel>(TModel model) : IDisposable
            {
                public TModel Model => model;
                public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => throw null!;
                public void Predict(in ReadOnlyTensorSpan<float> inputs, in TensorSpan<float> outputs) => throw null!;
                public void Dispose() { }
            }
        }

        namespace SparseSharp.Generated
        {
            internal struct DenseKernel;
            internal struct NM2of4T;
            internal struct NM2of4;
        }
        """;
}
