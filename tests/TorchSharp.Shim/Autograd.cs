using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        private static int s_nodes;

        /// <summary>Runs the nodes that lead to a tensor, latest first.</summary>
        internal static void Run(Tensor output, Tensor gradient)
        {
            var pending = new SortedDictionary<int, (Node Node, Tensor Gradient)>(Comparer<int>.Create((a, b) => b.CompareTo(a)));
            Send(output, gradient);
            while (pending.Count > 0)
            {
                var (key, (node, sum)) = pending.First();
                pending.Remove(key);
                var gradients = node.Backward(node.Context, sum);
                if (gradients.Count != node.Arguments.Length)
                    throw new NotImplementedException(
                        $"returned an incorrect number of gradients (expected {node.Arguments.Length}), got {gradients.Count}");
                for (var i = 0; i < gradients.Count; i++)
                {
                    if (gradients[i] is null)
                        continue;
                    if (node.Arguments[i] is not Tensor argument)
                        throw new NotImplementedException($"returned a gradient that is defined at position {i + 1}, but the corresponding "
                            + "forward input was not a Tensor");
                    Send(argument, gradients[i]);
                }
                sum.Dispose();
            }

            void Send(Tensor target, Tensor value)
            {
                if (target.Node is { } node)
                {
                    var known = pending.TryGetValue(node.Number, out var before);
                    pending[node.Number] = (node, known ? Sum(before.Gradient, value) : Copy(value));
                    before.Gradient?.Dispose();
                }
                else if (target.requires_grad)
                {
                    var before = target.grad;
                    target.grad = before is null ? Copy(value) : Sum(before, value);
                    before?.Dispose();
                }
            }
        }

        private static Tensor Copy(Tensor tensor) => empty(tensor.shape).copy_(tensor).DetachFromDisposeScope();

        private static Tensor Sum(Tensor left, Tensor right)
        {
            var sum = Copy(left);
            var target = MemoryMarshal.Cast<byte, float>(sum.bytes);
            var source = MemoryMarshal.Cast<byte, float>(right.bytes);
            for (var i = 0; i < target.Length; i++)
                target[i] += source[i];
            return sum;
        }

        public class AutogradContext
        {
            private readonly Dictionary<string, object> _data = [];

            public void save_data(string key, object value) => _data[key] = value;

            public object get_data(string key) => _data[key];
        }

        public abstract class Function<T>
            where T : Function<T>, new()
        {
            internal static T Instance { get; } = new();

            public abstract string Name { get; }
        }

        public abstract class SingleTensorFunction<T> : Function<T>
            where T : SingleTensorFunction<T>, new()
        {
            public static Tensor apply(params object[] vars)
            {
                var context = new AutogradContext();
                Tensor inner;
                using (no_grad())
                    inner = Instance.forward(context, vars);
                var output = inner.Alias();
                if (is_grad_enabled() && vars.Any(argument => argument is Tensor { requires_grad: true }))
                {
                    output.requires_grad = true;
                    output.Node = new(Interlocked.Increment(ref s_nodes), vars, context, Instance.backward);
                }
                return output;
            }

            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);
        }

        internal sealed record Node(
            int Number, object[] Arguments, AutogradContext Context, Func<AutogradContext, Tensor, List<Tensor>> Backward);
    }
}
