using KeypointMl.Onnx.Model;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Onnx.Quantization;

/// <summary>
/// Values for the inputs of a model in one run: real data like those that it will see, but never those on which its
/// error is measured.
/// </summary>
public sealed class CalibrationBatch
{
    private readonly Dictionary<string, Input> inputs = new(StringComparer.Ordinal);

    /// <summary>A batch for a model with one input; <see cref="Add"/> adds others.</summary>
    /// <typeparam name="T">The .NET type of an element.</typeparam>
    /// <param name="input">The input's name.</param>
    /// <param name="data">The elements in row-major order; the array is not copied.</param>
    /// <param name="shape">The shape, with sizes above 0.</param>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public static CalibrationBatch Create<T>(string input, T[] data, params ReadOnlySpan<long> shape)
        where T : unmanaged => new CalibrationBatch().Add(input, data, shape);

    /// <summary>Adds the values of one more input.</summary>
    /// <typeparam name="T">The .NET type of an element.</typeparam>
    /// <param name="input">The input's name, not added yet.</param>
    /// <param name="data">The elements in row-major order; the array is not copied.</param>
    /// <param name="shape">The shape, with sizes above 0.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The shape does not hold as many elements, or the input has values already.</exception>
    public CalibrationBatch Add<T>(string input, T[] data, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(input);
        ArgumentNullException.ThrowIfNull(data);
        long[] sizes = shape.ToArray();
        long count = sizes.Aggregate(1L, (product, size) => checked(product * size));
        if (count != data.Length || count <= 0)
        {
            throw new ArgumentException(
                $"Input '{input}' of shape [{string.Join(',', sizes)}] needs {count} elements, at least 1; {data.Length} were given.",
                nameof(data));
        }
        if (!inputs.TryAdd(input, new Input(OnnxElementTypes.Of<T>(), () => OrtValue.CreateTensorValueFromMemory(data, sizes))))
            throw new ArgumentException($"Input '{input}' has values already.", nameof(input));
        return this;
    }

    /// <summary>The names and element types of the inputs that have values.</summary>
    internal IEnumerable<(string Name, OnnxElementType Type)> Inputs => inputs.Select(pair => (pair.Key, pair.Value.Type));

    /// <summary>A tensor over an input's values; to be disposed.</summary>
    internal OrtValue CreateTensor(string input) => inputs[input].CreateTensor();

    private sealed record Input(OnnxElementType Type, Func<OrtValue> CreateTensor);
}
