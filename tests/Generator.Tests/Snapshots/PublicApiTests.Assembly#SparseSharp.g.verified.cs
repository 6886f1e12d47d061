//HintName: SparseSharp.g.cs
class SparseSharp.Activation
    public Activation AdaptiveAveragePool(int rows, int columns = 0)
    public Activation Apply(Delegate operation, params Activation[] operands)
    public Activation AveragePool(int kernel, int stride = 0, int padding = 0, bool ceil = false, int kernelWidth = 0, int strideWidth = 0, int paddingWidth = -1, bool countIncludePad = true)
    public Activation Channels(int first, int count)
    public Activation Clip(double min, double max)
    public Activation Concat(Activation other, params Activation[] others)
    public Activation Dropout(double probability)
    public Activation Elu(double alpha = 1)
    public Activation Flatten()
    public Activation Gelu()
    public Activation GlobalAveragePool()
    public Activation GlobalMaxPool()
    public Activation HardSigmoid()
    public Activation HardSwish()
    public Activation KGelu()
    public Activation KSigmoid()
    public Activation KSwish()
    public Activation KTanh()
    public Activation LeakyRelu(double slope = 0.01)
    public Activation MaxPool(int kernel, int stride = 0, int padding = 0, bool ceil = false, int kernelWidth = 0, int strideWidth = 0, int paddingWidth = -1)
    public Activation PadChannels(int before, int after)
    public Activation Relu()
    public Activation Relu6()
    public Activation Shortcut(int channels, int stride = 1)
    public Activation ShuffleChannels(int groups)
    public Activation Sigmoid()
    public Activation Silu()
    public Activation Subsample(int stride)
    public Activation Tanh()
    public Activation Through(ILayer layer)
    public Activation Through(ISparseModel model)
    public Activation Through(ISparseModel model, params Activation[] others)
    public Activation Upsample(int factor, UpsampleMode mode = Nearest)
    public static Activation operator *(Activation left, Activation right)
    public static Activation operator *(Activation value, double constant)
    public static Activation operator *(double constant, Activation value)
    public static Activation operator +(Activation left, Activation right)
    public static Activation operator +(Activation value, double constant)
    public static Activation operator +(double constant, Activation value)
    public static Activation operator -(Activation left, Activation right)
    public static Activation operator -(Activation value)
    public static Activation operator -(Activation value, double constant)
    public static Activation operator -(double constant, Activation value)
    public static Activation operator /(Activation value, double constant)
class SparseSharp.AdaPrune
    public static AdaPruneReport Apply<TDense, TSparse>(TDense dense, TSparse sparse, ReadOnlySpan<float> calibrationInputs, AdaPruneOptions? options = null) where TDense : class, ISparseModel<TDense> where TSparse : class, ISparseModel<TSparse>
    public static IReadOnlyList<KeepSuggestion> Suggest<TModel>(TModel model, int group) where TModel : class, ISparseModel<TModel>
    public static int KeepFor(double sparsity, int group)
