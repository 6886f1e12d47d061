namespace SparseSharp.Numerics;

/// <summary>Memory that a thread keeps from call to call.</summary>
internal static unsafe class Scratch
{
    /// <summary>At least so many elements, of any values.</summary>
    /// <param name="buffer">Where the thread keeps them.</param>
    /// <param name="length">Elements.</param>
    public static T* Reserve<T>(ref NativeBuffer<T>? buffer, long length)
        where T : unmanaged
    {
        if (buffer is null || buffer.Length < length)
        {
            buffer?.Dispose();
            buffer = new NativeBuffer<T>(length);
        }
        return buffer.Pointer;
    }
}
