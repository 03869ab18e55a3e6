using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Quantization;

/// <summary>Quantises a measured model with any choice of its convolutions and matrix products.</summary>
/// <param name="Model">The model in 32-bit floats, BatchNormalization folded.</param>
/// <param name="Planner">Plans for its graph.</param>
/// <param name="Ranges">The measured range of every activation that a plan may touch.</param>
/// <param name="Activation">The integer type of activations.</param>
internal sealed record QuantizationAttempt(
    OnnxModel Model,
    QuantizationPlanner Planner,
    IReadOnlyDictionary<string, ActivationRange> Ranges,
    QuantizedActivation Activation)
{
    /// <summary>Writes the model with these nodes quantised, and what lies between them.</summary>
    public Written Write(IEnumerable<NodeProto> weighted)
    {
        QuantizationPlan plan =
            Planner.Plan(weighted.ToHashSet<NodeProto>(ReferenceEqualityComparer.Instance), "kept in 32-bit floats for the error limit");
        Dictionary<string, QuantizationParameters> parameters = plan.ShareRanges(Ranges)
            .ToDictionary(pair => pair.Key, pair => QuantizationParameters.Of(pair.Value, Activation), StringComparer.Ordinal);
        return new Written(QdqWriter.Write(Model, plan, parameters), Model.Proto.Graph, plan, parameters);
    }

    /// <summary>A model that was written.</summary>
    /// <param name="Model">The quantised model.</param>
    /// <param name="Original">The graph that it was made from.</param>
    /// <param name="Plan">What was quantised.</param>
    /// <param name="Parameters">Scale and zero point of each quantised activation.</param>
    internal sealed record Written(
        OnnxModel Model,
        GraphProto Original,
        QuantizationPlan Plan,
        IReadOnlyDictionary<string, QuantizationParameters> Parameters)
    {
        /// <summary>What became of each node.</summary>
        public IEnumerable<QuantizedNode> Decisions(IReadOnlyDictionary<NodeProto, double>? sensitivities)
        {
            foreach (NodeProto node in Original.Node)
            {
                double? alone = sensitivities is not null && sensitivities.TryGetValue(node, out double measured) ? measured : null;
                yield return new QuantizedNode(NodeNames.Of(node), node.OpType, Plan.Quantized.Contains(node), Plan.Reasons[node], alone);
            }
        }
    }
}