class SparseSharp.Adam
    public Adam(double learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1E-08, double weightDecay = 0)
    public override float LearningRate { get; }
    public override int StateCount { get; }
    public override string ToString()
    public override void Update(Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
class SparseSharp.AdamW
    public AdamW(double learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1E-08, double weightDecay = 0.01)
    public override float LearningRate { get; }
    public override int StateCount { get; }
    public override string ToString()
    public override void Update(Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
class SparseSharp.Average
    public double Decay { get; }
    public override string ToString()
    public static Average Ema(double decay)
class SparseSharp.Batch
    public Batch(int capacity, int features, int targetFeatures)
    public Span<float> Inputs { get; }
    public Span<float> Targets { get; }
    public Span<int> Labels { get; }
    public int Capacity { get; }
    public int Count { get; set; }
    public int Features { get; }
    public int TargetFeatures { get; }
    public void Dispose()
class SparseSharp.BatchLoader
    public BatchLoader(Dataset data, int batchSize, ulong seed, bool shuffle = true, bool dropLast = false, BatchTransform? transform = null, int threads = 1, int augmentations = 1, AugmentationOrder order = SampleMajor)
    public bool TryNext(out Batch? batch)
    public int BatchSize { get; }
    public int BatchesPerEpoch { get; }
    public void Dispose()
    public void Start(int epoch, int firstBatch = 0, CancellationToken cancellation = default(CancellationToken))
class SparseSharp.BatchNorm
    public BatchNormOptions Options { get; }
    public ReadOnlySpan<float> Bias { get; }
    public ReadOnlySpan<float> RunningMean { get; }
    public ReadOnlySpan<float> RunningVariance { get; }
    public ReadOnlySpan<float> Weight { get; }
    public int Features { get; }
    public long BatchesTracked { get; }
    public override string ToString()
    public static implicit operator BatchNormalisation(BatchNorm layer)
    public void Prepare(bool training)
    public void SetBias(ReadOnlySpan<float> bias)
    public void SetRunningStatistics(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance)
    public void SetWeight(ReadOnlySpan<float> weight)
class SparseSharp.BatchNorm1d
    public BatchNorm1d(int features, BatchNormOptions options, ulong seed, int stream)
class SparseSharp.BatchNorm2d
    public BatchNorm2d(int channels, BatchNormOptions options, ulong seed, int stream)
class SparseSharp.CenterCrop
    public CenterCrop(int height, int width)
    public CenterCrop(int size)
    public override ImageShape ResultShape(ImageShape image)
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
class SparseSharp.ChannelStandardization
    public ChannelStandardization(ReadOnlySpan<float> means, ReadOnlySpan<float> deviations)
    public ReadOnlySpan<float> Deviations { get; }
    public ReadOnlySpan<float> Means { get; }
    public override ImageShape ResultShape(ImageShape image)
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
    public static ChannelStandardization Cifar10 { get; }
    public static ChannelStandardization ImageNet { get; }
    public static ChannelStandardization Mnist { get; }
    public static ChannelStandardization Of(Dataset data)
class SparseSharp.Cifar10
    public static (Dataset Train, Dataset Test) Load(string directory)
    public static Dataset Read(string path)
    public static IReadOnlyList<string> ClassNames { get; }
    public static ImageShape ImageShape { get; }
class SparseSharp.Cifar100
    public static (Dataset Train, Dataset Test) Load(string directory, bool coarse = false)
    public static Dataset Read(string path, bool coarse = false)
    public static ImageShape ImageShape { get; }
class SparseSharp.ComputeThreads
    public static int Count { get; set; }
class SparseSharp.ConfusionMatrix
    public IReadOnlyList<(int Label, int Prediction, int Count)> Mistakes { get; }
    public double? Precision(int prediction)
    public double? Recall(int label)
    public int Classes { get; }
    public int Undecided { get; }
    public int this[int label, int prediction] { get; }
    public override string ToString()
class SparseSharp.Conv2d
    public Conv2d(int inputs, int outputs, ConvolutionWindow window, bool bias, SparsityPattern? pattern, ProductKernels operations, ulong seed, int stream, Bfloat16Use bfloat16 = None)
    public ConvolutionUse Over(ImageLayout input, ImageLayout output)
    public ConvolutionWindow Window { get; }
    public float[] Weight { get; }
    public int Inputs { get; }
    public int Outputs { get; }
    public override string ToString()
    public void CopyEffectiveWeight(Span<float> target)
    public void SetWeight(ReadOnlySpan<float> weight)
    public void SetWeight(ReadOnlySpan<float> weight, Mask mask)
class SparseSharp.Cutout
    public Cutout(int length = 16)
    public float Fill { get; init; }
    public int Holes { get; init; }
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
class SparseSharp.DataFileException
    public DataFileException(string message)
    public DataFileException(string message, Exception inner)
class SparseSharp.Dataset
    public (Dataset Data, float Mean, float Deviation) Standardize()
    public (Dataset First, Dataset Second) Split(double fraction, ulong seed)
    public Dataset AsImages(int channels, int height, int width)
    public Dataset Normalize(double mean, double deviation)
    public Dataset Slice(int first, int count)
    public Dataset Take(int count)
    public Dataset ToMemory()
    public Dataset Transform(params ReadOnlySpan<ImageTransform> transforms)
    public Dataset(ImageSource images, ReadOnlyMemory<int> labels, int? ignoredLabel = null)
    public Dataset(ReadOnlyMemory<float> inputs, int features, ReadOnlyMemory<float> targets, int targetFeatures)
    public Dataset(ReadOnlyMemory<float> inputs, int features, ReadOnlyMemory<int> labels, int? ignoredLabel = null)
    public ImageShape? ImageShape { get; }
    public ReadOnlySpan<float> Input(int sample)
    public ReadOnlySpan<float> Inputs { get; }
    public ReadOnlySpan<float> Targets { get; }
    public ReadOnlySpan<int> Labels { get; }
    public bool IsInMemory { get; }
    public int Classes { get; }
    public int Count { get; }
    public int Features { get; }
    public int TargetFeatures { get; }
    public static Dataset FromBytes(ReadOnlyMemory<byte> values, ImageShape shape, ReadOnlyMemory<int> labels)
    public static Dataset FromIdx(string imagesPath, string labelsPath)
    public void Read(int first, Span<float> samples)
class SparseSharp.DivergenceException
    public DivergenceException(string message)
class SparseSharp.Evaluation
    public ConfusionMatrix? Confusion { get; }
    public EvaluationReport Report { get; }
    public ReadOnlySpan<int> Predictions { get; }
    public double Loss { get; }
    public double TopK(int k)
    public double? Accuracy { get; }
    public int Samples { get; }
    public override string ToString()
    public static Evaluation Of<TModel>(TModel model, Loss loss, Dataset data) where TModel : class, ISparseModel<TModel>
class SparseSharp.FixedClassifier
    public FixedClassifier(int features, int classes, bool random, ulong seed, int stream)
    public ReadOnlySpan<float> Bias { get; }
    public bool IsRandom { get; }
    public float Scale { get; }
    public int Classes { get; }
    public int Features { get; }
    public override string ToString()
    public static implicit operator FixedProjection(FixedClassifier layer)
    public void SetBias(ReadOnlySpan<float> bias)
    public void SetScale(float scale)
class SparseSharp.FreezeExtensions
    public static void Freeze(ISparseModel model)
    public static void Unfreeze(ISparseModel model)
class SparseSharp.GroupNorm
    public GroupNorm(int groups, int channels, double epsilon, bool affine)
    public int Channels { get; }
    public int Groups { get; }
    public override string ToString()
class SparseSharp.IdxFile
    public static IdxImages ReadImages(string path)
    public static byte[] ReadLabels(string path)
class SparseSharp.ImageBuffer
    public ImageBuffer()
    public ImageShape Shape { get; }
    public Span<float> Resize(ImageShape shape)
    public Span<float> Values { get; }
class SparseSharp.ImageSource
    protected ImageSource()
    public abstract int Count { get; }
    public abstract void Read(int image, ImageBuffer buffer)
    public virtual string NameOf(int image)
class SparseSharp.ImageTransform
    protected ImageTransform()
    public abstract void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
    public static ImageTransform From(ImageFunction change)
    public virtual ImageShape ResultShape(ImageShape image)
class SparseSharp.KTanh
    public static BFloat16 Tanh(BFloat16 x)
    public static float Tanh(float x)
    public static void Tanh(ReadOnlySpan<BFloat16> x, Span<BFloat16> y)
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y)
class SparseSharp.Kernels.AutogradPass<TModel> where TModel : class, SparseSharp.ISparseModel<TModel>
    public AutogradPass(TModel model, ulong seed)
    public AutogradTape Forward(ReadOnlySpan<float> inputs, Span<float> outputs, bool training)
    public IReadOnlyList<SharedParameter> Parameters { get; }
    public bool Backward(AutogradTape tape, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, ReadOnlySpan<nint> gradients)
    public int InputFeatures { get; }
    public int OutputFeatures { get; }
    public long Steps { get; }
    public void AfterStep()
    public void Dispose()
    public void Infer(ReadOnlySpan<float> inputs, Span<float> outputs)
    public void Refresh()
    public void WeightsChanged()
class SparseSharp.Kernels.AutogradTape
    public int Batch { get; }
class SparseSharp.Kernels.BatchNormPass
    public static void Forward(BatchNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float y, ActivationKind activation, ImageLayout? image = null)
    public static void GradInput(BatchNormalisation norm, in BatchPass batch, int dy, int x, int statistics, int sums, int dx, bool accumulate, ImageLayout? image = null)
    public static void GradInput(BatchNormalisation norm, in PanelPass pass, ref float dy, ref float x, ref float statistics, ref float sums, ref float dx, bool accumulate, ImageLayout? image = null)
    public static void GradStatistics(BatchNormalisation norm, in BatchPass batch, int x, int statistics, int dy, int sums, ImageLayout? image = null)
    public static void GradSums(BatchNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float dy, ref float sums, ImageLayout image)
    public static void GradWeight(BatchNormalisation norm, in BatchPass batch, int statistics, int sums, int positions, bool accumulate)
    public static void Infer(BatchNormalisation norm, in PanelPass pass, ref float x, ref float y, ActivationKind activation, ImageLayout? image = null)
    public static void Remember(BatchNormalisation norm, in BatchPass batch, int statistics, int positions, bool accumulate)
    public static void Statistics(BatchNormalisation norm, in BatchPass batch, int x, int statistics, ImageLayout? image = null)
    public static void Sums(BatchNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ImageLayout image)
class SparseSharp.Kernels.BatchNormalisation
class SparseSharp.Kernels.BlockPass<TKernel> where TKernel : struct, SparseSharp.Kernels.IBlockKernel
    public static KernelSet Operations { get; }
    public static void Forward(MatrixProduct product, in PanelPass pass, ref float x, ref float y, ActivationKind activation)
    public static void Forward(MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation)
    public static void GradInput(MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate)
    public static void GradInput(MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, bool accumulate)
    public static void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy, bool accumulate)
class SparseSharp.Kernels.BucketPass<TKernel> where TKernel : struct, SparseSharp.Kernels.IBucketKernel
    public static KernelSet Operations { get; }
    public static KernelSet OperationsWithDenseGradient { get; }
    public static void Forward(MatrixProduct product, in PanelPass pass, ref float x, ref float y, ActivationKind activation)
    public static void Forward(MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation)
    public static void GradInput(MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate)
    public static void GradInput(MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, bool accumulate)
    public static void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy, bool accumulate)
class SparseSharp.Kernels.ChannelPass
    public static void Shuffle(in PanelPass pass, ref float x, ref float y, ImageLayout input, ImageLayout output, int groups, bool accumulate)
    public static void Take(in PanelPass pass, ref float x, ImageLayout input, int from, ref float y, ImageLayout output, int to, int channels, int stride, bool clear, bool accumulate)
    public static void TakeGrad(in PanelPass pass, ref float dy, ImageLayout output, int to, ref float dx, ImageLayout input, int from, int channels, int stride, bool accumulate)
class SparseSharp.Kernels.ConvolutionPass
    public static void Forward(ConvolutionUse use, in PanelPass pass, ref float x, ref float y, ActivationKind activation)
    public static void Forward(ConvolutionUse use, in PanelPass pass, ref float x, ref float y, ActivationKind activation, BatchNormalisation norm)
    public static void Forward(ConvolutionUse use, in PanelPass pass, ref float x, ref float y, ActivationKind activation, BatchNormalisation norm, ref float residual)
    public static void Forward(ConvolutionUse use, in PanelPass pass, ref float x, ref float y, ActivationKind activation, ref float residual)
    public static void GradInput(ConvolutionUse use, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate)
    public static void GradInput(ConvolutionUse use, in PanelPass pass, ref float dy, ref float dx, bool accumulate)
    public static void GradWeight(ConvolutionUse use, in BatchPass batch, int x, int dy, bool accumulate)
    public static void GradWeight(ConvolutionUse use, in BatchPass batch, int x, int dy, int keptX, int keptDy, bool accumulate)
class SparseSharp.Kernels.ConvolutionUse
    public ImageLayout Input { get; }
    public ImageLayout Output { get; }
    public void Dispose()
    public void Prepare(bool training)
class SparseSharp.Kernels.DensePass
    public static KernelSet Operations { get; }
    public static void Forward(MatrixProduct product, in PanelPass pass, ref float x, ref float y, ActivationKind activation)
    public static void Forward(MatrixProduct product, in PanelPass pass, ref float x, ref float z, ref float y, ActivationKind activation)
    public static void GradInput(MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, ActivationKind derivative, ref float saved, bool accumulate)
    public static void GradInput(MatrixProduct product, in PanelPass pass, ref float dy, ref float dx, bool accumulate)
    public static void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy, bool accumulate)
