using System.CommandLine;
using SparseSharp;

namespace Samples.Display;

/// <summary>Runs the command of a sample: errors are one line, and exit codes tell them apart.</summary>
public static class SampleCommand
{
    private const int Failed = 1;
    private const int BadInput = 2;
    private const int Cancelled = 130;

    /// <summary>Parses the arguments and runs the command.</summary>
    /// <param name="command">The command, whose action is <see cref="Run"/> with what the sample does.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(RootCommand command, string[] arguments)
    {
        var parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0)
            return Fail(parsed.Errors[0].Message, BadInput);
        return await parsed.InvokeAsync(new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(10), // Time to stop after Ctrl+C; a step takes less than a second.
        });
    }

    /// <summary>Does the work of a sample.</summary>
    /// <param name="work">Returns whether all went well.</param>
    /// <returns>The exit code.</returns>
    public static int Run(Func<bool> work)
    {
        try
        {
            return work() ? 0 : Failed;
        }
        catch (DivergenceException error)
        {
            return Fail(error.Message, Failed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fail(error.Message, BadInput);
        }
        catch (OperationCanceledException)
        {
            return Fail("Cancelled.", Cancelled);
        }
    }

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine(message.ReplaceLineEndings(" "));
        return exitCode;
    }
}
