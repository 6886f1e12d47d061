using System.Globalization;
using System.Text;

namespace SparseSharp;

/// <summary>How often samples of each label were predicted as each class.</summary>
public sealed class ConfusionMatrix
{
    /// <summary>More classes do not fit on a line of 80 columns.</summary>
    private const int ClassesOfTable = 12;

    /// <summary>Entries only where there are samples: with many classes nearly all are 0.</summary>
    private readonly Dictionary<(int Label, int Prediction), int> _counts = [];
    private readonly int[] _ofLabel;
    private readonly int[] _ofPrediction;

    /// <param name="classes">Number of classes.</param>
    /// <param name="labels">The labels; negative for samples that do not count.</param>
    /// <param name="predictions">The predicted classes; negative for none.</param>
    internal ConfusionMatrix(int classes, ReadOnlySpan<int> labels, ReadOnlySpan<int> predictions)
    {
        Classes = classes;
        _ofLabel = new int[classes];
        _ofPrediction = new int[classes];
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0)
                continue;
            _ofLabel[labels[i]]++;
            if (predictions[i] < 0)
            {
                Undecided++;
                continue;
            }
            _ofPrediction[predictions[i]]++;
            _counts[(labels[i], predictions[i])] = this[labels[i], predictions[i]] + 1;
        }
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Samples without a prediction, because an output is not a number.</summary>
    public int Undecided { get; }

    /// <summary>Samples of a label that were predicted as a class.</summary>
    /// <param name="label">The label, from 0.</param>
    /// <param name="prediction">The predicted class, from 0.</param>
    public int this[int label, int prediction]
    {
        get
        {
            CheckClass(label, nameof(label));
            CheckClass(prediction, nameof(prediction));
            return _counts.GetValueOrDefault((label, prediction));
        }
    }

    /// <summary>The mistakes, the most frequent first; equally frequent ones by label, then by prediction.</summary>
    public IReadOnlyList<(int Label, int Prediction, int Count)> Mistakes =>
    [
        .. _counts.Where(entry => entry.Key.Label != entry.Key.Prediction)
            .OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key)
            .Select(entry => (entry.Key.Label, entry.Key.Prediction, entry.Value)),
    ];

    /// <summary>Share of the samples of a label that were predicted as it; null if it has none.</summary>
    public double? Recall(int label) => this[label, label] is var right && _ofLabel[label] > 0 ? (double)right / _ofLabel[label] : null;

    /// <summary>Share of the samples predicted as a class that have its label; null if there are none.</summary>
    public double? Precision(int prediction) =>
        this[prediction, prediction] is var right && _ofPrediction[prediction] > 0 ? (double)right / _ofPrediction[prediction] : null;

    /// <summary>
    /// A table with a row per label and a column per prediction, or the ten most frequent mistakes where there are more than 12 classes.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Classes > ClassesOfTable)
        {
            foreach (var (label, prediction, count) in Mistakes.Take(10))
                text.Append(CultureInfo.InvariantCulture, $"{label} taken for {prediction}: {count}\n");
            return text.ToString().TrimEnd();
        }
        var width = Math.Max(4, _counts.Values.DefaultIfEmpty().Max().ToString(CultureInfo.InvariantCulture).Length + 1);
        text.Append("label");
        for (var prediction = 0; prediction < Classes; prediction++)
            text.Append(prediction.ToString(CultureInfo.InvariantCulture).PadLeft(width));
        for (var label = 0; label < Classes; label++)
        {
            text.Append('\n').Append(label.ToString(CultureInfo.InvariantCulture).PadLeft(5));
            for (var prediction = 0; prediction < Classes; prediction++)
                text.Append(this[label, prediction].ToString(CultureInfo.InvariantCulture).PadLeft(width));
        }
        return text.ToString();
    }

    private void CheckClass(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, Classes, name);
    }
}
