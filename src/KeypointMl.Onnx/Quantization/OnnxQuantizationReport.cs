using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Onnx.Quantization;

/// <summary>What <see cref="OnnxQuantizer"/> did.</summary>
public sealed record OnnxQuantizationReport
{
    /// <summary>Every node of the original (BatchNormalization folded), in its order.</summary>
    public required ImmutableArray<QuantizedNode> Nodes { get; init; }

    /// <summary>The quantised activations by name.</summary>
    public required ImmutableSortedDictionary<string, QuantizedRange> Ranges { get; init; }

    /// <summary>How many batches were run to find the ranges.</summary>
    public required int CalibrationBatches { get; init; }

    /// <summary>The error of the limited output on the calibration batches; null where no limit was given.</summary>
    public required double? OutputError { get; init; }

    /// <summary>The report as lines of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"{Nodes.Count(node => node.IsQuantized)} of {Nodes.Length} nodes quantised, ranges from {CalibrationBatches} batches");
        text.Append(OutputError is { } error ? string.Create(CultureInfo.InvariantCulture, $", output error {error:G4}\n") : "\n");
        foreach (QuantizedNode node in Nodes)
        {
            string sensitivity = node.Sensitivity is { } alone ? string.Create(CultureInfo.InvariantCulture, $" (alone {alone:G4})") : "";
            text.Append(CultureInfo.InvariantCulture,
                $"{(node.IsQuantized ? "int8" : "float"),-6}{node.OpType,-22}{node.Name}: {node.Reason}{sensitivity}\n");
        }
        return text.ToString();
    }
}

/// <summary>A quantised model and what was done to it.</summary>
/// <param name="Model">The new model; the original is unchanged.</param>
/// <param name="Report">What was quantised, with which ranges, and why the rest was not.</param>
public sealed record OnnxQuantizationResult(OnnxModel Model, OnnxQuantizationReport Report);

/// <summary>Measures how far an output of the quantised model is from that of the original.</summary>
/// <param name="original">The output's elements over all calibration batches, one batch after the other, each in row-major order.</param>
/// <param name="quantized">The same of the quantised model.</param>
/// <returns>The error, in the caller's unit; 0 where they are alike.</returns>
public delegate double OutputErrorMeasure(ReadOnlySpan<float> original, ReadOnlySpan<float> quantized);

/// <summary>The integer type of quantised activations; weights are always signed.</summary>
public enum QuantizedActivation
{
    /// <summary>0 … 255 ('U8S8'). On x64, ONNX Runtime's direct convolution kernels take only these.</summary>
    UInt8,

    /// <summary>
    /// −128 … 127 ('S8S8'). What accelerators such as TensorRT expect; on x64, ONNX Runtime leaves what several nodes
    /// read in floats.
    /// </summary>
    Int8,
}

/// <summary>What became of a node.</summary>
/// <param name="Name">The node's name, or that of its first output where it has none.</param>
/// <param name="OpType">Its operator.</param>
/// <param name="IsQuantized">Whether it now reads and makes 8-bit integers, or was replaced by the range of one that does.</param>
/// <param name="Reason">How it runs, or why it stays in 32-bit floats.</param>
/// <param name="Sensitivity">The error of the limited output when this node alone is quantised; null where that was not measured.</param>
public sealed record QuantizedNode(string Name, string OpType, bool IsQuantized, string Reason, double? Sensitivity = null);

/// <summary>How the numbers of an activation are stored: real = (integer − zero point) · scale.</summary>
/// <param name="Min">The smallest real number that can be stored; 0 or below.</param>
/// <param name="Max">The largest real number that can be stored; 0 or above.</param>
/// <param name="Scale">The step between neighbouring numbers.</param>
/// <param name="ZeroPoint">The integer that stands for 0.</param>
public sealed record QuantizedRange(float Min, float Max, float Scale, int ZeroPoint);
