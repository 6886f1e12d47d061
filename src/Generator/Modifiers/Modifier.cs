using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SparseSharp.Generator.Reading;
using SparseSharp.Generator.Specs;

namespace SparseSharp.Generator.Modifiers;

/// <summary>
/// Something that attributes say of a weight matrix, whatever layer uses it: which weights exist, how they learn, how precise they are. On
/// a class such an attribute is the default of the layers. A modifier is a folder beside this file and a line in the <see
/// cref="Catalogue"/>.
/// </summary>
internal abstract class Modifier
{
    /// <summary>The attributes as users write them, for example <c>NMSparse</c>.</summary>
    public abstract ImmutableArray<string> Attributes { get; }

    /// <summary>The diagnostics that are reported for this modifier only.</summary>
    public abstract ImmutableArray<DiagnosticDescriptor> Diagnostics { get; }

    /// <summary>Whether it decides alone which weights exist, so that a matrix has one such modifier at most.</summary>
    public virtual bool DecidesMask => false;

    /// <summary>Whether <c>[Dense]</c> on the same layer says the opposite.</summary>
    public virtual bool ContradictsDense => DecidesMask;

    /// <summary>Whether <c>[Dense]</c> keeps a layer out of the default of its class.</summary>
    public virtual bool EndsAtDense => true;

    /// <summary>Reads an attribute; null where it is not valid, which is reported, or says that nothing is modified.</summary>
    public abstract ModifierSpec? Read(ModifierSource source, DiagnosticSink sink);

    /// <summary>The modified matrix; unchanged, and reported, where that is not possible.</summary>
    /// <param name="spec">What <see cref="Read"/> returned.</param>
    /// <param name="matrix">The matrix with the modifiers that come earlier in the catalogue.</param>
    /// <param name="use">Where the modifier comes from.</param>
    public abstract MatrixSpec Apply(ModifierSpec spec, MatrixSpec matrix, ModifierUse use);
}
