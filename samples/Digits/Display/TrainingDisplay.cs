using Spectre.Console;

namespace Digits.Display;

/// <summary>Shows how the trainings go: bars on a terminal, or a table where training decides on the density, else one line per epoch.</summary>
internal static class TrainingDisplay
{
    /// <summary>Trains one contestant after the other.</summary>
    public static void Show(IReadOnlyList<Contestant> contestants, Action<Contestant, ITrainingView> train)
    {
        // False also for the usual build servers, whatever their output looks like.
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
            ShowLines(contestants, train);
        else if (contestants.Any(contestant => contestant.IsAnnealed))
            ShowTable(contestants, train);
        else
            ShowBars(contestants, train);
    }

    private static void ShowTable(IReadOnlyList<Contestant> contestants, Action<Contestant, ITrainingView> train)
    {
        var table = TableView.Empty();
        AnsiConsole.Live(table).Start(context =>
        {
            foreach (var contestant in contestants)
                train(contestant, new TableView(context, table, contestant));
        });
    }

    private static void ShowBars(IReadOnlyList<Contestant> contestants, Action<Contestant, ITrainingView> train) =>
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var views = contestants.Select(contestant => new BarView(context.AddTask(contestant.Title, autoStart: false), contestant.Title)).ToList();
                foreach (var (contestant, view) in contestants.Zip(views))
                    train(contestant, view);
            });

    private static void ShowLines(IReadOnlyList<Contestant> contestants, Action<Contestant, ITrainingView> train)
    {
        foreach (var contestant in contestants)
            train(contestant, new LineView(contestant.Title));
    }
}
