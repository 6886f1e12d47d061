using SparseSharp.Generator.Planning;
using static SparseSharp.Generator.Emitting.Kernels.KernelEmitter;

namespace SparseSharp.Generator.Emitting.Kernels;

/// <summary>
/// Prints kernels for a few samples: lanes are outputs, and the weights of a block of outputs lie in the order in which they are used. Of N:M weights the
/// stream has selectors, which pick the inputs that the weights belong to out of a vector of inputs.
/// </summary>
internal sealed class StreamKernelEmitter
{
    /// <summary>Vectors of outputs in a block of the stream.</summary>
    private const int BlockVectors = 2;

    private const int SelectorWordBits = 32;

    /// <summary>Inputs of a step without selectors.</summary>
    private const int DenseStep = 16;

    private readonly CodeWriter _code;
    private readonly KernelPlan _plan;

    private StreamKernelEmitter(CodeWriter code, KernelPlan plan)
    {
        _code = code;
        _plan = plan;
    }

    /// <summary>Bits of a selector; 0 where all weights are kept.</summary>
    private int SelectorBits => _plan.Group switch
    {
        1 => 0,
        <= 4 => 2,
        _ => 4,
    };

    /// <summary>Inputs that a selector picks from.</summary>
    private int Window => 1 << SelectorBits;

    /// <summary>Weights of an output that belong to the same window.</summary>
    private int WindowSlots => Math.Max(1, Window * _plan.Keep / _plan.Group);

    /// <summary>Inputs of a step: as many whole windows, a power of two, as the selectors in a word belong to.</summary>
    private int StepInputs
    {
        get
        {
            if (SelectorBits == 0)
                return DenseStep;
            var windows = 1;
            while (2 * windows * WindowSlots * SelectorBits <= SelectorWordBits)
                windows *= 2;
            return windows * Window;
        }
    }

    /// <summary>Weights of an output in a step.</summary>
    private int Slots => StepInputs / Window * WindowSlots;

    /// <summary>Weights of an output that are written out, the rest is a loop: pairs, and whole windows.</summary>
    private int UnitSlots => WindowSlots % 2 == 0 ? WindowSlots : 2 * WindowSlots;

    /// <summary>Inputs that those belong to.</summary>
    private int UnitInputs => UnitSlots / WindowSlots * Window;

    public static void Emit(CodeWriter code, KernelPlan plan) => new StreamKernelEmitter(code, plan).Emit();

    private void Emit()
    {
        var weights = SelectorBits == 0 ? "all weights" : $"{_plan.Keep} of {_plan.Group} weights, with selectors of {SelectorBits} bits";
        _code.Line($"/// <summary>A few samples against a stream of {weights}.</summary>");
        _code.Line("/// <remarks>");
        _code.Line("/// Tile of up to 8 samples by 2 vectors of outputs; fewer samples take more outputs at a time, so that there are 8 chains of sums with 512 bits. Each sum");
        _code.Line("/// has one accumulator and adds in the order of the stream, whatever the tile: results do not depend on how many samples there are.");
        _code.Line("/// </remarks>");
        using (_code.Block($"internal readonly struct {_plan.Name} : IStreamKernel"))
        {
            _code.Line($"public static int Keep => {_plan.Keep};");
            _code.Line();
            _code.Line($"public static int Group => {_plan.Group};");
            _code.Line();
            _code.Line($"public static int SelectorBits => {SelectorBits};");
            _code.Line();
            _code.Line($"public static int StepInputs => {StepInputs};");
            _code.Line();
            using (_code.Block("public static void Multiply(int samples, bool halves, in StreamRun run)"))
                Dispatch(_code, SwitchOnSamples, "MultiplyScalar(samples, halves, in run);");
            foreach (var path in VectorPath.All)
            {
                foreach (var halves in new[] { false, true })
                {
                    foreach (var samples in Heights(path))
                        EmitMultiply(path, samples, halves);
                }
            }
            EmitScalar();
        }
    }

    /// <summary>Samples of a tile. The widest one has half as many as a vector has lanes: more samples are faster in panels.</summary>
    private static IEnumerable<int> Heights(VectorPath path) => new[] { 8, 4, 2, 1 }.Where(samples => 2 * samples <= path.Lanes);

