using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Quantization;

/// <summary>
/// Keeps the most sensitive convolutions and matrix products in 32-bit floats until an output's error is under its
/// limit. Each is first quantised alone, which ranks them; then they are given up one after the other, worst first.
/// </summary>
internal static class SensitivitySearch
{
    /// <summary>Searches.</summary>
    /// <exception cref="OnnxException">
    /// The output is not in the model or not of 32-bit floats, or not even one quantised node keeps the limit.
    /// </exception>
    public static Outcome Run(
        QuantizationAttempt attempt,
        IReadOnlyList<NodeProto> candidates,
        IReadOnlyList<CalibrationBatch> batches,
        OutputErrorLimit limit,
        CancellationToken cancellation)
    {
        Check(attempt.Model, limit);
        float[] original = Outputs(attempt.Model, batches, limit.Output, cancellation);
        double Error(OnnxModel model) => limit.Measure(original, Outputs(model, batches, limit.Output, cancellation));

        QuantizationAttempt.Written all = attempt.Write(candidates);
        double error = Error(all.Model);
        if (error <= limit.Limit)
            return new Outcome(all, error, new Dictionary<NodeProto, double>());

        Dictionary<NodeProto, double> alone = new(ReferenceEqualityComparer.Instance);
        foreach (NodeProto node in candidates)
            alone[node] = Error(attempt.Write([node]).Model);
        NodeProto[] ranked = [.. candidates.OrderByDescending(node => alone[node])];
        for (int given = 1; given < ranked.Length; given++)
        {
            QuantizationAttempt.Written some = attempt.Write(ranked[given..]);
            error = Error(some.Model);
            if (error <= limit.Limit)
                return new Outcome(some, error, alone);
        }
        throw new OnnxException(
            $"No choice of nodes keeps the error of output '{limit.Output}' under {limit.Limit:G4}: "
            + $"with '{NodeNames.Of(ranked[^1])}' alone quantised, the least sensitive, it is {error:G4}. "
            + "Allow a larger error, or use the model in floats.");
    }

    private static void Check(OnnxModel model, OutputErrorLimit limit)
    {
        if (model.Outputs.FirstOrDefault(output => output.Name == limit.Output) is not { } output)
        {
            throw new OnnxException(
                $"The error limit is for output '{limit.Output}'; "
                + $"the graph '{model.GraphName}' has {string.Join(", ", model.Outputs.Select(known => known.Name))}. Name one of them.");
        }
        if (output.ElementType != OnnxElementType.Float)
        {
            throw new OnnxException(
                $"The error limit is for output '{limit.Output}', which is of {output.ElementType}; expected 32-bit floats. "
                + "Name another output.");
        }
    }

    private static float[] Outputs(OnnxModel model, IReadOnlyList<CalibrationBatch> batches, string output, CancellationToken cancellation)
    {
        var elements = new List<float>();
        using var runner = new ModelRunner(model, [output]);
        for (int number = 0; number < batches.Count; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            runner.Run(batches[number], number, (_, values) => elements.AddRange(values));
        }
        return [.. elements];
    }

    /// <summary>What was found.</summary>
    /// <param name="Attempt">The model within the limit.</param>
    /// <param name="Error">Its error.</param>
    /// <param name="Sensitivities">The error of each candidate quantised alone; empty where all fit the limit at once.</param>
    internal sealed record Outcome(QuantizationAttempt.Written Attempt, double Error, IReadOnlyDictionary<NodeProto, double> Sensitivities);
}
