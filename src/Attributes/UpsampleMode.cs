namespace SparseSharp;

/// <summary>Where the new pixels of a larger image come from.</summary>
public enum UpsampleMode
{
    /// <summary>Each is the nearest pixel of the image.</summary>
    Nearest,

    /// <summary>
    /// Each is between four pixels of the image. Pixels have their centres in their middles: <c>align_corners = false</c> of PyTorch,
    /// <c>half_pixel</c> of ONNX.
    /// </summary>
    Bilinear,
}
