using System.Collections.Immutable;
using KeypointMl.Onnx.Checking;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Inference;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Inspection;

/// <summary>
/// Checks a model as the official checker does with its full check, and in places closer. The rules of the format
/// (https://github.com/onnx/onnx/blob/main/docs/IR.md): each value made once and before it is read, in nested graphs
/// and functions too; unique names of nodes; imported domains. For the standard operators
/// (https://onnx.ai/onnx/operators/) of opsets 7 to 25: that the operator exists, the number of inputs and outputs, the
/// attributes' names, types and, where the specification lists or bounds them, values. Over the whole graph: element
/// types and shapes, which must fit the operators, one another, and what the file declares. Not checked are operators
/// of other domains, and those of other opsets.
/// </summary>
public static class OnnxChecker
{
    /// <summary>Checks a model.</summary>
    /// <param name="model">The model.</param>
    /// <returns>What is wrong, a sentence each; empty when nothing is. After a hundred sentences the rest is only counted.</returns>
    public static IReadOnlyList<string> Check(OnnxModel model) => Check(model, takesUnknownOperators: false);

    /// <summary>Checks a model and refuses a wrong one.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="OnnxException">Something is wrong; the message lists everything.</exception>
    public static void ThrowIfInvalid(OnnxModel model) => Throw(model, Check(model));

    /// <summary>
    /// Checks a model that is to be changed: operators that ONNX Runtime and TensorRT have in the standard domain without
    /// ONNX's having them (SimplifiedLayerNormalization, EfficientNMS_TRT) are left as they are, as those of other domains.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <exception cref="OnnxException">Something is wrong; the message lists everything.</exception>
    internal static void ThrowIfUnchangeable(OnnxModel model) => Throw(model, Check(model, takesUnknownOperators: true));

    private static IReadOnlyList<string> Check(OnnxModel model, bool takesUnknownOperators)
    {
        ArgumentNullException.ThrowIfNull(model);
        var problems = new ProblemList();
        ModelProto proto = model.Proto;
        var context = new CheckContext(problems, proto.IrVersion, CheckContext.Imports(proto.OpsetImport), FunctionChecker.ById(proto))
        {
            TakesUnknownOperators = takesUnknownOperators,
        };
        foreach (string twice in proto.MetadataProps.CountBy(entry => entry.Key).Where(pair => pair.Value > 1).Select(pair => pair.Key))
            problems.Add($"Metadata '{PrintableText.Shorten(twice)}' is there more than once.");
        FormatVersions.Check(proto, context);
        GraphChecker.Check(proto.Graph, context);
        FunctionChecker.Check(proto, context);
        GraphInference.Run(proto.Graph, new InferenceSettings(context.Opset, ImmutableDictionary<string, long>.Empty, problems)
        {
            Functions = context.Functions,
        });
        return problems.Sentences;
    }

    private static void Throw(OnnxModel model, IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new OnnxException(
                $"The graph '{PrintableText.Shorten(model.GraphName)}' breaks the rules of ONNX: {string.Join(" ", problems)}");
        }
    }
}
