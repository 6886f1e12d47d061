extern alias runtime;

using System.Reflection;
using SparseSharp.Generator.Layers;

namespace SparseSharp.Generator.Tests.Layers;

public sealed class CatalogueTests
{
    [Fact]
    public void EveryAttributeOfPropertiesAloneIsAKindOfLayer()
    {
        var attributes = typeof(LinearAttribute).Assembly.GetTypes()
            .Where(type => type.Namespace == "SparseSharp"
                && type.GetCustomAttribute<AttributeUsageAttribute>()?.ValidOn == AttributeTargets.Property)
            .Select(type => type.Name);
        Assert.Equal(attributes.Order(), Catalogue.All.Select(kind => kind.Name + "Attribute").Order());
    }

    [Fact]
    public void EveryKindHasALayerOfItsNameAtRunTime() => Assert.All(
        Catalogue.All,
        kind => Assert.True(
            typeof(runtime::SparseSharp.Linear).Assembly.GetType($"SparseSharp.{kind.Name}")
                ?.IsSubclassOf(typeof(runtime::SparseSharp.Layer))));

    [Fact]
    public void AKindIsFoundByItsLayerAndByItsAttribute()
    {
        Assert.All(Catalogue.All, kind => Assert.Same(kind, Catalogue.Find(kind.Name)));
        Assert.All(Catalogue.All, kind => Assert.Same(kind, Catalogue.FindAttribute(kind.Name + "Attribute")));
        Assert.Null(Catalogue.Find("LinearAttribute"));
        Assert.Null(Catalogue.FindAttribute("Linear"));
    }
}
