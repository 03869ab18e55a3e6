using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Tracing.Guessing;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>
/// Runs a module on example inputs and records, by forward hooks, every call of a module that is exported as a step:
/// one with a converter or one that writes its own nodes. Containers are looked through. Hooks see <c>call</c>, not
/// <c>forward</c>.
/// </summary>
internal sealed class ModuleTracer : IDisposable
{
    [ThreadStatic]
    private static ModuleTracer? current;

    private readonly nn.Module root;
    private readonly OnnxConverterRegistry converters;
    private readonly TensorOrigins origins;
    private readonly RunningBlocks blocks;
    private readonly List<TracedValue> inputs = [];
    private readonly List<TracedCall> calls = [];
    private readonly List<Action> unhook = [];
    private readonly HashSet<nn.Module> seen = new(ReferenceEqualityComparer.Instance);
    private ModuleTracer? outer;
    private IReadOnlyList<TracedValue> arguments = [];
    private IReadOnlyList<int> positions = [];
    private int depth;

    private ModuleTracer(nn.Module root, OnnxConverterRegistry converters, DisposeScope scope)
    {
        this.root = root;
        this.converters = converters;
        origins = new TensorOrigins(root, scope);
        blocks = new RunningBlocks(origins.Know, Guess);
        Attach(root, "");
    }

    /// <summary>
    /// The trace that runs on this thread and wants to see modules; null outside of exports, and inside a module that
    /// is exported as a step.
    /// </summary>
    public static ModuleTracer? Current => current is { depth: 0 } tracer ? tracer : null;

    /// <summary>Traces one run.</summary>
    /// <exception cref="OnnxExportException">A module has no converter, or a tensor did not come from a traced module.</exception>
    public static Trace Run(nn.Module root, OnnxConverterRegistry converters, IReadOnlyList<Tensor> inputs)
    {
        using IDisposable quiet = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using var tracer = new ModuleTracer(root, converters, scope);
        return tracer.Run(inputs);
    }

    /// <summary>Sees a module that stands for a function and is not part of the exported one.</summary>
    /// <param name="module">The module.</param>
    /// <param name="function">The function's name, which its nodes get behind the path of the running block.</param>
    /// <returns>The module, to be called.</returns>
    public TModule Follow<TModule>(TModule module, string function)
        where TModule : nn.Module
    {
        if (!seen.Add(module))
            return module;
        module.eval();
        HookStep(module, blocks.CurrentPath.Length == 0 ? function : $"{blocks.CurrentPath}.{function}", IsStep(module));
        return module;
    }

    /// <summary>Whether a module runs that is exported as a step, or a forward that is not to be seen.</summary>
    public bool IsInsideStep => depth > 0;

    /// <summary>Begins a block whose own forward is not to be seen.</summary>
    public void BeginUnseen(nn.Module block, string path, Tensor argument)
    {
        EnterBlock(block, path, [argument]);
        depth++;
    }

    /// <summary>Sees modules again, still in the block.</summary>
    public void EndUnseen() => depth--;

    /// <summary>Runs something of which no module is to be seen.</summary>
    public T Unseen<T>(Func<T> run)
    {
        depth++;
        try
        {
            return run();
        }
        finally
        {
            depth--;
        }
    }

    /// <summary>Ends the block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="result">What it gives.</param>
    /// <param name="unused">What its own forward gave, which nobody gets.</param>
    public void EndBlock(nn.Module block, Tensor result, Tensor unused)
    {
        LeaveBlock(block, result);
        origins.Keep(unused);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (current == this)
            current = outer;
        foreach (Action unhook in this.unhook)
            unhook();
        origins.Dispose();
    }

    private Trace Run(IReadOnlyList<Tensor> inputs)
    {
        (outer, current) = (current, this);
        foreach (Tensor input in inputs)
        {
            this.inputs.Add(new TracedValue(input));
            origins.Record(input, this.inputs[^1]);
        }
        Tensor[] results = [.. ModuleSignature.TensorsIn(ModuleSignature.Call(root, inputs))];
        if (results.Length == 0)
        {
            throw new OnnxExportException(
                $"{TracedCall.Describe(root, "")} gave no tensor: expected a tensor, a tuple of tensors or an array of tensors.");
        }
        TracedValue[] outputs = [.. results.Select(
            (tensor, index) => Resolve(tensor, $"{TracedCall.Describe(root, "")} gives, as result {index},"))];
        return new Trace(this.inputs, calls, outputs);
    }

    private bool IsStep(nn.Module module) =>
        module is IOnnxExportable || PassedThrough.Is(module) || converters.Find(module.GetType()) is not null;

