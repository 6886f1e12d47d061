using System.CommandLine;
using System.Globalization;
using static Samples.Display.CommandOptions;

namespace Digits;

/// <summary>The options, and what they mean as <see cref="Settings"/>.</summary>
internal sealed class CommandLine
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = "Directory of the four MNIST files (IDX, plain or .gz) [default: synthetic digits]",
        HelpName = "DIR",
    };

    private readonly Option<string> _model = Choice(
        "--model", "Models to compare with the dense one", Catalogue.Models, "; blocks and bfloat16 come in the standard width only");
    private readonly Option<int> _epochs = Number(
        "--epochs", $"Epochs per model; {Recipe.Annealing.Epochs} with autosparse", Recipe.Standard.Epochs, 1, 100_000);
    private readonly Option<int> _batch = Number("--batch", "Images per training step", 128, 1, 1 << 16);
    private readonly Option<double> _rate = Number(
        "--lr",
        string.Create(CultureInfo.InvariantCulture, $"Learning rate at the start; {Recipe.Annealing.LearningRate} with autosparse"),
        Recipe.Standard.LearningRate, 1e-8, 1000);
    private readonly Option<int> _hidden = Width("--hidden", "Width of the two hidden layers", 1024);
    private readonly Option<int> _threads = Number("--threads", "Threads that compute", Environment.ProcessorCount, 1, 1024);
    private readonly Option<ulong> _seed = Number("--seed", "Seed of weights and shuffling", 1ul, 0ul, ulong.MaxValue - 1);
    private readonly Option<bool> _adaPrune =
        new("--adaprune") { Description = "Also prune the trained dense model to 2:4, without training" };
    private readonly Option<bool> _masks = new("--masks") { Description = "Also print what the masks keep, layer by layer" };
    private readonly Option<string?> _pictures =
        new("--pictures") { Description = "Directory for pictures of the masks (SVG)", HelpName = "DIR" };
    private readonly Option<string?> _json = new("--json") { Description = "File for the figures", HelpName = "FILE" };

    /// <summary>Makes the command.</summary>
    /// <param name="run">Does the work and returns the exit code.</param>
    public static RootCommand Create(Func<Settings, CancellationToken, int> run)
    {
        var line = new CommandLine();
        var command = new RootCommand("Trains the same network dense and sparse on handwritten digits, and compares them.")
        {
            line._model, line._data, line._epochs, line._batch, line._rate, line._hidden, line._threads, line._seed, line._adaPrune, line._masks, line._pictures, line._json,
        };
        command.Validators.Add(result =>
        {
            var model = Text(line._model) ?? Catalogue.Models[0];
            if (Catalogue.Models.Contains(model)
                && int.TryParse(Text(line._hidden), out var hidden)
                && Catalogue.Widths.Contains(hidden)
                && Catalogue.Of(model, hidden).Count == 0)
                result.AddError($"--hidden: the models of --model {model} are not compiled in with a width of {hidden}.");
            else if (model != Catalogue.Models[0] && result.GetValue(line._adaPrune))
                result.AddError("--adaprune: it prunes to 2:4, so it goes with --model nm.");

            // As it was typed: a value that is not one has its own message.
            string? Text(Option option) => result.GetResult(option)?.Tokens is [{ Value: var text }] ? text : null;
        });
        // Only an action that returns at once is told of Ctrl+C.
        command.SetAction((parsed, cancellation) => Task.Run(() => run(line.Read(parsed), cancellation)));
        return command;
    }

    private Settings Read(ParseResult parsed)
    {
        var model = parsed.GetValue(_model)!;
        var recipe = Recipe.Of(model);
        return new(
            model,
            parsed.GetValue(_data),
            IsGiven(_epochs) ? parsed.GetValue(_epochs) : recipe.Epochs,
            parsed.GetValue(_batch),
            IsGiven(_rate) ? parsed.GetValue(_rate) : recipe.LearningRate,
            parsed.GetValue(_hidden),
            parsed.GetValue(_threads),
            parsed.GetValue(_seed),
            parsed.GetValue(_adaPrune),
            parsed.GetValue(_masks),
            parsed.GetValue(_pictures),
            parsed.GetValue(_json));

        bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
    }

    private static Option<int> Width(string name, string description, int standard)
    {
        var choices = string.Join(", ", Catalogue.Widths);
        return new(name)
        {
            Description = $"{description}: {choices}",
            HelpName = "N",
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (int.TryParse(text, CultureInfo.InvariantCulture, out var value) && Catalogue.Widths.Contains(value))
                    return value;
                result.AddError($"{name}: '{text}' is not among the widths that are compiled in: {choices}.");
                return standard;
            },
        };
    }
}
