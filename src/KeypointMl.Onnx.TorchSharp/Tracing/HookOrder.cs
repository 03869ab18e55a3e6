using System.Collections;
using System.Reflection;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>The order of a module's forward hooks, which run as they were registered.</summary>
internal static class HookOrder
{
    private const string FieldName = "post_hooks";

    /// <summary>Registers hooks so that the forward hook runs before those that are there.</summary>
    /// <param name="module">The module.</param>
    /// <param name="register">Registers them.</param>
    /// <returns>What <paramref name="register"/> gives.</returns>
    /// <exception cref="OnnxExportException">This version of TorchSharp keeps its hooks elsewhere.</exception>
    public static Action First(nn.Module module, Func<Action> register)
    {
        IDictionary hooks = HooksOf(module) ?? throw new OnnxExportException(
            $"{module.GetType().Name} does not show its forward hooks, so that an export could miss what they change. "
            + "Use the version of TorchSharp that this package asks for.");
        if (hooks.Count == 0)
            return register();
        (object Key, object? Hook)[] others = [.. hooks.Keys.Cast<object>().Select(key => (key, hooks[key]))];
        hooks.Clear();
        Action unhook = register();
        // Under their own keys, by which whoever registered them removes them.
        foreach ((object key, object? hook) in others)
            hooks.Add(key, hook);
        return unhook;
    }

    private static IDictionary? HooksOf(nn.Module module)
    {
        for (Type? type = module.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetField(FieldName, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
                is { } field)
                return field.GetValue(module) as IDictionary;
        }
        return null;
    }
}
