//HintName: SparseSharp.Attributes.g.cs
class SparseSharp.BatchNorm1dAttribute
    public BatchNorm1dAttribute(int features)
    public int Features { get; }
class SparseSharp.BatchNorm2dAttribute
    public BatchNorm2dAttribute(int channels)
    public int Channels { get; }
class SparseSharp.BatchNormAttribute
    public RangeNorm Range { get; set; }
    public bool Affine { get; set; }
    public bool Cumulative { get; set; }
    public double Epsilon { get; set; }
    public double Momentum { get; set; }
    public int Ghost { get; set; }
class SparseSharp.Bfloat16Attribute
    public Bfloat16Attribute(Bfloat16Use use = WeightsAndActivations)
    public Bfloat16Use Use { get; }
class SparseSharp.BlockSparseAttribute
    public BaseGraph Base { get; set; }
    public BlockKind Kind { get; }
    public BlockSparseAttribute(BlockKind kind)
    public bool Additive { get; set; }
    public bool Balanced { get; set; }
    public double Penalty { get; set; }
    public double Sparsity { get; set; }
    public int Cols { get; set; }
    public int OuterCols { get; set; }
    public int OuterRows { get; set; }
    public int PruneEvery { get; set; }
    public int PruneFrom { get; set; }
    public int PruneSteps { get; set; }
    public int Rows { get; set; }
    public int[] Factors { get; set; }
    public ulong Seed { get; set; }
class SparseSharp.Conv2dAttribute
    public Conv2dAttribute(int inputs, int outputs)
    public SamePadding Same { get; set; }
    public bool Bias { get; set; }
    public int Dilation { get; set; }
    public int DilationHeight { get; set; }
    public int DilationWidth { get; set; }
    public int Groups { get; set; }
    public int Inputs { get; }
    public int Kernel { get; set; }
    public int KernelHeight { get; set; }
    public int KernelWidth { get; set; }
    public int Outputs { get; }
    public int Padding { get; set; }
    public int PaddingBottom { get; set; }
    public int PaddingLeft { get; set; }
    public int PaddingRight { get; set; }
    public int PaddingTop { get; set; }
    public int Stride { get; set; }
    public int StrideHeight { get; set; }
    public int StrideWidth { get; set; }
class SparseSharp.DenseAttribute
    public DenseAttribute()
class SparseSharp.FixedClassifierAttribute
    public FixedClassifierAttribute(int features, int classes)
    public bool Random { get; set; }
    public int Classes { get; }
    public int Features { get; }
class SparseSharp.GradientAnnealAttribute
    public AfterZero AfterZero { get; set; }
    public AnnealSchedule Schedule { get; set; }
    public BudgetScope Budget { get; set; }
    public GradientAnnealAttribute()
    public NMAnnealing Mode { get; set; }
    public ThresholdScope Threshold { get; set; }
    public bool AutoTune { get; set; }
    public bool BetaInBackward { get; set; }
    public bool PerStep { get; set; }
    public double Alpha { get; set; }
    public double BackwardDensity { get; set; }
    public double HardZero { get; set; }
    public double InitialThreshold { get; set; }
    public double ThresholdRate { get; set; }
    public double TopK { get; set; }
    public int RebuildEvery { get; set; }
class SparseSharp.GroupNormAttribute
    public GroupNormAttribute(int groups, int channels)
    public bool Affine { get; set; }
    public double Epsilon { get; set; }
    public int Channels { get; }
    public int Groups { get; }
class SparseSharp.HierarchicalBlocksAttribute
    public HierarchicalBlocksAttribute()
    public bool Additive { get; set; }
    public double Sparsity { get; set; }
    public int Cols { get; set; }
    public int OuterCols { get; set; }
    public int OuterRows { get; set; }
    public int PruneEvery { get; set; }
    public int PruneFrom { get; set; }
    public int PruneSteps { get; set; }
    public int Rows { get; set; }
