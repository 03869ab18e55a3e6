using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Tests.Onnx.Trust;

/// <summary>Whether ONNX Runtime loads a model and runs it on zeros: the judge of what no checker finds.</summary>
internal static class RuntimeJudge
{
    /// <summary>Whether it fails; open sizes are taken as 2.</summary>
    public static bool Refuses(byte[] model)
    {
        try
        {
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = 1 };
            using var session = new InferenceSession(model, options);
            using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            OrtValue[] inputs = [.. session.InputMetadata.Values.Select(Zeros)];
            using IDisposableReadOnlyCollection<OrtValue> results =
                session.Run(run, [.. session.InputMetadata.Keys], inputs, [.. session.OutputMetadata.Keys]);
            foreach (OrtValue input in inputs)
                input.Dispose();
            return false;
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
        {
            return true;
        }
    }

    private static OrtValue Zeros(NodeMetadata input)
    {
        if (!input.IsTensor)
            throw new NotSupportedException("Only tensors are fed.");
        return OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, input.ElementDataType, [.. input.Dimensions.Select(size => (long)(size < 0 ? 2 : size))]);
    }
}