class SparseSharp.Kernels.Elementwise
    public static void Activate(in PanelPass pass, ActivationKind kind, ref float x, ref float y, int features)
    public static void ActivateGrad(in PanelPass pass, ActivationKind kind, ref float dy, ref float saved, ref float dx, int features, bool accumulate)
    public static void Add(in PanelPass pass, ref float a, ref float b, ref float y, int features)
    public static void Dropout(in PanelPass pass, int site, float probability, ref float x, ref float y, ref float keep, int features)
    public static void Multiply(in PanelPass pass, ref float a, ref float b, ref float y, int features)
    public static void MultiplyGrad(in PanelPass pass, ref float dy, ref float other, ref float dx, int features, bool accumulate)
    public static void Prune(in PanelPass pass, int keep, int group, ref float x, ref float y, int features)
    public static void Prune(in PanelPass pass, int keep, int group, ref float x, ref float y, ref float mask, int features)
    public static void PutRows(in PanelPass pass, ref float part, int rows, ref float whole, int first, int features, bool accumulate)
    public static void Round(in PanelPass pass, ref float x, ref float y, int features)
    public static void Scale(in PanelPass pass, ref float x, float factor, ref float y, int features)
    public static void ScaleGrad(in PanelPass pass, ref float dy, float factor, ref float dx, int features, bool accumulate)
    public static void Shift(in PanelPass pass, ref float x, float term, ref float y, int features)
    public static void Subtract(in PanelPass pass, ref float a, ref float b, ref float y, int features)
    public static void TakeRows(in PanelPass pass, ref float whole, int first, int features, ref float part, int rows, bool accumulate)
class SparseSharp.Kernels.FixedProjection
class SparseSharp.Kernels.FixedProjectionPass
    public static void Forward(FixedProjection projection, in PanelPass pass, ref float x, ref float norms, ref float z, ref float y)
    public static void GradInput(FixedProjection projection, in PanelPass pass, ref float x, ref float gradient, ref float slopes, ref float dx, bool accumulate)
    public static void GradSums(FixedProjection projection, in PanelPass pass, ref float norms, ref float z, ref float dy, ref float gradient, ref float slopes)
    public static void GradWeight(FixedProjection projection, in BatchPass batch, int z, int dy, bool accumulate)
class SparseSharp.Kernels.GroupNormPass
    public static void Forward(SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float y, ActivationKind activation, ImageLayout image)
    public static void GradInput(SampleNormalisation norm, in PanelPass pass, ref float dy, ref float x, ref float statistics, ref float sums, ref float dx, bool accumulate, ImageLayout image)
    public static void GradStatistics(SampleNormalisation norm, in PanelPass pass, ref float statistics, ref float sums, ImageLayout image)
    public static void GradSums(SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float dy, ref float sums, ImageLayout image)
    public static void GradWeight(SampleNormalisation norm, in BatchPass batch, int sums, bool accumulate)
    public static void Statistics(SampleNormalisation norm, in PanelPass pass, ref float statistics, ImageLayout image)
    public static void Sums(SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ImageLayout image)
class SparseSharp.Kernels.ImageCuts
    public ImageCuts(PartGrid four, PartGrid eight, PartGrid sixteen)
class SparseSharp.Kernels.ImageLayout
    public ImageLayout(int channels, int rows, int columns, int border)
    public ImageParts? Parts { get; init; }
    public bool Equals(ImageLayout? other)
    public int Channels { get; }
    public int Features { get; }
    public int Lines { get; }
    public override bool Equals(object? obj)
    public override int GetHashCode()
    public override string ToString()
class SparseSharp.Kernels.ImagePass
    public static void ClearBorder(in PanelPass pass, ref float x, ImageLayout image)
    public static void FromRows(in PanelPass pass, ref float x, ref float y, ImageLayout image, bool accumulate = false)
    public static void ShareEdges(in PanelPass pass, ref float x, ImageLayout image)
    public static void ToRows(in PanelPass pass, ref float x, ref float y, ImageLayout image, bool accumulate = false)
class SparseSharp.Kernels.InitialWeights
    public const int Deferred = -2147483648
class SparseSharp.Kernels.KernelSet
    public KernelSet WithBlockStream()
    public KernelSet WithPrunedGradient(int keep, int group)
    public KernelSet WithPrunedInput(int keep, int group)
    public KernelSet WithStream<TKernel>() where TKernel : struct, IStreamKernel
class SparseSharp.Kernels.LayerNormPass
    public static void Forward(SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float y, ActivationKind activation)
    public static void GradInput(SampleNormalisation norm, in PanelPass pass, ref float dy, ref float x, ref float statistics, ref float sums, ref float dx, bool accumulate)
    public static void GradStatistics(SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics, ref float dy, ref float sums)
    public static void GradWeight(SampleNormalisation norm, in BatchPass batch, int x, int statistics, int dy, bool accumulate)
    public static void Statistics(SampleNormalisation norm, in PanelPass pass, ref float x, ref float statistics)
class SparseSharp.Kernels.ListPass
    public static void GradWeight(MatrixProduct product, in BatchPass batch, int x, int dy, int site, bool accumulate)
class SparseSharp.Kernels.MatrixProduct
class SparseSharp.Kernels.PanelGeometry
    public const int StripVectors = 8
    public static int DepthBlock { get; }
    public static int Lanes { get; }
    public static int MaxVectors { get; }
    public static int MaxWidth { get; }
    public static string Name { get; }
class SparseSharp.Kernels.PoolPass
    public static void GlobalMax(in PanelPass pass, ref float x, ref float y, ImageLayout image, ActivationKind activation)
    public static void GlobalMaxGrad(in PanelPass pass, ref float dy, ref float x, ref float y, ref float dx, ImageLayout image, ActivationKind derivative, bool accumulate)
    public static void GlobalMean(in PanelPass pass, ref float x, ref float y, ImageLayout image)
    public static void GlobalMeanGrad(in PanelPass pass, ref float dy, ref float dx, ImageLayout image, bool accumulate)
    public static void Max(in PanelPass pass, ref float x, ref float y, ImageLayout input, ImageLayout output, PoolAxis rows, PoolAxis columns, ActivationKind activation)
    public static void MaxGrad(in PanelPass pass, ref float dy, ref float x, ref float y, ref float dx, ImageLayout input, ImageLayout output, PoolAxis rows, PoolAxis columns, ActivationKind derivative, bool accumulate)
    public static void Mean(in PanelPass pass, ref float x, ref float y, ImageLayout input, ImageLayout output, PoolAxis rows, PoolAxis columns, bool countsPadding)
    public static void MeanGrad(in PanelPass pass, ref float dy, ref float dx, ImageLayout input, ImageLayout output, PoolAxis rows, PoolAxis columns, bool countsPadding, bool accumulate)
class SparseSharp.Kernels.Predictions
    public static float[] Outputs<TModel>(Predictor<TModel> predictor, ReadOnlySpan<float> inputs) where TModel : class, ISparseModel<TModel>
    public static int Class<TModel>(Predictor<TModel> predictor, ReadOnlySpan<float> sample) where TModel : class, ISparseModel<TModel>
    public static int Class<TModel>(Predictor<TModel> predictor, in InputSpans sample) where TModel : class, ISparseModel<TModel>
    public static int[] Classes<TModel>(Predictor<TModel> predictor, ReadOnlySpan<float> inputs) where TModel : class, ISparseModel<TModel>
    public static int[] Classes<TModel>(Predictor<TModel> predictor, in InputSpans inputs) where TModel : class, ISparseModel<TModel>
class SparseSharp.Kernels.Predictor<TModel> where TModel : class, SparseSharp.ISparseModel<TModel>
    public Predictor(TModel model)
    public void Dispose()
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs)
    public void Predict(in InputSpans inputs, Span<float> outputs)
    public void Predict(in ReadOnlyTensorSpan<float> inputs, in TensorSpan<float> outputs)
class SparseSharp.Kernels.ProductKernels
class SparseSharp.Kernels.PrunePass
    public static void Channels(in PanelPass pass, int keep, int group, ref float x, ref float y, ImageLayout image)
    public static void Channels(in PanelPass pass, int keep, int group, ref float x, ref float y, ref float marks, ImageLayout image)
    public static void Gradient(in PanelPass pass, int site, int keep, int group, ref float dy, ref float y, ImageLayout image)
    public static void Pixels(in PanelPass pass, int keep, int group, ref float x, ref float y, ImageLayout image)
