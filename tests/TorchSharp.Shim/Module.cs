using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public class Module : IDisposable
        {
            private readonly Dictionary<string, Parameter> _parameters = [];
            private readonly Dictionary<string, (Tensor Tensor, bool Persistent)> _buffers = [];
            private readonly Dictionary<string, Module> _modules = [];

            protected Module(string name) => Name = name;

            public virtual bool training { get; private set; } = true;

            private string Name { get; }

            public virtual string GetName() => Name;

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var module in _modules.Values)
                    module.train(train);
            }

            public virtual void eval() => train(false);

            public virtual void register_parameter(string name, Parameter param)
            {
                if (!_parameters.TryAdd(name, param))
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (!_buffers.TryAdd(name, (tensor, persistent)))
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            public virtual void register_module(string name, Module submodule)
            {
                submodule.RegisterComponents();
                _modules.Add(name, submodule);
            }

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                _parameters.Select(entry => (entry.Key, entry.Value))
                    .Concat(_modules.SelectMany(
                        child => child.Value.named_parameters().Select(entry => ($"{child.Key}.{entry.name}", entry.parameter))));

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(entry => entry.parameter);

            public virtual Tensor? get_buffer(string target) => _buffers.TryGetValue(target, out var buffer) ? buffer.Tensor : null;

            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                foreach (var (name, parameter) in named_parameters())
                    destination.TryAdd(string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}", parameter);
                foreach (var (name, buffer) in _buffers.Where(entry => entry.Value.Persistent))
                    destination.TryAdd(string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}", buffer.Tensor);
                foreach (var (name, module) in _modules)
                    module.state_dict(destination, string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}");
                return destination;
            }

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var destination = state_dict();
                List<string> missing = [.. destination.Keys.Except(source.Keys)];
                List<string> unexpected = [.. source.Keys.Except(destination.Keys)];
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");
                foreach (var key in destination.Keys.Intersect(source.Keys))
                    destination[key].copy_(source[key]);
                return (missing, unexpected);
            }

            public virtual Module load(
                BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                var state = state_dict();
                var entries = reader.ReadInt32();
                for (var i = 0; i < entries; i++)
                    reader.BaseStream.ReadExactly(state[reader.ReadString()].bytes);
                return this;
            }

            public Module save(BinaryWriter writer)
            {
                var state = state_dict();
                writer.Write(state.Count);
                foreach (var (name, tensor) in state)
                {
                    writer.Write(name);
                    writer.Write(tensor.bytes);
                }
                return this;
            }

            /// <summary>Stands in for the extension methods.</summary>
            public Module to(ScalarType? type = null, Device? device = null)
            {
                _toEpilog(type, device, non_blocking: false);
                return this;
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var module in _modules.Values)
                    module._toEpilog(dtype, device, non_blocking);
            }

            protected virtual void RegisterComponents()
            {
            }

            protected virtual void Dispose(bool disposing)
            {
                foreach (var parameter in _parameters.Values)
                    parameter.Dispose();
                foreach (var (buffer, _) in _buffers.Values)
                    buffer.Dispose();
                foreach (var module in _modules.Values)
                    module.Dispose();
            }
        }

        public abstract class Module<T, TResult>(string name) : Module(name)
        {
            public abstract TResult forward(T input);

            public TResult call(T input) => forward(input);
        }
    }
}
