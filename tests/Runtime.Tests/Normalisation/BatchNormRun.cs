using SparseSharp.Kernels;
using SparseSharp.Normalisation;
using SparseSharp.Numerics;
using SparseSharp.Settings;
using SparseSharp.Workers;

namespace SparseSharp.Runtime.Tests.Normalisation;

/// <summary>The passes of a batch normalisation, phase by phase as emitted code calls them, over values <c>[samples, channel, pixel]</c>.</summary>
internal sealed unsafe class BatchNormRun : PanelRunner
{
    private readonly BatchNormalisation _norm;
    private readonly ImageLayout? _image;
    private readonly float[] _x;
    private readonly float[] _dy;
    private readonly bool _accumulates;
    private readonly ActivationKind _activation;
    private readonly int _lines;
    private readonly int _rows;

    private BatchNormRun(BatchNormalisation norm, ImageLayout? image, float[] x, float[] dy, bool accumulates, ActivationKind activation)
    {
        (_norm, _image, _x, _dy, _accumulates, _activation) = (norm, image, x, dy, accumulates, activation);
        Features = norm.Channels * (image?.Size.Area ?? 1);
        _lines = DataLayout.PaddedRows(image?.Lines ?? norm.Channels);
        _rows = (7 * Math.Max(_lines, DataLayout.PaddedRows(Features))) + DataLayout.PaddedRows((3 * norm.Channels) + 1)
            + DataLayout.PaddedRows(4 * norm.Channels);
        (Y, Dx) = (new float[x.Length], new float[x.Length]);
    }

    /// <summary>The results.</summary>
    public float[] Y { get; }

    /// <summary>The gradients of the values; where they are added to what was there, that was 1.</summary>
    public float[] Dx { get; }

    private int Features { get; }

    private int Room => Math.Max(_lines, DataLayout.PaddedRows(Features));

    private int Flat => 0;

    private int X => Room;

    private int Result => 2 * Room;

    private int Dy => 3 * Room;

    private int Gradient => 4 * Room;

    private int Statistics => 5 * Room;

    private int Sums => Statistics + DataLayout.PaddedRows((3 * _norm.Channels) + 1);

    /// <summary>Runs a training step.</summary>
    public static BatchNormRun Train(
        BatchNormalisation norm, ImageLayout? image, float[] x, float[] dy, int threads = 1, bool accumulates = false,
        ActivationKind activation = ActivationKind.None, bool training = true)
    {
        var run = new BatchNormRun(norm, image, x, dy, accumulates, activation);
        run.Run(threads, training, phases: 3, isSampleMajor: false);
        return run;
    }

    /// <summary>Predicts.</summary>
    public static float[] Predict(
        BatchNormalisation norm, ImageLayout? image, float[] x, bool isSampleMajor = false, ActivationKind activation = ActivationKind.None)
    {
        norm.Prepare();
        var run = new BatchNormRun(norm, image, x, x, false, activation);
        run.Run(threads: 1, training: false, phases: 1, isSampleMajor);
        return run.Y;
    }

    protected override void RunPanel(in PanelPass pass, int panel)
    {
        var (start, samples) = (Layout.Start(panel), Layout.Samples(panel));
        if (_isPrediction)
        {
            Load(in pass, _x, start, samples, X);
            pass.Sync();
            BatchNormPass.Infer(_norm, in pass, ref pass.Slot(X), ref pass.Slot(Result), _activation, _image);
            pass.Sync();
            Store(in pass, Result, Y, start, samples);
            return;
        }
        if (pass.Phase == 0)
        {
            Load(in pass, _x, start, samples, X);
            pass.Sync();
            if (_image is not null && _norm.Options.Range == RangeNorm.None)
                BatchNormPass.Sums(_norm, in pass, ref pass.Slot(X), ref pass.Slot(Statistics), _image);
        }
        else if (pass.Phase == 1)
        {
            BatchNormPass.Forward(
                _norm, in pass, ref pass.Slot(X), ref pass.Slot(Statistics), ref pass.Slot(Result), _activation, _image);
            pass.Sync();
            Store(in pass, Result, Y, start, samples);
            pass.Sync();
            Load(in pass, _dy, start, samples, Dy);
            pass.Sync();
            if (_image is not null)
            {
                BatchNormPass.GradSums(
                    _norm, in pass, ref pass.Slot(X), ref pass.Slot(Statistics), ref pass.Slot(Dy), ref pass.Slot(Sums), _image);
            }
            if (_accumulates)
            {
                pass.Sync();
                var values = new Span<float>(Pointer(in pass, Gradient), Room * pass.Width);
                values.Fill(1);
            }
        }
        else
        {
            if (_norm.Options.Range == RangeNorm.None)
            {
                BatchNormPass.GradInput(
                    _norm, in pass, ref pass.Slot(Dy), ref pass.Slot(X), ref pass.Slot(Statistics), ref pass.Slot(Sums),
                    ref pass.Slot(Gradient), _accumulates, _image);
            }
            pass.Sync();
            CheckPadding(in pass, samples);
            Store(in pass, Gradient, Dx, start, samples);
        }
    }

