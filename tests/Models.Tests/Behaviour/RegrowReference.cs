using SparseSharp.Kernels;
using SparseSharp.Masks.Search;
using SparseSharp.Models.Tests.Testing;

namespace SparseSharp.Models.Tests.Behaviour;

/// <summary>
/// What <see cref="MaskPolicy.Regrow"/> does to a model of one linear layer without bias, in double precision and on dense arrays.
/// </summary>
internal sealed class RegrowReference
{
    private readonly NMPattern _pattern;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly double _momentum;

    public RegrowReference(Linear layer, double momentum)
    {
        (_pattern, _inputs, _outputs, _momentum) = (layer.NMPattern(), layer.Inputs, layer.Outputs, momentum);
        Weight = [.. layer.Weight.ToArray().Select(value => (double)value)];
        Velocity = new double[Weight.Length];
        Mask = layer.Mask!.Copy();
    }

    public double[] Weight { get; }

    public double[] Velocity { get; }

    public Mask Mask { get; private set; }

    /// <summary>Descent on the mean squared error of a batch and, where it is due, the next mask.</summary>
    /// <param name="batch">Inputs and targets.</param>
    /// <param name="step">Number of the step.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="share">That rate as a share of the base rate.</param>
    public void Step(Batch batch, long step, double rate, double share)
    {
        var gradient = Gradient(batch);
        for (var i = 0; i < Weight.Length; i++)
        {
            if (!Kept(i))
                continue;
            Velocity[i] = (_momentum * Velocity[i]) + gradient[i];
            Weight[i] -= rate * Velocity[i];
        }
        if (step % _pattern.RefreshEvery == 0)
            Refresh(gradient, share);
    }

    private bool Kept(int i) => Mask[i / _inputs, i % _inputs];

    private double[] Gradient(Batch batch)
    {
        var gradient = new double[Weight.Length];
        for (var sample = 0; sample < batch.Count; sample++)
        {
            var x = batch.Inputs.Slice(sample * _inputs, _inputs);
            for (var row = 0; row < _outputs; row++)
            {
                var y = 0.0;
                for (var column = 0; column < _inputs; column++)
                    y += Weight[(row * _inputs) + column] * x[column];
                var slope = 2 * (y - batch.Targets[(sample * _outputs) + row]) / _outputs / batch.Count;
                for (var column = 0; column < _inputs; column++)
                    gradient[(row * _inputs) + column] += slope * x[column];
            }
        }
        return gradient;
    }

    /// <summary>Gradients are weighed against weights within each group of rows that is searched at once.</summary>
    private void Refresh(double[] gradient, double share)
    {
        var scores = new double[Weight.Length];
        var rows = _pattern.Transposable && PanelGeometry.DepthBlock % _pattern.Group != 0 ? _outputs : PanelGeometry.DepthBlock;
        for (var first = 0; first < _outputs; first += rows)
        {
            var (start, end) = (first * _inputs, Math.Min(_outputs, first + rows) * _inputs);
            var places = Enumerable.Range(start, end - start);
            var weight = places.Where(Kept).Average(i => Math.Abs(Weight[i]));
            var factor = _pattern.RegrowShare * share * weight / places.Average(i => Math.Abs(gradient[i]));
            foreach (var i in places)
                scores[i] = Kept(i) ? Math.Abs(Weight[i]) : factor * Math.Abs(gradient[i]);
        }
        var next = Best(scores);
        for (var i = 0; i < Weight.Length; i++)
        {
            if (!Kept(i) || !next[i / _inputs, i % _inputs])
                (Weight[i], Velocity[i]) = (0, 0);
        }
        Mask = next;
    }

    private unsafe Mask Best(double[] scores)
    {
        var mask = new Mask(_outputs, _inputs);
        if (!_pattern.Transposable)
            BestOfRows(scores, mask);
        else if (_pattern is { Keep: 2, Group: 4 })
            BestOfTiles(scores, mask);
        else
        {
            // The solver has its own oracle in its own tests.
            fixed (float* values = scores.Select(score => (float)score).ToArray())
                MaskSearch.Find(_pattern.Shape, values, _inputs, 0, _outputs, mask, null, "scores");
        }
        return mask;
    }

    private void BestOfRows(double[] scores, Mask mask)
    {
        for (var start = 0; start < scores.Length; start += _pattern.Group)
        {
            foreach (var i in Enumerable.Range(start, _pattern.Group).OrderByDescending(i => scores[i]).Take(_pattern.Keep))
                mask[i / _inputs, i % _inputs] = true;
        }
    }

    /// <summary>Tries every choice of two columns in each of four rows.</summary>
    private void BestOfTiles(double[] scores, Mask mask)
    {
        int[] pairs = [3, 5, 9, 6, 10, 12];
        for (var row = 0; row < _outputs; row += 4)
        {
            for (var column = 0; column < _inputs; column += 4)
            {
                var (best, found) = (-1.0, 0);
                for (var choice = 0; choice < 6 * 6 * 6 * 6; choice++)
                {
                    int[] rows = [pairs[choice / 216], pairs[choice / 36 % 6], pairs[choice / 6 % 6], pairs[choice % 6]];
                    if (Enumerable.Range(0, 4).Any(bit => rows.Sum(kept => kept >> bit & 1) != 2))
                        continue;
                    var mass = 0.0;
                    for (var i = 0; i < 16; i++)
                        mass += (rows[i / 4] >> (i % 4) & 1) * scores[((row + (i / 4)) * _inputs) + column + (i % 4)];
                    if (mass > best)
                        (best, found) = (mass, choice);
                }
                int[] winner = [pairs[found / 216], pairs[found / 36 % 6], pairs[found / 6 % 6], pairs[found % 6]];
                for (var i = 0; i < 16; i++)
                    mask[row + (i / 4), column + (i % 4)] = (winner[i / 4] >> (i % 4) & 1) != 0;
            }
        }
    }
}
