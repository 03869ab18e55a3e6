using System.Runtime.CompilerServices;
using KeypointMl.Onnx;

namespace KeypointMl.Inference;

/// <summary>What must have happened before anything here touches ONNX Runtime.</summary>
internal static class ModuleStart
{
#pragma warning disable CA2255 // Every way into an assembly that uses ONNX Runtime must come through here.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void TurnTelemetryOff() => OnnxRuntimeTelemetry.TurnOff();
}
