using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Samples.Display;

/// <summary>Options of samples, with messages that name the option, the value and what it may be.</summary>
public static class CommandOptions
{
    /// <summary>A number within bounds.</summary>
    /// <param name="name">Of the option.</param>
    /// <param name="description">What it counts.</param>
    /// <param name="standard">What it is where it is not given.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The largest value.</param>
    public static Option<T> Number<T>(string name, string description, T standard, T least, T most)
        where T : INumber<T>
    {
        var kind = T.IsInteger(T.One / (T.One + T.One)) ? "whole number" : "number";
        return new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (T.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
                    return value;
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: '{text}' is not a {kind} from {least} to {most}."));
                return standard;
            },
        };
    }

    /// <summary>One of some words, the first of which is the default.</summary>
    /// <param name="name">Of the option.</param>
    /// <param name="description">What is chosen; the words follow it.</param>
    /// <param name="values">The words.</param>
    /// <param name="remark">What follows the words.</param>
    public static Option<string> Choice(string name, string description, IReadOnlyList<string> values, string remark = "")
    {
        var choices = string.Join(", ", values);
        var option = new Option<string>(name)
        {
            Description = $"{description}: {choices}{remark}",
            HelpName = "NAME",
            DefaultValueFactory = _ => values[0],
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !values.Contains(text))
                result.AddError($"{name}: '{text}' is not among {choices}.");
        });
        return option;
    }
}
