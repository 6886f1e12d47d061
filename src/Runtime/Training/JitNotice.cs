using System.Diagnostics;
using System.Reflection;

namespace SparseSharp.Training;

/// <summary>Says so when the kernels of a model run without JIT optimization, which makes them about 50 times slower.</summary>
internal static class JitNotice
{
    private static int s_said;

    /// <summary>
    /// Writes one line per process if the assembly of a model is compiled without optimization or a debugger may hold it back.
    /// </summary>
    public static void Write(Assembly assembly, Action<string>? log)
    {
        if (Text(assembly, Debugger.IsAttached) is { } text && Interlocked.Exchange(ref s_said, 1) == 0)
            (log ?? Console.Error.WriteLine)(text);
    }

    internal static string? Text(Assembly assembly, bool debugged)
    {
        var name = assembly.GetName().Name;
        if (assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
        {
            return $"SparseSharp: {name} is compiled without JIT optimization, so its kernels run about 50 times slower. "
                + "Build it with -c Release, or let the generator keep the optimization on (SparseSharpFastDebug).";
        }
        return debugged
            ? $"SparseSharp: a debugger is attached; if it suppresses JIT optimization when {name} loads, the kernels run about 50 times slower."
            : null;
    }
}
