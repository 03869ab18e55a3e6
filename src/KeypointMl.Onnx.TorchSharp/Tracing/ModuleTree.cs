using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>Modules inside modules.</summary>
internal static class ModuleTree
{
    /// <summary>
    /// Checks that no module is inside itself: TorchSharp walks through modules without looking, until the stack is
    /// full, which ends the process.
    /// </summary>
    /// <exception cref="OnnxExportException">A module is inside itself.</exception>
    public static void Require(nn.Module root) => Walk(root, "", new HashSet<nn.Module>(ReferenceEqualityComparer.Instance));

    private static void Walk(nn.Module module, string path, HashSet<nn.Module> around)
    {
        if (!around.Add(module))
        {
            throw new OnnxExportException(
                $"{TracedCall.Describe(module, path)} is registered inside itself. "
                + "Keep a reference to an outer module where it is not registered.");
        }
        foreach ((string name, nn.Module child) in module.named_children())
            Walk(child, path.Length == 0 ? name : $"{path}.{name}", around);
        around.Remove(module);
    }
}
