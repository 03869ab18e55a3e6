using System.Collections.Immutable;
using System.Runtime.InteropServices;
using KeypointMl.Training.Checkpoints.Safetensors;

namespace KeypointMl.Training.Checkpoints.Weights;

/// <summary>
/// Opens files of network weights that others made: named arrays, whatever the format. No format's reader runs code of
/// the file.
/// </summary>
internal static class WeightFile
{
    private const string Formats = "a safetensors file (.safetensors), a PyTorch state dict (.pth, .pt) or a MatConvNet network (.mat)";

    /// <summary>The arrays of a file by name; the format goes by the file's extension.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is of no format that is read, or damaged.</exception>
    public static IReadOnlyDictionary<string, WeightArray> Open(string path)
    {
        Require(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".safetensors" => OpenSafetensors(path),
            ".pth" or ".pt" => PyTorchStateDict.Open(path),
            ".mat" => MatConvNetFile.Open(path),
            var other => throw new InvalidDataException($"'{path}' ends in '{other}'; expected {Formats}."),
        };
    }

    /// <summary>Refuses a file that is not there.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static void Require(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no weight file '{path}' (looked at {Path.GetFullPath(path)}).", path);
    }

    private static Dictionary<string, WeightArray> OpenSafetensors(string path) => SafetensorsFile.Read(path).Tensors.ToDictionary(
        tensor => tensor.Name, tensor => new WeightArray(tensor.Shape, () => ToSingles(tensor, path)), StringComparer.Ordinal);

    private static float[] ToSingles(SafetensorsTensor tensor, string path)
    {
        ReadOnlySpan<byte> bytes = tensor.Data.Span;
        return tensor.Type switch
        {
            SafetensorsType.F32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            SafetensorsType.F64 => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes).ToArray(), value => (float)value),
            SafetensorsType.F16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (float)value),
            SafetensorsType.BF16 =>
                Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes)
                    .ToArray(), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
            _ => throw new InvalidDataException(
                $"'{path}': tensor '{tensor.Name}' has type {tensor.Type}; expected floating-point numbers."),
        };
    }
}

/// <summary>An array of a weight file. Its numbers are read when they are asked for, so that those nobody asks for cost nothing.</summary>
/// <param name="Shape">The sizes, the outermost first.</param>
/// <param name="Read">Reads the numbers: float32, row-major.</param>
internal sealed record WeightArray(ImmutableArray<long> Shape, Func<float[]> Read)
{
    /// <summary>The shape for messages: <c>[64, 3, 3, 3]</c>.</summary>
    public string Description => $"[{string.Join(", ", Shape)}]";
}
