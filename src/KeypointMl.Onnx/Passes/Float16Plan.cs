using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Enumeration;
using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Inference;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Operators;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Passes;

/// <summary>Which nodes of a graph <see cref="Float16Conversion"/> converts.</summary>
internal sealed class Float16Plan
{
    // Operators whose float inputs and outputs may all be of 16 bits (but for those of KeepsInput); of several outputs only Split's.
    private static readonly FrozenSet<string> Convertible = FrozenSet.Create(
        StringComparer.Ordinal,
        "Abs", "Add", "AveragePool", "BatchNormalization", "Ceil", "Clip", "Concat", "Conv", "ConvTranspose", "Cos", "CumSum",
        "DepthToSpace", "Div", "Einsum", "Elu", "Equal", "Erf", "Exp", "Expand", "Flatten",
        "Floor", "Gather", "GatherElements", "GatherND", "Gelu", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "Greater",
        "GreaterOrEqual", "GridSample", "GroupNormalization", "HardSigmoid", "HardSwish",
        "Identity", "InstanceNormalization", "LayerNormalization", "LeakyRelu", "Less", "LessOrEqual", "Log", "LogSoftmax", "LpPool",
        "LRN", "MatMul", "Max", "MaxPool", "Mean", "Min", "Mish", "Mul", "Neg", "Pad", "Pow", "PRelu",
        "Reciprocal", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd",
        "ReduceSum", "ReduceSumSquare", "Relu", "Reshape", "Resize", "Round", "Selu",
        "Shrink", "Sigmoid", "Sign", "Sin", "Slice", "Softmax", "Softplus", "Softsign", "SpaceToDepth", "Split", "Sqrt", "Squeeze",
        "Sub", "Sum", "Tanh", "ThresholdedRelu", "Tile", "Transpose", "Unsqueeze", "Where");

    // Operators that only pick, move or bound elements: rounding before or after them is the same, so they follow what makes their inputs.
    // A root does, too: what is too small or too large for 16 bits may fit only behind it, or not before a guard is added.
    private static readonly FrozenSet<string> Following = FrozenSet.Create(
        StringComparer.Ordinal,
        "Abs", "Clip", "Concat", "DepthToSpace", "Expand", "Flatten", "Gather", "GatherElements", "GatherND", "GlobalMaxPool",
        "Identity", "Max", "MaxPool", "Min", "Neg", "Pad", "ReduceMax", "ReduceMin", "Relu", "Reshape",
        "Slice", "SpaceToDepth", "Split", "Squeeze", "Sqrt", "Tile", "Transpose", "Unsqueeze", "Where");

    // Arithmetic by which a length, a variance and their guards become a divisor.
    private static readonly FrozenSet<string> DivisorArithmetic = FrozenSet.Create(StringComparer.Ordinal, "Add", "Mul", "Sub", "Sum");

    // Operators that give a number beyond 65504 where they read one, as the masks of attention do; "Following" ones do too.
    private static readonly FrozenSet<string> PassingOverflow = FrozenSet.Create(
        StringComparer.Ordinal, "Add", "Cast", "Mul", "ScatterElements", "ScatterND", "Sub", "Sum", "Trilu");

    private readonly GraphEdits edits;
    private readonly Float16ConversionOptions options;
    private readonly IReadOnlyDictionary<string, OnnxElementType> types;
    private readonly HashSet<NodeProto> chosen = new(ReferenceEqualityComparer.Instance);

