using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Numerics;

/// <summary>Square transposes in registers, one vector wide.</summary>
internal static unsafe class Transpose
{
    /// <summary>Transposes a tile of as many rows and columns as a vector has floats.</summary>
    public static void Tile(float* source, nint sourceStride, float* target, nint targetStride)
    {
        if (Avx512F.IsSupported)
            Tile16(source, sourceStride, target, targetStride);
        else if (Avx2.IsSupported && Fma.IsSupported)
            Octet(source, sourceStride, target, targetStride);
        else
            Tile4(source, sourceStride, target, targetStride);
    }

    /// <summary>Transposes 8 rows and columns; needs AVX.</summary>
    public static void Octet(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var r0 = Avx.LoadVector256(source + (0 * sourceStride));
        var r1 = Avx.LoadVector256(source + (1 * sourceStride));
        var r2 = Avx.LoadVector256(source + (2 * sourceStride));
        var r3 = Avx.LoadVector256(source + (3 * sourceStride));
        var r4 = Avx.LoadVector256(source + (4 * sourceStride));
        var r5 = Avx.LoadVector256(source + (5 * sourceStride));
        var r6 = Avx.LoadVector256(source + (6 * sourceStride));
        var r7 = Avx.LoadVector256(source + (7 * sourceStride));
        var t0 = Avx.UnpackLow(r0, r1).AsDouble();
        var t1 = Avx.UnpackHigh(r0, r1).AsDouble();
        var t2 = Avx.UnpackLow(r2, r3).AsDouble();
        var t3 = Avx.UnpackHigh(r2, r3).AsDouble();
        var t4 = Avx.UnpackLow(r4, r5).AsDouble();
        var t5 = Avx.UnpackHigh(r4, r5).AsDouble();
        var t6 = Avx.UnpackLow(r6, r7).AsDouble();
        var t7 = Avx.UnpackHigh(r6, r7).AsDouble();
        var u0 = Avx.UnpackLow(t0, t2).AsSingle();
        var u1 = Avx.UnpackHigh(t0, t2).AsSingle();
        var u2 = Avx.UnpackLow(t1, t3).AsSingle();
        var u3 = Avx.UnpackHigh(t1, t3).AsSingle();
        var u4 = Avx.UnpackLow(t4, t6).AsSingle();
        var u5 = Avx.UnpackHigh(t4, t6).AsSingle();
        var u6 = Avx.UnpackLow(t5, t7).AsSingle();
        var u7 = Avx.UnpackHigh(t5, t7).AsSingle();
        Avx.Store(target + (0 * targetStride), Avx.Permute2x128(u0, u4, 0x20));
        Avx.Store(target + (4 * targetStride), Avx.Permute2x128(u0, u4, 0x31));
        Avx.Store(target + (1 * targetStride), Avx.Permute2x128(u1, u5, 0x20));
        Avx.Store(target + (5 * targetStride), Avx.Permute2x128(u1, u5, 0x31));
        Avx.Store(target + (2 * targetStride), Avx.Permute2x128(u2, u6, 0x20));
        Avx.Store(target + (6 * targetStride), Avx.Permute2x128(u2, u6, 0x31));
        Avx.Store(target + (3 * targetStride), Avx.Permute2x128(u3, u7, 0x20));
        Avx.Store(target + (7 * targetStride), Avx.Permute2x128(u3, u7, 0x31));
    }

