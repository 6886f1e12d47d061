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
        Layers: [new("Stem", new NMPattern(2, 4, true), 0.5, 0.00012), new("Block.Mixer", new NMPattern(1, 4, false), 0.25, 0),
            new("Head", null, 1, 0)],
        StoppedEarly: false);

    [Fact]
    public void An_epoch_is_one_short_line()
    {
        Assert.Equal("epoch 2/5: loss 0.2612 (92.11 %), validation 0.1203 (96.35 %), lr 0.05, 1.9 s", s_report.ToString());
        var longest = s_report with
        {
            Epoch = 10,
            Epochs = 10,
            LearningRate = 0.045226f,
            Elapsed = TimeSpan.FromSeconds(12.9),
            Training = new(2.26123, 0.09211, 60000)
        };
        Assert.Equal("epoch 10/10: loss 2.2612 (9.21 %), validation 0.1203 (96.35 %), lr 0.0452, 13 s", longest.ToString());
        Assert.InRange(longest.ToString().Length, 70, 80);
    }

    [Fact]
    public void What_there_is_not_is_left_out() => Assert.Equal(
        "epoch 2/5: loss 0.2612, lr 0.05, 1.9 s, stopped early",
        (s_report with { Training = new(0.26123, null, 60000), Validation = null, Layers = [], StoppedEarly = true }).ToString());

    [Fact]
    public void Details_have_a_row_for_each_layer() => Assert.Equal(
        """
        epoch 2/5: training loss 0.2612, accuracy 92.11 %; validation loss 0.1203, accuracy 96.35 %
          938 steps, lr 0.05, 31250 samples/s, 1.92 s
          layer        pattern           density    flips
          Stem         2:4 transposable    0.500  0.012 %
          Block.Mixer  1:4                 0.250  0.000 %
          Head         dense               1.000  0.000 %
        """,
        s_report.Details());

    [Fact]
    public void Details_tell_how_layers_are_annealed_and_leave_out_what_there_is_not()
    {
        var annealed = new LayerReport(
            "Stem", new UnstructuredPattern { TopK = 0.125 }, 0.125,
            0.001)
        { Alpha = 0.25, Threshold = 0.0179, Bfloat16 = Bfloat16Use.WeightsAndActivations };
        var report = s_report with { Validation = null, Layers = [annealed], Flops = new([new("Stem", 100, 0.125, 0.5)]) };
        Assert.Equal(
            """
            epoch 2/5: training loss 0.2612, accuracy 92.11 %
              938 steps, lr 0.05, 31250 samples/s, 1.92 s
              layer  pattern                  density    flips
              Stem   largest 0.125, bfloat16    0.125  0.100 %, alpha 0.250, threshold 0.0179
              operations: inference 0.125 of dense (1/8.0), training 0.500 (1/2.0)
            """,
            report.Details());
    }
}
