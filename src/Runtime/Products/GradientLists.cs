using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SparseSharp.Numerics;

namespace SparseSharp.Kernels;

/// <summary>
/// The pruned gradient of a layer's output as lists, in memory of the calling thread: one list of (sample, value) per output feature and
/// block of <see cref="PanelGeometry.StripSamples"/> samples.
/// </summary>
/// <remarks>
/// Groups lie along the batch, which is filled up with zeros to whole groups: they are dropped for certain and change nothing. Each draws
/// one number, by its place in the matrix of groups whose rows are the output features, their length rounded up to a multiple of 4. So it
/// depends neither on threads nor on panels.
/// </remarks>
internal readonly unsafe ref struct GradientLists
{
    /// <summary>Numbers that one counter yields.</summary>
    private const int GroupsPerCounter = 4;

    [ThreadStatic]
    private static NativeBuffer<ushort>? t_index;

    [ThreadStatic]
    private static NativeBuffer<float>? t_values;

    [ThreadStatic]
    private static NativeBuffer<int>? t_fours;

    [ThreadStatic]
    private static NativeBuffer<float>? t_strip;

    [ThreadStatic]
    private static NativeBuffer<float>? t_rows;

    private readonly BatchPass _batch;
    private readonly GradientPattern _pattern;
    private readonly int _groups;
    private readonly float* _strip;
    private readonly float* _rows;
    private readonly int _rowStride;

    public GradientLists(in BatchPass batch, int rows, GradientPattern pattern)
    {
        _batch = batch;
        _pattern = pattern;
        var samples = batch.Layout.Batch;
        _groups = (samples + pattern.Group - 1) / pattern.Group;
        Blocks = (samples + PanelGeometry.StripSamples - 1) / PanelGeometry.StripSamples;

        // The groups that touch a block of samples, each with N of them.
        var groups = PanelGeometry.StripSamples % pattern.Group == 0
            ? PanelGeometry.StripSamples / pattern.Group
            : ((PanelGeometry.StripSamples - 1) / pattern.Group) + 2;
        Capacity = (Math.Min(groups * pattern.Keep, PanelGeometry.StripSamples) + 3) / 4 * 4;

        // Lists are written a vector at a time, from the first to the last; the slack of a buffer takes what passes the end.
        Index = Scratch.Reserve(ref t_index, (long)rows * Blocks * Capacity);
        Values = Scratch.Reserve(ref t_values, (long)rows * Blocks * Capacity);
        Fours = Scratch.Reserve(ref t_fours, (long)rows * Blocks);
        _rowStride = batch.Layout.Columns;
        _strip = Scratch.Reserve(ref t_strip, (long)Math.Max(_rowStride, _groups * pattern.Group) * PanelGeometry.Lanes);
        _rows = Scratch.Reserve(ref t_rows, (long)_rowStride * PanelGeometry.Lanes);
    }

    /// <summary>Blocks of samples.</summary>
    public int Blocks { get; }

    /// <summary>Room of a list.</summary>
    public int Capacity { get; }

    /// <summary>Rows of a strip that the lists pick, in floats from the first row of their block.</summary>
    public ushort* Index { get; }

    /// <summary>Values in the order of <see cref="Index"/>, filled up with zeros to whole fours.</summary>
    public float* Values { get; }

    /// <summary>Fours in each list.</summary>
    public int* Fours { get; }

    /// <summary>Number of a list.</summary>
    /// <param name="row">Output feature, counted from the first one that was loaded.</param>
    /// <param name="block">Block of samples.</param>
    public nint List(int row, int block) => ((nint)row * Blocks) + block;

    /// <summary>Prunes the gradient of output features <c>[first, end)</c> and makes their lists.</summary>
    /// <param name="slot">The gradient.</param>
    /// <param name="first">First feature, a multiple of the lanes of a vector.</param>
    /// <param name="end">Behind the last feature.</param>
    /// <param name="site">Number of the product in its model.</param>
    public void Load(int slot, int first, int end, int site)
    {
        var lanes = PanelGeometry.Lanes;
        for (var row = first; row < end; row += lanes)
        {
            var rows = Math.Min(lanes, end - row);
            PanelStrip.Load(in _batch, slot, row, rows, _strip, lanes);
            var padding = (_groups * _pattern.Group) - _batch.Layout.Batch;
            new Span<float>(
                _strip + ((nint)_batch.Layout.Batch * lanes), Math.Max(padding, _rowStride - _batch.Layout.Batch) * lanes).Clear();
            if (lanes == Lanes16.Count)
                Prune<Lanes16>(row, site);
            else if (lanes == Lanes8.Count)
                Prune<Lanes8>(row, site);
            else
                Prune<Lanes4>(row, site);
            for (nint sample = 0; sample < _rowStride; sample += lanes)
                Transpose.Tile(_strip + (sample * lanes), lanes, _rows + sample, _rowStride);
            for (var r = 0; r < rows; r++)
                Compress(_rows + ((nint)r * _rowStride), row - first + r);
        }
    }

    /// <summary>Prunes the groups of as many features as a vector has lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prune<TLanes>(int row, int site)
        where TLanes : struct, IFloatLanes<TLanes>
    {
        var uniforms = stackalloc float[GroupsPerCounter * TLanes.Count];
        var counters = (uint)(_groups + GroupsPerCounter - 1) / GroupsPerCounter;
        var group = _strip;
        for (var counter = 0u; counter < counters; counter++)
        {
            Philox.Uniforms(
                _batch.RandomKey, ((uint)row * counters) + counter, counters, TLanes.Count, (uint)site, 0, Philox.Purpose.Estimator,
                uniforms);
            var last = Math.Min(GroupsPerCounter, _groups - ((int)counter * GroupsPerCounter));
            for (var g = 0; g < last; g++, group += _pattern.Group * TLanes.Count)
                PrunedLanes.Prune(_pattern.Keep, _pattern.Group, group, TLanes.Load(uniforms + (g * TLanes.Count)));
        }
    }

    /// <summary>Makes the lists of a feature.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compress(float* row, int number)
    {
        for (var block = 0; block < Blocks; block++)
        {
            var list = List(number, block);
            var first = block * PanelGeometry.StripSamples;
            var samples = Math.Min(PanelGeometry.StripSamples, _rowStride - first);
            var index = Index + (list * Capacity);
            var values = Values + (list * Capacity);
            var count = Avx512F.IsSupported
                ? CompressVectors(row + first, samples, index, values)
                : CompressOneByOne(row + first, samples, index, values);
            for (; count % 4 != 0; count++)
                (index[count], values[count]) = (0, 0);
            Fours[list] = count / 4;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CompressOneByOne(float* row, int samples, ushort* index, float* values)
    {
        var stride = PanelGeometry.StripVectors * PanelGeometry.Lanes;
        var count = 0;
        for (var sample = 0; sample < samples; sample++)
        {
            if (row[sample] == 0)
                continue;
            (index[count], values[count]) = ((ushort)(sample * stride), row[sample]);
            count++;
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CompressVectors(float* row, int samples, ushort* index, float* values)
    {
        const int Stride = PanelGeometry.StripVectors * 16;
        var positions = Vector512<int>.Indices * Stride;
        var count = 0;
        for (var sample = 0; sample < samples; sample += 16, positions += Vector512.Create(16 * Stride))
        {
            var value = Vector512.Load(row + sample);
            var isKept = ~Vector512.Equals(value, Vector512<float>.Zero);
            Avx512F.Compress(value, isKept, value).Store(values + count);
            Avx512F.ConvertToVector256UInt16(Avx512F.Compress(positions, isKept.AsInt32(), positions)).Store(index + count);
            count += BitOperations.PopCount((uint)isKept.ExtractMostSignificantBits());
        }
        return count;
    }
}
