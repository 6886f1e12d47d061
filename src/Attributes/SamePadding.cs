namespace SparseSharp;

/// <summary>A padding for outputs of <c>ceil(input / stride)</c> pixels, and where the odd pixel of it goes.</summary>
public enum SamePadding
{
    /// <summary>Paddings are given.</summary>
    None,

    /// <summary>Below and to the right: <c>SAME_UPPER</c> of ONNX, <c>same</c> of TensorFlow and Keras.</summary>
    Upper,

    /// <summary>Above and to the left: <c>SAME_LOWER</c> of ONNX.</summary>
    Lower,
}
