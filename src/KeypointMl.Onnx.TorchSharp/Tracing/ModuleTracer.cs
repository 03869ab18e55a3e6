using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>
/// Runs a module on example inputs and records, by forward hooks, every call of a module that is exported as a step: one with a converter or one that writes its
/// own nodes. Containers are looked through. Hooks see <c>call</c>, not <c>forward</c>.
/// </summary>
internal sealed class ModuleTracer : IDisposable
{
    private readonly nn.Module _root;
    private readonly OnnxConverterRegistry _converters;
    private readonly Dictionary<IntPtr, Tensor> _state;
    private readonly Dictionary<IntPtr, TracedValue> _stateValues = [];
    private readonly TensorLedger _ledger = new();
    private readonly IntermediateResults _results;
    private readonly List<TracedValue> _inputs = [];
    private readonly List<TracedCall> _calls = [];
    private readonly List<Action> _unhook = [];
    private IReadOnlyList<TracedValue> _arguments = [];
    private int _depth;

    private ModuleTracer(nn.Module root, OnnxConverterRegistry converters, DisposeScope scope)
    {
        _results = new IntermediateResults(scope);
        _root = root;
        _converters = converters;
        _state = ParameterStore.StateOf(root).DistinctBy(entry => entry.Tensor.Handle).ToDictionary(entry => entry.Tensor.Handle, entry => entry.Tensor);
        Attach(root, "", new HashSet<nn.Module>(ReferenceEqualityComparer.Instance));
    }

    /// <summary>Traces one run.</summary>
    /// <exception cref="OnnxExportException">A module has no converter, or a tensor did not come from a traced module.</exception>
    public static Trace Run(nn.Module root, OnnxConverterRegistry converters, IReadOnlyList<Tensor> inputs)
    {
        using IDisposable quiet = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using var tracer = new ModuleTracer(root, converters, scope);
        return tracer.Run(inputs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Action unhook in _unhook)
            unhook();
        _results.Dispose();
    }

    private Trace Run(IReadOnlyList<Tensor> inputs)
    {
        foreach (Tensor input in inputs)
        {
            _inputs.Add(new TracedValue(input));
            _ledger.Record(input, _inputs[^1]);
        }
        Tensor[] results = [.. ModuleSignature.TensorsIn(ModuleSignature.Call(_root, inputs))];
        if (results.Length == 0)
            throw new OnnxExportException($"{TracedCall.Describe(_root, "")} gave no tensor: expected a tensor, a tuple of tensors or an array of tensors.");
        TracedValue[] outputs = [.. results.Select((tensor, index) => Resolve(tensor, $"{TracedCall.Describe(_root, "")} gives, as result {index},"))];
        return new Trace(_inputs, _calls, outputs);
    }

    private void Attach(nn.Module module, string path, HashSet<nn.Module> seen)
    {
        // A module that stands in two places is hooked once, under its first path, and so stores its parameters once.
        if (!seen.Add(module))
            return;
        bool isStep = module is IOnnxExportable || _converters.Find(module.GetType()) is not null;
        (string Name, nn.Module Module)[] children = [.. module.named_children()];
        if ((isStep || children.Length == 0) && ModuleSignature.Hook(module, arguments => Enter(module, path, isStep, arguments), (arguments, result) => Leave(module, path, arguments, result)) is { } unhook)
            _unhook.Add(unhook);
        if (isStep)
            return;
        foreach ((string name, nn.Module child) in children)
            Attach(child, path.Length == 0 ? name : $"{path}.{name}", seen);
    }

