namespace SparseSharp.Generator.Specs;

/// <summary>Members that are generated unless the user's class has its own: conveniences that nothing else depends on.</summary>
[Flags]
internal enum OptionalMembers
{
    None = 0,

    /// <summary>The constructor that takes a <c>long</c>, and with it an <c>int</c>.</summary>
    SignedSeed = 1,

    /// <summary><c>Create(long)</c>.</summary>
    CreateSigned = 2,

    /// <summary><c>Predict</c> that returns an array.</summary>
    PredictArray = 4,

    /// <summary><c>PredictClass</c>.</summary>
    PredictClass = 8,

    /// <summary><c>PredictClasses</c>.</summary>
    PredictClasses = 16,

    /// <summary><c>ToString</c>.</summary>
    Text = 32,

    /// <summary><c>Predict</c> with a span per input.</summary>
    PredictSpans = 64,

    /// <summary><c>PredictClass</c> with a span per input.</summary>
    PredictClassSpans = 128,

    /// <summary><c>PredictClasses</c> with a span per input.</summary>
    PredictClassesSpans = 256,

    /// <summary>What models with several inputs have.</summary>
    OfSeveralInputs = PredictSpans | PredictClassSpans | PredictClassesSpans,

    All = SignedSeed | CreateSigned | PredictArray | PredictClass | PredictClasses | Text | OfSeveralInputs,
}