    protected override void Reduce(in BatchPass batch)
    {
        if (batch.Phase == 0)
        {
            BatchNormPass.Statistics(_norm, in batch, X, Statistics, _image);
            return;
        }
        BatchNormPass.GradStatistics(_norm, in batch, X, Statistics, Dy, Sums, _image);
        if (_norm.Options.Range != RangeNorm.None)
            BatchNormPass.GradInput(_norm, in batch, Dy, X, Statistics, Sums, Gradient, _accumulates, _image);
    }

    protected override void RunBatch(in BatchPass batch)
    {
        var positions = _image?.Size.Area ?? 1;
        BatchNormPass.GradWeight(_norm, in batch, Statistics, Sums, positions, accumulate: false);
        BatchNormPass.Remember(_norm, in batch, Statistics, positions, accumulate: false);
    }

    private bool _isPrediction;

    private void Run(int threads, bool training, int phases, bool isSampleMajor)
    {
        _isPrediction = phases == 1;
        var batch = _x.Length / Features;
        var layout = _image is null ? new BatchLayout(batch) : new BatchLayout(batch, mostVectors: 1);
        var run = new PanelRun(layout, _rows)
        {
            KeepsPanels = !_isPrediction,
            HasBatchPhase = !_isPrediction,
            Training = training,
            Phases = phases,
            IsSampleMajor = isSampleMajor,
        };
        using var workers = new WorkerPool(threads);
        using var workspace = new PinnedBuffer<float>(FloatsOf(in run, threads));
        Run(workers, in run, workspace.Pointer);
    }

    /// <summary>Gradients of weights multiply what stands in columns without a sample.</summary>
    private void CheckPadding(in PanelPass pass, int samples)
    {
        if (pass.Member > 0 || _accumulates)
            return;
        var lines = ChannelLines.Of(_norm.Channels, _image);
        var values = Pointer(in pass, Gradient);
        for (var channel = 0; channel < lines.Channels; channel++)
        {
            for (var pixel = 0; pixel < lines.Positions; pixel++)
            {
                var line = values + ((lines.Line(channel, pixel / lines.Columns) + (pixel % lines.Columns)) * pass.Width);
                for (var column = samples; column < pass.Width; column++)
                {
                    if (line[column] != 0)
                        throw new InvalidOperationException("There is a gradient where there is no sample.");
                }
            }
        }
    }

    private void Load(in PanelPass pass, float[] values, int start, int samples, int slot)
    {
        fixed (float* source = values)
            PanelEdges.Load(in pass, source + ((nint)start * Features), Features, samples, _image is null ? slot : Flat);
        if (_image is null)
            return;
        pass.Sync();
        ImagePass.FromRows(in pass, ref pass.Slot(Flat), ref pass.Slot(slot), _image);
        pass.Sync();
    }

    private void Store(in PanelPass pass, int slot, float[] values, int start, int samples)
    {
        if (_image is not null)
        {
            pass.Sync();
            ImagePass.ToRows(in pass, ref pass.Slot(slot), ref pass.Slot(Flat), _image);
            pass.Sync();
        }
        fixed (float* target = values)
            PanelEdges.Store(
                in pass, _image is null ? slot : Flat, target + ((nint)start * Features), Features, samples, Layout.Batch);
        pass.Sync();
    }

    private static float* Pointer(in PanelPass pass, int slot) =>
        (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref pass.Slot(slot));
}