    /// <summary>Blocks of outputs that a tile takes at once: their sums fill the registers that those of more samples would.</summary>
    private static int[] BlocksAtOnce(VectorPath path, int samples) => (path.Bits, samples) switch
    {
        (512, 1) => [4, 1],
        (512, 2) or (256, 1) => [2, 1],
        _ => [1],
    };

    private static string Method(VectorPath path, int samples, bool halves) => $"Multiply{(halves ? "Halves" : "")}{path.Bits}x{samples}";

    private void SwitchOnSamples(VectorPath path)
    {
        using (_code.Block("switch (samples)"))
        {
            foreach (var samples in Heights(path))
            {
                _code.Line($"case {samples} when halves: {Method(path, samples, halves: true)}(in run); break;");
                _code.Line($"{(samples == 1 ? "default" : $"case {samples}")}: {Method(path, samples, halves: false)}(in run); break;");
            }
        }
    }

    private void EmitMultiply(VectorPath path, int samples, bool halves)
    {
        _code.Line();
        using (Leaf(_code, $"{Method(path, samples, halves)}(in StreamRun run)"))
        {
            _code.Line("nint yStride = run.YStride, blockStride = run.BlockStride;");
            _code.Line("ref var stream = ref run.Stream;");
            _code.Line("ref var bias = ref run.Bias;");
            _code.Line("ref var y = ref run.Y;");
            _code.Line("var blocks = run.Blocks;");
            foreach (var blocks in BlocksAtOnce(path, samples))
                EmitBlocks(path, samples, blocks, halves);
        }
    }

    private void EmitBlocks(VectorPath path, int samples, int blocks, bool halves)
    {
        var vs = Enumerable.Range(0, blocks * BlockVectors).ToArray();
        var rows = Enumerable.Range(0, samples).ToArray();
        using (_code.Block(blocks == 1 ? "for (; blocks != 0; blocks--)" : $"for (; blocks >= {blocks}; blocks -= {blocks})"))
        {
            foreach (var v in vs)
            {
                _code.Line($"var {Sum(0, v)} = {path.Load("bias", v * path.Lanes)};");
                if (samples > 1)
                    _code.Line(string.Join(" ", from r in rows where r > 0 select $"var {Sum(r, v)} = {Sum(0, v)};"));
            }
            foreach (var r in rows)
                _code.Line($"ref var x{r} = ref {(r == 0 ? "run.X" : $"Unsafe.Add(ref run.X, {r} * run.XStride)")};");
            for (var b = 0; b < blocks; b++)
                _code.Line($"ref var w{b} = ref {(b == 0 ? "stream" : $"Unsafe.Add(ref stream, {(b == 1 ? "" : $"{b} * ")}blockStride)")};");
            using (_code.Block("for (var step = run.Steps; step != 0; step--)"))
            {
                if (SelectorBits > 0)
                {
                    _code.Line(string.Join(" ", from v in vs select $"var s{v} = {Word(path, v, 0)};"));
                    Advance(blocks, BlockVectors * path.Lanes);
                }
                if (Slots == UnitSlots)
                {
                    EmitUnit(path, rows, vs, halves);
                }
                else
                {
                    using (_code.Block($"for (var unit = {Slots / UnitSlots}; unit != 0; unit--)"))
                        EmitUnit(path, rows, vs, halves);
                }
            }
            using (_code.Block("if (run.Relu)"))
            {
                foreach (var r in rows)
                    _code.Line(string.Join(" ", from v in vs select $"{Sum(r, v)} = {path.Maximum}({path.Type}.Zero, {Sum(r, v)});"));
            }
            foreach (var r in rows)
                _code.Line(string.Join(" ", from v in vs select $"{Sum(r, v)}.StoreUnsafe(ref {(r == 0 ? "y" : $"Unsafe.Add(ref y, {r} * yStride)")}{(v == 0 ? "" : $", {v * path.Lanes}")});"));
            _code.Line($"stream = ref w{blocks - 1};");
            _code.Line($"bias = ref Unsafe.Add(ref bias, {blocks * BlockVectors * path.Lanes});");
            _code.Line($"y = ref Unsafe.Add(ref y, {blocks * BlockVectors * path.Lanes});");
        }
    }

