using System.Collections.Immutable;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Editing;

/// <summary>
/// The chain of nodes that makes a convolution's input from an input of the graph, where each channel is an affine
/// function of one channel at the chain's root.
/// </summary>
internal sealed class InputNormalization
{
    // Channels that are left out get weights of zero, which cost memory and time like others: worth it for one of four.
    private const int MostPerTaken = 4;

    private readonly List<Step> steps = [];
    private readonly List<NodeProto> removable = [];
    private readonly List<NodeProto> kept = [];

    private InputNormalization(long channels)
    {
        Channels = [.. Enumerable.Range(0, (int)channels)];
        SourceChannels = (int)channels;
        Scale = [];
        Shift = [];
    }

    /// <summary>The nodes that compute or reorder.</summary>
    public ImmutableArray<NodeProto> Removable => [.. removable];

    /// <summary>The nodes between them that stay.</summary>
    public ImmutableArray<NodeProto> Kept => [.. kept];

    /// <summary>For each channel of the convolution, the channel of the root that it is made of.</summary>
    public int[] Channels { get; private set; }

    /// <summary>How many channels the root has.</summary>
    public int SourceChannels { get; private set; }

    /// <summary>Whether the channels of the convolution are not those of the root.</summary>
    public bool Reorders => Channels.Length != SourceChannels || Channels.Where((channel, index) => channel != index).Any();

    /// <summary>The factor for each channel of the convolution.</summary>
    public double[] Scale { get; private set; }

    /// <summary>What is added after the factor.</summary>
    public double[] Shift { get; private set; }

    /// <summary>The value that every channel turns into exactly 0, in the 32-bit arithmetic of the nodes; null if there is none.</summary>
    public float? Zero
    {
        get
        {
            float zero = (float)(-Shift[0] / Scale[0]);
            return float.IsFinite(zero) && Enumerable.Range(0, Channels.Length).All(channel => Run(channel, zero) == 0) ? zero : null;
        }
    }

    /// <summary>
    /// Walks from a convolution with constant weights towards an input of the graph; null if other nodes are in
    /// between, or nothing to fold.
    /// </summary>
    public static InputNormalization? Find(
        GraphEdits edits, IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> shapes, NodeProto convolution)
    {
        var chain = new InputNormalization(LinearFolding.InputChannels(edits, convolution));
        (string value, int axis, int rank, bool isFloat) = (convolution.Input[0], 1, edits.Constant(convolution, 1)!.Dims.Count, true);
        // A value that something else reads too must stay what it is, so the chain's root is there at the latest.
        while (edits.SoleReader(value) is not null && edits.Maker(value) is { } node && GraphEdits.IsStandard(node))
        {
            // A tensor that is stored is no input, however it is rearranged.
            if (node.Input.All(input => edits.Constant(input) is not null))
                break;
            if (node.OpType == "Transpose" && NodeAttributes.Permutation(node) is { } perm && perm.Length == rank)
            {
                axis = (int)perm[axis];
                chain.kept.Add(node);
            }
            else if (isFloat && node.OpType == "Cast" && NodeAttributes.Int(node, "to", 0) == (long)OnnxElementType.Float)
            {
                // In front of it there may be rounding, through which arithmetic cannot be moved, but an order of channels can.
                isFloat = false;
                chain.kept.Add(node);
            }
            else if ((isFloat && chain.TryAddArithmetic(edits, shapes, node, axis, rank))
                || chain.TryAddReordering(edits, shapes, node, axis, rank))
            {
                chain.removable.Add(node);
            }
            else
            {
                break;
            }
            value = Data(edits, node);
        }
        if (chain.removable.Count == 0 || !IsRooted(edits, value))
            return null;
        chain.Compose();
        return chain.Scale.All(scale => double.IsFinite(scale) && scale != 0) && chain.Shift.All(double.IsFinite) ? chain : null;
    }

    /// <summary>The input of a node of the chain that is not a constant.</summary>
    public static string Data(GraphEdits edits, NodeProto node) => node.Input.First(input => edits.Constant(input) is null);

    private static bool IsRooted(GraphEdits edits, string value)
    {
        while (!edits.IsInput(value))
        {
            if (edits.Maker(value) is not { } node || !GraphEdits.IsStandard(node) || node.OpType is not ("Cast" or "Transpose"))
                return false;
            value = node.Input[0];
        }
        return true;
    }

