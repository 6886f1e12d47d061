using SparseSharp.Kernels;
using SparseSharp.Masks.Search;
using SparseSharp.Matrices;
using SparseSharp.Workers;

namespace SparseSharp.Training;

/// <summary>Moving averages of all that learns in a model, and a second model with them, made when it is asked for.</summary>
/// <typeparam name="TModel">The model class.</typeparam>
internal sealed class WeightAverages<TModel> : ISharedWork, IDisposable
    where TModel : class, ISparseModel<TModel>
{
    /// <summary>Values that one thread averages in less time than it takes to wake another.</summary>
    private const long WorthAnotherThread = 1 << 15;

    private readonly TModel _model;
    private readonly ParameterAverage[][] _layers;
    private readonly float _rate;
    private readonly long _count;
    private readonly Loss _loss;
    private TModel? _averaged;
    private DatasetEvaluation<TModel>? _evaluation;

    /// <param name="model">The model that is trained.</param>
    /// <param name="loss">What evaluations compute.</param>
    /// <param name="average">How its weights are averaged.</param>
    public WeightAverages(TModel model, Loss loss, Average average)
    {
        (_model, _loss) = (model, loss);
        _rate = (float)(1 - average.Decay);
        _layers =
        [
            .. model.Layers.Select(
                layer => layer.Parts.LearnedParameters.Select(learned => new ParameterAverage(learned.Part, learned.Parameter)).ToArray()),
        ];
        _count = model.Layers.Sum(layer => layer.Parameters.Sum(parameter => (long)parameter.Length));
    }

    /// <summary>Whether there was a step; before that, the average is the weights as they are.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Forgets the steps so far.</summary>
    public void Restart() => IsStarted = false;

    /// <summary>Adds the weights after a step.</summary>
    public void Add(WorkerPool workers)
    {
        foreach (var layer in _layers)
        {
            foreach (var average in layer)
            {
                if (IsStarted)
                    average.Align();
                else
                    average.Restart();
            }
        }
        if (IsStarted && _count > WorthAnotherThread)
            workers.Run(this);
        else if (IsStarted)
            Run(0, 1);
        IsStarted = true;
    }

    /// <inheritdoc/>
    public void Run(int worker, int workers)
    {
        foreach (var layer in _layers)
        {
            foreach (var average in layer)
                average.Add(_rate, worker, workers);
        }
    }

    /// <summary>
    /// What the model would hold with the averages as its weights: under the masks that it has, but where an N:M mask follows its weights,
    /// under the one of the averages.
    /// </summary>
    public ModelSnapshot Snapshot()
    {
        var snapshot = ModelSnapshot.Of(_model);
        for (var i = 0; IsStarted && i < _layers.Length; i++)
        {
            var (layer, state) = (_model.Layers[i], snapshot.Layers[i]);
            foreach (var average in _layers[i])
                average.Export(state.Change(average.Parameter.Name));
            foreach (var weights in layer.Parts.Matrices)
            {
                if (weights.Pattern is NMPattern { KeepsMaskedWeights: true, Annealed: null } pattern && !state.IsUnmasked)
                    FindMask(pattern, state);
            }
        }
        return snapshot;
    }

    /// <summary>Takes averages that a snapshot holds.</summary>
    public void Take(ModelSnapshot snapshot)
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            foreach (var average in _layers[i])
                average.Import(snapshot.Layers[i].Change(average.Parameter.Name));
        }
        IsStarted = true;
    }

    /// <summary>A model with the averages as its weights, which the next call changes.</summary>
    public TModel Model()
    {
        _averaged ??= TModel.Create(seed: 0);
        Snapshot().Restore(_averaged);
        return _averaged;
    }

    /// <summary>A new model with the averages as its weights.</summary>
    public TModel Copy()
    {
        var copy = TModel.Create(seed: 0);
        Snapshot().Restore(copy);
        return copy;
    }

    /// <summary>Loss and accuracy of a dataset, which was checked, with the averages as weights.</summary>
    public EvaluationReport Evaluate(Dataset data)
    {
        var model = Model();
        _evaluation ??= new DatasetEvaluation<TModel>(new Predictor<TModel>(model), _loss);
        return _evaluation.Run(data);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var average in _layers.SelectMany(layer => layer))
            average.Dispose();
        _evaluation?.Dispose();
        foreach (var layer in _averaged?.Layers ?? [])
            layer.Dispose();
    }

    private static unsafe void FindMask(NMPattern pattern, LayerState state)
    {
        var mask = state.Mask!;
        fixed (float* dense = state.Change(StateNames.Weight))
        {
            MaskSearch.Find(pattern.Shape, dense, mask.Columns, 0, mask.Rows, mask, mask.Copy(), "average of the weight");
            if (pattern.Policy == MaskPolicy.BiMask)
                PermutedColumns.Find(pattern.Shape, dense, mask, 0, state.Bits(StateNames.SecondMask, mask.Rows, mask.Columns));
        }
    }
}
