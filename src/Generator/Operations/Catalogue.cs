namespace SparseSharp.Generator.Operations;

/// <summary>What <c>Forward</c> may consist of, besides layers and nested models. A new operation is a line here.</summary>
internal static class Catalogue
{
    /// <summary>Methods of activations, in the order in which messages list them.</summary>
    public static IReadOnlyList<OperationMethod> Methods { get; } =
    [
        .. Activate.Methods,
        LeakyRelu.Method,
        Elu.Method,
        Clip.Method,
        Dropout.Method,
        Flatten.Method,
        MaxPool.Method,
        AveragePool.Method,
        AdaptiveAveragePool.Method,
        GlobalMaxPool.Method,
        GlobalAveragePool.Method,
        ConcatChannels.Method,
        Channels.Method,
        ShuffleChannels.Method,
        PadChannels.Method,
        Subsample.Method,
        Shortcut.Method,
        Upsample.Method,
    ];

    /// <summary>Operators of activations.</summary>
    public static IReadOnlyList<OperationOperator> Operators { get; } =
    [
        new(Arithmetic.Add, "+", new Add(), constant => new Shift(constant)),
        new(Arithmetic.Subtract, "-", new Subtract(), constant => new Shift(-constant)),
        new(Arithmetic.Multiply, "*", new Multiply(), constant => new Scale(constant)),
        new(Arithmetic.Divide, "/", OfValues: null, constant => new Scale(1 / constant)),
    ];

    /// <summary>The method of a name; null where activations have none.</summary>
    public static OperationMethod? FindMethod(string name) => Methods.FirstOrDefault(method => method.Name == name);

    public static OperationOperator Find(Arithmetic arithmetic) => Operators.First(candidate => candidate.Arithmetic == arithmetic);

    /// <summary>The operator between two values that stands for an operation, for messages.</summary>
    public static string SymbolOf(Operation operation) =>
        Operators.FirstOrDefault(candidate => Equals(candidate.OfValues, operation))?.Symbol ?? operation.Name;
}
