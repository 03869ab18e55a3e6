using System.Collections.Immutable;
using KeypointMl.Onnx.Model;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Tests.Onnx.Passes;

/// <summary>
/// Runs a graph in ONNX Runtime as it is written: the runtime's own graph passes are off, so that ours are what is
/// compared.
/// </summary>
internal static class GraphRun
{
    /// <summary>How many a named size is.</summary>
    private const long OpenSize = 2;

    /// <summary>The outputs for seeded inputs, as 64-bit floats, by name.</summary>
    public static ImmutableSortedDictionary<string, double[]> Outputs(OnnxModel model, int seed = 7)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var session = new InferenceSession(model.ToArray(), options);
        using var run = new RunOptions();
        var random = new Random(seed);
        OrtValue[] inputs = [.. model.Inputs.Select(input => Input(input, random))];
        string[] names = [.. model.Outputs.Select(output => output.Name)];
        using IDisposableReadOnlyCollection<OrtValue> results =
            session.Run(run, [.. model.Inputs.Select(input => input.Name)], inputs, names);
        foreach (OrtValue input in inputs)
            input.Dispose();
        return names.Zip(results).ToImmutableSortedDictionary(pair => pair.First, pair => Numbers(pair.Second), StringComparer.Ordinal);
    }

    private static OrtValue Input(OnnxValueInfo info, Random random)
    {
        long[] shape = [.. info.Dimensions.Select(dimension => dimension.Value ?? OpenSize)];
        int count = (int)shape.Aggregate(1L, (product, size) => product * size);
        return info.ElementType switch
        {
            OnnxElementType.Float => OrtValue.CreateTensorValueFromMemory(Fill(count, () => (random.NextSingle() * 4) - 2), shape),
            OnnxElementType.UInt8 => OrtValue.CreateTensorValueFromMemory(Fill(count, () => (byte)random.Next(256)), shape),
            OnnxElementType.Int64 => OrtValue.CreateTensorValueFromMemory(Fill(count, () => (long)random.Next(-5, 6)), shape),
            OnnxElementType.Bool => OrtValue.CreateTensorValueFromMemory(Fill(count, () => random.Next(2) == 1), shape),
            _ => throw new NotSupportedException($"No random input of type {info.ElementType}."),
        };
    }

    private static T[] Fill<T>(int count, Func<T> next)
    {
        var data = new T[count];
        for (int index = 0; index < count; index++)
            data[index] = next();
        return data;
    }

    private static double[] Numbers(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType switch
    {
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float =>
            [.. value.GetTensorDataAsSpan<float>().ToArray().Select(number => (double)number)],
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Double => value.GetTensorDataAsSpan<double>().ToArray(),
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.UInt8 =>
            [.. value.GetTensorDataAsSpan<byte>().ToArray().Select(number => (double)number)],
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int32 =>
            [.. value.GetTensorDataAsSpan<int>().ToArray().Select(number => (double)number)],
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64 =>
            [.. value.GetTensorDataAsSpan<long>().ToArray().Select(number => (double)number)],
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Bool =>
            [.. value.GetTensorDataAsSpan<bool>().ToArray().Select(flag => flag ? 1.0 : 0)],
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float16 =>
            [.. value.GetTensorDataAsSpan<Float16>().ToArray().Select(number => (double)number.ToFloat())],
        var type => throw new NotSupportedException($"No comparison of type {type}."),
    };
}
