using static SparseSharp.Models.Tests.Training.TrainingBench;

namespace SparseSharp.Models.Tests.Training;

public sealed class EvaluationTests
{
    [Fact]
    public void Everything_follows_from_the_outputs_of_the_model()
    {
        using var model = new MixedNet(seed: 1);
        using var trainer = Trainer.For(model, Loss.CrossEntropy, new AdamW(0.003));
        trainer.Train(Train, epochs: 4, batchSize: 32);
        // More than are evaluated together.
        var data = SyntheticDigits.Generate(700, seed: 9);
        var logits = new float[data.Count * 10];
        model.Predict(data.Inputs, logits);
        var labels = data.Labels.ToArray();
        var orders = Enumerable.Range(0, data.Count)
            .Select(i => Enumerable.Range(0, 10).OrderByDescending(c => logits[(i * 10) + c]).ThenBy(c => c).ToArray())
            .ToArray();

        var evaluation = Evaluation.Of(model, Loss.CrossEntropy, data);

        Assert.Equal(trainer.Evaluate(data), evaluation.Report);
        Assert.Equal(orders.Select(order => order[0]), evaluation.Predictions.ToArray());
        for (var k = 1; k <= 11; k++)
            Assert.Equal((double)orders.Where((order, i) => order.Take(k).Contains(labels[i])).Count() / data.Count, evaluation.TopK(k));
        Assert.Equal(evaluation.Accuracy, evaluation.TopK(1));
        Assert.InRange(evaluation.TopK(1), 0.15, 0.95);
        var confusion = evaluation.Confusion!;
        for (var label = 0; label < 10; label++)
        {
            for (var prediction = 0; prediction < 10; prediction++)
                Assert.Equal(
                    orders.Where((order, i) => labels[i] == label && order[0] == prediction).Count(), confusion[label, prediction]);
            Assert.Equal((double)confusion[label, label] / labels.Count(other => other == label), confusion.Recall(label));
            var chosen = orders.Count(order => order[0] == label);
            Assert.Equal(chosen == 0 ? null : (double)confusion[label, label] / chosen, confusion.Precision(label));
        }
        Assert.Equal(
            data.Count - (int)Math.Round(evaluation.Accuracy!.Value * data.Count), confusion.Mistakes.Sum(mistake => mistake.Count));
        Assert.Equal(
            confusion.Mistakes.OrderByDescending(mistake => mistake.Count).Select(mistake => mistake.Count),
            confusion.Mistakes.Select(mistake => mistake.Count));
    }

    [Fact]
    public void A_model_that_nobody_trained_is_evaluated_and_stays_as_it_is()
    {
        using var model = new PlainNet(seed: 1);
        var before = Bits(model);
        var evaluation = Evaluation.Of(model, Loss.CrossEntropy, Validation);
        Assert.Equal(100, evaluation.Samples);
        Assert.Matches(@"^loss \d\.\d{4}, accuracy \d+\.\d\d %, top 5 \d+\.\d\d % \(100 samples\)$", evaluation.ToString());
        Assert.Equal(before, Bits(model));
        Assert.All(model.Layers, layer => Assert.Null(layer.Parts.Owner));
    }

    [Fact]
    public void A_single_output_tells_two_classes()
    {
        using var model = new CurveNet(seed: 1);
        var points = Curve(300, (x, y) => 0, seed: 1).Inputs.ToArray();
        var data = new Dataset(points, 2, Enumerable.Range(0, 300).Select(i => points[2 * i] > 0.2f ? 1 : 0).ToArray());
        var logits = new float[300];
        model.Predict(points, logits);
        var evaluation = Evaluation.Of(model, Loss.BinaryCrossEntropy, data);
        Assert.Equal(logits.Select(logit => logit > 0 ? 1 : 0), evaluation.Predictions.ToArray());
        Assert.Equal(evaluation.Accuracy, evaluation.TopK(1));
        Assert.Equal(1, evaluation.TopK(2));
        Assert.Equal(2, evaluation.Confusion!.Classes);
        Assert.Equal(evaluation.Accuracy!.Value, (evaluation.Confusion[0, 0] + evaluation.Confusion[1, 1]) / 300.0);
    }

    [Fact]
    public void Values_have_a_loss_but_no_confusion()
    {
        using var model = new CurveNet(seed: 1);
        var evaluation = Evaluation.Of(model, Loss.MeanSquaredError, Curve(50, (x, y) => x, seed: 1));
        Assert.Null(evaluation.Accuracy);
        Assert.Null(evaluation.Confusion);
        Assert.True(evaluation.Predictions.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => evaluation.TopK(1));
    }

    [Fact]
    public void Outputs_that_are_no_numbers_are_right_for_nobody()
    {
        using var model = new PlainNet(seed: 1);
        // Hidden values are infinite, and times 0 they are not a number.
        model.Stem.SetWeight(Enumerable.Repeat(float.MaxValue, 784 * 40).ToArray());
        model.Head.SetWeight(new float[40 * 10]);
        var data = new Dataset(Enumerable.Repeat(2f, 2 * 784).ToArray(), 784, new[] { 0, 1 });
        var logits = new float[20];
        model.Predict(data.Inputs, logits);
        Assert.All(logits, logit => Assert.True(float.IsNaN(logit)));
        var evaluation = Evaluation.Of(model, Loss.CrossEntropy, data);
        Assert.Equal([-1, -1], evaluation.Predictions.ToArray());
        Assert.Equal(0, evaluation.Accuracy);
        Assert.Equal(0, evaluation.TopK(10));
        Assert.Equal(2, evaluation.Confusion!.Undecided);
    }

    [Fact]
    public void Data_that_do_not_fit_are_named()
    {
        using var model = new PlainNet(seed: 1);
        var labels = Validation.Labels.ToArray();
        labels[42] = 10;
        var data = new Dataset(Validation.Inputs.ToArray(), 784, labels);
        Assert.Contains(
            "Sample 42 of the data has the label 10",
            Assert.Throws<ArgumentException>(() => Evaluation.Of(model, Loss.CrossEntropy, data)).Message);
        Assert.Contains(
            "takes 784 features",
            Assert.Throws<ArgumentException>(() => Evaluation.Of(model, Loss.CrossEntropy, Curve(5, (x, y) => x, 1))).Message);
    }

    [Fact]
    public void The_table_of_a_few_classes_has_a_row_for_each()
    {
        var few = new ConfusionMatrix(3, [0, 0, 1, 2, 2, 2], [0, 1, 1, 2, 0, -1]);
        Assert.Equal("label   0   1   2\n    0   1   1   0\n    1   0   1   0\n    2   1   0   1", few.ToString());
        Assert.Equal(1, few.Undecided);
        Assert.Equal(1 / 3.0, few.Recall(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => few[3, 0]);
        var many = new ConfusionMatrix(1000, [5, 5, 7, 8], [6, 6, 999, 8]);
        Assert.Equal("5 taken for 6: 2\n7 taken for 999: 1", many.ToString());
    }
}