    private void Enter(nn.Module module, string path, bool isStep, object?[] arguments)
    {
        // Inside a step other modules may run that stand elsewhere too: they are part of the step.
        if (_depth++ > 0)
            return;
        if (!isStep)
        {
            string why = OnnxConverterRegistry.WithoutCounterpart.TryGetValue(module.GetType(), out string? reason) ? $": {reason}" : ".";
            throw new OnnxExportException(
                $"{TracedCall.Describe(module, path)} has no converter to ONNX{why} Let it implement {nameof(IOnnxExportable)}, register one with {nameof(OnnxConverterRegistry)}.{nameof(OnnxConverterRegistry.With)}, or build it from modules that have one.");
        }
        _arguments = [.. arguments.SelectMany(ModuleSignature.TensorsIn).Select((tensor, index) => Resolve(tensor, $"{TracedCall.Describe(module, path)} received, as tensor {index},"))];
    }

    private void Leave(nn.Module module, string path, object?[] arguments, object? result)
    {
        if (--_depth > 0)
            return;
        var results = new List<(Tensor Tensor, TracedValue Value)>();
        foreach (Tensor tensor in ModuleSignature.TensorsIn(result))
            results.Add((tensor, new TracedValue(tensor)));
        bool claimsInPlace = ClaimsInPlace(module);
        foreach (Tensor argument in arguments.SelectMany(ModuleSignature.TensorsIn).Where(argument => !_state.ContainsKey(argument.Handle)))
        {
            if (claimsInPlace || _ledger.HasChanged(argument))
                _ledger.Overwrite(argument, results);
        }
        foreach ((Tensor tensor, TracedValue value) in results)
        {
            _ledger.Record(tensor, value);
            _results.Add(tensor);
        }
        int[] positions = [.. arguments.SelectMany((argument, position) => ModuleSignature.TensorsIn(argument).Select(_ => position))];
        _calls.Add(new TracedCall(module, path, _arguments, positions, [.. results.Select(pair => pair.Value)]));
    }

    private TracedValue Resolve(Tensor tensor, string who)
    {
        if (_state.TryGetValue(tensor.Handle, out Tensor? parameter))
        {
            if (!_stateValues.TryGetValue(tensor.Handle, out TracedValue? stored))
                _stateValues[tensor.Handle] = stored = new TracedValue(parameter, parameter);
            return stored;
        }
        string what = $"{who} a tensor of shape [{string.Join(',', tensor.shape)}] and type {tensor.dtype}";
        if (!_ledger.TryFind(tensor, out TracedValue? value))
        {
            string before = _calls.Count == 0 ? "before any module was called" : $"after module '{_calls[^1].Path}' was called";
            string where = UntracedOrigin.RunningForward() is { } running ? $"{before}, in {running}" : before;
            string found = UntracedOrigin.Guess(tensor, _ledger.Known.Select(known => (known.Tensor, Describe(known.Value)))) is { } guess
                ? $" Its values are those of {guess}."
                : "";
            throw new OnnxExportException(
                $"{what} that no traced module made: an operation written in a forward method (such as torch.cat, +, view, or forward() in place of call()), which the tracer cannot see, made it {where}.{found} "
                + $"Use an operation module of {typeof(Concat).Namespace} there ({nameof(Concat)}, {nameof(Add)}, {nameof(Reshape)}…), let the module around it implement {nameof(IOnnxExportable)}, or register the tensor as a buffer if it is constant.");
        }
        return value ?? throw new OnnxExportException(
            $"{what} that was changed in place after a traced module made it, by an operation that the tracer cannot see (such as add_). Use an operation that gives a new tensor, as a module.");
    }

    private string Describe(TracedValue value)
    {
        if (_calls.LastOrDefault(call => call.Outputs.Contains(value)) is not { } call)
            return _inputs.Count == 1 ? "the input" : $"input {_inputs.IndexOf(value)}";
        string which = call.Outputs.Count == 1 ? "the result" : $"result {call.Outputs.ToList().IndexOf(value)}";
        return $"{which} of {(call.Path.Length == 0 ? "the exported module" : $"'{call.Path}'")}";
    }

    // Whether values change depends on the example (ReLU leaves positive ones alone), so a module that says it works in place is believed.
    private static bool ClaimsInPlace(nn.Module module) =>
        module is not (Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout)
        && module.GetType().GetProperty("inplace")?.GetValue(module) is true;
}
