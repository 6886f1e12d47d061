using System.Runtime.InteropServices;

namespace SparseSharp.Kernels;

/// <summary>
/// A number that kernels are generic over: the size of a type. The JIT knows it when it reads a kernel, so what a test of <c>sizeof</c>
/// excludes is never compiled. A constant in a property is known only after the property was inlined, and with it all that is excluded.
/// </summary>
internal interface ICount;

[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct One : ICount;

[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct Two : ICount;

[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct Three : ICount;

[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct Four : ICount;

[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct Five : ICount;

[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct Six : ICount;

[StructLayout(LayoutKind.Sequential, Size = 7)]
internal readonly struct Seven : ICount;

[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct Eight : ICount;

[StructLayout(LayoutKind.Sequential, Size = 16)]
internal readonly struct Sixteen : ICount;
