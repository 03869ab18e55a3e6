using System.Reflection;
using System.Runtime.CompilerServices;
using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>
/// The argument and result types of a module, whatever their number: hooks and calls that do not know them at compile
/// time.
/// </summary>
internal static class ModuleSignature
{
    private static readonly HashSet<Type> Definitions =
    [
        typeof(nn.Module<,>), typeof(nn.Module<,,>), typeof(nn.Module<,,,>), typeof(nn.Module<,,,,>), typeof(nn.Module<,,,,,>),
            typeof(nn.Module<,,,,,,>),
    ];

    /// <summary>Hooks a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="before">Gets the arguments.</param>
    /// <param name="after">Gets the arguments and the result.</param>
    /// <param name="first">
    /// Whether <paramref name="after"/> gets what the module's forward gave, before hooks that were there replace it.
    /// </param>
    /// <returns>What removes the hooks; null for a module that cannot be called, such as a list of modules.</returns>
    public static Action? Hook(
        nn.Module module, Action<object?[]> before, Action<object?[], object?> after, bool first = false)
    {
        if (Find(module) is not { } signature)
            return null;
        if (first)
            return HookOrder.First(module, () => Hook(module, before, after)!);
        Type[] types = signature.GetGenericArguments();
        MethodInfo attach =
            typeof(ModuleSignature).GetMethod(
                $"Attach{types.Length - 1}", BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(types);
        return (Action)attach.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [module, before, after], null)!;
    }

    /// <summary>
    /// Whether a module says that it works in place. Whether values change depends on the example (ReLU leaves positive ones
    /// alone), so that it is believed.
    /// </summary>
    public static bool ClaimsInPlace(nn.Module module) =>
        module is not (Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout)
        && module.GetType().GetProperty("inplace")?.GetValue(module) is true;

    /// <summary>Calls a module with tensors; arguments that are left out must accept null.</summary>
    public static object? Call(nn.Module module, IReadOnlyList<Tensor> inputs)
    {
        Type signature = Find(module)
            ?? throw new OnnxExportException($"{module.GetType().Name} cannot be called: it does not derive from Module<T, …, TResult>.");
        Type[] types = signature.GetGenericArguments()[..^1];
        bool fits = inputs.Count >= 1 && inputs.Count <= types.Length
            && types.Take(inputs.Count).All(type => type.IsAssignableFrom(typeof(Tensor)))
            && types.Skip(inputs.Count).All(type => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null);
        if (!fits)
        {
            throw new OnnxExportException(
                $"{module.GetType().Name} takes ({string.Join(", ", types.Select(type => type.Name))}); "
                + $"{inputs.Count} example tensors were given. Give one tensor for each argument.");
        }
        object?[] arguments = [.. inputs, .. Enumerable.Repeat<object?>(null, types.Length - inputs.Count)];
        return signature.GetMethod("call")!.Invoke(module, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    /// <summary>
    /// The tensors in an argument or result, in order: one, the parts of a tuple, or the elements of a sequence. A
    /// tensor without a handle, as MultiheadAttention gives for weights that nobody needs, counts as null.
    /// </summary>
    public static IEnumerable<Tensor> TensorsIn(object? value) => value switch
    {
        Tensor tensor => tensor.IsInvalid ? [] : [tensor],
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(index => TensorsIn(tuple[index])),
        IEnumerable<Tensor?> tensors => tensors.OfType<Tensor>(),
        _ => [],
    };

    private static Type? Find(nn.Module module)
    {
        for (Type? type = module.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && Definitions.Contains(type.GetGenericTypeDefinition()))
                return type;
        }
        return null;
    }

    private static Action Attach1<T1, TResult>(
        nn.Module<T1, TResult> module, Action<object?[]> before, Action<object?[], object?> after) => Both(
        module.register_forward_pre_hook((_, a) =>
        {
            before([a]);
            return a;
        }).remove,
        module.register_forward_hook((_, a, result) => Pass(after, [a], result)).remove);

    private static Action Attach2<T1, T2, TResult>(
        nn.Module<T1, T2, TResult> module, Action<object?[]> before, Action<object?[], object?> after) => Both(
        module.register_forward_pre_hook((_, a, b) =>
        {
            before([a, b]);
            return null;
        }).remove,
        module.register_forward_hook((_, a, b, result) => Pass(after, [a, b], result)).remove);

    private static Action Attach3<T1, T2, T3, TResult>(
        nn.Module<T1, T2, T3, TResult> module, Action<object?[]> before, Action<object?[], object?> after) => Both(
        module.register_forward_pre_hook((_, a, b, c) =>
        {
            before([a, b, c]);
            return null;
        }).remove,
        module.register_forward_hook((_, a, b, c, result) => Pass(after, [a, b, c], result)).remove);

    private static Action Attach4<T1, T2, T3, T4, TResult>(
        nn.Module<T1, T2, T3, T4, TResult> module, Action<object?[]> before, Action<object?[], object?> after) => Both(
        module.register_forward_pre_hook((_, a, b, c, d) =>
        {
            before([a, b, c, d]);
            return null;
        }).remove,
        module.register_forward_hook((_, a, b, c, d, result) => Pass(after, [a, b, c, d], result)).remove);

    private static Action Attach5<T1, T2, T3, T4, T5, TResult>(
        nn.Module<T1, T2, T3, T4, T5, TResult> module, Action<object?[]> before, Action<object?[], object?> after) => Both(
        module.register_forward_pre_hook((_, a, b, c, d, e) =>
        {
            before([a, b, c, d, e]);
            return null;
        }).remove,
        module.register_forward_hook((_, a, b, c, d, e, result) => Pass(after, [a, b, c, d, e], result)).remove);

    private static Action Attach6<T1, T2, T3, T4, T5, T6, TResult>(
        nn.Module<T1, T2, T3, T4, T5, T6, TResult> module, Action<object?[]> before, Action<object?[], object?> after) => Both(
        module.register_forward_pre_hook((_, a, b, c, d, e, f) =>
        {
            before([a, b, c, d, e, f]);
            return null;
        }).remove,
        module.register_forward_hook((_, a, b, c, d, e, f, result) => Pass(after, [a, b, c, d, e, f], result)).remove);

    private static Action Both(Action first, Action second) => () =>
    {
        first();
        second();
    };

    private static TResult Pass<TResult>(Action<object?[], object?> after, object?[] arguments, TResult result)
    {
        after(arguments, result);
        return result;
    }
}
