using SparseSharp.Models.Tests.Training;

namespace SparseSharp.Models.Tests;

/// <summary>The test assembly run as a program: a process that its own tests can kill.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is not ["train", var checkpoint, var result])
            return 2;
        KilledTrainingTests.Train(checkpoint, result);
        return 0;
    }
}
