using System.ComponentModel;

namespace SparseSharp.Kernels;

/// <summary>Predictions that allocate their result: what the shorter overloads of a generated model call.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Predictions
{
    /// <summary>Outputs of this many values lie on the stack while the class of one sample is found.</summary>
    private const int StackFloats = 256;

    /// <summary>The outputs of a batch.</summary>
    /// <typeparam name="TModel">The model class.</typeparam>
    /// <param name="predictor">Of the model.</param>
    /// <param name="inputs">Row-major <c>[batch, input features]</c>.</param>
    /// <returns>Row-major <c>[batch, output features]</c>.</returns>
    /// <exception cref="ArgumentException">The inputs are not a whole number of samples.</exception>
    public static float[] Outputs<TModel>(Predictor<TModel> predictor, ReadOnlySpan<float> inputs)
        where TModel : class, ISparseModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(predictor);
        var descriptor = TModel.Descriptor;
        var outputs = new float[checked(inputs.Length / descriptor.InputFeatures * descriptor.OutputFeatures)];
        predictor.Predict(inputs, outputs);
        return outputs;
    }

    /// <summary>
    /// The class of one sample: the position of the largest output, the first one of several. A model with one output has the classes 0 and
    /// 1, and 1 is where the output is positive.
    /// </summary>
    /// <typeparam name="TModel">The model class.</typeparam>
    /// <param name="predictor">Of the model.</param>
    /// <param name="sample">As many values as the model has input features.</param>
    /// <exception cref="ArgumentException">The values are not one sample.</exception>
    /// <exception cref="InvalidOperationException">An output is not a number.</exception>
    public static int Class<TModel>(Predictor<TModel> predictor, ReadOnlySpan<float> sample)
        where TModel : class, ISparseModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(predictor);
        var descriptor = TModel.Descriptor;
        if (sample.Length != descriptor.InputFeatures)
        {
            throw new ArgumentException(
                $"{sample.Length} values are not one sample: {descriptor.Name} takes {descriptor.InputFeatures} features. PredictClasses "
                    + "takes several samples.", nameof(sample));
        }
        var outputs = descriptor.OutputFeatures <= StackFloats
            ? stackalloc float[descriptor.OutputFeatures]
            : new float[descriptor.OutputFeatures];
        predictor.Predict(sample, outputs);
        return ClassOf(outputs, 0, descriptor.Name);
    }

    /// <summary>The class of one sample given as a span per input.</summary>
    /// <inheritdoc cref="Class{TModel}(Predictor{TModel}, ReadOnlySpan{float})"/>
    /// <param name="predictor">Of the model.</param>
    /// <param name="sample">As many values of each input as it has features.</param>
    public static int Class<TModel>(Predictor<TModel> predictor, in InputSpans sample)
        where TModel : class, ISparseModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(predictor);
        var descriptor = TModel.Descriptor;
        if (sample.CountSamples(descriptor) is var samples and not 1)
        {
            throw new ArgumentException(
                $"Each input of {descriptor.Name} has {samples} samples, not one. PredictClasses takes several samples.", nameof(sample));
        }
        var outputs = descriptor.OutputFeatures <= StackFloats
            ? stackalloc float[descriptor.OutputFeatures]
            : new float[descriptor.OutputFeatures];
        predictor.Predict(in sample, outputs);
        return ClassOf(outputs, 0, descriptor.Name);
    }

    /// <summary>The class of each sample of a batch, as <see cref="Class{TModel}(Predictor{TModel}, ReadOnlySpan{float})"/> finds it.</summary>
    /// <typeparam name="TModel">The model class.</typeparam>
    /// <param name="predictor">Of the model.</param>
    /// <param name="inputs">Row-major <c>[batch, input features]</c>.</param>
    /// <returns>A class per sample.</returns>
    /// <exception cref="ArgumentException">The inputs are not a whole number of samples.</exception>
    /// <exception cref="InvalidOperationException">An output is not a number.</exception>
    public static int[] Classes<TModel>(Predictor<TModel> predictor, ReadOnlySpan<float> inputs)
        where TModel : class, ISparseModel<TModel>
    {
        return ClassesOf<TModel>(Outputs(predictor, inputs));
    }

    /// <summary>The class of each sample of a batch given as a span per input.</summary>
    /// <inheritdoc cref="Classes{TModel}(Predictor{TModel}, ReadOnlySpan{float})"/>
    /// <param name="predictor">Of the model.</param>
    /// <param name="inputs">For each input, row-major <c>[batch, features of the input]</c>.</param>
    public static int[] Classes<TModel>(Predictor<TModel> predictor, in InputSpans inputs)
        where TModel : class, ISparseModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(predictor);
        var descriptor = TModel.Descriptor;
        var outputs = new float[checked(inputs.CountSamples(descriptor) * descriptor.OutputFeatures)];
        predictor.Predict(in inputs, outputs);
        return ClassesOf<TModel>(outputs);
    }

    private static int[] ClassesOf<TModel>(float[] outputs)
        where TModel : class, ISparseModel<TModel>
    {
        var (features, name) = (TModel.Descriptor.OutputFeatures, TModel.Descriptor.Name);
        var classes = new int[outputs.Length / features];
        for (var sample = 0; sample < classes.Length; sample++)
            classes[sample] = ClassOf(outputs.AsSpan(sample * features, features), sample, name);
        return classes;
    }

    private static int ClassOf(ReadOnlySpan<float> outputs, int sample, string model)
    {
        var best = 0;
        for (var feature = 0; feature < outputs.Length; feature++)
        {
            if (float.IsNaN(outputs[feature]))
            {
                throw new InvalidOperationException(
                    $"Output {feature} of sample {sample} is not a number, so the sample has no class: the weights of {model} or the inputs are not finite.");
            }
            if (outputs[feature] > outputs[best])
                best = feature;
        }
        return outputs.Length > 1 ? best : outputs[0] > 0 ? 1 : 0;
    }
}
