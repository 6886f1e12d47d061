using static SparseSharp.Generator.Tests.Testing.DiagnosticVerifier;

namespace SparseSharp.Generator.Tests.Diagnostics;

/// <summary>SPS0020 to 0029: the Forward method. What may be written there is in <see cref="Reading.ForwardReadingTests"/>.</summary>
public sealed class ForwardDiagnosticsTests
{
    [Theory]
    [InlineData("[SparseModel] public partial class {|SPS0020:Net|} { }")]
    [InlineData("[SparseModel] public partial class {|SPS0020:Net|} { Activation Backward([{|SPS0010:Input(8)|}] Activation x) => x; }")]
    [InlineData("[SparseModel] public partial class {|SPS0020:Net|} { public int Forward => 1; }")]
    [InlineData("[SparseModel] public partial class {|SPS0020:Net|} : Basis { } public class Basis { protected Activation "
        + "Forward(Activation x) => x; }")]
    public Task AModelWithoutForward(string source) => VerifyAsync(source);

    [Fact]
    public Task TwoForwards() => VerifyAsync("""
        [SparseModel] public partial class Net
        {
            Activation Forward([Input(8)] Activation x) => x.Relu();
            int {|SPS0021:Forward|}(int x) => x;
        }
        partial class Net
        {
            Activation {|SPS0021:Forward|}([Input(8)] Activation x, int y) => x;
        }
        """);

    [Theory]
    [InlineData("{|SPS0022:static|} Activation Forward([Input(8)] Activation x) => x;", "is static")]
    [InlineData("{|SPS0022:async|} Activation Forward([Input(8)] Activation x) => x;", "is async")]
    [InlineData("{|SPS0022:partial|} Activation Forward([Input(8)] Activation x);", "is partial")]
    [InlineData("Activation Forward{|SPS0022:<T>|}([Input(8)] Activation x) => x;", "is generic")]
    [InlineData("{|SPS0022:int|} Forward([Input(8)] Activation x) => 1;", "returns 'int'")]
    [InlineData("{|SPS0022:void|} Forward([Input(8)] Activation x) { }", "returns 'void'")]
    [InlineData("Activation Forward{|SPS0022:()|} => null!;", "has 0 parameters")]
    [InlineData("Activation Forward{|SPS0022:([Input(8)] Activation x, int y)|} => x;", "has 2 parameters")]
    [InlineData("Activation Forward([Input(8)] {|SPS0022:float[]|} x) => null!;", "takes 'float[]'")]
    [InlineData("Activation Forward({|SPS0022:[Input(8)] ref Activation x|}) => x;", "has a parameter with 'ref'")]
    public async Task AForwardOfTheWrongForm(string forward, string fault)
    {
        var messages = await VerifyAsync($"[SparseModel] public partial class Net {{ {forward} }}");
        Assert.StartsWith($"Forward {fault}; its form is", Assert.Single(messages));
    }

    [Theory]
    [InlineData("private Activation Forward([Input(8)] Activation x) => x.Relu();")]
    [InlineData("public virtual Activation Forward([Input(8)] Activation input) => input.Relu();")]
    [InlineData("Activation Forward([Input(8)] Activation x) => x;")]
    [InlineData("Activation Forward([Input(8)] Activation x) => x + x;")]
    [InlineData("protected internal SparseSharp.Activation Forward([Input(8)] SparseSharp.Activation x) { return x.Relu(); }")]
    public Task AForwardOfTheRightForm(string forward) => VerifyAsync($"[SparseModel] public partial class Net {{ {forward} }}");

    [Theory]
    [InlineData("{|SPS0023:Activation x|}")]
    [InlineData("[{|SPS0024:Input|}] Activation x")]
    [InlineData("[{|SPS0024:Input()|}] Activation x")]
    [InlineData("[Input({|SPS0024:0|})] Activation x")]
    [InlineData("[Input(28, {|SPS0024:-1|})] Activation x")]
    [InlineData("[{|SPS0024:Input(65536, 65536)|}] Activation x")]
    [InlineData("[Input(28, 28)] Activation x")]
    public Task TheShapeOfTheInput(string parameter) =>
        VerifyAsync($"[SparseModel] public partial class Net {{ Activation Forward({parameter}) => x.Relu(); }}");

