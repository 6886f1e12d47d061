namespace SparseSharp.Runtime.Tests.Data;

public sealed class MnistTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static byte[] Images(int count) => [0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, 1, 0, 0, 0, 2, .. new byte[count * 2]];

    private static byte[] Labels(params byte[] labels) => [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels];

    private void WriteAll()
    {
        _directory.Write("train-images-idx3-ubyte", Images(3));
        _directory.Write("train-labels.idx1-ubyte", Labels(1, 2, 9));
        _directory.Write("t10k-images.idx3-ubyte", Images(1));
        _directory.Write("t10k-labels-idx1-ubyte.gz", Labels(4));
    }

    [Fact]
    public void Finds_files_under_their_usual_names()
    {
        WriteAll();
        var (train, test) = Mnist.Load(_directory.Path);
        Assert.Equal((3, 2, 1), (train.Count, train.Features, test.Count));
        Assert.Equal([1, 2, 9], train.Labels.ToArray());
    }

    [Fact]
    public void Names_what_is_missing()
    {
        Assert.Contains("no such directory", Fault(_directory.File("nowhere")), StringComparison.Ordinal);
        WriteAll();
        File.Delete(_directory.File("t10k-images.idx3-ubyte"));
        var expected = _directory.File("t10k-images-idx3-ubyte");
        Assert.StartsWith($"{expected}: there is no such file", Fault(_directory.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_what_does_not_fit()
    {
        WriteAll();
        _directory.Write("t10k-labels-idx1-ubyte.gz", Labels(10));
        Assert.Contains("the label 10, but digits are 0 to 9", Fault(_directory.Path), StringComparison.Ordinal);
        _directory.Write("t10k-labels-idx1-ubyte.gz", Labels(4));
        _directory.Write("t10k-images.idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0]);
        Assert.Contains("1 pixels", Fault(_directory.Path), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Reads_the_real_files()
    {
        var directory = SharedData.Find("mnist");
        Skip.If(directory is null, "The MNIST files are not there.");
        var (train, test) = Mnist.Load(directory);
        Assert.Equal((60000, 10000, 784, 784), (train.Count, test.Count, train.Features, test.Features));
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], train.Labels[..10].ToArray());
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], test.Labels[..10].ToArray());
        var (_, mean, deviation) = train.Standardize();
        Assert.Equal(0.1307f, mean, 4);
        Assert.Equal(0.3081f, deviation, 4);
    }

    private static string Fault(string directory) => Assert.Throws<DataFileException>(() => Mnist.Load(directory)).Message;
}
