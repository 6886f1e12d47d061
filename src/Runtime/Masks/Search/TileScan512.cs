using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SparseSharp.Masks.Search;

/// <summary>
/// The 90 patterns of 2:4 for 16 tiles at once, one per lane. The first half leaves 12 sums of pairs in rows 0 and 1 and the 36 sums of
/// rows 2 and 3 in scratch memory, the second keeps the 12 in registers and takes one add, compare, maximum and blend per pattern, in their
/// order.
/// </summary>
/// <remarks>
/// The patterns also fall apart into 36 + 6 + 48 whose halves can be maximised on their own with fewer operations. But two unequal halves
/// may round to equal totals, and then the first pattern is lost: only the plain scan is the same as <see cref="TilePatterns.Best"/> for
/// every input.
/// </remarks>
internal static unsafe class TileScan512
{
    public const int Patterns = 90;
    public const int Alignment = 64;
    public const int ScratchBytes = (BottomSums + (Choices * Choices)) * Lanes * sizeof(float);

    private const int Lanes = 16;
    private const int Choices = 6;
    private const int BottomSums = 2 * Choices;

    /// <summary>Codes of the 16 tiles of 4 rows by 64 columns.</summary>
    /// <param name="strip">Weights of row 0.</param>
    /// <param name="stride">Floats between rows.</param>
    /// <param name="codes">Receives 16 codes.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/>, aligned to <see cref="Alignment"/>.</param>
    public static void Strip(float* strip, nint stride, ushort* codes, float* scratch)
    {
        Sum(strip, stride, scratch);
        Scan(scratch, codes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Sum(float* strip, nint stride, float* scratch)
    {
        Split(strip, out var a, out var b, out var c, out var d);
        StorePairs(a, b, c, d, scratch);
        Split(strip + stride, out a, out b, out c, out d);
        StorePairs(a, b, c, d, scratch + (Choices * Lanes));

        Split(strip + (2 * stride), out a, out b, out c, out d);
        Split(strip + (3 * stride), out var e, out var f, out var g, out var h);
        var (ef, eg, eh, fg, fh, gh) = (e + f, e + g, e + h, f + g, f + h, g + h);
        var bottoms = scratch + (BottomSums * Lanes);
        StoreSums(a + b, ef, eg, eh, fg, fh, gh, bottoms);
        StoreSums(a + c, ef, eg, eh, fg, fh, gh, bottoms + (Choices * Lanes));
        StoreSums(a + d, ef, eg, eh, fg, fh, gh, bottoms + (2 * Choices * Lanes));
        StoreSums(b + c, ef, eg, eh, fg, fh, gh, bottoms + (3 * Choices * Lanes));
        StoreSums(b + d, ef, eg, eh, fg, fh, gh, bottoms + (4 * Choices * Lanes));
        StoreSums(c + d, ef, eg, eh, fg, fh, gh, bottoms + (5 * Choices * Lanes));
    }

    /// <summary>Magnitudes of 64 consecutive weights by their column in the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(float* row, out Vector512<float> a, out Vector512<float> b, out Vector512<float> c, out Vector512<float> d)
    {
        var even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        var odd = Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
        var v0 = Vector512.Abs(Vector512.Load(row));
        var v1 = Vector512.Abs(Vector512.Load(row + Lanes));
        var v2 = Vector512.Abs(Vector512.Load(row + (2 * Lanes)));
        var v3 = Vector512.Abs(Vector512.Load(row + (3 * Lanes)));
        var even01 = Avx512F.PermuteVar16x32x2(v0, even, v1);
        var even23 = Avx512F.PermuteVar16x32x2(v2, even, v3);
        var odd01 = Avx512F.PermuteVar16x32x2(v0, odd, v1);
        var odd23 = Avx512F.PermuteVar16x32x2(v2, odd, v3);
        a = Avx512F.PermuteVar16x32x2(even01, even, even23);
        b = Avx512F.PermuteVar16x32x2(odd01, even, odd23);
        c = Avx512F.PermuteVar16x32x2(even01, odd, even23);
        d = Avx512F.PermuteVar16x32x2(odd01, odd, odd23);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePairs(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target)
    {
        (a + b).StoreAligned(target);
        (a + c).StoreAligned(target + Lanes);
        (a + d).StoreAligned(target + (2 * Lanes));
        (b + c).StoreAligned(target + (3 * Lanes));
        (b + d).StoreAligned(target + (4 * Lanes));
        (c + d).StoreAligned(target + (5 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSums(
        Vector512<float> third, Vector512<float> ef, Vector512<float> eg, Vector512<float> eh, Vector512<float> fg, Vector512<float> fh,
        Vector512<float> gh, float* target)
    {
        (third + ef).StoreAligned(target);
        (third + eg).StoreAligned(target + Lanes);
        (third + eh).StoreAligned(target + (2 * Lanes));
        (third + fg).StoreAligned(target + (3 * Lanes));
        (third + fh).StoreAligned(target + (4 * Lanes));
        (third + gh).StoreAligned(target + (5 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Scan(float* sums, ushort* codes)
    {
        var p01 = Vector512.LoadAligned(sums);
        var p02 = Vector512.LoadAligned(sums + Lanes);
        var p03 = Vector512.LoadAligned(sums + (2 * Lanes));
        var p12 = Vector512.LoadAligned(sums + (3 * Lanes));
        var p13 = Vector512.LoadAligned(sums + (4 * Lanes));
        var p23 = Vector512.LoadAligned(sums + (5 * Lanes));
        var q01 = Vector512.LoadAligned(sums + (6 * Lanes));
        var q02 = Vector512.LoadAligned(sums + (7 * Lanes));
        var q03 = Vector512.LoadAligned(sums + (8 * Lanes));
        var q12 = Vector512.LoadAligned(sums + (9 * Lanes));
        var q13 = Vector512.LoadAligned(sums + (10 * Lanes));
        var q23 = Vector512.LoadAligned(sums + (11 * Lanes));
        var bottoms = sums + (BottomSums * Lanes);
        var best = Vector512.Create(-1f);
        var code = Vector512<float>.Zero;

        var top = p01 + q01;
        Consider(0xCC33, top, bottoms + (35 * Lanes), ref best, ref code);
        top = p01 + q02;
        Consider(0xCA53, top, bottoms + (29 * Lanes), ref best, ref code);
        Consider(0xAC53, top, bottoms + (34 * Lanes), ref best, ref code);
        top = p01 + q03;
        Consider(0xC693, top, bottoms + (23 * Lanes), ref best, ref code);
        Consider(0x6C93, top, bottoms + (33 * Lanes), ref best, ref code);
        top = p01 + q12;
        Consider(0xC963, top, bottoms + (17 * Lanes), ref best, ref code);
        Consider(0x9C63, top, bottoms + (32 * Lanes), ref best, ref code);
        top = p01 + q13;
        Consider(0xC5A3, top, bottoms + (11 * Lanes), ref best, ref code);
        Consider(0x5CA3, top, bottoms + (31 * Lanes), ref best, ref code);
        top = p01 + q23;
        Consider(0xC3C3, top, bottoms + (5 * Lanes), ref best, ref code);
        Consider(0xA5C3, top, bottoms + (10 * Lanes), ref best, ref code);
        Consider(0x69C3, top, bottoms + (15 * Lanes), ref best, ref code);
        Consider(0x96C3, top, bottoms + (20 * Lanes), ref best, ref code);
        Consider(0x5AC3, top, bottoms + (25 * Lanes), ref best, ref code);
        Consider(0x3CC3, top, bottoms + (30 * Lanes), ref best, ref code);
        top = p02 + q01;
        Consider(0xCA35, top, bottoms + (29 * Lanes), ref best, ref code);
        Consider(0xAC35, top, bottoms + (34 * Lanes), ref best, ref code);
        top = p02 + q02;
        Consider(0xAA55, top, bottoms + (28 * Lanes), ref best, ref code);
        top = p02 + q03;
        Consider(0xA695, top, bottoms + (22 * Lanes), ref best, ref code);
        Consider(0x6A95, top, bottoms + (27 * Lanes), ref best, ref code);
        top = p02 + q12;
        Consider(0xA965, top, bottoms + (16 * Lanes), ref best, ref code);
        Consider(0x9A65, top, bottoms + (26 * Lanes), ref best, ref code);
        top = p02 + q13;
        Consider(0xC3A5, top, bottoms + (5 * Lanes), ref best, ref code);
        Consider(0xA5A5, top, bottoms + (10 * Lanes), ref best, ref code);
        Consider(0x69A5, top, bottoms + (15 * Lanes), ref best, ref code);
        Consider(0x96A5, top, bottoms + (20 * Lanes), ref best, ref code);
        Consider(0x5AA5, top, bottoms + (25 * Lanes), ref best, ref code);
        Consider(0x3CA5, top, bottoms + (30 * Lanes), ref best, ref code);
        top = p02 + q23;
        Consider(0xA3C5, top, bottoms + (4 * Lanes), ref best, ref code);
        Consider(0x3AC5, top, bottoms + (24 * Lanes), ref best, ref code);
        top = p03 + q01;
        Consider(0xC639, top, bottoms + (23 * Lanes), ref best, ref code);
        Consider(0x6C39, top, bottoms + (33 * Lanes), ref best, ref code);
        top = p03 + q02;
        Consider(0xA659, top, bottoms + (22 * Lanes), ref best, ref code);
        Consider(0x6A59, top, bottoms + (27 * Lanes), ref best, ref code);
        top = p03 + q03;
        Consider(0x6699, top, bottoms + (21 * Lanes), ref best, ref code);
        top = p03 + q12;
        Consider(0xC369, top, bottoms + (5 * Lanes), ref best, ref code);
        Consider(0xA569, top, bottoms + (10 * Lanes), ref best, ref code);
        Consider(0x6969, top, bottoms + (15 * Lanes), ref best, ref code);
        Consider(0x9669, top, bottoms + (20 * Lanes), ref best, ref code);
        Consider(0x5A69, top, bottoms + (25 * Lanes), ref best, ref code);
        Consider(0x3C69, top, bottoms + (30 * Lanes), ref best, ref code);
        top = p03 + q13;
        Consider(0x65A9, top, bottoms + (9 * Lanes), ref best, ref code);
        Consider(0x56A9, top, bottoms + (19 * Lanes), ref best, ref code);
        top = p03 + q23;
        Consider(0x63C9, top, bottoms + (3 * Lanes), ref best, ref code);
        Consider(0x36C9, top, bottoms + (18 * Lanes), ref best, ref code);
        top = p12 + q01;
        Consider(0xC936, top, bottoms + (17 * Lanes), ref best, ref code);
        Consider(0x9C36, top, bottoms + (32 * Lanes), ref best, ref code);
        top = p12 + q02;
        Consider(0xA956, top, bottoms + (16 * Lanes), ref best, ref code);
        Consider(0x9A56, top, bottoms + (26 * Lanes), ref best, ref code);
        top = p12 + q03;
        Consider(0xC396, top, bottoms + (5 * Lanes), ref best, ref code);
        Consider(0xA596, top, bottoms + (10 * Lanes), ref best, ref code);
        Consider(0x6996, top, bottoms + (15 * Lanes), ref best, ref code);
        Consider(0x9696, top, bottoms + (20 * Lanes), ref best, ref code);
        Consider(0x5A96, top, bottoms + (25 * Lanes), ref best, ref code);
        Consider(0x3C96, top, bottoms + (30 * Lanes), ref best, ref code);
        top = p12 + q12;
        Consider(0x9966, top, bottoms + (14 * Lanes), ref best, ref code);
        top = p12 + q13;
        Consider(0x95A6, top, bottoms + (8 * Lanes), ref best, ref code);
        Consider(0x59A6, top, bottoms + (13 * Lanes), ref best, ref code);
        top = p12 + q23;
        Consider(0x93C6, top, bottoms + (2 * Lanes), ref best, ref code);
        Consider(0x39C6, top, bottoms + (12 * Lanes), ref best, ref code);
        top = p13 + q01;
        Consider(0xC53A, top, bottoms + (11 * Lanes), ref best, ref code);
        Consider(0x5C3A, top, bottoms + (31 * Lanes), ref best, ref code);
        top = p13 + q02;
        Consider(0xC35A, top, bottoms + (5 * Lanes), ref best, ref code);
        Consider(0xA55A, top, bottoms + (10 * Lanes), ref best, ref code);
        Consider(0x695A, top, bottoms + (15 * Lanes), ref best, ref code);
        Consider(0x965A, top, bottoms + (20 * Lanes), ref best, ref code);
        Consider(0x5A5A, top, bottoms + (25 * Lanes), ref best, ref code);
        Consider(0x3C5A, top, bottoms + (30 * Lanes), ref best, ref code);
        top = p13 + q03;
        Consider(0x659A, top, bottoms + (9 * Lanes), ref best, ref code);
        Consider(0x569A, top, bottoms + (19 * Lanes), ref best, ref code);
        top = p13 + q12;
        Consider(0x956A, top, bottoms + (8 * Lanes), ref best, ref code);
        Consider(0x596A, top, bottoms + (13 * Lanes), ref best, ref code);
        top = p13 + q13;
        Consider(0x55AA, top, bottoms + (7 * Lanes), ref best, ref code);
        top = p13 + q23;
        Consider(0x53CA, top, bottoms + (1 * Lanes), ref best, ref code);
        Consider(0x35CA, top, bottoms + (6 * Lanes), ref best, ref code);
        top = p23 + q01;
        Consider(0xC33C, top, bottoms + (5 * Lanes), ref best, ref code);
        Consider(0xA53C, top, bottoms + (10 * Lanes), ref best, ref code);
        Consider(0x693C, top, bottoms + (15 * Lanes), ref best, ref code);
        Consider(0x963C, top, bottoms + (20 * Lanes), ref best, ref code);
        Consider(0x5A3C, top, bottoms + (25 * Lanes), ref best, ref code);
        Consider(0x3C3C, top, bottoms + (30 * Lanes), ref best, ref code);
        top = p23 + q02;
        Consider(0xA35C, top, bottoms + (4 * Lanes), ref best, ref code);
        Consider(0x3A5C, top, bottoms + (24 * Lanes), ref best, ref code);
        top = p23 + q03;
        Consider(0x639C, top, bottoms + (3 * Lanes), ref best, ref code);
        Consider(0x369C, top, bottoms + (18 * Lanes), ref best, ref code);
        top = p23 + q12;
        Consider(0x936C, top, bottoms + (2 * Lanes), ref best, ref code);
        Consider(0x396C, top, bottoms + (12 * Lanes), ref best, ref code);
        top = p23 + q13;
        Consider(0x53AC, top, bottoms + (1 * Lanes), ref best, ref code);
        Consider(0x35AC, top, bottoms + (6 * Lanes), ref best, ref code);
        top = p23 + q23;
        Consider(0x33CC, top, bottoms + (0 * Lanes), ref best, ref code);

        Avx512F.ConvertToVector256UInt16(Avx512F.ConvertToVector512UInt32(code)).Store(codes);
    }

    /// <summary>
    /// Takes a pattern where it is better. The code is kept as a float of that value: a mask of float lanes blends floats in one operation.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Consider(int pattern, Vector512<float> top, float* bottom, ref Vector512<float> best, ref Vector512<float> code)
    {
        var score = top + Vector512.LoadAligned(bottom);
        var better = Avx512F.CompareGreaterThan(score, best);
        best = Avx512F.Max(score, best);
        code = Avx512F.BlendVariable(code, Vector512.Create((float)pattern), better);
    }
}
