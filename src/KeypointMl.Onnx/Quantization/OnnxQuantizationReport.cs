using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace KeypointMl.Onnx;

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
        text.Append(CultureInfo.InvariantCulture, $"{Nodes.Count(node => node.IsQuantized)} of {Nodes.Length} nodes quantised, ranges from {CalibrationBatches} batches");
        text.Append(OutputError is { } error ? string.Create(CultureInfo.InvariantCulture, $", output error {error:G4}\n") : "\n");
        foreach (QuantizedNode node in Nodes)
        {
            string sensitivity = node.Sensitivity is { } alone ? string.Create(CultureInfo.InvariantCulture, $" (alone {alone:G4})") : "";
            text.Append(CultureInfo.InvariantCulture, $"{(node.IsQuantized ? "int8" : "float"),-6}{node.OpType,-22}{node.Name}: {node.Reason}{sensitivity}\n");
        }
        return text.ToString();
    }
}
