using KeypointMl.Onnx.Model;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>A model in ONNX Runtime, on one thread, that takes and gives TorchSharp tensors.</summary>
internal sealed class ModelSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly string[] inputs;
    private readonly string[] outputs;

    public ModelSession(OnnxModel model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        session = new InferenceSession(model.ToArray(), options);
        inputs = [.. model.Inputs.Select(input => input.Name)];
        outputs = [.. model.Outputs.Select(output => output.Name)];
    }

    public Tensor[] Run(Tensor[] inputs)
    {
        using var options = new RunOptions();
        OrtValue[] values = [.. inputs.Select(ToValue)];
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, this.inputs, values, outputs);
        Tensor[] tensors = [.. results.Select(ToTensor)];
        foreach (OrtValue value in values)
            value.Dispose();
        return tensors;
    }

    public void Dispose() => session.Dispose();

    private static OrtValue ToValue(Tensor tensor)
    {
        Tensor plain = tensor.contiguous();
        return plain.dtype switch
        {
            ScalarType.Float32 => OrtValue.CreateTensorValueFromMemory(plain.data<float>().ToArray(), plain.shape),
            ScalarType.Float64 => OrtValue.CreateTensorValueFromMemory(plain.data<double>().ToArray(), plain.shape),
            ScalarType.Int64 => OrtValue.CreateTensorValueFromMemory(plain.data<long>().ToArray(), plain.shape),
            ScalarType.Int32 => OrtValue.CreateTensorValueFromMemory(plain.data<int>().ToArray(), plain.shape),
            ScalarType.Byte => OrtValue.CreateTensorValueFromMemory(plain.data<byte>().ToArray(), plain.shape),
            ScalarType.Bool => OrtValue.CreateTensorValueFromMemory(plain.data<bool>().ToArray(), plain.shape),
            _ => throw new NotSupportedException($"{plain.dtype}"),
        };
    }

    private static Tensor ToTensor(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        return info.ElementDataType switch
        {
            TensorElementType.Float => tensor(value.GetTensorDataAsSpan<float>().ToArray(), info.Shape),
            TensorElementType.Double => tensor(value.GetTensorDataAsSpan<double>().ToArray(), info.Shape),
            TensorElementType.Int64 => tensor(value.GetTensorDataAsSpan<long>().ToArray(), info.Shape),
            TensorElementType.Int32 => tensor(value.GetTensorDataAsSpan<int>().ToArray(), info.Shape),
            TensorElementType.UInt8 => tensor(value.GetTensorDataAsSpan<byte>().ToArray(), info.Shape),
            TensorElementType.Bool => tensor(value.GetTensorDataAsSpan<bool>().ToArray(), info.Shape),
            _ => throw new NotSupportedException($"{info.ElementDataType}"),
        };
    }
}
