using SparseSharp.Benchmarks;

namespace SparseSharp.Runtime.Tests.Benchmarks;

public sealed class OptionsTests
{
    private static readonly string[] Known = ["dense", "mask", "step"];

    [Fact]
    public void WithoutNamesEverythingRuns()
    {
        var options = BenchmarkOptions.Parse([], Known, out var error);
        Assert.Null(error);
        Assert.Equal(Known, options!.Names);
        Assert.False(options.Effort.IsQuick);
        Assert.Null(options.JsonFile);
    }

    [Fact]
    public void NamesAndOptionsInAnyOrder()
    {
        var options = BenchmarkOptions.Parse(["step", "--json", "rows.json", "dense", "--quick", "step"], Known, out var error);
        Assert.Null(error);
        Assert.Equal(["step", "dense"], options!.Names);
        Assert.True(options.Effort.IsQuick);
        Assert.Equal("rows.json", options.JsonFile);
    }

    [Theory]
    [InlineData("Unknown benchmark masks: the names are dense, mask, step.", "masks")]
    [InlineData("Unknown option --fast: the options are --quick, --shape NAME, --json FILE and --help.", "dense", "--fast")]
    [InlineData("Option --json needs a file name.", "--json")]
    [InlineData("Option --json needs a file name.", "--json", "--quick")]
    [InlineData("Option --json: . is a directory.", "--json", ".")]
    [InlineData("Option --json: the directory of no/such/place.json does not exist.", "--json", "no/such/place.json")]
    public void OneLineSaysWhatIsWrong(string expected, params string[] arguments)
    {
        Assert.Null(BenchmarkOptions.Parse(arguments, Known, out var error));
        Assert.Equal(expected, error);
    }
}
