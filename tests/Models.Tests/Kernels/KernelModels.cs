namespace SparseSharp.Models.Tests.Kernels;

/// <summary>The models whose layers are multiplied, by name.</summary>
internal static class KernelModels
{
    private static readonly Dictionary<string, Func<ulong, ISparseModel>> Makers = new(StringComparer.Ordinal)
    {
        [nameof(Dense)] = seed => new Dense(seed),
        [nameof(Paired)] = seed => new Paired(seed),
        [nameof(PairedStatic)] = seed => new PairedStatic(seed),
        [nameof(Halves)] = seed => new Halves(seed),
        [nameof(HalvesStatic)] = seed => new HalvesStatic(seed),
        [nameof(Quarters)] = seed => new Quarters(seed),
        [nameof(QuartersStatic)] = seed => new QuartersStatic(seed),
        [nameof(ThreeQuartersStatic)] = seed => new ThreeQuartersStatic(seed),
        [nameof(FourOfEight)] = seed => new FourOfEight(seed),
        [nameof(FourOfEightStatic)] = seed => new FourOfEightStatic(seed),
        [nameof(TwoOfEightStatic)] = seed => new TwoOfEightStatic(seed),
        [nameof(EightOfSixteenStatic)] = seed => new EightOfSixteenStatic(seed),
        [nameof(ThreeOfSix)] = seed => new ThreeOfSix(seed),
        [nameof(ThreeOfSixStatic)] = seed => new ThreeOfSixStatic(seed),
        [nameof(TenOfTwelveStatic)] = seed => new TenOfTwelveStatic(seed),
        [nameof(RowsTwoOfFour)] = seed => new RowsTwoOfFour(seed),
        [nameof(RowsTwoOfFourStatic)] = seed => new RowsTwoOfFourStatic(seed),
        [nameof(RowsOneOfFourStatic)] = seed => new RowsOneOfFourStatic(seed),
        [nameof(RowsOneOfEightStatic)] = seed => new RowsOneOfEightStatic(seed),
        [nameof(RowsThreeOfEightStatic)] = seed => new RowsThreeOfEightStatic(seed),
        [nameof(RowsFourOfEight)] = seed => new RowsFourOfEight(seed),
        [nameof(RowsThreeOfFiveStatic)] = seed => new RowsThreeOfFiveStatic(seed),
        [nameof(RowsTwoOfSix)] = seed => new RowsTwoOfSix(seed),
        [nameof(RowsTwoOfFourBi)] = seed => new RowsTwoOfFourBi(seed),
        [nameof(RowsTwoOfFourSoft)] = seed => new RowsTwoOfFourSoft(seed),
        [nameof(RowsFourOfEightSoft)] = seed => new RowsFourOfEightSoft(seed),
        [nameof(RowsThreeOfFiveSoft)] = seed => new RowsThreeOfFiveSoft(seed),
        [nameof(RowsTwoOfSixStatic)] = seed => new RowsTwoOfSixStatic(seed),
        [nameof(PrunedDense)] = seed => new PrunedDense(seed),
        [nameof(PrunedPairs)] = seed => new PrunedPairs(seed),
        [nameof(PrunedRows)] = seed => new PrunedRows(seed),
        [nameof(ProductBlocks)] = seed => new ProductBlocks(seed),
        [nameof(FactorBlocks)] = seed => new FactorBlocks(seed),
        [nameof(UniformBlocks)] = seed => new UniformBlocks(seed),
        [nameof(FourBlocks)] = seed => new FourBlocks(seed),
        [nameof(OtherBlocks)] = seed => new OtherBlocks(seed),
    };

    public static TheoryData<string> Names => [.. Keys];

    public static IEnumerable<string> Keys => Makers.Keys;

    public static ISparseModel Make(string name, ulong seed = 1) => Makers[name](seed);
}