class SparseSharp.Kernels.SampleNormalisation
class SparseSharp.Kernels.ShapedActivations
    public static void Clip(in PanelPass pass, float least, float most, ref float x, ref float y, int features)
    public static void ClipGrad(in PanelPass pass, float least, float most, ref float dy, ref float y, ref float dx, int features, bool accumulate)
    public static void Elu(in PanelPass pass, float alpha, ref float x, ref float y, int features)
    public static void EluGrad(in PanelPass pass, float alpha, ref float dy, ref float y, ref float dx, int features, bool accumulate)
    public static void LeakyRelu(in PanelPass pass, float slope, ref float x, ref float y, int features)
    public static void LeakyReluGrad(in PanelPass pass, float slope, ref float dy, ref float y, ref float dx, int features, bool accumulate)
class SparseSharp.Kernels.SharedParameter
    public bool HasMask { get; }
    public bool IsPacked { get; }
    public bool MaskIsDue(long step)
    public const int Room = 128
    public int Length { get; }
    public long[] FullShape { get; }
    public long[] Shape { get; }
    public nint GradientAddress(Span<float> gradient)
    public string Name { get; }
    public void CopyMask(Span<byte> target)
    public void Export(Span<float> target)
    public void Import(ReadOnlySpan<float> source)
    public void Return()
    public void Share(Span<float> memory)
class SparseSharp.Kernels.UpsamplePass
    public static void Bilinear(in PanelPass pass, ref float x, ref float y, ImageLayout input, ImageLayout output, int factor)
    public static void BilinearGrad(in PanelPass pass, ref float dy, ref float dx, ImageLayout input, ImageLayout output, int factor, bool accumulate)
    public static void Nearest(in PanelPass pass, ref float x, ref float y, ImageLayout input, ImageLayout output, int factor)
    public static void NearestGrad(in PanelPass pass, ref float dy, ref float dx, ImageLayout input, ImageLayout output, int factor, bool accumulate)
class SparseSharp.Layer
    public IReadOnlyList<Parameter> Parameters { get; }
    public SparsityPattern? Pattern { get; }
    public bool IsFrozen { get; }
    public double Density { get; }
    public double FlipRate { get; }
    public long WeightCount { get; }
    public virtual Bfloat16Use Bfloat16 { get; }
    public void Dispose()
    public void Freeze()
    public void Unfreeze()
class SparseSharp.LayerNorm
    public LayerNorm(double epsilon, bool affine, params int[] shape)
    public ReadOnlySpan<int> Shape { get; }
    public override string ToString()
class SparseSharp.LearningRateSchedule
    protected LearningRateSchedule()
    public abstract bool NeedsTotal { get; }
    public abstract double Factor(long step, long totalSteps)
    public static LearningRateSchedule Constant { get; }
    public static LearningRateSchedule Cosine(double floor = 0)
    public static LearningRateSchedule Step(long every, double factor = 0.1)
    public static LearningRateSchedule WarmUp(long steps, LearningRateSchedule? then = null)
    public virtual bool NeedsEpochs { get; }
    public virtual double Factor(long step, long totalSteps, long epochSteps)
class SparseSharp.Lighting
    public Lighting(double deviation = 0.1)
    public override ImageShape ResultShape(ImageShape image)
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
class SparseSharp.Linear
    public GradientPattern? Gradients { get; }
    public Linear(int inputs, int outputs, bool bias, SparsityPattern? pattern, ProductKernels operations, ulong seed, int stream, Bfloat16Use bfloat16 = None)
    public ReadOnlySpan<float> Weight { get; }
    public bool UsesDenseKernels { get; }
    public int Inputs { get; }
    public int Outputs { get; }
    public override string ToString()
    public static implicit operator MatrixProduct(Linear layer)
    public void CopyEffectiveWeight(Span<float> target)
    public void Forward(ReadOnlySpan<float> x, Span<float> y)
    public void GradInput(ReadOnlySpan<float> dy, Span<float> dx)
    public void GradWeight(ReadOnlySpan<float> x, ReadOnlySpan<float> dy)
    public void SetWeight(ReadOnlySpan<float> weight)
    public void SetWeight(ReadOnlySpan<float> weight, Mask mask)
    public void SetWeightInUse(ReadOnlySpan<float> weight)
    public void SetWeightInUse(ReadOnlySpan<float> weight, Mask mask)
class SparseSharp.Loss
    protected Loss()
    public LossPart On(int outputs, double weight = 1, bool isLabel = false)
    public abstract double Sample(ReadOnlySpan<float> output, Target target, Span<float> gradient)
    public static Loss BinaryCrossEntropy { get; }
    public static Loss BinaryCrossEntropyWith(ReadOnlySpan<double> positiveWeights = default(ReadOnlySpan<double>), int? ignore = null)
    public static Loss CrossEntropy { get; }
    public static Loss CrossEntropyWith(double labelSmoothing = 0, ReadOnlySpan<double> classWeights = default(ReadOnlySpan<double>), int? ignore = null)
    public static Loss Huber(double delta = 1)
    public static Loss MeanSquaredError { get; }
    public static Loss Of(params ReadOnlySpan<LossPart> parts)
    public static Loss SoftmaxCrossEntropy { get; }
    public static Loss SoftmaxCrossEntropyWith(double labelSmoothing = 0, ReadOnlySpan<double> classWeights = default(ReadOnlySpan<double>), int? ignore = null)
    public virtual bool HasAccuracy { get; }
    public virtual bool IsCorrect(ReadOnlySpan<float> output, Target target)
    public virtual double Weight(Target target)
    public virtual string? Fault(Target target, int outputs)
class SparseSharp.LossPart
    public Loss Loss { get; }
    public bool IsLabel { get; }
    public double Weight { get; }
    public int Outputs { get; }
class SparseSharp.MagnitudePruning
    public static void Apply<TDense, TSparse>(TDense dense, TSparse sparse) where TDense : class, ISparseModel<TDense> where TSparse : class, ISparseModel<TSparse>
class SparseSharp.Mask
    public Mask Copy()
    public Mask(int rows, int columns)
    public bool this[int row, int column] { get; set; }
    public double Density { get; }
    public double RetainedMass(ReadOnlySpan<float> weight)
    public int Columns { get; }
    public int Rows { get; }
    public long Count { get; }
    public long Flips(Mask other)
class SparseSharp.MaskExtensions
    public static Mask Magnitude(ReadOnlySpan<float> weight, int rows, int columns, NMPattern pattern, Mask? previous = null)
    public static bool Follows(Mask mask, NMPattern pattern)
class SparseSharp.MatrixLayer
    public Mask? Mask { get; }
    public ReadOnlySpan<float> Bias { get; }
    public ReadOnlySpan<float> BlockScales { get; }
    public bool IsDense { get; }
    public double? AnnealingAlpha { get; }
    public double? MeanThreshold { get; }
    public float ThresholdScale { get; }
    public override Bfloat16Use Bfloat16 { get; }
    public void FoldBlocks(double threshold = 0)
    public void SetBias(ReadOnlySpan<float> bias)
    public void SetMask(Mask mask)
class SparseSharp.Mnist
    public static (Dataset Train, Dataset Test) Load(string directory)
class SparseSharp.ModelFile
    public static LoadReport Load(ISparseModel model, ModelDescriptor descriptor, string path, IReadOnlyDictionary<string, string>? names = null, bool strict = true, string? prefix = null)
    public static LoadReport Load<TModel>(TModel model, string path, IReadOnlyDictionary<string, string>? names = null, bool strict = true, string? prefix = null) where TModel : class, ISparseModel<TModel>
    public static void Save(ISparseModel model, ModelDescriptor descriptor, string path, bool dense = false)
    public static void Save<TModel>(TModel model, string path, bool dense = false) where TModel : class, ISparseModel<TModel>
class SparseSharp.ModelTable
    public static IReadOnlyList<LayerSummary> Layers<TModel>(TModel model) where TModel : class, ISparseModel<TModel>
    public static string Of<TModel>(TModel model) where TModel : class, ISparseModel<TModel>
