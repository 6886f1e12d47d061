using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0061 to 0068: gradient annealing, alone and beside a pattern.</summary>
public sealed class AnnealingDiagnosticsTests
{
    [Theory]
    [InlineData("GradientAnneal")]
    [InlineData(
        "GradientAnneal(Alpha = 0, HardZero = 1, BackwardDensity = 1, InitialThreshold = -20, ThresholdRate = 0.1, RebuildEvery = 1)")]
    [InlineData("GradientAnneal(Alpha = 1, Schedule = AnnealSchedule.Linear, PerStep = true, AutoTune = true, Threshold = "
        + "ThresholdScope.PerWeight, AfterZero = AfterZero.FollowThreshold)")]
    [InlineData("GradientAnneal(TopK = 0.2, Budget = BudgetScope.OverModel, BackwardDensity = 0.5, RebuildEvery = 40)")]
    [InlineData("NMSparse(2, 4, Transposable = true), GradientAnneal")]
    [InlineData("NMSparse(2, 4, Transposable = true, Policy = MaskPolicy.StraightThrough), GradientAnneal(Mode = NMAnnealing.Intersect, "
        + "Threshold = ThresholdScope.PerLayer, AfterZero = AfterZero.FollowThreshold)")]
    [InlineData("NMSparse(2, 4, Decay = 1e-4, RefreshEvery = 3), GradientAnneal(Mode = NMAnnealing.SoftNM, BetaInBackward = true)")]
    [InlineData("GradientAnneal, NMGradients(2, 4)")]
    public Task ALayerThatIsRight(string attributes) => VerifyAsync(Layer(attributes));

    [Theory]
    [InlineData("Alpha", "1.5", "Alpha is 1.5; it is a share of the gradient, from 0 to 1")]
    [InlineData("Alpha", "-0.1", "Alpha is -0.1; it is a share")]
    [InlineData("Alpha", "double.NaN", "Alpha is NaN; it is a share")]
    [InlineData("HardZero", "0", "HardZero is 0; it is a part of the training, greater than 0 and at most 1")]
    [InlineData("BackwardDensity", "1.01", "BackwardDensity is 1.01; it is a part of the weights")]
    [InlineData("ThresholdRate", "0", "ThresholdRate is 0; it is a factor of the learning rate, greater than 0")]
    [InlineData("TopK", "1.5", "TopK is 1.5; it is the share of weights to keep, up to 1, or 0 for learned thresholds")]
    [InlineData("RebuildEvery", "-1", "RebuildEvery is -1; it is a number of optimizer steps, at least 1, or 0 for the default")]
    public async Task ASettingOutOfRange(string setting, string value, string message)
    {
        Assert.StartsWith(message, Assert.Single(await VerifyAsync(Layer($"GradientAnneal({setting} = {{|SPS0061:{value}|}})"))));
        await VerifyAsync(OnClass($"GradientAnneal({setting} = {{|SPS0061:{value}|}})"));
    }

    [Theory]
    [InlineData("-3200")]
    [InlineData("20.5")]
    public async Task AThresholdThatNeverMoves(string value) =>
        Assert.StartsWith(
            $"InitialThreshold is {value}; beyond 20 on either side",
            Assert.Single(await VerifyAsync(Layer($"GradientAnneal(InitialThreshold = {{|SPS0062:{value}|}})"))));

    [Theory]
    [InlineData("Schedule", "AnnealSchedule", "SigmoidCosine")]
    [InlineData("AfterZero", "AfterZero", "FreezeMask")]
    [InlineData("Threshold", "ThresholdScope", "PerOutputChannel")]
    [InlineData("Budget", "BudgetScope", "PerLayer")]
    [InlineData("Mode", "NMAnnealing", "HardNM")]
    public async Task AMemberThatDoesNotExist(string setting, string type, string member)
    {
        var extra = setting == "Budget" ? ", TopK = 0.5" : "";
        var pattern = setting == "Mode" ? "NMSparse(2, 4), " : "";
        var message = Assert.Single(await VerifyAsync(Layer($"{pattern}GradientAnneal({setting} = {{|SPS0063:({type})9|}}{extra})")));
        Assert.Equal($"9 is not a member of {type}; use one, for example {type}.{member}", message);
    }