    private void EmitUnit(VectorPath path, int[] rows, int[] vs, bool halves)
    {
        for (var slot = 0; slot < UnitSlots; slot += 2)
        {
            if (path.Bits == 512)
                EmitPair(path, rows, vs, slot, halves);
            else
                EmitSlots(path, rows, vs, slot, halves);
        }
        _code.Line(string.Join(" ", from r in rows select $"x{r} = ref Unsafe.Add(ref x{r}, {UnitInputs});"));
        Advance(vs.Length / BlockVectors, BlockVectors * UnitSlots / (halves ? 2 : 1) * path.Lanes);
    }

    private void Advance(int blocks, int words) =>
        _code.Line(string.Join(" ", from b in Enumerable.Range(0, blocks) select $"w{b} = ref Unsafe.Add(ref w{b}, {words});"));

    /// <summary>Two weights of each output with all registers there are: a vector of inputs, and one that holds two weights, is loaded once.</summary>
    private void EmitPair(VectorPath path, int[] rows, int[] vs, int slot, bool halves)
    {
        var sharesInputs = SelectorBits > 0 && slot / WindowSlots == (slot + 1) / WindowSlots;
        using (_code.Block(""))
        {
            var readsTwice = rows.Length > 1;
            if (halves)
                _code.Line(string.Join(" ", from v in vs select $"var q{v} = {Word(path, v, slot)};"));
            if (readsTwice)
            {
                _code.Line(string.Join(" ", from v in vs select $"var a{v} = {Weight(path, v, slot, halves)};"));
                _code.Line(string.Join(" ", from v in vs select $"var b{v} = {Weight(path, v, slot + 1, halves)};"));
            }
            if (SelectorBits > 0)
                _code.Line(string.Join(" ", from v in vs select $"var n{v} = s{v} >>> {SelectorBits};"));
            foreach (var r in rows)
            {
                var (x, z) = ($"f{r}", sharesInputs ? $"f{r}" : $"g{r}");
                _code.Line($"var {x} = {Inputs(path, r, slot)};{(sharesInputs ? "" : $" var {z} = {Inputs(path, r, slot + 1)};")}");
                _code.Line(string.Join(" ", from v in vs select $"{Sum(r, v)} = {path.Add(Pick(path, x, $"s{v}"), readsTwice ? $"a{v}" : Weight(path, v, slot, halves), Sum(r, v))};"));
                _code.Line(string.Join(" ", from v in vs select $"{Sum(r, v)} = {path.Add(Pick(path, z, $"n{v}"), readsTwice ? $"b{v}" : Weight(path, v, slot + 1, halves), Sum(r, v))};"));
            }
            if (SelectorBits > 0)
                _code.Line(string.Join(" ", from v in vs select $"s{v} = n{v} >>> {SelectorBits};"));
        }
    }

    /// <summary>Two weights of each output, one after the other, with few registers.</summary>
    private void EmitSlots(VectorPath path, int[] rows, int[] vs, int first, bool halves)
    {
        for (var slot = first; slot < first + 2; slot++)
        {
            using (_code.Block(""))
            {
                if (halves)
                    _code.Line(string.Join(" ", from v in vs select $"var q{v} = {Word(path, v, slot & ~1)};"));
                _code.Line(string.Join(" ", from v in vs select $"var a{v} = {Weight(path, v, slot, halves)};"));
                var gathers = path.Bits == 128 && SelectorBits > 0;
                foreach (var r in rows)
                {
                    var x = $"f{r}";
                    if (!gathers)
                        _code.Line($"var {x} = {Inputs(path, r, slot)};");
                    _code.Line(string.Join(" ", from v in vs select $"{Sum(r, v)} = {path.Add(gathers ? Gather(r, slot, v) : Pick(path, x, $"s{v}"), $"a{v}", Sum(r, v))};"));
                }
                if (SelectorBits > 0)
                    _code.Line(string.Join(" ", from v in vs select $"s{v} >>>= {SelectorBits};"));
            }
        }
    }

    /// <summary>A vector of the stream: weights at twice their slot, or pairs of weights at their first slot.</summary>
    private static string Word(VectorPath path, int v, int position) =>
        path.Load($"w{v / BlockVectors}", (position + (v % BlockVectors)) * path.Lanes);

