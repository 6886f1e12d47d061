using SparseSharp;

namespace Networks;

/// <summary>ResNet-56 for images of 32 x 32 (He et al., 2016): 9 blocks in each stage.</summary>
[SparseModel]
public sealed partial class ResNet56
{
    [Conv2d(3, 16, Padding = 1, Bias = false), Dense] public partial Conv2d Conv1 { get; }
    [BatchNorm2d(16)] public partial BatchNorm2d Bn1 { get; }

    public partial BasicBlock16 Layer1Block0 { get; }
    public partial BasicBlock16 Layer1Block1 { get; }
    public partial BasicBlock16 Layer1Block2 { get; }
    public partial BasicBlock16 Layer1Block3 { get; }
    public partial BasicBlock16 Layer1Block4 { get; }
    public partial BasicBlock16 Layer1Block5 { get; }
    public partial BasicBlock16 Layer1Block6 { get; }
    public partial BasicBlock16 Layer1Block7 { get; }
    public partial BasicBlock16 Layer1Block8 { get; }

    public partial BasicBlock32Down Layer2Block0 { get; }
    public partial BasicBlock32 Layer2Block1 { get; }
    public partial BasicBlock32 Layer2Block2 { get; }
    public partial BasicBlock32 Layer2Block3 { get; }
    public partial BasicBlock32 Layer2Block4 { get; }
    public partial BasicBlock32 Layer2Block5 { get; }
    public partial BasicBlock32 Layer2Block6 { get; }
    public partial BasicBlock32 Layer2Block7 { get; }
    public partial BasicBlock32 Layer2Block8 { get; }

    public partial BasicBlock64Down Layer3Block0 { get; }
    public partial BasicBlock64 Layer3Block1 { get; }
    public partial BasicBlock64 Layer3Block2 { get; }
    public partial BasicBlock64 Layer3Block3 { get; }
    public partial BasicBlock64 Layer3Block4 { get; }
    public partial BasicBlock64 Layer3Block5 { get; }
    public partial BasicBlock64 Layer3Block6 { get; }
    public partial BasicBlock64 Layer3Block7 { get; }
    public partial BasicBlock64 Layer3Block8 { get; }

    [Linear(64, 10), Dense] public partial Linear Linear { get; }

    private Activation Forward([Input(3, 32, 32)] Activation image)
    {
        var x = image.Through(Conv1).Through(Bn1).Relu();
        x = x.Through(Layer1Block0).Through(Layer1Block1).Through(Layer1Block2).Through(Layer1Block3).Through(Layer1Block4)
            .Through(Layer1Block5).Through(Layer1Block6).Through(Layer1Block7).Through(Layer1Block8);
        x = x.Through(Layer2Block0).Through(Layer2Block1).Through(Layer2Block2).Through(Layer2Block3).Through(Layer2Block4)
            .Through(Layer2Block5).Through(Layer2Block6).Through(Layer2Block7).Through(Layer2Block8);
        x = x.Through(Layer3Block0).Through(Layer3Block1).Through(Layer3Block2).Through(Layer3Block3).Through(Layer3Block4)
            .Through(Layer3Block5).Through(Layer3Block6).Through(Layer3Block7).Through(Layer3Block8);
        return x.GlobalAveragePool().Through(Linear);
    }
}
