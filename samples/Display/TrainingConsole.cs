using Spectre.Console;

namespace Samples.Display;

/// <summary>Shows trainings on the console: a bar for each on a terminal, else one line per epoch.</summary>
public static class TrainingConsole
{
    /// <summary>Narrow enough for title, bar and times to fit into 80 columns.</summary>
    private const int BarWidth = 16;

    /// <summary>
    /// Whether somebody looks on: false where output goes to a file, and for the usual build servers, whatever their output looks like.
    /// </summary>
    public static bool IsInteractive => AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;

    /// <summary>Shows what <paramref name="train"/> reports to the views, which are in the order of the titles.</summary>
    /// <param name="titles">Names of the models.</param>
    /// <param name="train">Does the work.</param>
    /// <param name="details">Whether lines, where there are no bars, have those of the layers as well.</param>
    public static void Show(IReadOnlyList<string> titles, Action<IReadOnlyList<TrainingView>> train, bool details = false)
    {
        if (!IsInteractive)
        {
            train([.. titles.Select(title => new LineView(title, details))]);
            return;
        }
        AnsiConsole.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = BarWidth }, new PercentageColumn(),
                new RemainingTimeColumn())
            .Start(
                context => train([.. titles.Select(title => new BarView(context.AddTask(Markup.Escape(title), autoStart: false), title))]));
    }

    /// <summary>Shows one training and returns what it returns.</summary>
    public static T Show<T>(string title, Func<TrainingView, T> train)
    {
        var result = default(T);
        Show([title], views => result = train(views[0]));
        return result!;
    }
}
