using KeypointMl.Onnx;
using KeypointMl.Onnx.TorchSharp;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace KeypointMl.Training.Tests.Onnx;

/// <summary>Exports a module and compares TorchSharp with ONNX Runtime on fresh inputs of several batch sizes.</summary>
internal static class Parity
{
    /// <summary>|a − b| ≤ Tolerance · max(1, |a|): 32-bit sums of the sizes tested here, added in another order, differ by about 1e-6.</summary>
    public const double Tolerance = 1e-5;

    /// <summary>Exports with a batch of 2, and compares at batches of 1, 2 and 5.</summary>
    /// <param name="module">The module.</param>
    /// <param name="shapes">The inputs' shapes without the batch.</param>
    /// <returns>The exported model.</returns>
    public static OnnxModel Check(nn.Module module, params long[][] shapes) => Check(module, new OnnxExportOptions(), Tolerance, shapes);

    /// <summary>Exports with a batch of 2, and compares at batches of 1, 2 and 5.</summary>
    public static OnnxModel Check(nn.Module module, OnnxExportOptions options, double tolerance, params long[][] shapes)
    {
        OnnxModel model = OnnxExporter.Export(module, Inputs(2, shapes), options);
        KeypointMl.Tests.OfficialChecker.AssertAgrees(model);
        using InferenceSession session = Open(model);
        foreach (long batch in (long[])[1, 2, 5])
            Compare(module, model, session, Inputs(batch, shapes), tolerance, $"batch {batch}");
        return model;
    }

    /// <summary>Compares a module in evaluation mode with its model on given inputs.</summary>
    public static void Compare(nn.Module module, OnnxModel model, Tensor[] inputs, double tolerance = Tolerance)
    {
        using InferenceSession session = Open(model);
        Compare(module, model, session, inputs, tolerance, "given inputs");
    }

    /// <summary>Seeded normal inputs.</summary>
    public static Tensor[] Inputs(long batch, params long[][] shapes) => [.. shapes.Select(shape => randn([batch, .. shape]))];

    private static void Compare(nn.Module module, OnnxModel model, InferenceSession session, Tensor[] inputs, double tolerance, string what)
    {
        bool training = module.training;
        module.eval();
        Tensor[] expected;
        using (no_grad())
            expected = Call(module, inputs);
        module.train(training);
        Tensor[] found = Run(model, session, inputs);
        Assert.HasCount(expected.Length, found);
        for (int index = 0; index < expected.Length; index++)
        {
            CollectionAssert.AreEqual(expected[index].shape, found[index].shape, $"{what}: shape of output {index}");
            if (expected[index].numel() == 0)
                continue;
            Tensor wanted = expected[index].to_type(ScalarType.Float64);
            Tensor difference = (wanted - found[index].to_type(ScalarType.Float64)).abs() / wanted.abs().clamp_min(1);
            Assert.IsLessThanOrEqualTo(tolerance, difference.max().ToDouble(), $"{what}: largest difference of output {index}");
        }
    }

    private static InferenceSession Open(OnnxModel model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        return new InferenceSession(model.ToArray(), options);
    }

    private static Tensor[] Run(OnnxModel model, InferenceSession session, Tensor[] inputs)
    {
        using var options = new RunOptions();
        OrtValue[] values = [.. inputs.Select(ToValue)];
        using IDisposableReadOnlyCollection<OrtValue> results =
            session.Run(options, [.. model.Inputs.Select(input => input.Name)], values, [.. model.Outputs.Select(output => output.Name)]);
        Tensor[] tensors = [.. results.Select(ToTensor)];
        foreach (OrtValue value in values)
            value.Dispose();
        return tensors;
    }

    private static OrtValue ToValue(Tensor tensor)
    {
        Tensor plain = tensor.contiguous();
        return plain.dtype switch
        {
            ScalarType.Float32 => OrtValue.CreateTensorValueFromMemory(plain.data<float>().ToArray(), plain.shape),
            ScalarType.Int64 => OrtValue.CreateTensorValueFromMemory(plain.data<long>().ToArray(), plain.shape),
            ScalarType.Byte => OrtValue.CreateTensorValueFromMemory(plain.data<byte>().ToArray(), plain.shape),
            _ => throw new NotSupportedException($"{plain.dtype}"),
        };
    }

    private static Tensor ToTensor(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        return info.ElementDataType switch
        {
            TensorElementType.Float => tensor(value.GetTensorDataAsSpan<float>().ToArray(), info.Shape),
            TensorElementType.Int64 => tensor(value.GetTensorDataAsSpan<long>().ToArray(), info.Shape),
            TensorElementType.UInt8 => tensor(value.GetTensorDataAsSpan<byte>().ToArray(), info.Shape),
            _ => throw new NotSupportedException($"{info.ElementDataType}"),
        };
    }

    private static Tensor[] Call(nn.Module module, Tensor[] inputs) => module switch
    {
        nn.Module<Tensor, Tensor> one => [one.call(inputs[0])],
        nn.Module<Tensor, Tensor, Tensor> two => [two.call(inputs[0], inputs[1])],
        nn.Module<Tensor, (Tensor, Tensor)> pair => [.. new[] { pair.call(inputs[0]) }.SelectMany(result => new[] { result.Item1, result.Item2 })],
        nn.Module<Tensor, Tensor, (Tensor, Tensor)> pair => [.. new[] { pair.call(inputs[0], inputs[1]) }.SelectMany(result => new[] { result.Item1, result.Item2 })],
        _ => throw new NotSupportedException($"{module.GetType()}"),
    };
}
