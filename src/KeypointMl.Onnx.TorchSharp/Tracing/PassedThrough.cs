using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>
/// A sequence without modules, as residual networks have it where the shortcut changes nothing: it gives what it
/// received, so that it writes no node.
/// </summary>
internal static class PassedThrough
{
    /// <summary>Whether a module is such a sequence.</summary>
    public static bool Is(nn.Module module) => module is Sequential { Count: 0 } && module.GetType() == typeof(Sequential);
}
