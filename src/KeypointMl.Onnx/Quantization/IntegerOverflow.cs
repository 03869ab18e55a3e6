using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Onnx;

/// <summary>
/// Keeps ONNX Runtime's 8-bit kernels from overflowing. On x64 processors without VNNI they add two products of unsigned and signed bytes in 16 bits, which may not hold them: results
/// were off by 40 % of their range. With this setting such processors compute with unsigned weights; others ignore it (ONNX Runtime, <c>onnxruntime_session_options_config_keys.h</c>).
/// </summary>
internal static class IntegerOverflow
{
    /// <summary>Sets it for a session.</summary>
    public static void Avoid(SessionOptions options) => options.AddSessionConfigEntry("session.x64quantprecision", "1");
}
