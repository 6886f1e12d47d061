using System.Globalization;
using SparseSharp.Kernels;

namespace SparseSharp.Training;

/// <summary>The parameter groups of a training, with the places of their layers in the model.</summary>
internal sealed class GroupedLayers
{
    private readonly ILayer[] _layers;
    private readonly ParameterGroup?[] _groups;
    private readonly ModelDescriptor _descriptor;

    /// <param name="model">The model that is trained.</param>
    /// <param name="descriptor">Its layer table.</param>
    /// <param name="groups">The groups.</param>
    /// <exception cref="ArgumentException">A layer is not one of the model, or is in two groups.</exception>
    public GroupedLayers(ISparseModel model, ModelDescriptor descriptor, IReadOnlyList<ParameterGroup> groups)
    {
        _layers = [.. model.Layers];
        _groups = new ParameterGroup?[_layers.Length];
        _descriptor = descriptor;
        for (var number = 0; number < groups.Count; number++)
        {
            foreach (var layer in groups[number].Layers)
            {
                var place = Array.IndexOf(_layers, layer);
                if (place < 0)
                    throw new ArgumentException($"Group {number} of {nameof(TrainerOptions)}.{nameof(TrainerOptions.Groups)} has a layer ({layer?.ToString() ?? "null"}) that is none of {descriptor.Name}: take it from the model that is trained.");
                if (_groups[place] is not null)
                    throw new ArgumentException($"Layer {descriptor.Layers[place].Path} is in two groups of {nameof(TrainerOptions)}.{nameof(TrainerOptions.Groups)}: leave it in one.");
                _groups[place] = groups[number];
            }
        }
    }

    /// <summary>Gives the layers what their groups say: a training before may have had others.</summary>
    public void Apply()
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            foreach (var part in _layers[i].Parts.Learned)
            {
                part.RateFactor = (float)(_groups[i]?.RateFactor ?? 1);
                part.Decays = _groups[i]?.Decays ?? true;
            }
        }
    }

    /// <summary>For example <c>First.Stem 0.1, Head 1 without decay</c>, and <c>none</c> where there are no groups.</summary>
    public override string ToString()
    {
        var texts =
            from i in Enumerable.Range(0, _layers.Length)
            let grouped = _groups[i]
            where grouped is not null
            select string.Create(
                CultureInfo.InvariantCulture,
                $"{_descriptor.Layers[i].Path} {grouped.RateFactor}{(grouped.Decays ? "" : " without decay")}");
        return string.Join(", ", texts) is { Length: > 0 } text ? text : CheckpointFormat.None;
    }
}