    [Theory]
    [InlineData("GradientAnneal(Mode = {|SPS0064:NMAnnealing.Intersect|})", "Mode has no effect without [NMSparse]; remove it")]
    [InlineData("GradientAnneal(BetaInBackward = {|SPS0064:true|})", "BetaInBackward has no effect without [NMSparse]; remove it")]
    [InlineData("GradientAnneal(Budget = {|SPS0064:BudgetScope.OverModel|})", "Budget has no effect without TopK; remove it")]
    [InlineData(
        "GradientAnneal(TopK = 0.2, InitialThreshold = {|SPS0064:-4|})",
        "InitialThreshold has no effect with a fixed budget, which learns no thresholds; remove it")]
    [InlineData(
        "GradientAnneal(TopK = 0.2, AfterZero = {|SPS0064:AfterZero.FollowThreshold|})",
        "AfterZero has no effect with a fixed budget, which learns no thresholds; remove it")]
    [InlineData("NMSparse(2, 4), GradientAnneal(RebuildEvery = {|SPS0064:5|})", "RebuildEvery has no effect beside [NMSparse]; remove it")]
    [InlineData(
        "NMSparse(2, 4), GradientAnneal(BackwardDensity = {|SPS0064:0.5|})", "BackwardDensity has no effect beside [NMSparse]; remove it")]
    [InlineData(
        "NMSparse(2, 4), GradientAnneal(BetaInBackward = {|SPS0064:true|})",
        "BetaInBackward has no effect under NMAnnealing.HardNM; remove it")]
    [InlineData(
        "NMSparse(2, 4), GradientAnneal(ThresholdRate = {|SPS0064:2|})",
        "ThresholdRate has no effect under NMAnnealing.HardNM, which learns no thresholds; remove it")]
    public async Task ASettingWithoutEffect(string attributes, string message) =>
        Assert.Equal(message, Assert.Single(await VerifyAsync(Layer(attributes))));

    [Theory]
    [InlineData("MaskPolicy.Static")]
    [InlineData("MaskPolicy.Regrow")]
    public async Task NoMaskedWeights(string policy)
    {
        var message = Assert.Single(await VerifyAsync(Layer($"NMSparse(2, 4, Policy = {policy}), {{|SPS0065:GradientAnneal|}}")));
        Assert.Equal($"[GradientAnneal] anneals the gradient of masked weights, but layer 'Head' has none: under {policy} only kept "
            + "weights exist; remove [GradientAnneal] or choose another sparsity", message);
        await VerifyAsync(OnClass("GradientAnneal", $"NMSparse(2, 4, Policy = {policy})", "SPS0065"));
    }

    [Theory]
    [InlineData("MaskPolicy.SoftThreshold")]
    [InlineData("MaskPolicy.Step")]
    [InlineData("MaskPolicy.BiMask")]
    public async Task ARuleOfItsOwn(string policy)
    {
        var message = Assert.Single(await VerifyAsync(Layer($"NMSparse(2, 4, Policy = {policy}), {{|SPS0066:GradientAnneal|}}")));
        Assert.StartsWith($"{policy} has a rule of its own for masked weights of layer 'Head'", message);
    }

    [Fact]
    public Task ASoftThresholdNeedsRows() =>
        VerifyAsync(Layer("NMSparse(2, 4, Transposable = true), GradientAnneal(Mode = {|SPS0067:NMAnnealing.SoftNM|})"));

    [Fact]
    public async Task TwoDensities() => Assert.Equal(
        "TopK gives layer 'Head' a density of 0.2, and [NMSparse] another one; remove TopK or [NMSparse]",
        Assert.Single(await VerifyAsync(Layer("NMSparse(2, 4), GradientAnneal(TopK = {|SPS0068:0.2|})"))));

    [Fact]
    public Task OtherPlacesAndSizes() => VerifyAsync("""
        [SparseModel, GradientAnneal] public partial class Net
        {
            [{|SPS0041:GradientAnneal|}] public int Other { get; set; }
            [Linear(128, 64)] public partial Linear Stem { get; }
            [{|SPS0045:Linear(64, 4)|}] public partial Linear Small { get; }
            [Linear(4, 64), Dense] public partial Linear Last { get; }
            [Linear(64, 32), Dense, {|SPS0040:GradientAnneal|}] public partial Linear Head { get; }
            Activation Forward([Input(128)] Activation x) => x.Through(Stem).Through(Small).Through(Last).Through(Head);
        }
        public partial class NoModel { [{|SPS0010:GradientAnneal|}] public int Other { get; set; } }
        """);

    private static string Layer(string attributes) =>
        $"[SparseModel] public partial class Net {{ [Linear(128, 64), {attributes}] public partial Linear Head {{ get; }} Activation "
            + $"Forward([Input(128)] Activation x) => x.Through(Head); }}";

    private static string OnClass(string attribute) =>
        $"[SparseModel, {attribute}] public partial class Net {{ [Linear(128, 64)] public partial Linear Head {{ get; }} Activation "
            + $"Forward([Input(128)] Activation x) => x.Through(Head); }}";

    private static string OnClass(string attribute, string sparsity, string id) =>
        $"[SparseModel, {{|{id}:{attribute}|}}] public partial class Net {{ [Linear(128, 64), {sparsity}] public partial Linear Head {{ "
            + $"get; }} Activation Forward([Input(128)] Activation x) => x.Through(Head); }}";
}
