using System.Globalization;
using SparseSharp.Files;
using static SparseSharp.Training.CheckpointFormat;

namespace SparseSharp.Training;

/// <content>What stands in the metadata: whose training it is, and its position.</content>
internal sealed partial class CheckpointReader
{
    /// <summary>More steps than anyone makes, and a number that can be added to without overflow.</summary>
    private const long MostSteps = 1L << 53;

    /// <summary>More than one per layer, or per step that is looked back on.</summary>
    private const int MostDoubles = 1 << 20;

    /// <summary>Throws if the file belongs to another training; returns what this one does in another way, in sentences.</summary>
    private List<string> CheckIdentity(IReadOnlyList<(string Key, string Value)> identity)
    {
        if (_file.Metadata.ContainsKey(ModelMetadata.ModelKey))
            throw Fault("this is a saved model, not a checkpoint of a training: give it to the Load method of its class");
        if (Text("format") != Name || Text("version") != CheckpointFormat.Version)
            throw Fault($"this is not a checkpoint of version {CheckpointFormat.Version}");
        var changes = new List<string>();
        foreach (var (key, value) in identity)
        {
            var saved = IsOptional(key) ? _file.Metadata.GetValueOrDefault(key, None) : Text(key);
            if (saved == value)
                continue;
            if (!MayChange(key, saved, value))
                throw Refused(key, saved, value);
            changes.Add(FileText.Message(_path, $"the training goes on from here with another {key}: it was {saved}, and is {value} now."));
        }
        return changes;
    }

    private SafeTensorsException Refused(string key, string saved, string value) => Fault(
        $"the checkpoint cannot be resumed here: its {key} is {saved}, that of this trainer is {value}; give the trainer the same, or "
            + "train anew without this checkpoint");

    private TrainingState ReadState(int layers)
    {
        var plan = ReadPlan();
        var state = new TrainingState
        {
            Steps = Count("steps", MostSteps),
            Batches = Count("batches", MostSteps),
            Epochs = (int)Count("epochs", int.MaxValue - 1),
            EpochBatches = (int)Count("epoch batches", plan is null ? 0 : ((plan.Samples - 1) / plan.BatchSize) + 1),
            Sums = ReadSums(),
            SwitchedAt = Count("switched at", MostSteps),
            BestLoss = Real("best loss", mayBeInfinite: true),
            EpochsWithoutImprovement = (int)Count("epochs without improvement", int.MaxValue - 1),
            Stopped = Count("stopped", 1) != 0,
            Plan = plan,
            // Only where schedules were fitted, which older checkpoints know nothing of.
            FittedSteps = _file.Metadata.ContainsKey("fitted steps") ? Count("fitted steps", MostSteps) : 0,
            SmoothedNorm = _file.Metadata.ContainsKey(SmoothedNorm) ? NotNegative(SmoothedNorm) : null,
            GradientScale = _file.Metadata.ContainsKey(GradientScale) ? NotNegative(GradientScale) : 1,
            Operations = [.. Doubles(Operations)],
        };
        if (state.Operations.Length != layers)
            throw Fault($"tensor '{Operations}' has {state.Operations.Length} values for {layers} layers");
        if (state.Sums.Correct > state.Sums.Samples)
            throw Fault($"'correct' of the checkpoint is {state.Sums.Correct}, but there were {state.Sums.Samples} samples");
        if (state.SwitchedAt > state.Steps)
            throw Fault($"'switched at' of the checkpoint is {state.SwitchedAt}, after the last of its {state.Steps} steps");
        state.VarianceChanges.AddRange(Doubles(VarianceChanges));
        state.TunedAlphas.AddRange(Doubles(TunedAlphas));
        return state.TunedAlphas.Count <= layers
            ? state
            : throw Fault($"tensor '{TunedAlphas}' has {state.TunedAlphas.Count} values for {layers} layers");
    }

    private RunningSums ReadSums()
    {
        var samples = Count("samples", MostSteps);
        // Only where samples have weights.
        var weight = _file.Metadata.ContainsKey(SampleWeight) ? NotNegative(SampleWeight) : samples;
        return new(Real("loss sum"), weight, Count("correct", MostSteps), samples, Count("ticks", MostSteps))
        {
            // Only where there was an epoch of a fit.
            WaitTicks = _file.Metadata.ContainsKey(WaitTicks) ? Count(WaitTicks, MostSteps) : 0,
        };
    }

    private double NotNegative(string key) =>
        Real(key) is >= 0 and var value ? value : throw Fault($"'{key}' of the checkpoint is negative");

    private FitPlan? ReadPlan()
    {
        var samples = (int)Count("plan samples", int.MaxValue);
        var batchSize = (int)Count("plan batch size", samples);
        var total = Count("plan total steps", MostSteps);
        if (samples > 0 && batchSize == 0)
            throw Fault("'plan batch size' of the checkpoint is 0");
        return samples > 0 ? new FitPlan(samples, batchSize, total) : null;
    }

    /// <summary>A whole number from 0 on.</summary>
    private long Count(string key, long most)
    {
        var text = Text(key);
        return long.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= 0 && value <= most
            ? value
            : throw Fault($"'{key}' of the checkpoint is '{FileText.Name(text)}', which is not a number from 0 to {most}");
    }

    private double Real(string key, bool mayBeInfinite = false)
    {
        var text = Text(key);
        return double.TryParse(text, CultureInfo.InvariantCulture, out var value)
            && (double.IsFinite(value) || (mayBeInfinite && double.IsPositiveInfinity(value)))
            ? value
            : throw Fault($"'{key}' of the checkpoint is '{FileText.Name(text)}', which is not a finite number");
    }

    /// <summary>Numbers that are stored by their bits, none of them negative; none where there is no such tensor.</summary>
    private double[] Doubles(string name)
    {
        if (_file.Find(name) is not { } tensor)
            return [];
        if (tensor.Type != TensorType.I64 || tensor.Shape.Count != 1 || tensor.Length > MostDoubles)
            throw Fault($"tensor '{tensor}' should be I64 [n], with at most {MostDoubles} numbers");
        double[] values = [.. tensor.ToInt64s().Select(BitConverter.Int64BitsToDouble)];
        var wrong = Array.FindIndex(values, value => !double.IsFinite(value) || value < 0);
        return wrong < 0 ? values : throw Fault($"tensor '{name}' holds {values[wrong]}, which is not a finite number from 0 on");
    }
}
