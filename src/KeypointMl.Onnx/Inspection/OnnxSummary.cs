using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Onnx.Inspection;

/// <summary>What is in a model, for a reader.</summary>
public sealed record OnnxSummary
{
    private const int MaxUncounted = 10;

    /// <summary>The graph's name.</summary>
    public required string GraphName { get; init; }

    /// <summary>The tool that wrote the model, and its version.</summary>
    public required string Producer { get; init; }

    /// <summary>The version of the ONNX file format.</summary>
    public required long IrVersion { get; init; }

    /// <summary>The version of the standard operators.</summary>
    public required long Opset { get; init; }

    /// <summary>The size of the file.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>What a caller must feed.</summary>
    public required ImmutableArray<OnnxValueInfo> Inputs { get; init; }

    /// <summary>What the graph gives.</summary>
    public required ImmutableArray<OnnxValueInfo> Outputs { get; init; }

    /// <summary>How many nodes there are of each operator.</summary>
    public required ImmutableSortedDictionary<string, int> Operators { get; init; }

    /// <summary>
    /// How many numbers the model has learnt: the elements of stored tensors of floating point, and of quantised
    /// weights and biases. Left out are integers that are shapes, axes or indices, and constants that only say how to
    /// compute: scales and zero points of quantised tensors, bounds, factors.
    /// </summary>
    public required long Parameters { get; init; }

    /// <summary>The bytes of all stored tensors by element type.</summary>
    public required ImmutableSortedDictionary<OnnxElementType, long> StoredBytes { get; init; }

    /// <summary>
    /// Multiply–adds of convolutions, matrix products, recurrences and attention, quantised ones too, in one run, with
    /// every open size that was not given taken as 1, such as a batch of one. Both branches of an If and one pass of a
    /// loop are counted.
    /// </summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>Names of nodes of these kinds whose shapes could not be found out, and which are therefore not counted.</summary>
    public required ImmutableArray<string> Uncounted { get; init; }

    /// <summary>The model's metadata.</summary>
    public required ImmutableSortedDictionary<string, string> Metadata { get; init; }

    /// <summary>What <see cref="OnnxChecker"/> finds wrong; empty when nothing is.</summary>
    public required ImmutableArray<string> Problems { get; init; }

    /// <summary>How many nodes there are.</summary>
    public int NodeCount => Operators.Values.Sum();

    /// <summary>The summary as lines of text, without characters that steer a terminal.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line(text, "graph", GraphName);
        Line(text, "producer", Producer);
        Line(text, "format", $"IR version {IrVersion}, opset {Opset}, {Number(SizeInBytes)} bytes");
        foreach (OnnxValueInfo input in Inputs)
            Line(text, "input", input.ToString());
        foreach (OnnxValueInfo output in Outputs)
            Line(text, "output", output.ToString());
        Line(text, "operators",
            $"{NodeCount}: {string.Join(", ", Operators.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}"))}");
        Line(text, "parameters", Number(Parameters));
        Line(text, "stored", StoredBytes.IsEmpty
            ? "nothing"
            : string.Join(", ", StoredBytes.OrderByDescending(pair => pair.Value)
                .Select(pair => $"{Number(pair.Value)} bytes of {pair.Key}")));
        string more = Uncounted.Length > MaxUncounted ? $" and {Uncounted.Length - MaxUncounted} more" : "";
        string uncounted = Uncounted.IsEmpty ? "" : $" (not counted: {string.Join(", ", Uncounted.Take(MaxUncounted))}{more})";
        Line(text, "multiply-adds", Number(MultiplyAdds) + uncounted);
        foreach ((string key, string value) in Metadata)
            Line(text, "metadata", $"{key} = {value}");
        foreach (string problem in Problems)
            Line(text, "problem", problem);
        return text.ToString();
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string what, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{what,-14}{PrintableText.Of(value)}\n");
}