    /// <summary>Chooses the nodes.</summary>
    /// <exception cref="OnnxException">A pattern of the options fits no node.</exception>
    public Float16Plan(GraphEdits edits, Float16ConversionOptions options)
    {
        (this.edits, this.options, types) = (edits, options, TypeInference.Run(edits.Graph, edits.Opset));
        NodeProto[] nodes = [.. edits.Nodes()];
        foreach (string pattern in options.KeepNodes.Concat(options.KeepFrom))
        {
            if (!nodes.Any(node => Fits(pattern, node)))
            {
                throw new OnnxException(
                    $"'{pattern}' is the name of no node, so nothing would be kept in 32-bit floats by it. "
                    + $"Names are as in '{nodes.FirstOrDefault()?.Name}'; * stands for any text.");
            }
        }
        HashSet<NodeProto> kept = Downstream(nodes, node => options.KeepFrom.Any(pattern => Fits(pattern, node)));
        HashSet<NodeProto> behind = Downstream(nodes, HasWeights);
        HashSet<NodeProto> before = Upstream(nodes, HasWeights);
        HashSet<NodeProto> divisors = Divisors(nodes);
        HashSet<string> wide = Overflowing(nodes);
        foreach (NodeProto node in nodes)
        {
            bool inner = options.ConvertEdges || HasWeights(node) || (behind.Contains(node) && before.Contains(node));
            if (inner && !kept.Contains(node) && CanConvert(node) && !Follows(node, divisors) && !DividesWide(node)
                && !node.Output.Any(wide.Contains))
                chosen.Add(node);
        }
    }

    /// <summary>The chosen nodes, in no order.</summary>
    public IReadOnlyCollection<NodeProto> Chosen => chosen;

    /// <summary>Whether a node is converted.</summary>
    public bool Converts(NodeProto node) => chosen.Contains(node);

    /// <summary>Whether a value is of 32-bit floats before the conversion.</summary>
    public bool IsFloat(string value) => types.GetValueOrDefault(value) == OnnxElementType.Float;

    /// <summary>Whether a value was of 16-bit floats from the start.</summary>
    public bool WasHalf(string value) => types.GetValueOrDefault(value) == OnnxElementType.Float16;

    /// <summary>Whether a value becomes one of 16-bit floats.</summary>
    public bool BecomesHalf(string value) => IsFloat(value) && edits.Maker(value) is { } maker && chosen.Contains(maker);

    /// <summary>Whether a node takes 16-bit floats at an input when it is converted.</summary>
    public bool TakesHalf(NodeProto node, int input) => IsFloat(node.Input[input]) && !KeepsInput(node, input);

    // Resize takes its region and its factors in 32 bits.
    private static bool KeepsInput(NodeProto node, int input) => node.OpType == "Resize" && input is 1 or 2;

    private static bool Fits(string pattern, NodeProto node) =>
        FileSystemName.MatchesSimpleExpression(pattern, node.Name, ignoreCase: false);

    private bool HasWeights(NodeProto node) =>
        GraphEdits.IsStandard(node)
        && (node.OpType is "Conv" or "ConvTranspose" or "Gemm" || (node.OpType == "MatMul" && edits.Constant(node, 1) is not null));

    private bool CanConvert(NodeProto node) =>
        GraphEdits.IsStandard(node) && Convertible.Contains(node.OpType) && HasHalf(node) && !options.KeepOperators.Contains(node.OpType)
        && !options.KeepNodes.Any(pattern => Fits(pattern, node))
        && !(IsSquare(node) && options.KeepOperators.Contains("Pow"))
        && (node.OpType == "Split" || node.Output.Skip(1).All(output => output.Length == 0)) && !node.Output.Any(edits.IsReadInside)
        && node.Input.Where(input => input.Length > 0).All(types.ContainsKey) && node.Input.Any(IsFloat)
        && node.Output.All(output => IsFloat(output) || types.GetValueOrDefault(output) == OnnxElementType.Bool)
        && Enumerable.Range(0, node.Input.Count)
        .All(input => !TakesHalf(node, input) || FitsHalf(node.Input[input]));

    // As Pow would give it: the square of 256 is too large for 16 bits.
    private static bool IsSquare(NodeProto node) => node is { OpType: "Mul", Input: [var left, var right] } && left == right;

    private bool FitsHalf(string value) => Float16Tensors.Fits(Stored(value));

    // What is stored, or made by a node of its own, is known; what else a value may become is not.
    private ReadOnlySpan<float> Stored(string value)
    {
        if (edits.Constant(value) is { } stored)
            return stored.DataType == (int)OnnxElementType.Float ? TensorData.Floats(stored) : [];
        return edits.Maker(value) is { OpType: "Constant" } maker && GraphEdits.IsStandard(maker)
            && ConstantTensor.Of(maker) is { Type: OnnxElementType.Float } made ? made.As<float>() : [];
    }

