using System.Reflection;
using SparseSharp.Generator.Modifiers;
using SparseSharp.Generator.Modifiers.BlockSparse;
using SparseSharp.Generator.Modifiers.NMSparse;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Tests.Modifiers;

public sealed class CatalogueTests
{
    /// <summary>What can stand on a class and on a layer is a default and its exception: a modifier.</summary>
    [Fact]
    public void EveryAttributeOfClassesAndLayersIsOfAModifierButForDense()
    {
        var attributes = typeof(LinearAttribute).Assembly.GetTypes()
            .Where(
                type => type.GetCustomAttribute<AttributeUsageAttribute>()?.ValidOn == (AttributeTargets.Class | AttributeTargets.Property))
            .Where(type => type.Namespace == "SparseSharp" && type != typeof(DenseAttribute))
            .Select(type => type.Name);
        Assert.Equal(attributes.Order(), Catalogue.All.SelectMany(modifier => modifier.Attributes)
            .Select(name => name + "Attribute")
            .Order());
    }

    [Fact]
    public void AModifierHasAFolderOfItsOwn() =>
        Assert.Equal(Catalogue.All.Count, Catalogue.All.Select(modifier => modifier.GetType().Namespace).Distinct().Count());

    [Fact]
    public void MatricesWithEqualModifiersAreEqual()
    {
        Assert.Equal(Matrix(rows: 4), Matrix(rows: 4));
        Assert.Equal(Matrix(rows: 4).GetHashCode(), Matrix(rows: 4).GetHashCode());
        Assert.NotEqual(Matrix(rows: 4), Matrix(rows: 8));
        Assert.NotEqual(Matrix(rows: 4), new MatrixSpec(64, 64, new NMSpec(2, 4, false, MaskPolicy.SrSte, 1, 0)));

        static MatrixSpec Matrix(int rows) => new(64, 64, new UniformSpec(rows, 4, 0.5, true));
    }
}