    [Theory]
    [InlineData("=> {|SPS0025:Other(x)|};", "other methods are not read")]
    [InlineData("=> {|SPS0025:x.ToString()|};", "'ToString' is not an operation")]
    [InlineData("=> {|SPS0025:x.Twice()|};", "'Twice' is not an operation")]
    [InlineData("=> {|SPS0025:Flag ? x : x.Relu()|};", "a model has no conditions")]
    [InlineData("=> {|SPS0025:x switch { _ => x }|};", "a model has no conditions")]
    [InlineData("=> {|SPS0025:x ?? x|};", "a model consists of")]
    [InlineData("=> {|SPS0025:x?.Relu()|};", "a model consists of")]
    [InlineData("=> {|SPS0025:null|}!;", "a model consists of")]
    [InlineData("=> {|SPS0025:default|};", "a model consists of")]
    [InlineData("=> {|SPS0025:new Func<Activation>(() => x)()|};", "other methods are not read")]
    [InlineData("=> x.Relu() * {|SPS0025:Factor|};", "'Factor' is neither a value of this Forward nor a numeric constant")]
    [InlineData("=> x.Relu() * {|SPS0025:this.Factor|};", "a model consists of")]
    [InlineData("=> x.Relu() * {|SPS0025:MathF.Sqrt(2)|};", "'Sqrt' is not an operation")]
    [InlineData("=> x.Relu() * {|SPS0025:float.NaN|};", "not a finite number")]
    [InlineData("=> x.Relu() + {|SPS0025:1 / 0f|};", "not a finite number")]
    [InlineData("=> {|SPS0025:x % x|};", "a model consists of")]
    [InlineData("=> {|SPS0025:x / x|};", "cannot be divided by each other")]
    [InlineData("=> {|SPS0025:1 / x|};", "a constant cannot be divided by an activation")]
    [InlineData("=> x / {|SPS0025:0|};", "cannot be divided by 0")]
    [InlineData("=> x / {|SPS0025:1e-40f|};", "the reciprocal of this constant is not a finite number")]
    [InlineData("=> {|SPS0025:~x|};", "a model consists of")]
    [InlineData("=> {|SPS0025:(Activation)(object)x|};", "a model consists of")]
    [InlineData("=> {|SPS0025:1|};", "this is a constant")]
    [InlineData("{ {|SPS0025:if (Flag) return x;|} return x.Relu(); }", "a model has no control flow")]
    [InlineData("{ {|SPS0025:foreach (var i in new int[3]) x = x.Relu();|} return x; }", "a model has no control flow")]
    [InlineData("{ {|SPS0025:throw null!;|} }", "a model has no control flow")]
    [InlineData("{ {|SPS0025:Activation Local() => x;|} return x; }", "a model has no control flow")]
    [InlineData("{ {|SPS0025:Console.WriteLine()|}; return x; }", "a statement either names a value")]
    [InlineData("{ {|SPS0025:x.Relu()|}; return x; }", "a statement either names a value")]
    [InlineData("{ {|SPS0025:_|} = x.Relu(); return x; }", "only a local can be assigned")]
    [InlineData("{ {|SPS0025:Factor|} = 2; return x; }", "only a local can be assigned")]
    [InlineData("{ var p = {|SPS0025:0.5f|}; return x * p; }", "a local that is not one must be 'const'")]
    [InlineData("{ Activation h; return ({|SPS0025:h = x|}).Relu(); }", "an assignment is a statement of its own")]
    [InlineData("{ {|SPS0025:x %= x|}; return x; }", "'%=' has no meaning")]
    [InlineData("=> x.Through({|SPS0025:Missing|});", "'Missing' is neither a layer nor a nested model of 'Net'")]
    [InlineData("=> x.Through({|SPS0025:Undeclared|});", "add [Linear(inputs, outputs)] to the property")]
    [InlineData("=> x.Through({|SPS0025:Factor|});", "'Factor' is neither a layer nor a nested model")]
    [InlineData("=> x.Through({|SPS0025:x|});", "by its name")]
    [InlineData("=> x.Through({|SPS0025:Friend.Head|});", "by its name")]
    [InlineData("=> x.Through({|SPS0025:Pick()|});", "by its name")]
    [InlineData("=> x.Dropout({|SPS0025:Factor|});", "the probability must be a constant")]
    [InlineData("=> {|SPS0025:2f|}.Relu();", "this is a constant, not an activation")]
    public async Task SomethingThatCannotBeRead(string body, string reason)
    {
        var messages = await VerifyAsync($$"""
            static class Extensions { public static Activation Twice(this Activation x) => x; }
            [SparseModel] public partial class Net
            {
                private bool Flag = false;
                private float Factor = 2;
                private Linear Undeclared => null!;
                private Net Friend => this;
                private Linear Pick() => null!;
                private Activation Other(Activation x) => x;
                Activation Forward([Input(8)] Activation x) {{body}}
            }
            """);
        Assert.Contains(reason, Assert.Single(messages));
    }

    [Fact]
    public Task EveryFaultIsReportedOnceInOnePass() => VerifyAsync("""
        [SparseModel] public partial class Net
        {
            [Linear(8, 4)] public partial Linear Head { get; }
            Activation Forward([Input(8)] Activation x)
            {
                var a = {|SPS0025:Other(x)|};
                var b = a.Relu() * a.Through(Head);
                var c = x.Through({|SPS0025:Missing|}) + b;
                var d = x.Through(Head).Through({|SPS0026:Head|});
                return (c + d).Dropout({|SPS0029:2|});
            }
            Activation Other(Activation x) => x;
        }
        """);

