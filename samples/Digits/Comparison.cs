using System.Globalization;
using Digits.Display;
using SparseSharp;

namespace Digits;

/// <summary>The whole run: data, training of all models in turns, measurements, reports.</summary>
internal static class Comparison
{
    /// <summary>Runs it.</summary>
    /// <returns>Whether every saved model predicted the same bits after it was read back.</returns>
    public static bool Run(Settings settings, CancellationToken cancellation)
    {
        if (settings.JsonPath is not null)
            JsonReport.Check(settings.JsonPath);
        if (settings.PictureDirectory is not null)
            Directory.CreateDirectory(settings.PictureDirectory);
        ComputeThreads.Count = settings.Threads;
        var data = settings.DataDirectory is { } directory ? DigitData.FromDirectory(directory) : DigitData.Synthetic();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"784-{settings.Hidden}-{settings.Hidden}-10 on {data.Title}: {data.Train.Count} training and {data.Test.Count} test images,\n"
            + $"{settings.Epochs} {(settings.Epochs == 1 ? "epoch" : "epochs")} of batches of {settings.BatchSize}, learning rate {settings.LearningRate}, seed {settings.Seed}, threads {settings.Threads}"));

        var contestants = Catalogue.Of(settings.Model, settings.Hidden).Select(entry => entry.Create(settings.Seed)).ToList();
        try
        {
            TrainingDisplay.Show(contestants, views => TrainInTurns(
                [.. contestants.Zip(views, (contestant, view) => contestant.Train(data, settings, view, cancellation))]));
            if (settings.AdaPrune)
                contestants.AddRange(Catalogue.PruningOfWidth(settings.Hidden)(contestants[0], data));
            var results = Measure(contestants, data);
            ResultTable.Write(results);
            StorageTable.Write(results);
            if (settings.Masks)
                contestants.ForEach(contestant => contestant.ReportMasks());
            if (settings.PictureDirectory is { } pictures)
                contestants.ForEach(contestant => contestant.DrawMasks(pictures));
            Console.WriteLine(Lesson.Of(settings.Model, results));
            if (settings.JsonPath is { } path)
                JsonReport.Write(path, results);
            return results.All(result => result.ReloadsExactly);
        }
        finally
        {
            contestants.ForEach(contestant => contestant.Dispose());
        }
    }

    /// <summary>
    /// An epoch of each model in turn: what slows the machine down for a while then slows all of them, and the median of a model's epochs
    /// tells its own time.
    /// </summary>
    private static void TrainInTurns(IReadOnlyList<IEnumerable<EpochReport>> trainings)
    {
        var running = trainings.Select(training => training.GetEnumerator()).ToList();
        var all = running.ToList();
        try
        {
            while (running.Count > 0)
                running.RemoveAll(training => !training.MoveNext());
        }
        finally
        {
            all.ForEach(training => training.Dispose());
        }
    }

    private static List<Result> Measure(List<Contestant> contestants, DigitData data)
    {
        var directory = Directory.CreateTempSubdirectory("digits-");
        try
        {
            var seconds = InferenceTimer.Seconds(contestants.ConvertAll(contestant => contestant.Prediction(data)));
            return [.. contestants.Zip(seconds, (contestant, time) => contestant.Measure(data, directory.FullName, time))];
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
