using System.Globalization;

namespace Digits.Display;

/// <summary>What a comparison taught, in a sentence.</summary>
internal static class Lesson
{
    /// <summary>The sentence.</summary>
    /// <param name="model">The value of <c>--model</c>.</param>
    /// <param name="results">The dense model first.</param>
    public static string Of(string model, IReadOnlyList<Result> results)
    {
        var dense = results[0];
        var best = results.Skip(1).MaxBy(result => result.TestAccuracy)!;
        return "Learned: " + model switch
        {
            "blocks" => Text($"{100 * best.Density:0.0} % of the weights, in blocks ({best.Title}), are {Against(best, dense)}."),
            "autosparse" => Text($"{100 * best.Density:0.0} % of the weights, which the training chose, are {Against(best, dense)}."),
            "bfloat16" =>
                Text($"{100.0 * results[1].FileBytes / dense.FileBytes:0} % of the bytes, as bfloat16, are {Against(results[1], dense)}."),
            _ => Text($"{100 * results[1].Density:0.0} % of the weights, two of every four, are {Against(results[1], dense)}."),
        };
    }

    private static string Against(Result result, Result dense) => (100 * (result.TestAccuracy - dense.TestAccuracy)) switch
    {
        > 0.05 and var points => Text($"{points:0.00} points more accurate than all of them"),
        < -0.05 and var points => Text($"{-points:0.00} points less accurate than all of them"),
        _ => "as accurate as all of them",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
