using Cifar;
using SparseSharp;

const int Failed = 1;
const int BadInput = 2;
const int Cancelled = 130;

var parsed = CommandLine.Create(Run).Parse(args);
if (parsed.Errors.Count > 0)
    return Fail(parsed.Errors[0].Message, BadInput);
return await parsed.InvokeAsync(new()
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = TimeSpan.FromSeconds(10), // Time to stop after Ctrl+C; a step takes less than one.
});

static int Run(Settings settings, CancellationToken cancellation)
{
    try
    {
        Comparison.Run(settings, cancellation);
        return 0;
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

static int Fail(string message, int exitCode)
{
    Console.Error.WriteLine(message.ReplaceLineEndings(" "));
    return exitCode;
}
