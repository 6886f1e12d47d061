using SparseSharp;
using TorchDigits;
using TorchSharp;
using static TorchSharp.torch;

if (args is not ([] or ["--data", _]))
{
    Console.Error.WriteLine("usage: TorchSharp.Digits [--data DIR]   (DIR has the four files of MNIST; without it digits are drawn)");
    return 2;
}

Digits train, test;
try
{
    (train, test) = Digits.Load(args.Length == 0 ? null : args[1]);
}
catch (DataFileException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

set_num_threads(Environment.ProcessorCount);
using var dense = nn.Sequential(
    ("stem", nn.Linear(784, 1024)), ("relu1", nn.ReLU()), ("mixer", nn.Linear(1024, 1024)), ("relu2", nn.ReLU()),
    ("head", nn.Linear(1024, 10)));
Training.Run("torch.nn.Linear", dense, afterStep: () => { }, train, test);

using var sparse = new DigitNet.TorchModule(seed: 1);
Training.Run("SparseSharp, 2:4", sparse, sparse.after_step, train, test);
return 0;
