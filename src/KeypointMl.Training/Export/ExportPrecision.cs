using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Training.Export;

/// <summary>The arithmetic of an exported graph. Its inputs and outputs are the contract's in each.</summary>
public enum ExportPrecision
{
    /// <summary><c>fp32</c>: 32-bit floats, as trained.</summary>
    Float32,

    /// <summary>
    /// <c>fp16</c>: 16-bit floats, with 32-bit islands where sums and coordinates need them
    /// (<see cref="Float16Conversion"/>): half the file.
    /// </summary>
    Float16,

    /// <summary>
    /// <c>int8</c>: 8-bit integers in QDQ form (<see cref="OnnxQuantizer"/>), calibrated on training frames. For
    /// detectors.
    /// </summary>
    Int8,
}

/// <summary>The words for precisions on the command line and in a model's provenance.</summary>
internal static class ExportPrecisions
{
    private static readonly string[] Spellings = ["fp32", "fp16", "int8"];

    /// <summary><c>fp32</c>, <c>fp16</c>, <c>int8</c>, in the order of <see cref="ExportPrecision"/>.</summary>
    public static IReadOnlyList<string> Words => Spellings;

    /// <summary>The word for a precision.</summary>
    public static string WordOf(ExportPrecision precision) => Spellings[(int)precision];

    /// <summary>The precision of a word.</summary>
    /// <exception cref="ArgumentException">It is not one of <see cref="Words"/>.</exception>
    public static ExportPrecision Parse(string word) => Array.IndexOf(Spellings, word) is var index and >= 0
        ? (ExportPrecision)index
        : throw new ArgumentException($"'{word}' is no precision; expected {string.Join(", ", Spellings)}.", nameof(word));
}