    [Theory]
    [InlineData(
        "=> x.Through(Stem).Through({|SPS0026:Head|});",
        "Layer 'Head' takes 64 features, but this value has 32; change [Linear(64, 10)] to [Linear(32, 10)] or feed it another value")]
    [InlineData(
        "=> x.Through({|SPS0026:this.Head|}) + x.Through(Fits);",
        "Layer 'Head' takes 64 features, but this value has 16; change [Linear(64, 10)] to [Linear(16, 10)] or feed it another value")]
    [InlineData(
        "=> {|SPS0027:x.Through(Stem) + x|};",
        "The operands of '+' have 32 and 16 features; give them the same number, for example with a layer on one of them")]
    [InlineData(
        "=> ({|SPS0027:x * x.Through(Stem)|}).Relu();",
        "The operands of '*' have 16 and 32 features; give them the same number, for example with a layer on one of them")]
    [InlineData(
        "=> {|SPS0027:x.Through(Stem) - x|};",
        "The operands of '-' have 32 and 16 features; give them the same number, for example with a layer on one of them")]
    [InlineData(
        "{ var h = x.Through(Stem); {|SPS0027:h += x|}; return h; }",
        "The operands of '+' have 32 and 16 features; give them the same number, for example with a layer on one of them")]
    public async Task ShapesThatDoNotFit(string body, string message)
    {
        var messages = await VerifyAsync($$"""
            [SparseModel] public partial class Net
            {
                [Linear(16, 32)] public partial Linear Stem { get; }
                [Linear(16, 10)] public partial Linear Fits { get; }
                [Linear(64, 10)] public partial Linear Head { get; }
                Activation Forward([Input(16)] Activation x) {{body}}
            }
            """);
        Assert.Equal(message, Assert.Single(messages));
    }

    /// <summary>Shapes are named as users wrote them.</summary>
    [Theory]
    [InlineData("=> x.Through({|SPS0026:Head|});", "Layer 'Head' takes 64 features, but this value has 16 (4 x 4); change [Linear(64, 10)] "
        + "to [Linear(16, 10)] or feed it another value")]
    [InlineData(
        "=> {|SPS0027:x.Through(Stem) + x|};",
        "The operands of '+' have 32 and 16 (4 x 4) features; give them the same number, for example with a layer on one of them")]
    [InlineData("=> x.Through({|SPS0028:Inner|});", "Nested model 'Inner' takes 32 (2 x 16) features, but this value has 16 (4 x 4); "
        + "change [Input] in 'Plain' or feed it another value")]
    public async Task ShapesOfSeveralDimensionsThatDoNotFit(string body, string message)
    {
        var messages = await VerifyAsync($$"""
            [SparseModel] public partial class Plain { Activation Forward([Input(2, 16)] Activation x) => x.Relu(); }
            [SparseModel] public partial class Net
            {
                [Linear(16, 32)] public partial Linear Stem { get; }
                [Linear(64, 10)] public partial Linear Head { get; }
                public partial Plain Inner { get; }
                Activation Forward([Input(4, 4)] Activation x) {{body}}
            }
            """);
        Assert.Equal(message, Assert.Single(messages));
    }

    [Fact]
    public async Task AValueThatDoesNotFitANestedModel()
    {
        var messages = await VerifyAsync("""
            [SparseModel] public partial class Block
            {
                [Linear(32, 32)] public partial Linear Inner { get; }
                Activation Forward([Input(32)] Activation x) => x.Through(Inner) + x;
            }
            [SparseModel] public partial class Plain { Activation Forward([Input(32)] Activation x) => x.Relu(); }
            [SparseModel] public partial class Net
            {
                [Linear(16, 32)] public partial Linear Stem { get; }
                public partial Block First { get; }
                public partial Plain Second { get; }
                Activation Forward([Input(16)] Activation x)
                {
                    var fits = x.Through(Stem).Through(First).Through(Second);
                    return fits + x.Through({|SPS0028:First|}) + x.Through({|SPS0028:Second|}).Through(Stem);
                }
            }
            """);
        Assert.Equal(
            "Nested model 'First' takes 32 features, but this value has 16; change [Input] in 'Block' or feed it another value",
            messages[0]);
        Assert.StartsWith("Nested model 'Second' takes 32 features, but this value has 16", messages[1]);
    }

    [Theory]
    [InlineData("{|SPS0029:1|}")]
    [InlineData("{|SPS0029:-0.1f|}")]
    [InlineData("{|SPS0029:float.NaN|}")]
    [InlineData("probability: {|SPS0029:50|}")]
    [InlineData("0")]
    [InlineData("0.999f")]
    public Task TheDropoutProbability(string argument) =>
        VerifyAsync(
            $"[SparseModel] public partial class Net {{ Activation Forward([Input(8)] Activation x) => x.Relu().Dropout({argument}); }}");
}