    // Whether the opset allows 16-bit floats wherever the node has floats: CumSum has them since opset 14 only.
    private bool HasHalf(NodeProto node)
    {
        if (!StandardOperators.Knows(edits.Opset) || StandardOperators.Find(node.OpType, edits.Opset) is not { } schema)
            return true;
        return Enumerable.Range(0, node.Input.Count).Where(i => TakesHalf(node, i)).All(i => Allows(schema.Inputs, i))
            && Enumerable.Range(0, node.Output.Count).Where(i => IsFloat(node.Output[i])).All(i => Allows(schema.Outputs, i));

        bool Allows(ImmutableArray<OperatorParameter> parameters, int i) =>
            OperatorSchema.At(parameters, i) is { } parameter && schema.Allowed(parameter).Contains("float16");
    }

    private bool Follows(NodeProto node, HashSet<NodeProto> divisors) =>
        (Following.Contains(node.OpType) || (divisors.Contains(node) && DivisorArithmetic.Contains(node.OpType)))
        && node.Input.Where(input => input.Length > 0 && IsFloat(input) && edits.Constant(input) is null)
        .All(input => !BecomesHalf(input));

    // In 16 bits the smallest divisor that a guard allows (1e-12) would be 0, and a sum could be infinite.
    private bool DividesWide(NodeProto node) => node.OpType switch
    {
        "Reciprocal" => !IsStored(node.Input[0]),
        "Div" => !IsStored(node.Input[1]) || (!IsStored(node.Input[0]) && IsKept(node.Input[0])),
        _ => false,
    };

    private bool IsStored(string value) => edits.Constant(value) is not null || edits.Maker(value) is { OpType: "Constant" };

    private bool IsKept(string value) => edits.Maker(value) is { } maker && !chosen.Contains(maker);

    // The arithmetic whose results are divided by, or whose root is taken.
    private HashSet<NodeProto> Divisors(NodeProto[] nodes)
    {
        var found = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        foreach (NodeProto node in nodes.Reverse().Where(GraphEdits.IsStandard))
        {
            bool passes = found.Contains(node) && (Following.Contains(node.OpType) || DivisorArithmetic.Contains(node.OpType));
            IEnumerable<string> inputs = passes || node.OpType is "Pow" or "Reciprocal" or "Sqrt" ? node.Input
                : node.OpType == "Div" ? node.Input.Skip(1)
                : [];
            found.UnionWith(inputs.Select(edits.Maker).OfType<NodeProto>());
        }
        return found;
    }

    // Values that hold stored numbers beyond 65504, rearranged or in sums and products. Bounds, as Clip has them, bring none in.
    private HashSet<string> Overflowing(NodeProto[] nodes)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (NodeProto node in nodes.Where(GraphEdits.IsStandard))
        {
            bool bounds = node.OpType is "Clip" or "Max" or "Min";
            bool overflows = Following.Contains(node.OpType) || PassingOverflow.Contains(node.OpType)
                ? node.Input.Any(input => found.Contains(input) || (!bounds && Float16Tensors.Overflows(Stored(input))))
                : node.OpType == "ConstantOfShape"
                && NodeAttributes.Find(node, "value")?.T is { DataType: (int)OnnxElementType.Float } fill
                && Float16Tensors.Overflows(TensorData.Floats(fill));
            if (overflows)
                found.UnionWith(node.Output.Where(IsFloat));
        }
        return found;
    }

    private HashSet<NodeProto> Downstream(NodeProto[] nodes, Predicate<NodeProto> isSource)
    {
        var found = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        foreach (NodeProto node in nodes)
        {
            if (isSource(node) || node.Input.Concat(NestedGraphs.Reads(node))
                .Any(input => edits.Maker(input) is { } maker && found.Contains(maker)))
                found.Add(node);
        }
        return found;
    }

    private HashSet<NodeProto> Upstream(NodeProto[] nodes, Predicate<NodeProto> isSink)
    {
        var found = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        foreach (NodeProto node in nodes.Reverse())
        {
            if (!isSink(node) && !found.Contains(node))
                continue;
            found.Add(node);
            foreach (string input in node.Input.Concat(NestedGraphs.Reads(node)))
            {
                if (edits.Maker(input) is { } maker)
                    found.Add(maker);
            }
        }
        return found;
    }
}
