using Samples.Display;
using Spectre.Console;

namespace Digits.Display;

/// <summary>Shows how the trainings go: a table where training decides on the density, else bars; without a terminal lines.</summary>
internal static class TrainingDisplay
{
    /// <summary>Shows what the trainings report to the views, which are in the order of the contestants.</summary>
    public static void Show(IReadOnlyList<Contestant> contestants, Action<IReadOnlyList<TrainingView>> train)
    {
        var isAnnealed = contestants.Any(contestant => contestant.IsAnnealed);
        if (isAnnealed && TrainingConsole.IsInteractive)
            ShowTable(contestants, train);
        else
            TrainingConsole.Show([.. contestants.Select(contestant => contestant.Title)], train, details: isAnnealed);
    }

    private static void ShowTable(IReadOnlyList<Contestant> contestants, Action<IReadOnlyList<TrainingView>> train)
    {
        var table = TableView.Empty();
        AnsiConsole.Live(table).Start(context => train([.. contestants.Select(contestant => new TableView(context, table, contestant))]));
    }
}