    private bool TryAddArithmetic(
        GraphEdits edits, IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> shapes, NodeProto node, int axis, int rank)
    {
        if (node.OpType is not ("Add" or "Sub" or "Mul" or "Div"))
            return false;
        int side = edits.FloatConstant(node, 1) is not null ? 1 : 0;
        if (edits.FloatConstant(node, side) is not { } tensor || edits.Constant(node, 1 - side) is not null
            || (node.OpType == "Div" && side == 0))
            return false;
        if (tensor.Dims.Count > rank
            || tensor.Dims.Where((size, index) => size != 1 && (index + rank - tensor.Dims.Count != axis || size != SourceChannels)).Any())
            return false;
        // A constant may also be what gives the data its dimensions or channels, which the convolution would then miss.
        bool isNumber = tensor.Dims.Count < rank && tensor.Dims.All(size => size == 1);
        if (!isNumber && !(shapes.TryGetValue(node.Input[1 - side], out ImmutableArray<OnnxDimension> shape) && shape.Length == rank
            && shape[axis].Value == SourceChannels))
            return false;
        float[] constant = TensorData.Floats(tensor).ToArray();
        steps.Insert(0, new Step(node.OpType, side == 0, [.. Channels.Select(channel => constant[constant.Length == 1 ? 0 : channel])]));
        return true;
    }

    private bool TryAddReordering(
        GraphEdits edits, IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> shapes, NodeProto node, int axis, int rank)
    {
        if (node.OpType is not ("Gather" or "Slice") || edits.Constant(node.Input[0]) is not null)
            return false;
        if (!shapes.TryGetValue(node.Input[0], out ImmutableArray<OnnxDimension> shape) || shape.Length != rank
            || shape[axis].Value is not { } count || count == 0 || count > (long)MostPerTaken * SourceChannels)
            return false;
        ConstantTensor?[] inputs = [.. node.Input.Select(edits.Constant)
            .Select(tensor => tensor is null ? null : ConstantTensor.From(tensor))];
        // The node itself says which channels it takes, given their numbers.
        inputs[0] = ConstantTensor.Of<long>([.. Enumerable.Range(0, (int)count).Select(channel => (long)channel)],
            [.. shape.Select((_, index) => index == axis ? count : 1)]);
        bool takesChannels = node.OpType == "Gather"
            ? inputs is [_, { Dims.Length: 1 }] && NodeEvaluation.Axis(NodeAttributes.Int(node, "axis", 0), rank) == axis
            : inputs.Length >= 4 && inputs.All(input => input is not null) && inputs[3]!.ToLongs() is [var sliced]
            && NodeEvaluation.Axis(sliced, rank) == axis;
        if (!takesChannels || ConstantEvaluator.Evaluate(
            new NodeEvaluation(node, inputs, edits.Opset, int.MaxValue))?.ToLongs() is not { } taken || taken.Length != SourceChannels)
            return false;
        Channels = [.. Channels.Select(channel => (int)taken[channel])];
        SourceChannels = (int)count;
        return true;
    }

    private void Compose()
    {
        Scale = [.. Channels.Select(_ => 1.0)];
        Shift = new double[Channels.Length];
        foreach (Step step in steps)
        {
            for (int channel = 0; channel < Channels.Length; channel++)
            {
                double c = step.Constants[channel];
                (Scale[channel], Shift[channel]) = step.OpType switch
                {
                    "Add" => (Scale[channel], Shift[channel] + c),
                    "Sub" when step.ConstantFirst => (-Scale[channel], c - Shift[channel]),
                    "Sub" => (Scale[channel], Shift[channel] - c),
                    "Mul" => (Scale[channel] * c, Shift[channel] * c),
                    _ => (Scale[channel] / c, Shift[channel] / c),
                };
            }
        }
    }

    private float Run(int channel, float value)
    {
        foreach (Step step in steps)
        {
            float c = step.Constants[channel];
            value = step.OpType switch
            {
                "Add" => value + c,
                "Sub" => step.ConstantFirst ? c - value : value - c,
                "Mul" => value * c,
                _ => value / c,
            };
        }
        return value;
    }

    private sealed record Step(string OpType, bool ConstantFirst, float[] Constants);
}
