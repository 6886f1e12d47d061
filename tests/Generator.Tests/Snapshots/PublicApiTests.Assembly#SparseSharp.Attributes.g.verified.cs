//HintName: SparseSharp.Attributes.g.cs
class SparseSharp.DenseAttribute
    public DenseAttribute()
class SparseSharp.InputAttribute
    public InputAttribute(params int[] dimensions)
    public int[] Dimensions { get; }
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
class SparseSharp.SparseModelAttribute
    public SparseModelAttribute()
enum SparseSharp.BaseGraph
    GfLift = 0
    Lift2 = 1
    Permutation = 2
    Shift = 3
enum SparseSharp.MaskPolicy
    BiMask = 6
    Regrow = 5
    SoftThreshold = 3
    SrSte = 2
    Static = 0
    Step = 4
    StraightThrough = 1
enum SparseSharp.PruneAlong
    Batch = 1
    Features = 0
