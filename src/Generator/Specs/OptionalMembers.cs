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

    All = SignedSeed | CreateSigned | PredictArray | PredictClass | PredictClasses | Text,
}
