namespace SparseSharp.Runtime.Tests.Training;

public sealed class ReportTests
{
    private static readonly EpochReport s_report = new(
        Epoch: 2,
        Epochs: 5,
        Step: 938,
        Training: new(0.26123, 0.9211, 60000),
        Validation: new(0.12034, 0.9635, 10000),
        LearningRate: 0.05f,
        Elapsed: TimeSpan.FromSeconds(1.92),
        Layers: [new("Stem", "2:4 transposable", 0.5, 0.00012), new("Block.Mixer", "1:4", 0.25, 0), new("Head", "dense", 1, 0)],
        StoppedEarly: false);

    [Fact]
    public void An_epoch_is_one_line() => Assert.Equal(
        "epoch 2/5: loss 0.2612, accuracy 92.11 %; validation loss 0.1203, accuracy 96.35 %; lr 0.05; 31250 samples/s, 1.9 s; "
        + "density Stem 0.50 (flips 0.012 %), Block.Mixer 0.25 (flips 0.000 %)",
        s_report.ToString());

    [Fact]
    public void What_there_is_not_is_left_out() => Assert.Equal(
        "epoch 2/5: loss 0.2612; lr 0.05; 31250 samples/s, 1.9 s; stopped early",
        (s_report with { Training = new(0.26123, null, 60000), Validation = null, Layers = [], StoppedEarly = true }).ToString());
}
