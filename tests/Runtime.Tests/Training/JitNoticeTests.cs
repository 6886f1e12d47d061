using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;
using SparseSharp.Training;

namespace SparseSharp.Runtime.Tests.Training;

public sealed class JitNoticeTests
{
    [Fact]
    public void An_assembly_without_optimization_is_named()
    {
        var text = JitNotice.Text(
            Assembly(DebuggableAttribute.DebuggingModes.Default | DebuggableAttribute.DebuggingModes.DisableOptimizations), false);
        Assert.Contains("Slow.Models", text);
        Assert.Contains("-c Release", text);
    }

    [Fact]
    public void An_optimized_assembly_is_not_worth_a_word() =>
        Assert.Null(JitNotice.Text(Assembly(DebuggableAttribute.DebuggingModes.IgnoreSymbolStoreSequencePoints), false));

    [Fact]
    public void A_debugger_is_mentioned() =>
        Assert.Contains("debugger", JitNotice.Text(Assembly(DebuggableAttribute.DebuggingModes.IgnoreSymbolStoreSequencePoints), true));

    /// <summary>Whatever the configuration, and whatever the configuration of a program that uses it.</summary>
    [Fact]
    public void The_library_is_optimized() => Assert.Null(JitNotice.Text(typeof(JitNotice).Assembly, false));

    private static AssemblyBuilder Assembly(DebuggableAttribute.DebuggingModes modes) => AssemblyBuilder.DefineDynamicAssembly(
        new AssemblyName("Slow.Models"),
        AssemblyBuilderAccess.Run,
        [new CustomAttributeBuilder(typeof(DebuggableAttribute).GetConstructor([typeof(DebuggableAttribute.DebuggingModes)])!, [modes])]);
}
