using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Calls modules whatever their arguments and results are.</summary>
internal static class ModuleCall
{
    /// <summary>Calls a module with tensors, and null for the arguments that are left.</summary>
    /// <returns>The tensors in the result, in order.</returns>
    public static Tensor[] Invoke(nn.Module module, Tensor[] inputs)
    {
        Type signature = module.GetType();
        while (!(signature.IsGenericType && signature.Name.StartsWith("Module`", StringComparison.Ordinal)))
            signature = signature.BaseType!;
        object?[] arguments = [.. inputs, .. Enumerable.Repeat<object?>(null, signature.GetGenericArguments().Length - 1 - inputs.Length)];
        return [.. TensorsIn(signature.GetMethod("call")!.Invoke(module, BindingFlags.DoNotWrapExceptions, null, arguments, null))];
    }

    private static IEnumerable<Tensor> TensorsIn(object? value) => value switch
    {
        Tensor tensor => [tensor],
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(index => TensorsIn(tuple[index])),
        IEnumerable<Tensor> tensors => tensors,
        _ => throw new NotSupportedException($"{value?.GetType()}"),
    };
}
