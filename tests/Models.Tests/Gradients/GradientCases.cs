namespace SparseSharp.Models.Tests.Gradients;

/// <summary>What <c>Forward</c> of each model says, once more for the reference: the generator reads the model, this here runs.</summary>
internal static class GradientCases
{
    private static readonly Dictionary<string, GradientCase> All = new(StringComparer.Ordinal)
    {
        [nameof(ReluChain)] = new GradientCase<ReluChain>(ReluChain),
        [nameof(ReluAlone)] = new GradientCase<ReluAlone>(ReluAlone),
        [nameof(GeluChain)] = new GradientCase<GeluChain>(GeluChain),
        [nameof(GeluAlone)] = new GradientCase<GeluAlone>(GeluAlone),
        [nameof(SiluChain)] = new GradientCase<SiluChain>(SiluChain),
        [nameof(SiluAlone)] = new GradientCase<SiluAlone>(SiluAlone),
        [nameof(TanhChain)] = new GradientCase<TanhChain>(TanhChain),
        [nameof(TanhAlone)] = new GradientCase<TanhAlone>(TanhAlone),
        [nameof(SigmoidChain)] = new GradientCase<SigmoidChain>(SigmoidChain),
        [nameof(SigmoidAlone)] = new GradientCase<SigmoidAlone>(SigmoidAlone),
        [nameof(Residual)] = new GradientCase<Residual>(Residual),
        [nameof(ResidualTower)] = new GradientCase<ResidualTower>(ResidualTower),
        [nameof(Gated)] = new GradientCase<Gated>(Gated),
        [nameof(Squares)] = new GradientCase<Squares>(Squares),
        [nameof(Constants)] = new GradientCase<Constants>(Constants),
        [nameof(Differences)] = new GradientCase<Differences>(Differences),
        [nameof(ScaledInput)] = new GradientCase<ScaledInput>(ScaledInput),
        [nameof(SharedInARow)] = new GradientCase<SharedInARow>(SharedInARow),
        [nameof(SharedSideBySide)] = new GradientCase<SharedSideBySide>(SharedSideBySide),
        [nameof(ThreeUses)] = new GradientCase<ThreeUses>(ThreeUses),
        [nameof(LayersAndSum)] = new GradientCase<LayersAndSum>(LayersAndSum),
        [nameof(PlainAndActivated)] = new GradientCase<PlainAndActivated>(PlainAndActivated),
        [nameof(ActivatedTwice)] = new GradientCase<ActivatedTwice>(ActivatedTwice),
        [nameof(ReluOfSum)] = new GradientCase<ReluOfSum>(ReluOfSum),
        [nameof(FusedIntoShared)] = new GradientCase<FusedIntoShared>(FusedIntoShared),
        [nameof(OutputIsSum)] = new GradientCase<OutputIsSum>(OutputIsSum),
        [nameof(OutputUsedTwice)] = new GradientCase<OutputUsedTwice>(OutputUsedTwice),
        [nameof(NoBias)] = new GradientCase<NoBias>(NoBias),
        [nameof(Dropped)] = new GradientCase<Dropped>(Dropped),
        [nameof(InnerBlock)] = new GradientCase<InnerBlock>(InnerBlock),
        [nameof(MiddleBlock)] = new GradientCase<MiddleBlock>(MiddleBlock),
        [nameof(Thresholded)] = new GradientCase<Thresholded>(Thresholded),
        [nameof(NestedNet)] = new GradientCase<NestedNet>(NestedNet),
        [nameof(PrunedChain)] = new GradientCase<PrunedChain>(PrunedChain),
        [nameof(BlockGraph)] = new GradientCase<BlockGraph>(BlockGraph),
        [nameof(PrunedGraph)] = new GradientCase<PrunedGraph>(PrunedGraph),
        [nameof(AppliedElements)] = new GradientCase<AppliedElements>(AppliedElements),
        [nameof(AppliedRows)] = new GradientCase<AppliedRows>(AppliedRows),
        [nameof(AppliedNested)] = new GradientCase<AppliedNested>(AppliedNested),
        [nameof(AppliedLast)] = new GradientCase<AppliedLast>(AppliedLast),
        [nameof(TwoAndTwo)] = new GradientCase<TwoAndTwo>(TwoAndTwo),
        [nameof(ThreeAndTwo)] = new GradientCase<ThreeAndTwo>(ThreeAndTwo),
        [nameof(AroundTwo)] = new GradientCase<AroundTwo>(AroundTwo),
        [nameof(OneAndTwo)] = new GradientCase<OneAndTwo>(OneAndTwo),
        [nameof(AroundInputs)] = new GradientCase<AroundInputs>(AroundInputs),
        [nameof(Pair)] = new GradientCase<Pair>(Pair),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static IEnumerable<GradientCase> Cases => All.Values;

    public static GradientCase Of(string name) => All[name];

    private static Value AppliedElements(AppliedElements m, Value x)
    {
        var h = x.Through(m.A).Gelu().Map(Softsign);
        h = h + h.Through(m.B).Map(LogOfSquare).Tanh() + x.Map(LogOfSquare).Through(m.C).Relu();
        return h.Through(m.Head).Map(value => value * value * value);
    }

    private static Value AppliedRows(AppliedRows m, Value x)
    {
        var a = x.Rows(RmsNorm).Through(m.A).Tanh();
        var b = x.Through(m.B) * 0.25f + 2;
        var h = a.Rows(b, Pairs) + (x.Through(m.C) * x).Relu();
        h = h + (h * h).Rows(RmsNorm);
        return (h.Rows(RmsNorm) + h.Gelu()).Through(m.Head);
    }

    private static Value AppliedNested(AppliedNested m, Value x)
    {
        var h = x.Through(m.Stem).Map(Softsign);
        return h.Through(m.Inner, AppliedRows).Rows(RmsNorm).Through(m.Back).Through(m.Inner, AppliedRows);
    }

    private static Value AppliedLast(AppliedLast m, Value x) => x.Through(m.A).Relu().Rows(x.Through(m.B) * 0.2f + 1.5f, Pairs);

    private static Value TwoAndTwo(TwoAndTwo m, Value x)
    {
        var (image, context) = (x.Part(0, 12), x.Part(12, 7));
        var h = image.Through(m.A).Gelu() * context.Through(m.B) + image.Through(m.A);
        var first = h.Through(m.First);
        return first.Join((first.Tanh().Through(m.Second) + 1).Relu());
    }

    private static Value ThreeAndTwo(ThreeAndTwo m, Value x)
    {
        var (first, third) = (x.Part(0, 5), x.Part(7, 8));
        var h = first.Through(m.A).Tanh() * third.Through(m.B) + third.Relu().Through(m.B);
        return h.Join(h);
    }

    private static Value AroundTwo(AroundTwo m, Value x) =>
        x.Part(0, 6).Through(m.A).Relu().Through(m.Inner, OneAndTwo) * x.Part(6, 3).Through(m.B);

    private static Value OneAndTwo(OneAndTwo m, Value x) => x.Through(m.Left).Sigmoid().Join(x.Through(m.Right).Relu());

    private static Value AroundInputs(AroundInputs m, Value x)
    {
        var left = x.Part(0, 6).Through(m.A);
        var pair = Pair(m.Pair, left.Join(x.Part(6, 3).Through(m.B).Tanh()));
        return ThreeAndTwo(m.Three, pair.Join(x.Part(9, 2)).Join(left.Relu()));
    }

    private static Value Pair(Pair m, Value x) => x.Part(0, 8).Through(m.Left) * x.Part(8, 7).Through(m.Right);

    private static double Softsign(double x) => x / (1 + Math.Abs(x));

    private static double LogOfSquare(double x) => Math.Log(x * x);

    private static double[] RmsNorm(double[] x)
    {
        var scale = 1 / Math.Sqrt((x.Sum(value => value * value) / x.Length) + 0.01f);
        return Array.ConvertAll(x, value => value * scale);
    }

    private static double[] Pairs(double[] a, double[] b) => [.. a.SelectMany(value => (double[])[value * b[0], value / (b[1] * b[1])])];

    private static Value BlockGraph(BlockGraph m, Value x)
    {
        var h = x.Through(m.Stem).Relu();
        return (h + h.Through(m.Product).Gelu() + h.Through(m.Product).Through(m.Uniform).Relu().Through(m.Learned).Tanh()).Through(m.Head);
    }

    private static Value PrunedChain(PrunedChain m, Value x) =>
        x.KeepLargest(2, 4).Through(m.A).Gelu().KeepLargest(4, 8).Through(m.B).Relu().KeepLargest(1, 2).Through(m.C);

    private static Value PrunedGraph(PrunedGraph m, Value x)
    {
        var h = x.Through(m.A).Tanh();
        return (h.KeepLargest(2, 6).Through(m.B).Tanh() * h + h.KeepLargest(3, 4).Through(m.B2)).Through(m.C);
    }

    private static Value ReluChain(ReluChain m, Value x) => x.Through(m.A).Relu().Through(m.B).Relu().Through(m.C);

    private static Value ReluAlone(ReluAlone m, Value x)
    {
        var z = x.Through(m.A) + x.Through(m.B);
        var h = z.Relu() * 0.5f + z;
        return h.Through(m.C).Relu();
    }

    private static Value GeluChain(GeluChain m, Value x) => x.Through(m.A).Gelu().Through(m.B).Gelu().Through(m.C);

    private static Value GeluAlone(GeluAlone m, Value x)
    {
        var z = x.Through(m.A) + x.Through(m.B);
        var h = z.Gelu() * 0.5f + z;
        return h.Through(m.C).Gelu();
    }

    private static Value SiluChain(SiluChain m, Value x) => x.Through(m.A).Silu().Through(m.B).Silu().Through(m.C);

    private static Value SiluAlone(SiluAlone m, Value x)
    {
        var z = x.Through(m.A) + x.Through(m.B);
        var h = z.Silu() * 0.5f + z;
        return h.Through(m.C).Silu();
    }

    private static Value TanhChain(TanhChain m, Value x) => x.Through(m.A).Tanh().Through(m.B).Tanh().Through(m.C);

    private static Value TanhAlone(TanhAlone m, Value x)
    {
        var z = x.Through(m.A) + x.Through(m.B);
        var h = z.Tanh() * 0.5f + z;
        return h.Through(m.C).Tanh();
    }

    private static Value SigmoidChain(SigmoidChain m, Value x) => x.Through(m.A).Sigmoid().Through(m.B).Sigmoid().Through(m.C);

    private static Value SigmoidAlone(SigmoidAlone m, Value x)
    {
        var z = x.Through(m.A) + x.Through(m.B);
        var h = z.Sigmoid() * 0.5f + z;
        return h.Through(m.C).Sigmoid();
    }

    private static Value Thresholded(Thresholded m, Value x) => x.Through(m.A).Tanh().Through(m.B).Silu().Through(m.Head);

    private static Value Residual(Residual m, Value x)
    {
        var h = x.Through(m.A).Relu();
        return (h + h.Through(m.B).Gelu()).Through(m.C);
    }

    private static Value ResidualTower(ResidualTower m, Value x)
    {
        var h = x.Through(m.A);
        h = h + h.Through(m.B).Relu();
        h = h + h.Through(m.C).Relu();
        return h.Through(m.Head);
    }

    private static Value Gated(Gated m, Value x)
    {
        var gate = x.Through(m.C).Sigmoid();
        return (x.Through(m.A).Tanh().Through(m.B) * gate).Through(m.Head);
    }

    private static Value Squares(Squares m, Value x)
    {
        var h = x.Through(m.A).Tanh();
        var twice = h + h;
        return (h * h + twice * twice).Through(m.B);
    }

    private static Value Differences(Differences m, Value x)
    {
        var h = x.Through(m.A).Tanh();
        var g = h - h.Through(m.B).Gelu();
        g -= 0.5f;
        g = (1 - g.Sigmoid()) * (g - h) / 3 - -h;
        g /= 1.5f;
        return -(g - g * h).Through(m.C);
    }

    private static Value Constants(Constants m, Value x)
    {
        const float Shift = -0.25f;
        var h = 2 * x.Through(m.A) * 0.75f;
        return (Shift + (1.5f * h.Sigmoid() + 0.5f) * -1).Through(m.B);
    }

    private static Value ScaledInput(ScaledInput m, Value x)
    {
        var y = (x * 0.5f + 0.1f).Tanh();
        return (y * y.Through(m.A) + x * x.Through(m.B)).Through(m.C);
    }

    private static Value SharedInARow(SharedInARow m, Value x) =>
        x.Through(m.A).Tanh().Through(m.S).Tanh().Through(m.S).Relu().Through(m.Head);

    private static Value SharedSideBySide(SharedSideBySide m, Value x)
    {
        var a = x.Through(m.A).Relu().Through(m.S);
        var b = x.Through(m.B).Relu().Through(m.S);
        return (a + b).Silu().Through(m.S);
    }

    private static Value ThreeUses(ThreeUses m, Value x)
    {
        var h = x.Through(m.A).Relu();
        return (h + h.Through(m.B).Tanh() * h.Through(m.C)).Through(m.Head);
    }

    private static Value LayersAndSum(LayersAndSum m, Value x)
    {
        var h = x.Through(m.A).Gelu();
        var first = h.Through(m.B);
        var sum = h * 0.5f + first;
        return (sum * h + h.Through(m.C).Relu()).Through(m.Head);
    }

    private static Value PlainAndActivated(PlainAndActivated m, Value x)
    {
        var z = x.Through(m.A);
        return (z + z.Relu() * z.Gelu()).Through(m.B);
    }

    private static Value ActivatedTwice(ActivatedTwice m, Value x) => x.Through(m.A).Silu().Tanh().Gelu().Relu().Through(m.B);

    private static Value ReluOfSum(ReluOfSum m, Value x)
    {
        var r = (x.Through(m.A) + x.Through(m.B)).Relu();
        return (r.Through(m.C).Relu() + r * 2).Through(m.Head);
    }

    private static Value FusedIntoShared(FusedIntoShared m, Value x)
    {
        var z = x.Through(m.A) * 1.5f;
        var h = z.Gelu();
        return ((h.Through(m.B) + h.Through(m.C)) * z).Through(m.Head);
    }

    private static Value OutputIsSum(OutputIsSum m, Value x) => x.Through(m.A) + x.Through(m.B);

    private static Value OutputUsedTwice(OutputUsedTwice m, Value x)
    {
        var z = x.Through(m.A);
        return z + z.Tanh();
    }

    private static Value NoBias(NoBias m, Value x) => x.Through(m.A).Tanh().Through(m.B).Silu().Through(m.C);

    private static Value Dropped(Dropped m, Value x)
    {
        var h = x.Dropout(0.2f).Through(m.A).Relu();
        var d = h.Dropout(0.5f);
        h = h + d.Through(m.B).Gelu().Dropout(0.25f);
        return (h.Dropout(0) * h).Through(m.Head);
    }

    private static Value InnerBlock(InnerBlock m, Value x) => x + x.Through(m.Up).Gelu().Dropout(0.1f).Through(m.Down);

    private static Value MiddleBlock(MiddleBlock m, Value x) => x.Through(m.Inner, InnerBlock) * x.Through(m.Gate).Sigmoid();

    private static Value NestedNet(NestedNet m, Value x)
    {
        var h = x.Through(m.Stem).Tanh();
        h = h.Through(m.First, MiddleBlock).Through(m.Second, MiddleBlock);
        return (h + h.Through(m.First, MiddleBlock)).Through(m.Head);
    }
}
