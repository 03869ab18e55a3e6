using System.Collections.Immutable;
using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Quantization;

/// <summary>
/// Static 8-bit quantisation: turns convolutions and matrix products with stored weights, and the operators between
/// them, into integer arithmetic, with ranges of activations measured on calibration data. The result is an ordinary
/// ONNX model in QDQ form: weights signed 8-bit with a scale per output channel, biases 32-bit, activations 8-bit with
/// a zero point. Runs the model with ONNX Runtime, whose native library the application brings.
/// </summary>
public static class OnnxQuantizer
{
    /// <summary>The first opset whose DequantizeLinear has a scale per channel.</summary>
    private const long MinOpset = 13;

    private static readonly string[] QuantizedOperators =
    [
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul", "ConvInteger",
        "MatMulInteger",
    ];

    /// <summary>Quantises a model.</summary>
    /// <param name="model">The model in 32-bit floats; unchanged.</param>
    /// <param name="batches">
    /// Calibration data: typical inputs. Enumerated once, and not kept unless
    /// <see cref="OnnxQuantizationOptions.ErrorLimit"/> is given.
    /// </param>
    /// <param name="options">What is quantised, and how; default <see cref="OnnxQuantizationOptions.Default"/>.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>The quantised model and a report. The same for the same model, batches and options.</returns>
    /// <exception cref="OnnxException">
    /// There is no calibration data or it does not fit the model; an activation is not finite; the model is quantised
    /// already, of an opset before 13, has nothing to quantise or breaks rules of ONNX; an exclusion names nothing; the
    /// error limit cannot be met.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public static OnnxQuantizationResult Quantize(
        OnnxModel model,
        IEnumerable<CalibrationBatch> batches,
        OnnxQuantizationOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        options ??= OnnxQuantizationOptions.Default;
        options.Validate();
        OnnxChecker.ThrowIfUnchangeable(model);
        CheckQuantizable(model);

        OnnxModel folded = model.Clone();
        new BatchNormFolding().Apply(folded);
        GraphProto graph = folded.Proto.Graph;
        var planner = new QuantizationPlanner(new GraphEdits(folded), new NodePatterns(options, graph), options);
        if (planner.Candidates.Count == 0)
        {
            throw new OnnxException(
                $"The graph '{graph.Name}' has nothing to quantise: expected a Conv, Gemm or MatMul with stored weights of "
                + "32-bit floats that is not excluded or too narrow.");
        }
        IReadOnlyList<CalibrationBatch>? kept = options.ErrorLimit is null ? null : [.. batches];
        QuantizationPlan everything = planner.Plan(planner.Candidates.ToHashSet<NodeProto>(ReferenceEqualityComparer.Instance), "");
        (Dictionary<string, ActivationRange> ranges, int count) =
            RangeCollector.Collect(folded, everything.Tensors, kept ?? batches, options, cancellation);

        var attempt = new QuantizationAttempt(folded, planner, ranges, options.Activation);
        if (kept is null)
            return Result(attempt.Write(planner.Candidates), count, sensitivities: null, error: null);
        SensitivitySearch.Outcome outcome = SensitivitySearch.Run(attempt, planner.Candidates, kept, options.ErrorLimit!, cancellation);
        return Result(outcome.Attempt, count, outcome.Sensitivities, outcome.Error);
    }

    private static void CheckQuantizable(OnnxModel model)
    {
        if (model.Opset < MinOpset)
        {
            throw new OnnxException(
                $"The graph '{model.GraphName}' uses version {model.Opset} of the ONNX operators (opset); "
                + $"quantisation needs at least {MinOpset}, which brought a scale per channel. Export it again with a newer opset.");
        }
        if (model.Proto.Graph.Node.FirstOrDefault(node => QuantizedOperators.Contains(node.OpType)) is { } node)
        {
            throw new OnnxException(
                $"The graph '{model.GraphName}' is quantised already: node '{NodeNames.Of(node)}' is a {node.OpType}. "
                + "Quantise the original in 32-bit floats.");
        }
    }

    private static OnnxQuantizationResult Result(
        QuantizationAttempt.Written written, int batches, IReadOnlyDictionary<NodeProto, double>? sensitivities, double? error)
    {
        var report = new OnnxQuantizationReport
        {
            Nodes = [.. written.Decisions(sensitivities)],
            Ranges = written.Parameters.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.ToReport(),
                StringComparer.Ordinal),
            CalibrationBatches = batches,
            OutputError = error,
        };
        return new OnnxQuantizationResult(written.Model, report);
    }
}
