using SparseSharp.Numerics;

namespace SparseSharp.Runtime.Tests.Numerics;

/// <summary>The random numbers that weights, dropout and shuffling are made of.</summary>
public sealed class PhiloxTests
{
    private const ulong Seed = 0x0123456789ABCDEF;

    /// <summary>The known answers of Philox4x32-10 (Salmon et al., 2011).</summary>
    [Fact]
    public void Known_answers_are_met()
    {
        Assert.Equal((0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u), Philox.Next(0, 0, 0, 0, 0));
        Assert.Equal(
            (0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu),
            Philox.Next(ulong.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue));
    }

    [Fact]
    public void Words_of_a_counter_are_those_of_the_specification()
    {
        var (a, b, c, d) = Philox.Next(Seed, 0, 7, 40, 1);
        Assert.Equal([0x30C6B79C, 0x08A369FF, 0xA9B5582E, 0xDB0B15CC], (uint[])[a, b, c, d]);
        Assert.Equal(0x3470ADE4u, Philox.Next(Seed, 1, 7, 40, 1).A);
        Assert.Equal(0.1905321479, Philox.Uniform(a), 1e-9);
        Assert.Equal(0.8556378484, Philox.Uniform(d), 1e-9);
    }

    [Fact]
    public void A_word_of_a_stream_is_a_word_of_its_counter()
    {
        for (var index = 0UL; index < 8; index++)
        {
            var (a, b, c, d) = Philox.Next(Seed, (uint)(index / 4), 0, 3, (uint)Philox.Purpose.Shuffle);
            Assert.Equal(((uint[])[a, b, c, d])[index % 4], Philox.Word(Seed, index, 3, Philox.Purpose.Shuffle));
        }
        Assert.Equal(Philox.Next(Seed, 0, 1, 3, (uint)Philox.Purpose.Shuffle).A, Philox.Word(Seed, 1UL << 34, 3, Philox.Purpose.Shuffle));
    }

    /// <summary>The bits of initial weights, which must never change: seeds would give other models.</summary>
    [Fact]
    public void Initial_weights_are_a_function_of_seed_stream_and_position()
    {
        var values = new float[6];
        KaimingUniform.Fill(values, bound: 0.5f, Seed, stream: 9);
        for (var i = 0; i < values.Length; i++)
        {
            var uniform = Philox.Uniform(Philox.Word(Seed, (ulong)i, 9, Philox.Purpose.Initialisation));
            Assert.Equal(((2 * uniform) - 1) * 0.5f, values[i]);
        }
    }

    [Fact]
    public void Uniform_numbers_are_below_one()
    {
        Assert.Equal(0, Philox.Uniform(0));
        Assert.Equal(1 - (1f / (1 << 24)), Philox.Uniform(uint.MaxValue));
    }

    [Theory]
    [InlineData(4, 1u)]
    [InlineData(8, 3u)]
    [InlineData(16, 17u)]
    public unsafe void Numbers_of_many_counters_are_those_of_each(int lanes, uint distance)
    {
        var uniforms = stackalloc float[4 * lanes];
        Philox.Uniforms(Seed, uint.MaxValue - 5, distance, lanes, 7, 40, Philox.Purpose.Estimator, uniforms);
        for (var lane = 0; lane < lanes; lane++)
        {
            var (a, b, c, d) = Philox.Next(Seed, uint.MaxValue - 5 + ((uint)lane * distance), 7, 40, 1);
            uint[] words = [a, b, c, d];
            for (var word = 0; word < 4; word++)
                Assert.Equal(Philox.Uniform(words[word]), uniforms[(word * lanes) + lane]);
        }
    }
}