    private void Attach(nn.Module module, string path)
    {
        // A module that stands in two places is hooked once, under its first path, and so stores its parameters once.
        if (!seen.Add(module))
            return;
        (string Name, nn.Module Module)[] children = [.. module.named_children()];
        if (IsStep(module))
        {
            HookStep(module, path, isStep: true);
            return;
        }
        if (module is nn.Module<Tensor, Tensor> block && converters.FindForward(module.GetType()) is { } forward)
            unhook.Add(new ReplacedForward(block, path, forward, this).Unhook);
        else if (children.Length == 0 && module.GetType().Assembly == typeof(nn.Module).Assembly)
            HookStep(module, path, isStep: false);
        else
            HookBlock(module, path, isLeaf: children.Length == 0);
        foreach ((string name, nn.Module child) in children)
            Attach(child, path.Length == 0 ? name : $"{path}.{name}");
    }

    private void HookStep(nn.Module module, string path, bool isStep)
    {
        void Before(object?[] arguments) => Enter(module, path, isStep, arguments);
        void After(object?[] arguments, object? result) => Leave(module, path, arguments, result);

        // What hooks of the user's make of the result is no part of the step: they are followed like a block's operations.
        if (ModuleSignature.Hook(module, Before, After, first: true) is { } unhook)
            this.unhook.Add(unhook);
    }

    private void HookBlock(nn.Module module, string path, bool isLeaf)
    {
        int calls = 0;
        void Before(object?[] arguments)
        {
            calls = this.calls.Count;
            EnterBlock(module, path, arguments);
        }

        void After(object?[] arguments, object? result)
        {
            // A module without modules inside that called no function either computes by itself.
            if (isLeaf && depth == 0 && this.calls.Count == calls && !ModuleSignature.TensorsIn(result).All(origins.Know))
                throw TracingRefusal.NoConverter(module, path);
            LeaveBlock(module, result);
        }

        if (ModuleSignature.Hook(module, Before, After) is { } unhook)
            this.unhook.Add(unhook);
    }

    private void EnterBlock(nn.Module module, string path, object?[] arguments)
    {
        if (depth == 0)
            blocks.Enter(module, path, arguments);
    }

    private void LeaveBlock(nn.Module module, object? result)
    {
        if (depth == 0)
            blocks.Leave(module, result);
    }

    private void Enter(nn.Module module, string path, bool isStep, object?[] arguments)
    {
        // Inside a step other modules may run that stand elsewhere too: they are part of the step.
        if (depth++ > 0)
            return;
        if (!isStep)
            throw TracingRefusal.NoConverter(module, path);
        positions = [.. arguments.SelectMany((argument, position) => ModuleSignature.TensorsIn(argument).Select(_ => position))];
        string who = TracedCall.Describe(module, path);
        Tensor[] tensors = [.. arguments.SelectMany(ModuleSignature.TensorsIn)];
        this.arguments = [.. tensors.Select((tensor, index) => Resolve(tensor, $"{who} received, as tensor {index},"))];
    }

    private void Leave(nn.Module module, string path, object?[] arguments, object? result)
    {
        if (--depth > 0)
            return;
        var results = new List<(Tensor Tensor, TracedValue Value)>();
        foreach (Tensor tensor in ModuleSignature.TensorsIn(result))
        {
            DenseTensor.Require(tensor, $"{TracedCall.Describe(module, path)} gives, as result {results.Count},");
            results.Add((tensor, new TracedValue(tensor)));
        }
        origins.Record(arguments.SelectMany(ModuleSignature.TensorsIn), results, ModuleSignature.ClaimsInPlace(module));
        calls.Add(new TracedCall(module, path, this.arguments, positions, [.. results.Select(pair => pair.Value)]));
    }

    private TracedValue Resolve(Tensor tensor, string who)
    {
        DenseTensor.Require(tensor, who);
        string what = $"{who} a tensor of shape [{string.Join(',', tensor.shape)}] and type {tensor.dtype}";
        if (!origins.TryFind(tensor, out TracedValue? value))
            throw TracingRefusal.Untraced(what, blocks.MakerOf(tensor), calls.LastOrDefault());
        return value ?? throw TracingRefusal.ChangedInPlace(what, blocks.Current);
    }

    // What is not dense is refused by whoever receives it.
    private string? Guess(Tensor tensor) =>
        DenseTensor.Problem(tensor) is null
            ? UntracedOrigin.Guess(tensor, origins.Known.Select(known => (known.Tensor, TracedCall.Describe(known.Value, inputs, calls))))
            : null;
}
