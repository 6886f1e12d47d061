using Cifar;
using Samples.Display;

var command = CommandLine.Create((settings, cancellation) => SampleCommand.Run(() => Comparison.Run(settings, cancellation)));
return await SampleCommand.RunAsync(command, args);
