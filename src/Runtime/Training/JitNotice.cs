using System.Diagnostics;
using System.Reflection;

namespace SparseSharp.Training;

/// <summary>Says so when kernels run without JIT optimization, which makes them about 50 times slower.</summary>
internal static class JitNotice
{
    private static int s_said;

    /// <summary>
    /// Writes one line per process if the assembly of the kernels is compiled without optimization or a debugger may hold it back.
    /// </summary>
    public static void Write(Action<string>? log)
    {
        if (Text(typeof(JitNotice).Assembly, Debugger.IsAttached) is { } text && Interlocked.Exchange(ref s_said, 1) == 0)
            (log ?? Console.Error.WriteLine)(text);
    }

    internal static string? Text(Assembly kernels, bool debugged)
    {
        var name = kernels.GetName().Name;
        if (kernels.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
            return $"SparseSharp: {name} is compiled without JIT optimization, so its kernels run about 50 times slower; build it with -c "
                + "Release.";
        return debugged
            ? $"SparseSharp: a debugger is attached; if it suppresses JIT optimization when {name} loads, the kernels run about 50 times "
                + "slower."
            : null;
    }
}