class SparseSharp.NamedTensor
    public IReadOnlyList<long> Shape { get; }
    public NamedTensor(string name, TensorType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes)
    public ReadOnlyMemory<byte> Bytes { get; }
    public TensorType Type { get; }
    public float[] ToFloats()
    public int Length { get; }
    public long[] ToInt64s()
    public override string ToString()
    public static NamedTensor Of(string name, ReadOnlySpan<BFloat16> values, params ReadOnlySpan<long> shape)
    public static NamedTensor Of(string name, ReadOnlySpan<byte> values, params ReadOnlySpan<long> shape)
    public static NamedTensor Of(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    public static NamedTensor Of(string name, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape)
    public string Name { get; }
    public void CopyTo(Span<float> destination)
class SparseSharp.Optimizer
    protected Optimizer()
    public abstract float LearningRate { get; }
    public abstract int StateCount { get; }
    public abstract void Update(Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
class SparseSharp.Parameter
    public ReadOnlySpan<float> Gradient { get; }
    public bool Decays { get; }
    public int Length { get; }
    public string Name { get; }
class SparseSharp.RandomAffine
    public RandomAffine(double degrees)
    public double Degrees { get; }
    public double MaxScale { get; init; }
    public double MinScale { get; init; }
    public double Shear { get; init; }
    public double Shift { get; init; }
    public float Fill { get; init; }
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
class SparseSharp.RandomCrop
    public RandomCrop(int height, int width)
    public RandomCrop(int size)
    public const float Grey = 0.49803922
    public float Fill { get; init; }
    public int Padding { get; init; }
    public override ImageShape ResultShape(ImageShape image)
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
class SparseSharp.RandomHorizontalFlip
    public RandomHorizontalFlip(double probability = 0.5)
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
class SparseSharp.RandomResizedCrop
    public RandomResizedCrop(int size)
    public ResizeFilter Filter { get; init; }
    public bool Antialias { get; init; }
    public double MaxArea { get; init; }
    public double MinArea { get; init; }
    public double MinRatio { get; init; }
    public override ImageShape ResultShape(ImageShape image)
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
class SparseSharp.RandomRotation
    public RandomRotation(double degrees)
    public float Fill { get; init; }
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
class SparseSharp.RandomStream
    public bool Chance(double probability)
    public double Normal()
    public double Uniform(double low, double high)
    public float Uniform()
    public int Integer(int count)
class SparseSharp.Recalibration
    public static void Apply<TModel>(TModel model, Dataset data, int batches = 200, int batchSize = 256, ulong seed = 0) where TModel : class, ISparseModel<TModel>
class SparseSharp.Regime
    public IReadOnlyList<RegimePhase> Phases { get; }
    public Regime ForBatch(int batchSize, int reference = 128, bool scaleLearningRate = true, bool adaptEpochs = false)
    public bool IsInSteps { get; }
    public int EpochsOf(int samples, int batchSize)
    public long Length { get; }
    public override bool NeedsEpochs { get; }
    public override bool NeedsTotal { get; }
    public override double Factor(long step, long totalSteps)
    public override double Factor(long step, long totalSteps, long epochSteps)
    public override string ToString()
    public static Regime InEpochs(int epochs, params ReadOnlySpan<RegimePhase> phases)
    public static Regime InSteps(long steps, params ReadOnlySpan<RegimePhase> phases)
class SparseSharp.Resize
    public Resize(int height, int width)
    public ResizeFilter Filter { get; init; }
    public bool Antialias { get; init; }
    public override ImageShape ResultShape(ImageShape image)
    public override void Apply(ImageShape shape, ReadOnlySpan<float> image, Span<float> result, TransformContext context)
    public static Resize ShortSide(int length, bool antialias = true)
class SparseSharp.SafeTensors
    public IReadOnlyDictionary<string, string> Metadata { get; }
    public IReadOnlyList<NamedTensor> Tensors { get; }
    public NamedTensor this[string name] { get; }
    public NamedTensor? Find(string name)
    public SafeTensors(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    public static SafeTensors Parse(ReadOnlyMemory<byte> bytes, string source = "the bytes")
    public static SafeTensors Read(string path)
    public void Write(Stream stream)
    public void Write(string path)
class SparseSharp.SafeTensorsException
    public SafeTensorsException(string message)
    public SafeTensorsException(string message, Exception inner)
class SparseSharp.SampleNorm
    public ReadOnlySpan<float> Bias { get; }
    public ReadOnlySpan<float> Weight { get; }
    public double Epsilon { get; }
    public static implicit operator SampleNormalisation(SampleNorm layer)
    public void SetBias(ReadOnlySpan<float> bias)
    public void SetWeight(ReadOnlySpan<float> weight)
class SparseSharp.Sgd
    public Sgd(double learningRate, double momentum = 0, bool nesterov = false, double weightDecay = 0)
    public override float LearningRate { get; }
    public override int StateCount { get; }
    public override string ToString()
    public override void Update(Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in UpdateStep step)
class SparseSharp.StepGradients
    public Enumerator GetEnumerator()
    public LayerGradient this[string layer, string name = "weight"] { get; }
    public double Norm { get; }
    public float LearningRate { get; }
    public long Step { get; }
class SparseSharp.SyntheticDigits
    public const int Classes = 10
    public const int Size = 28
    public static Dataset Generate(int count, ulong seed, int first = 0)
class SparseSharp.SyntheticPictures
    public const int Classes = 10
    public const int Size = 32
    public static Dataset Generate(int count, ulong seed, int first = 0)
    public static IReadOnlyList<string> ClassNames { get; }
    public static ImageShape ImageShape { get; }
class SparseSharp.Trainer
    public static Trainer<TModel> For<TModel>(TModel model, Loss loss, Optimizer optimizer, TrainerOptions? options = null) where TModel : class, ISparseModel<TModel>
class SparseSharp.Trainer<TModel> where TModel : class, SparseSharp.ISparseModel<TModel>
    protected ~Trainer()
    public EpochReport Train(Dataset train, int epochs, int batchSize, Dataset? validation = null, CancellationToken cancellation = default(CancellationToken))
    public EvaluationReport Evaluate(Dataset data, bool? average = null)
    public FlopsReport Flops { get; }
    public IEnumerable<EpochReport> Fit(Dataset train, int epochs, int batchSize, Dataset? validation = null, CancellationToken cancellation = default(CancellationToken))
    public StepReport Step(Batch batch)
    public TModel CopyAverage()
    public TModel Model { get; }
    public Trainer(TModel model, Loss loss, Optimizer optimizer, TrainerOptions? options = null)
    public double? Distance { get; }
    public int EpochsDone { get; }
    public long StepsDone { get; }
    public long? SwitchedAt { get; }
    public void Dispose()
    public void Resume(string path)
    public void SaveAverage(string path, bool dense = false)
    public void SaveCheckpoint(string path)
class SparseSharp.TransformContext
    public RandomStream Random { get; }
    public Span<float> Scratch(int length)
    public TransformContext(ulong seed = 0, int epoch = 0, int image = 0)
delegate SparseSharp.BatchTransform
    public BatchTransform(object object, nint method)
    public virtual IAsyncResult BeginInvoke(Batch batch, int epoch, int index, AsyncCallback callback, object object)
    public virtual void EndInvoke(IAsyncResult result)
    public virtual void Invoke(Batch batch, int epoch, int index)
delegate SparseSharp.ImageFunction
    public ImageFunction(object object, nint method)
    public virtual IAsyncResult BeginInvoke(ImageShape shape, Span<float> image, RandomStream random, AsyncCallback callback, object object)
    public virtual void EndInvoke(IAsyncResult result)
    public virtual void Invoke(ImageShape shape, Span<float> image, RandomStream random)
enum SparseSharp.AdaPruneSolver
    Adam = 1
    LeastSquares = 0
enum SparseSharp.AugmentationOrder
    ReplicaMajor = 1
    SampleMajor = 0
enum SparseSharp.BFloat16Rounding
    NearestAway = 1
    NearestEven = 0
    Truncate = 2
enum SparseSharp.Kernels.ActivationKind
    Gelu = 4
    HardSigmoid = 11
    HardSwish = 12
    KGelu = 9
    KSigmoid = 7
    KSwish = 8
    KTanh = 6
    None = 0
    Relu = 1
    Relu6 = 10
    Sigmoid = 3
    Silu = 5
    Tanh = 2
enum SparseSharp.Kernels.BucketFormat
    Pairs = 0
    PairsAndSingles = 1
    Singles = 2
enum SparseSharp.ResizeFilter
    Area = 1
    Triangle = 0
enum SparseSharp.TensorType
    BF16 = 8
    Bool = 0
    C64 = 15
    F16 = 7
    F32 = 11
    F4 = 21
    F64 = 14
    F6E2M3 = 19
    F6E3M2 = 20
    F8E4M3 = 4
    F8E4M3FNUZ = 16
    F8E5M2 = 3
    F8E5M2FNUZ = 17
    F8E8M0 = 18
    I16 = 5
    I32 = 9
    I64 = 12
    I8 = 2
    U16 = 6
    U32 = 10
    U64 = 13
    U8 = 1
    Unknown = 22
interface SparseSharp.ILayer
    Bfloat16Use Bfloat16 { get; }
    IReadOnlyList<Parameter> Parameters { get; }
    SparsityPattern? Pattern { get; }
    bool IsFrozen { get; }
    double Density { get; }
    double FlipRate { get; }
    long WeightCount { get; }
    void Freeze()
    void Unfreeze()
interface SparseSharp.ISparseModel
    IReadOnlyList<ILayer> Layers { get; }
interface SparseSharp.ISparseModel<TSelf> where TSelf : class, SparseSharp.ISparseModel<TSelf>
    ModelDescriptor Descriptor { get; }
    TSelf Create(ulong seed)
    void Backward(TSelf model, in PanelPass pass)
    void Forward(TSelf model, in PanelPass pass)
    void GradWeights(TSelf model, in BatchPass batch)
    void Infer(TSelf model, in PanelPass pass)
    void Prepare(TSelf model, bool training)
    void Reduce(TSelf model, in BatchPass batch)
interface SparseSharp.Kernels.IBlockKernel
    int Columns { get; }
    int Rows { get; }
    int TileRows { get; }
interface SparseSharp.Kernels.IBucketKernel
    BucketFormat Format { get; }
interface SparseSharp.Kernels.IStreamKernel
    int Group { get; }
    int Keep { get; }
    int SelectorBits { get; }
    int StepInputs { get; }
    int WindowSlots { get; }
readonly ref struct SparseSharp.Kernels.BatchPass
    public bool Accumulate { get; }
    public int Member { get; }
    public int Members { get; }
    public int Phase { get; }
readonly ref struct SparseSharp.Kernels.InputSpans
    public InputSpans(ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> third = default(ReadOnlySpan<float>), ReadOnlySpan<float> fourth = default(ReadOnlySpan<float>), ReadOnlySpan<float> fifth = default(ReadOnlySpan<float>), ReadOnlySpan<float> sixth = default(ReadOnlySpan<float>), ReadOnlySpan<float> seventh = default(ReadOnlySpan<float>), ReadOnlySpan<float> eighth = default(ReadOnlySpan<float>))
readonly ref struct SparseSharp.Kernels.PanelPass
    public bool HasInputGradient { get; }
    public bool Training { get; }
    public int Lines(ImageLayout image)
    public int Member { get; }
    public int Members { get; }
    public int Phase { get; }
    public int Vectors { get; }
    public int Width { get; }
    public ref float Slot(int slot)
    public void Sync()
readonly ref struct SparseSharp.PanelRows
    public Span<float> this[int feature] { get; }
    public int Features { get; }
    public int Samples { get; }
    public ref float this[int feature, int sample] { get; }
readonly ref struct SparseSharp.Target
    public ReadOnlySpan<float> Values { get; }
    public Target(ReadOnlySpan<float> values)
    public Target(int label)
    public bool IsLabel { get; }
    public int Label { get; }
readonly struct SparseSharp.BFloat16
    public BFloat16(ushort bits)
    public bool Equals(BFloat16 other)
    public int CompareTo(BFloat16 other)
    public override bool Equals(object? obj)
    public override int GetHashCode()
    public override string ToString()
    public static BFloat16 Round(float value, BFloat16Rounding rounding, bool flushSubnormals = false)
    public static BFloat16 RoundStochastically(float value, ushort random, bool flushSubnormals = false)
    public static bool operator !=(BFloat16 left, BFloat16 right)
    public static bool operator ==(BFloat16 left, BFloat16 right)
    public static explicit operator BFloat16(float value)
    public static implicit operator float(BFloat16 value)
    public static void Round(ReadOnlySpan<float> source, Span<BFloat16> target)
    public static void RoundInPlace(Span<float> values)
    public static void Widen(ReadOnlySpan<BFloat16> source, Span<float> target)
    public string ToString(string? format, IFormatProvider? formatProvider)
    public ushort Bits { get; }
readonly struct SparseSharp.ImageShape
    public ImageShape(int channels, int height, int width)
    public bool Equals(ImageShape other)
    public int Channels { get; }
    public int Height { get; }
    public int Length { get; }
    public int Plane { get; }
    public int Width { get; }
    public override bool Equals(object obj)
    public override int GetHashCode()
    public override string ToString()
    public static bool operator !=(ImageShape left, ImageShape right)
    public static bool operator ==(ImageShape left, ImageShape right)
readonly struct SparseSharp.Kernels.PartGrid
    public PartGrid(int Rows, int Columns, int PartRows, int PartColumns)
    public bool Equals(PartGrid other)
    public int Columns { get; init; }
    public int PartColumns { get; init; }
    public int PartRows { get; init; }
    public int Rows { get; init; }
    public override bool Equals(object obj)
    public override int GetHashCode()
    public override string ToString()
    public static bool operator !=(PartGrid left, PartGrid right)
    public static bool operator ==(PartGrid left, PartGrid right)
    public void Deconstruct(out int Rows, out int Columns, out int PartRows, out int PartColumns)
readonly struct SparseSharp.Kernels.PoolAxis
    public PoolAxis(int Kernel, int Stride, int Padding)
    public bool Equals(PoolAxis other)
    public int Kernel { get; init; }
    public int Padding { get; init; }
    public int Stride { get; init; }
    public override bool Equals(object obj)
    public override int GetHashCode()
    public override string ToString()
    public static PoolAxis Parts { get; }
    public static bool operator !=(PoolAxis left, PoolAxis right)
    public static bool operator ==(PoolAxis left, PoolAxis right)
    public void Deconstruct(out int Kernel, out int Stride, out int Padding)
readonly struct SparseSharp.LayerGradient
    public Span<float> Values { get; }
    public string Layer { get; }
    public string Name { get; }
readonly struct SparseSharp.RegimePhase
    public RegimePhase(long Start, double Factor)
    public bool Equals(RegimePhase other)
    public double Factor { get; init; }
    public long Start { get; init; }
    public override bool Equals(object obj)
    public override int GetHashCode()
    public override string ToString()
    public static bool operator !=(RegimePhase left, RegimePhase right)
    public static bool operator ==(RegimePhase left, RegimePhase right)
    public void Deconstruct(out long Start, out double Factor)
readonly struct SparseSharp.StepReport
    public StepReport(long Step, double Loss, int Samples, int Correct, float LearningRate, double GradientNorm, bool Updated)
    public bool Equals(StepReport other)
    public bool Updated { get; init; }
    public double GradientNorm { get; init; }
    public double GradientScale { get; init; }
    public double Loss { get; init; }
    public double Weight { get; init; }
    public float LearningRate { get; init; }
    public int Correct { get; init; }
    public int Samples { get; init; }
    public long Step { get; init; }
    public override bool Equals(object obj)
    public override int GetHashCode()
    public override string ToString()
    public static bool operator !=(StepReport left, StepReport right)
    public static bool operator ==(StepReport left, StepReport right)
    public void Deconstruct(out long Step, out double Loss, out int Samples, out int Correct, out float LearningRate, out double GradientNorm, out bool Updated)
readonly struct SparseSharp.TrainingProgress
    public TrainingProgress(int Epoch, int Epochs, int Batch, int Batches, long Step, double Loss, double? Accuracy, double SamplesPerSecond)
    public bool Equals(TrainingProgress other)
    public double Loss { get; init; }
    public double SamplesPerSecond { get; init; }
    public double? Accuracy { get; init; }
    public int Batch { get; init; }
    public int Batches { get; init; }
    public int Epoch { get; init; }
    public int Epochs { get; init; }
    public long Step { get; init; }
    public override bool Equals(object obj)
    public override int GetHashCode()
    public override string ToString()
    public static bool operator !=(TrainingProgress left, TrainingProgress right)
    public static bool operator ==(TrainingProgress left, TrainingProgress right)
    public void Deconstruct(out int Epoch, out int Epochs, out int Batch, out int Batches, out long Step, out double Loss, out double? Accuracy, out double SamplesPerSecond)
readonly struct SparseSharp.UpdateStep
    public UpdateStep(long Step, float LearningRate, float GradientScale, bool Decay)
    public bool Decay { get; init; }
    public bool Equals(UpdateStep other)
    public float GradientScale { get; init; }
    public float LearningRate { get; init; }
    public long FrozenAt { get; init; }
    public long Step { get; init; }
    public override bool Equals(object obj)
    public override int GetHashCode()
    public override string ToString()
    public static bool operator !=(UpdateStep left, UpdateStep right)
    public static bool operator ==(UpdateStep left, UpdateStep right)
    public void Deconstruct(out long Step, out float LearningRate, out float GradientScale, out bool Decay)
record SparseSharp.AdaPruneOptions
    public AdaPruneOptions()
    public AdaPruneSolver Solver { get; init; }
    public double BiasLearningRate { get; init; }
    public double LearningRate { get; init; }
    public int BatchSize { get; init; }
    public int Iterations { get; init; }
    public int Pixels { get; init; }
    public ulong Seed { get; init; }
record SparseSharp.AdaPruneReport
    public AdaPruneReport(IReadOnlyList<PrunedLayer> Layers)
    public IReadOnlyList<PrunedLayer> Layers { get; init; }
record SparseSharp.BatchNormOptions
    public BatchNormOptions()
    public RangeNorm Range { get; init; }
    public bool Affine { get; init; }
    public bool Cumulative { get; init; }
    public double Epsilon { get; init; }
    public double Momentum { get; init; }
    public int Ghost { get; init; }
record SparseSharp.BlockIndex
    public BlockIndex(long Bytes, long CsrBytes, long BsrBytes)
    public long BsrBytes { get; init; }
    public long Bytes { get; init; }
    public long CsrBytes { get; init; }
record SparseSharp.BlockPattern
    protected BlockPattern(BlockPattern original)
record SparseSharp.EarlyStopping
    public EarlyStopping(int Patience, double MinDelta = 0, bool RestoreBest = false)
    public bool RestoreBest { get; init; }
    public double MinDelta { get; init; }
    public int Patience { get; init; }
record SparseSharp.EpochReport
    public EpochReport(int Epoch, int Epochs, long Step, EvaluationReport Training, EvaluationReport? Validation, float LearningRate, TimeSpan Elapsed, IReadOnlyList<LayerReport> Layers, bool StoppedEarly)
    public EvaluationReport Training { get; init; }
    public EvaluationReport? Validation { get; init; }
    public FlopsReport? Flops { get; init; }
    public IReadOnlyList<LayerReport> Layers { get; init; }
    public TimeSpan Elapsed { get; init; }
    public bool StoppedEarly { get; init; }
    public double Loss { get; }
    public double SamplesPerSecond { get; }
    public double WaitShare { get; init; }
    public double? Accuracy { get; }
    public double? Distance { get; init; }
    public float LearningRate { get; init; }
    public int Epoch { get; init; }
    public int Epochs { get; init; }
    public long Step { get; init; }
    public string Details()
record SparseSharp.EvaluationReport
    public EvaluationReport(double Loss, double? Accuracy, int Samples)
    public double Loss { get; init; }
    public double? Accuracy { get; init; }
    public int Samples { get; init; }
record SparseSharp.FlopsReport
    public FlopsReport(IReadOnlyList<LayerFlops> Layers)
    public IReadOnlyList<LayerFlops> Layers { get; init; }
    public double InferenceRatio { get; }
    public double TrainingRatio { get; }
    public long DenseInference { get; }
record SparseSharp.GradientAnnealing
    public AfterZero AfterZero { get; init; }
    public AnnealSchedule Schedule { get; init; }
    public GradientAnnealing()
    public ThresholdScope Threshold { get; init; }
    public bool AutoTune { get; init; }
    public bool PerStep { get; init; }
    public double Alpha { get; init; }
    public double AlphaAt(long index, long count)
    public double BackwardDensity { get; init; }
    public double HardZero { get; init; }
    public double InitialThreshold { get; init; }
    public double ThresholdRate { get; init; }
record SparseSharp.GradientPattern
    public GradientPattern(int Keep, int Group)
    public int Group { get; init; }
    public int Keep { get; init; }
record SparseSharp.GraphFactor
    public GraphFactor(int Rows, int Columns, int Degree, ReadOnlyMemory<ushort> Neighbours)
    public ReadOnlyMemory<ushort> Neighbours { get; init; }
    public bool IsComplete { get; }
    public double Density { get; }
    public int Columns { get; init; }
    public int Degree { get; init; }
    public int Edge(int row, int column)
    public int Neighbour(int row, int edge)
    public int Rows { get; init; }
    public static GraphFactor Complete(int rows, int columns)
record SparseSharp.HierarchicalBlockPattern
    public HierarchicalBlockPattern(int OuterRows, int OuterColumns, int InnerRows, int InnerColumns, double Sparsity, bool Additive = false, int PruneFrom = 1, int PruneSteps = 1000, int PruneEvery = 50)
    public bool Additive { get; init; }
    public bool FitsTraining { get; init; }
    public double Sparsity { get; init; }
    public int InnerColumns { get; init; }
    public int InnerRows { get; init; }
    public int OuterColumns { get; init; }
    public int OuterRows { get; init; }
    public int PruneEvery { get; init; }
    public int PruneFrom { get; init; }
    public int PruneSteps { get; init; }
    public override double Density { get; }
record SparseSharp.IdxImages
    public IdxImages(byte[] Pixels, int Count, int Rows, int Columns)
    public byte[] Pixels { get; init; }
    public int Columns { get; init; }
    public int Count { get; init; }
    public int Rows { get; init; }
record SparseSharp.KeepSuggestion
    public KeepSuggestion(string Path, double Sparsity, int Keep)
    public double Sparsity { get; init; }
    public int Keep { get; init; }
    public string Path { get; init; }
record SparseSharp.Kernels.ConvolutionWindow
    public ConvolutionWindow(int KernelRows, int KernelColumns)
    public SamePadding Same { get; init; }
    public int Bottom { get; init; }
    public int DilationColumns { get; init; }
    public int DilationRows { get; init; }
    public int Groups { get; init; }
    public int KernelColumns { get; init; }
    public int KernelRows { get; init; }
    public int Left { get; init; }
    public int Right { get; init; }
    public int StrideColumns { get; init; }
    public int StrideRows { get; init; }
    public int Top { get; init; }
record SparseSharp.Kernels.ImageParts
    public ImageCuts Cuts { get; init; }
    public ImageParts(int ScaleRows, int ScaleColumns, int Border, ImageCuts Cuts)
    public int Border { get; init; }
    public int ScaleColumns { get; init; }
    public int ScaleRows { get; init; }
record SparseSharp.Kernels.InputDescriptor
    public InputDescriptor(string Name, int First, int Features, int InferenceSlot, int TrainingSlot)
    public const int Unused = -1
    public int Features { get; init; }
    public int First { get; init; }
    public int InferenceSlot { get; init; }
    public int TrainingSlot { get; init; }
    public string Name { get; init; }
record SparseSharp.Kernels.LayerDescriptor
    public LayerDescriptor(string Path, int Inputs, int Outputs, bool Bias, string Pattern, double Density)
    public bool Bias { get; init; }
    public double Density { get; init; }
    public int Inputs { get; init; }
    public int Outputs { get; init; }
    public long DenseFlops { get; init; }
    public string FileName { get; }
    public string Path { get; init; }
    public string Pattern { get; init; }
record SparseSharp.Kernels.ModelDescriptor
    public IReadOnlyList<InputDescriptor> Inputs { get; init; }
    public IReadOnlyList<LayerDescriptor> Layers { get; init; }
    public ModelDescriptor(string Name, int InputFeatures, int OutputFeatures, IReadOnlyList<LayerDescriptor> Layers, int InferenceRows, int InferenceInput, int InferenceOutput, int TrainingRows, int TrainingInput, int TrainingOutput, int TrainingOutputGradient, int TrainingInputGradient = -1, int ForwardPhases = 1, int BackwardPhases = 1)
    public bool CutsImages { get; init; }
    public bool HasImages { get; init; }
    public int BackwardPhases { get; init; }
    public int FewestSamples { get; init; }
    public int ForwardPhases { get; init; }
    public int InferenceInput { get; init; }
    public int InferenceOutput { get; init; }
    public int InferenceRows { get; init; }
    public int InputFeatures { get; init; }
    public int OutputFeatures { get; init; }
    public int TrainingInput { get; init; }
    public int TrainingInputGradient { get; init; }
    public int TrainingOutput { get; init; }
    public int TrainingOutputGradient { get; init; }
    public int TrainingRows { get; init; }
    public string Name { get; init; }
record SparseSharp.LayerFlops
    public LayerFlops(string Path, long DenseInference, double InferenceRatio, double TrainingRatio)
    public double InferenceRatio { get; init; }
    public double TrainingRatio { get; init; }
    public long DenseInference { get; init; }
    public string Path { get; init; }
record SparseSharp.LayerMask
    public BlockIndex? Index { get; init; }
    public LayerMask(string Path, SparsityPattern Pattern, double Density, double? RetainedMass, double? GaussianMass, double FlipRate, double? Diversity)
    public SparsityPattern Pattern { get; init; }
    public bool KeepsLittle { get; }
    public double Density { get; init; }
    public double FlipRate { get; init; }
    public double? Diversity { get; init; }
    public double? GaussianMass { get; init; }
    public double? RetainedMass { get; init; }
    public string Path { get; init; }
record SparseSharp.LayerReport
    public Bfloat16Use Bfloat16 { get; init; }
    public LayerReport(string Path, SparsityPattern? Pattern, double Density, double FlipRate)
    public SparsityPattern? Pattern { get; init; }
    public bool IsFinal { get; init; }
    public bool UsesDenseKernels { get; init; }
    public double Density { get; init; }
    public double FlipRate { get; init; }
    public double? Alpha { get; init; }
    public double? Threshold { get; init; }
    public string Path { get; init; }
record SparseSharp.LayerSummary
    public Bfloat16Use Bfloat16 { get; init; }
    public LayerSummary(string Path, int Inputs, int Outputs, SparsityPattern? Pattern, Bfloat16Use Bfloat16, double Density)
    public SparsityPattern? Pattern { get; init; }
    public double Density { get; init; }
    public int Inputs { get; init; }
    public int Outputs { get; init; }
    public long DenseFlops { get; init; }
    public long Flops { get; }
    public long KeptWeights { get; }
    public long Weights { get; init; }
    public string Path { get; init; }
record SparseSharp.LearnedBlockPattern
    public LearnedBlockPattern(int Rows, int Columns, float Penalty, double Sparsity = 0, bool Balanced = false, int PruneFrom = 1, int PruneSteps = 1000, int PruneEvery = 50)
    public bool Balanced { get; init; }
    public bool FitsTraining { get; init; }
    public double Sparsity { get; init; }
    public float Penalty { get; init; }
    public int Columns { get; init; }
    public int PruneEvery { get; init; }
    public int PruneFrom { get; init; }
    public int PruneSteps { get; init; }
    public int Rows { get; init; }
    public override double Density { get; }
record SparseSharp.LoadReport
    public IReadOnlyList<RoundedLayer> Rounded { get; init; }
    public IReadOnlyList<string> Missing { get; init; }
    public IReadOnlyList<string> Unused { get; init; }
    public LoadReport(IReadOnlyList<RoundedLayer> Rounded)
record SparseSharp.MaskReport
    public IReadOnlyList<LayerMask> Layers { get; init; }
    public MaskReport(IReadOnlyList<LayerMask> Layers)
    public static MaskReport Of<TModel>(TModel model) where TModel : class, ISparseModel<TModel>
record SparseSharp.NMPattern
    public GradientAnnealing? Annealing { get; init; }
    public MaskPolicy Policy { get; init; }
    public NMAnnealing Mode { get; init; }
    public NMPattern(int Keep, int Group, bool Transposable, MaskPolicy Policy = SrSte, int RefreshEvery = 1, float Decay = 0.0002, float RegrowShare = 0.05)
    public bool BetaInBackward { get; init; }
    public bool Transposable { get; init; }
    public float Decay { get; init; }
    public float RegrowShare { get; init; }
    public int Group { get; init; }
    public int Keep { get; init; }
    public int RefreshEvery { get; init; }
    public override double Density { get; }
record SparseSharp.ParameterGroup
    public IReadOnlyList<ILayer> Layers { get; init; }
    public ParameterGroup(params IReadOnlyList<ILayer> Layers)
    public bool Decays { get; init; }
    public double RateFactor { get; init; }
    public static ParameterGroup Of(ISparseModel model)
record SparseSharp.PrunedLayer
    public NMPattern Pattern { get; init; }
    public PrunedLayer(string Path, NMPattern Pattern, double Plain, double Absorbed, double LeastSquares, double Final)
    public double Absorbed { get; init; }
    public double Final { get; init; }
    public double LeastSquares { get; init; }
    public double Plain { get; init; }
    public string Path { get; init; }
record SparseSharp.RamanujanPattern
    public (int Row, int Column) Weight(long position)
    public GraphFactor Inner { get; init; }
    public GraphFactor Outer { get; init; }
    public Mask ToMask()
    public RamanujanPattern(GraphFactor Outer, int RowRepeats, int ColumnRepeats, GraphFactor Inner, int BlockRows, int BlockColumns, ulong Hash)
    public int BlockColumns { get; init; }
    public int BlockRows { get; init; }
    public int ColumnRepeats { get; init; }
    public int Inputs { get; }
    public int Outputs { get; }
    public int RowRepeats { get; init; }
    public int WeightsPerRow { get; }
    public long Count { get; }
    public long Position(int row, int column)
    public override double Density { get; }
    public static ulong ComputeHash(GraphFactor outer, int rowRepeats, int columnRepeats, GraphFactor inner, int blockRows, int blockColumns)
    public ulong Hash { get; init; }
record SparseSharp.RoundedLayer
    public RoundedLayer(string Path, long Weights, double LargestChange)
    public double LargestChange { get; init; }
    public long Weights { get; init; }
    public string Path { get; init; }
record SparseSharp.SparsityPattern
    protected SparsityPattern(SparsityPattern original)
    public abstract double Density { get; }
record SparseSharp.TrainerOptions
    public Action<EpochReport>? OnEpoch { get; init; }
    public Action<StepGradients>? OnGradients { get; init; }
    public Action<StepReport>? OnStep { get; init; }
    public Action<string>? Log { get; init; }
    public AugmentationOrder? AugmentationOrder { get; init; }
    public Average? Average { get; init; }
    public BatchTransform? Transform { get; init; }
    public EarlyStopping? EarlyStopping { get; init; }
    public IProgress<TrainingProgress>? Progress { get; init; }
    public IReadOnlyList<ParameterGroup> Groups { get; init; }
    public IReadOnlyList<double>? DenseLosses { get; init; }
    public LearningRateSchedule Schedule { get; init; }
    public TrainerOptions()
    public bool AverageOutputs { get; init; }
    public bool DropLast { get; init; }
    public bool ResumeIfPresent { get; init; }
    public bool TrackDistance { get; init; }
    public double DenseTail { get; init; }
    public double? ClipNorm { get; init; }
    public double? GradientSmoothing { get; init; }
    public int AccumulationSteps { get; init; }
    public int Augmentations { get; init; }
    public int LoadingThreads { get; init; }
    public int? AdaptGradientNormEvery { get; init; }
    public int? Threads { get; init; }
    public long? CheckpointEvery { get; init; }
    public long? MaxSteps { get; init; }
    public long? TotalSteps { get; init; }
    public string? CheckpointPath { get; init; }
    public ulong Seed { get; init; }
record SparseSharp.UniformBlockPattern
    public UniformBlockPattern(int Rows, int Columns, double Sparsity, bool Balanced = true)
    public bool Balanced { get; init; }
    public double Sparsity { get; init; }
    public int Columns { get; init; }
    public int Rows { get; init; }
    public override double Density { get; }
record SparseSharp.UnstructuredPattern
    public BudgetScope Budget { get; init; }
    public GradientAnnealing Annealing { get; init; }
    public UnstructuredPattern()
    public double? TopK { get; init; }
    public int RebuildEvery { get; init; }
    public override double Density { get; }
ref struct SparseSharp.Kernels.ElementRuns
    public ElementRuns(in PanelPass pass, int features)
    public bool Next()
    public readonly Span<float> Of(ref float value)
    public static void ClearPadding(in PanelPass pass, ref float value, int features)
ref struct SparseSharp.Kernels.PanelParts
    public PanelParts(in PanelPass pass)
    public bool Next()
    public readonly PanelRows Gradient(ref float value, int features, bool accumulate)
    public readonly PanelRows Result(ref float value, int features)
    public readonly PanelRows Rows(ref float value, int features)
struct SparseSharp.StepGradients.Enumerator
    public bool MoveNext()
    public readonly LayerGradient Current { get; }