class SparseSharp.InputAttribute
    public InputAttribute(params int[] dimensions)
    public int[] Dimensions { get; }
class SparseSharp.LayerNormAttribute
    public LayerNormAttribute(params int[] shape)
    public bool Affine { get; set; }
    public double Epsilon { get; set; }
    public int[] Shape { get; }
class SparseSharp.LearnedBlocksAttribute
    public LearnedBlocksAttribute()
    public bool Balanced { get; set; }
    public double Penalty { get; set; }
    public double Sparsity { get; set; }
    public int Cols { get; set; }
    public int PruneEvery { get; set; }
    public int PruneFrom { get; set; }
    public int PruneSteps { get; set; }
    public int Rows { get; set; }
class SparseSharp.LinearAttribute
    public LinearAttribute(int inputs, int outputs)
    public bool Bias { get; set; }
    public int Inputs { get; }
    public int Outputs { get; }
class SparseSharp.NMActivationsAttribute
    public NMActivationsAttribute(int keep, int group)
    public PruneAlong Along { get; set; }
    public bool StraightThrough { get; set; }
    public int Group { get; }
    public int Keep { get; }
class SparseSharp.NMGradientsAttribute
    public NMGradientsAttribute(int keep, int group)
    public int Group { get; }
    public int Keep { get; }
class SparseSharp.NMSparseAttribute
    public MaskPolicy Policy { get; set; }
    public NMSparseAttribute(int keep, int group)
    public bool Transposable { get; set; }
    public double Decay { get; set; }
    public double RegrowShare { get; set; }
    public int Group { get; }
    public int Keep { get; }
    public int RefreshEvery { get; set; }
class SparseSharp.OperationAttribute
    public OperationAttribute()
    public int Outputs { get; set; }
    public string? Gradient { get; set; }
class SparseSharp.Rbgp4BlocksAttribute
    public BaseGraph Base { get; set; }
    public Rbgp4BlocksAttribute()
    public double Sparsity { get; set; }
    public int[] Factors { get; set; }
    public ulong Seed { get; set; }
class SparseSharp.SparseModelAttribute
    public SparseModelAttribute()
    public Type? VariantOf { get; set; }
class SparseSharp.UniformBlocksAttribute
    public UniformBlocksAttribute()
    public bool Balanced { get; set; }
    public double Sparsity { get; set; }
    public int Cols { get; set; }
    public int Rows { get; set; }
enum SparseSharp.AfterZero
    FollowThreshold = 1
    FreezeMask = 0
enum SparseSharp.AnnealSchedule
    Constant = 4
    Cosine = 1
    Linear = 2
    Sigmoid = 3
    SigmoidCosine = 0
enum SparseSharp.BaseGraph
    GfLift = 0
    Lift2 = 1
    Permutation = 2
    Shift = 3
enum SparseSharp.Bfloat16Use
    None = 0
    Weights = 1
    WeightsAndActivations = 2
enum SparseSharp.BlockKind
    Hierarchical = 2
    Learned = 3
    RBGP4 = 0
    Uniform = 1
enum SparseSharp.BudgetScope
    OverModel = 1
    PerLayer = 0
enum SparseSharp.MaskPolicy
    BiMask = 6
    Regrow = 5
    SoftThreshold = 3
    SrSte = 2
    Static = 0
    Step = 4
    StraightThrough = 1
enum SparseSharp.NMAnnealing
    HardNM = 0
    Intersect = 2
    SoftNM = 1
enum SparseSharp.PruneAlong
    Batch = 1
    Features = 0
enum SparseSharp.RangeNorm
    AuthorCode = 2
    None = 0
    Paper = 1
enum SparseSharp.SamePadding
    Lower = 2
    None = 0
    Upper = 1
enum SparseSharp.ThresholdScope
    PerLayer = 1
    PerOutputChannel = 0
    PerWeight = 2
enum SparseSharp.UpsampleMode
    Bilinear = 1
    Nearest = 0
