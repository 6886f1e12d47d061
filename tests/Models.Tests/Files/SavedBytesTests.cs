using System.Reflection;
using System.Security.Cryptography;
using SparseSharp.Models.Tests.Annealing;
using SparseSharp.Models.Tests.Behaviour;
using SparseSharp.Models.Tests.Blocks;
using SparseSharp.Models.Tests.Precision;
using SparseSharp.Models.Tests.Training;

namespace SparseSharp.Models.Tests.Files;

/// <summary>Files of models and trainings have the bytes that they always had, in every format of weights.</summary>
public sealed class SavedBytesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sparsesharp-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <param name="model">The model, as it is made.</param>
    /// <param name="kept">Digest of its file.</param>
    /// <param name="dense">Digest of its file with all weights.</param>
    /// <param name="training">Digest of the checkpoint of a training that has not begun.</param>
    [Theory]
    [InlineData(typeof(MixedNet), "6b1d3ce7f4e7bad2", "d10f558092ad668d", "064b4e3479ef9035")]
    [InlineData(typeof(BlockNet), "c78a5af19da1f5f2", "e26f3b8d00b5e4a8", "098afe0312967ce6")]
    [InlineData(typeof(Aimed), "0ccdbb58615027cb", "129fd6b053d09fdf", "55c8d2726146125a")]
    [InlineData(typeof(AnnealedPattern), "a590ce2fca567f8b", "81eaf514a1bfe398", "5ac88dbc66fcd219")]
    [InlineData(typeof(AnnealedByWeight), "40cea7c18134cb15", "ba7eae36775d8f14", "7d221d833bdada75")]
    [InlineData(typeof(AnnealedReached), "8c408de7025e91d3", "8bf36c18461071c6", "e360b39473cc6e6c")]
    [InlineData(typeof(AnnealedBudget), "ded6f1f2bd0cc0b4", "1020024c956da8a5", "86f9efd98dd67494")]
    [InlineData(typeof(RoundedKept), "e62edc6f83baa0fa", "f6b620fc90166d99", "f320814923988c37")]
    [InlineData(typeof(RoundedTwice), "4c69bfe297cea27a", "b21b02f8f3a5cb9b", "b80f9caae5216d6c")]
    [InlineData(typeof(RoundedSoft), "963166f0ef1d1222", "0243010685f8ae4c", "8f800ac28caf946c")]
    [InlineData(typeof(RoundedLearned), "fc7e34af47dc3fcf", "2af824f111e3fc9f", "1a60e50c7d53ccac")]
    [InlineData(typeof(MixedPolicies), "70f0e9257dc22d7e", "f70985391a9d7ffc", "b7497675d87bbdc0")]
    public void Files_have_the_bytes_of_before(Type model, string kept, string dense, string training) =>
        Assert.Equal(
            [kept, dense, training],
            (string[])typeof(SavedBytesTests).GetMethod(
                nameof(Digests), BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(model).Invoke(this, [])!);

    private string[] Digests<TModel>()
        where TModel : class, ISparseModel<TModel>, IDisposable
    {
        var path = Path.Combine(_directory, "file");
        using var model = TModel.Create(seed: 1);
        using var trainer = new Trainer<TModel>(
            model, Loss.SoftmaxCrossEntropy, new AdamW(1e-2f),
            new TrainerOptions { EarlyStopping = new(5, RestoreBest: true), Log = _ => { } });
        return [Digest(() => ModelFile.Save(model, path)), Digest(() => ModelFile.Save(model, path, dense: true)),
            Digest(() => trainer.SaveCheckpoint(path))];

        string Digest(Action save)
        {
            save();
            return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..16];
        }
    }
}