    private string Weight(VectorPath path, int v, int slot, bool halves)
    {
        if (!halves)
            return Word(path, v, BlockVectors * slot) + ".AsSingle()";
        return slot % 2 == 0 ? $"(q{v} << 16).AsSingle()" : $"(q{v} & {path.Class}.Create(0xFFFF0000u)).AsSingle()";
    }

    /// <summary>The inputs of a sample that the selectors of a slot pick from, in every part of a vector within which a permutation can move them.</summary>
    private string Inputs(VectorPath path, int row, int slot)
    {
        var offset = slot / WindowSlots * Window;
        if (SelectorBits == 0)
            return $"{path.Class}.Create({At(row, offset)})";
        if (Window == 4)
            return path.LoadStep(At(row, offset));
        // A permutation of 256 bits reaches a group of eight; it ignores the bit that says which one.
        return path.Load($"x{row}", path.Bits == 512 ? offset : offset + (slot % WindowSlots / _plan.Keep * _plan.Group));
    }

    private string Pick(VectorPath path, string inputs, string selectors) => (SelectorBits, path.Bits) switch
    {
        (0, _) => inputs,
        (2, 512) => $"Avx512F.PermuteVar4x32({inputs}, {selectors}.AsInt32())",
        (2, _) => $"Avx.PermuteVar({inputs}, {selectors}.AsInt32())",
        (_, 512) => $"Avx512F.PermuteVar16x32({inputs}, {selectors}.AsInt32())",
        _ => $"Avx2.PermuteVar8x32({inputs}, {selectors}.AsInt32())",
    };

    private string Gather(int row, int slot, int v) =>
        $"VectorLanes.Gather128(ref {At(row, slot / WindowSlots * Window)}, s{v} & Vector128.Create({Window - 1}u))";

    private static string At(int row, int offset) => offset == 0 ? $"x{row}" : $"Unsafe.Add(ref x{row}, {offset})";

    private void EmitScalar()
    {
        _code.Line();
        _code.Line("// The reference that the vector paths are tested against: blocks of two vectors of four outputs, sums in stored order.");
        using (_code.Block("private static void MultiplyScalar(int samples, bool halves, in StreamRun run)"))
        {
            _code.Line($"const int Lanes = 4, Block = {BlockVectors} * Lanes;");
            using (_code.Block("for (nint output = 0; output < (nint)run.Blocks * Block; output++)"))
            using (_code.Block("for (nint sample = 0; sample < samples; sample++)"))
            {
                _code.Line("ref var stream = ref Unsafe.Add(ref run.Stream, (output / Block * run.BlockStride) + (output % Block));");
                _code.Line("ref var x = ref Unsafe.Add(ref run.X, sample * run.XStride);");
                _code.Line("var sum = Unsafe.Add(ref run.Bias, output);");
                using (_code.Block("for (var step = run.Steps; step != 0; step--)"))
                {
                    if (SelectorBits > 0)
                    {
                        _code.Line("var selectors = stream;");
                        _code.Line("stream = ref Unsafe.Add(ref stream, Block);");
                    }
                    using (_code.Block($"for (nint slot = 0; slot < {Slots}; slot++)"))
                    {
                        _code.Line("var bits = Unsafe.Add(ref stream, (halves ? slot / 2 : slot) * Block);");
                        _code.Line("var weight = BitConverter.UInt32BitsToSingle(halves ? slot % 2 == 0 ? bits << 16 : bits & 0xFFFF0000u : bits);");
                        if (SelectorBits == 0)
                        {
                            _code.Line("sum += weight * Unsafe.Add(ref x, slot);");
                        }
                        else
                        {
                            _code.Line($"sum += weight * Unsafe.Add(ref x, (slot / {WindowSlots} * {Window}) + (nint)(selectors & {Window - 1}));");
                            _code.Line($"selectors >>= {SelectorBits};");
                        }
                    }
                    _code.Line($"stream = ref Unsafe.Add(ref stream, (halves ? {Slots / 2} : {Slots}) * Block);");
                    _code.Line($"x = ref Unsafe.Add(ref x, {StepInputs});");
                }
                _code.Line("if (run.Relu && sum < 0)");
                _code.Line("    sum = 0;");
                _code.Line("Unsafe.Add(ref run.Y, (sample * run.YStride) + output) = sum;");
            }
        }
    }
}