    /// <summary>32 unpacks within lanes of 128 bits, then 32 shuffles of whole lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile16(float* source, nint sourceStride, float* target, nint targetStride)
    {
        var r0 = Avx512F.LoadVector512(source + (0 * sourceStride));
        var r1 = Avx512F.LoadVector512(source + (1 * sourceStride));
        var r2 = Avx512F.LoadVector512(source + (2 * sourceStride));
        var r3 = Avx512F.LoadVector512(source + (3 * sourceStride));
        var r4 = Avx512F.LoadVector512(source + (4 * sourceStride));
        var r5 = Avx512F.LoadVector512(source + (5 * sourceStride));
        var r6 = Avx512F.LoadVector512(source + (6 * sourceStride));
        var r7 = Avx512F.LoadVector512(source + (7 * sourceStride));
        var r8 = Avx512F.LoadVector512(source + (8 * sourceStride));
        var r9 = Avx512F.LoadVector512(source + (9 * sourceStride));
        var r10 = Avx512F.LoadVector512(source + (10 * sourceStride));
        var r11 = Avx512F.LoadVector512(source + (11 * sourceStride));
        var r12 = Avx512F.LoadVector512(source + (12 * sourceStride));
        var r13 = Avx512F.LoadVector512(source + (13 * sourceStride));
        var r14 = Avx512F.LoadVector512(source + (14 * sourceStride));
        var r15 = Avx512F.LoadVector512(source + (15 * sourceStride));
        var t0 = Avx512F.UnpackLow(r0, r1).AsDouble();
        var t1 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        var t2 = Avx512F.UnpackLow(r2, r3).AsDouble();
        var t3 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        var t4 = Avx512F.UnpackLow(r4, r5).AsDouble();
        var t5 = Avx512F.UnpackHigh(r4, r5).AsDouble();
        var t6 = Avx512F.UnpackLow(r6, r7).AsDouble();
        var t7 = Avx512F.UnpackHigh(r6, r7).AsDouble();
        var t8 = Avx512F.UnpackLow(r8, r9).AsDouble();
        var t9 = Avx512F.UnpackHigh(r8, r9).AsDouble();
        var t10 = Avx512F.UnpackLow(r10, r11).AsDouble();
        var t11 = Avx512F.UnpackHigh(r10, r11).AsDouble();
        var t12 = Avx512F.UnpackLow(r12, r13).AsDouble();
        var t13 = Avx512F.UnpackHigh(r12, r13).AsDouble();
        var t14 = Avx512F.UnpackLow(r14, r15).AsDouble();
        var t15 = Avx512F.UnpackHigh(r14, r15).AsDouble();
        var u0 = Avx512F.UnpackLow(t0, t2).AsSingle();
        var u1 = Avx512F.UnpackHigh(t0, t2).AsSingle();
        var u2 = Avx512F.UnpackLow(t1, t3).AsSingle();
        var u3 = Avx512F.UnpackHigh(t1, t3).AsSingle();
        var u4 = Avx512F.UnpackLow(t4, t6).AsSingle();
        var u5 = Avx512F.UnpackHigh(t4, t6).AsSingle();
        var u6 = Avx512F.UnpackLow(t5, t7).AsSingle();
        var u7 = Avx512F.UnpackHigh(t5, t7).AsSingle();
        var u8 = Avx512F.UnpackLow(t8, t10).AsSingle();
        var u9 = Avx512F.UnpackHigh(t8, t10).AsSingle();
        var u10 = Avx512F.UnpackLow(t9, t11).AsSingle();
        var u11 = Avx512F.UnpackHigh(t9, t11).AsSingle();
        var u12 = Avx512F.UnpackLow(t12, t14).AsSingle();
        var u13 = Avx512F.UnpackHigh(t12, t14).AsSingle();
        var u14 = Avx512F.UnpackLow(t13, t15).AsSingle();
        var u15 = Avx512F.UnpackHigh(t13, t15).AsSingle();
        Quarter(u0, u4, u8, u12, target + (0 * targetStride), targetStride);
        Quarter(u1, u5, u9, u13, target + (1 * targetStride), targetStride);
        Quarter(u2, u6, u10, u14, target + (2 * targetStride), targetStride);
        Quarter(u3, u7, u11, u15, target + (3 * targetStride), targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(
        Vector512<float> u0, Vector512<float> u4, Vector512<float> u8, Vector512<float> u12, float* target, nint stride)
    {
        var a = Avx512F.Shuffle4x128(u0, u4, 0x88);
        var b = Avx512F.Shuffle4x128(u0, u4, 0xDD);
        var c = Avx512F.Shuffle4x128(u8, u12, 0x88);
        var d = Avx512F.Shuffle4x128(u8, u12, 0xDD);
        Avx512F.Store(target, Avx512F.Shuffle4x128(a, c, 0x88));
        Avx512F.Store(target + (8 * stride), Avx512F.Shuffle4x128(a, c, 0xDD));
        Avx512F.Store(target + (4 * stride), Avx512F.Shuffle4x128(b, d, 0x88));
        Avx512F.Store(target + (12 * stride), Avx512F.Shuffle4x128(b, d, 0xDD));
    }

    private static void Tile4(float* source, nint sourceStride, float* target, nint targetStride)
    {
        for (nint i = 0; i < 4; i++)
        {
            for (nint j = 0; j < 4; j++)
                target[(j * targetStride) + i] = source[(i * sourceStride) + j];
        }
    }
}
