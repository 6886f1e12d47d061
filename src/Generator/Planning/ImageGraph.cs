using SparseSharp.Generator.Operations;
using SparseSharp.Generator.Specs;
using SparseSharp.Settings;

namespace SparseSharp.Generator.Planning;

/// <summary>
/// A graph in which it is known of each value whether it lies in a panel as an image or as rows of features: between the two are nodes that
/// move it. Where no operation looks at images, nothing is one.
/// </summary>
/// <param name="Graph">The graph.</param>
/// <param name="Layouts">Per node.</param>
/// <param name="ReadBorders">Per node: lines around it that its readers take for padding.</param>
/// <param name="Parts">How images are cut where a prediction has few samples.</param>
internal sealed record ImageGraph(
    GraphSpec Graph, EquatableArray<ValueLayout> Layouts, EquatableArray<int> ReadBorders, PartPlan Parts)
{
    public static ImageGraph Of(GraphSpec graph, EquatableArray<LayerSpec> layers)
    {
        if (graph.Nodes.Any(node => node.Operation.TakesImages))
            graph = new Builder(graph, ShapeInference.Infer(graph, layers).Shapes).Run();
        var shapes = ShapeInference.Infer(graph, layers).Shapes;
        var isImage = new bool[shapes.Count];
        for (var index = 0; index < isImage.Length; index++)
        {
            var node = graph.Nodes[index];
            isImage[index] = GivesImage(node.Operation, shapes[index], node.Operands.Select(operand => isImage[operand]));
        }
        var borders = Borders(graph, shapes, layers);
        var parts = PartPlan.Of(graph, shapes, isImage, layers);
        return new(
            graph,
            shapes.Select((shape, index) => isImage[index] ? Image(shape) : new ValueLayout(shape.Features)).ToEquatableArray(),
            ReadBordersOf(graph, shapes, layers).ToEquatableArray(),
            parts);

        ValueLayout Image(Shape shape) => new(shape.Features, Lines(shape))
        {
            Parts = parts.SizeOf(shape.Dimensions[1], shape.Dimensions[2]),
        };

        ImageLines Lines(Shape shape)
        {
            var (rows, columns) = (shape.Dimensions[1], shape.Dimensions[2]);
            return new(shape.Dimensions[0], rows, columns, borders.TryGetValue((rows, columns), out var border) ? border : 0);
        }
    }

    /// <summary>Whether a result lies as an image.</summary>
    private static bool GivesImage(Operation operation, Shape shape, IEnumerable<bool> operands) =>
        operation.TakesImages || operation is ToImage ? shape.IsImage
        : operation is not ToRows && !operation.TakesRows && shape.IsImage && operands.Any() && operands.All(isImage => isImage);

    /// <summary>
    /// The lines around images by their size: as many as any of that size needs, so that values which meet in a sum lie alike.
    /// </summary>
    private static Dictionary<(int Rows, int Columns), int> Borders(
        GraphSpec graph, EquatableArray<Shape> shapes, EquatableArray<LayerSpec> layers)
    {
        var borders = new Dictionary<(int, int), int>();
        for (var index = 0; index < shapes.Count; index++)
        {
            var node = graph.Nodes[index];
            if (!node.Operation.TakesImages)
                continue;
            foreach (var operand in node.Operands)
                Need(shapes[operand], node.Operation.OperandBorder(shapes[operand], layers));
            Need(shapes[index], node.Operation.GradientBorder(shapes[node.Operands[0]], layers));
        }
        return borders;

        void Need(Shape shape, int border)
        {
            if (!shape.IsImage)
                return;
            var size = (shape.Dimensions[1], shape.Dimensions[2]);
            borders[size] = Math.Max(border, borders.TryGetValue(size, out var known) ? known : 0);
        }
    }

    private static int[] ReadBordersOf(GraphSpec graph, EquatableArray<Shape> shapes, EquatableArray<LayerSpec> layers)
    {
        var read = new int[shapes.Count];
        foreach (var node in graph.Nodes.Where(node => node.Operation.TakesImages))
        {
            foreach (var operand in node.Operands)
                read[operand] = Math.Max(read[operand], node.Operation.OperandBorder(shapes[operand], layers));
        }
        return read;
    }

    /// <summary>Puts nodes between values and operations that want them otherwise.</summary>
    private sealed class Builder(GraphSpec graph, EquatableArray<Shape> shapes)
    {
        private readonly List<NodeSpec> _nodes = [];
        private readonly List<bool> _isImage = [];
        private readonly Dictionary<int, int> _moved = [];
        private readonly int[] _places = new int[graph.Nodes.Count];

        public GraphSpec Run()
        {
            for (var index = 0; index < _places.Length; index++)
            {
                var node = graph.Nodes[index];
                var wantsImage = WantsImages(node);
                var operands = node.Operands.Select(operand => As(operand, wantsImage)).ToArray();
                _places[index] = Add(new(node.Operation, operands), shapes[index]);
            }
            // The output leaves the model as rows.
            if (_isImage[_isImage.Count - 1])
                As(_places.Length - 1, image: false);
            return new(_nodes.ToEquatableArray());
        }

        /// <summary>Whether a node takes its operands as images: operations on numbers do if one is, and all are alike.</summary>
        private bool WantsImages(NodeSpec node)
        {
            if (node.Operation.TakesImages)
                return true;
            if (node.Operation.TakesRows || node.Operands.Count == 0)
                return false;
            var first = shapes[node.Operands[0]];
            return node.Operands.All(operand => IsAlike(shapes[operand])) && node.Operands.Any(operand => _isImage[_places[operand]]);

            bool IsAlike(Shape shape) => node.Operation.MovesChannels ? shape.IsImage : shape.Equals(first);
        }

        private int As(int operand, bool image)
        {
            var place = _places[operand];
            if (_isImage[place] == image || !shapes[operand].IsImage)
                return place;
            if (!_moved.TryGetValue(place, out var moved))
            {
                moved = Add(new(image ? new ToImage() : new ToRows(), place), shapes[operand]);
                _moved.Add(place, moved);
            }
            return moved;
        }

        private int Add(NodeSpec node, Shape shape)
        {
            _isImage.Add(GivesImage(node.Operation, shape, node.Operands.Select(operand => _isImage[operand])));
            _nodes.Add(node);
            return _nodes.Count - 1;
        }
    }
}
