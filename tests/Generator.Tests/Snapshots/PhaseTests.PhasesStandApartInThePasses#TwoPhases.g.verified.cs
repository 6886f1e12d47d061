//HintName: TwoPhases.g.cs
[global::System.CodeDom.Compiler.GeneratedCode("SparseSharp.Generator", "0.1")]
static void global::SparseSharp.ISparseModel<global::Samples.Net>.Infer(global::Samples.Net model, in global::SparseSharp.Kernels.PanelPass pass)
{
    ref float input = ref pass.Slot(8);
    ref float h1 = ref pass.Slot(0);
    ref float output = ref pass.Slot(8);

    // 1: h1 = tanh(Layer0(input)): 4 -> 6, dense
    DenseKernelPass.Forward(model._layer0, in pass, ref input, ref h1, PassActivation.Tanh);
    pass.Sync();

    // 2: output = Layer1(h1): 6 -> 3, dense
    DenseKernelPass.Forward(model._layer1, in pass, ref h1, ref output, PassActivation.None);
}

[global::System.CodeDom.Compiler.GeneratedCode("SparseSharp.Generator", "0.1")]
static void global::SparseSharp.ISparseModel<global::Samples.Net>.Forward(global::Samples.Net model, in global::SparseSharp.Kernels.PanelPass pass)
{
    ref float input = ref pass.Slot(24);
    ref float h1 = ref pass.Slot(0);
    ref float h2 = ref pass.Slot(8);
    ref float output = ref pass.Slot(16);

    if (pass.Phase == 0)
    {
        // 1: h1 = tanh(Layer0(input)): 4 -> 6, dense
        DenseKernelPass.Forward(model._layer0, in pass, ref input, ref h1, PassActivation.Tanh);
    }

    if (pass.Phase == 1)
    {
        // 3: h2 = h1 - mean(h1)
        ElementwisePass.Center(in pass, x0, ref h1, ref h2, 6);
        pass.Sync();

        // 4: output = Layer1(h2): 6 -> 3, dense
        DenseKernelPass.Forward(model._layer1, in pass, ref h2, ref output, PassActivation.None);
    }
}

[global::System.CodeDom.Compiler.GeneratedCode("SparseSharp.Generator", "0.1")]
static void global::SparseSharp.ISparseModel<global::Samples.Net>.Backward(global::Samples.Net model, in global::SparseSharp.Kernels.PanelPass pass)
{
    ref float h1 = ref pass.Slot(0);
    ref float dOutput = ref pass.Slot(28);
    ref float dh2 = ref pass.Slot(16);
    ref float dh1 = ref pass.Slot(16);
    ref float dz1 = ref pass.Slot(16);

    if (pass.Phase == 1)
    {
        // 6: dh2 = transpose(Layer1) dOutput: 3 -> 6, dense
        DenseKernelPass.GradInput(model._layer1, in pass, ref dOutput, ref dh2, accumulate: false);
    }

    if (pass.Phase == 2)
    {
        // 8: dh1 = dh2 - mean(dh2)
        ElementwisePass.CenterGrad(in pass, dy0, ref dh2, ref dh1, 6, accumulate: false);
        pass.Sync();

        // 9: dz1 = dh1 * tanh'(h1)
        ElementwisePass.ActivateGrad(in pass, PassActivation.Tanh, ref dh1, ref h1, ref dz1, 6, accumulate: false);
    }
}

[global::System.CodeDom.Compiler.GeneratedCode("SparseSharp.Generator", "0.1")]
static void global::SparseSharp.ISparseModel<global::Samples.Net>.Reduce(global::Samples.Net model, in global::SparseSharp.Kernels.BatchPass batch)
{
    const int h1 = 0;
    const int dh2 = 16;

    if (batch.Phase == 0)
    {
        // mean(h1)
        Test.Mean(in batch, x0, h1);
    }

    if (batch.Phase == 1)
    {
        // mean(dh2)
        Test.Mean(in batch, dy0, dh2);
    }
}

[global::System.CodeDom.Compiler.GeneratedCode("SparseSharp.Generator", "0.1")]
static void global::SparseSharp.ISparseModel<global::Samples.Net>.GradWeights(global::Samples.Net model, in global::SparseSharp.Kernels.BatchPass batch)
{
    const int input = 24;
    const int h2 = 8;
    const int dOutput = 28;
    const int dz1 = 16;

    // Layer1: dOutput times h2
    DenseKernelPass.GradWeight(model._layer1, in batch, x: h2, dy: dOutput, accumulate: batch.Accumulate);

    // Layer0: dz1 times input
    DenseKernelPass.GradWeight(model._layer0, in batch, x: input, dy: dz1, accumulate: batch.Accumulate);
}
