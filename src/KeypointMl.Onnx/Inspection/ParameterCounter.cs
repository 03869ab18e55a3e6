using System.Collections.Frozen;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Inspection;

/// <summary>Tells what a model has learnt from the other constants that it stores: by element type, and by what reads them.</summary>
internal sealed class ParameterCounter
{
    // Inputs that say how to compute rather than with what: how a quantised number is meant, bounds, sizes, fill values.
    private static readonly FrozenDictionary<string, int[]> Settings = new Dictionary<string, int[]>
    {
        ["Clip"] = [1, 2],
        ["ConvInteger"] = [2, 3],
        ["DequantizeLinear"] = [1, 2],
        ["Dropout"] = [1],
        ["MatMulInteger"] = [2, 3],
        ["NonMaxSuppression"] = [3, 4],
        ["OneHot"] = [1, 2],
        ["Pad"] = [2],
        ["QLinearConv"] = [1, 2, 4, 5, 6, 7],
        ["QLinearMatMul"] = [1, 2, 4, 5, 6, 7],
        ["QuantizeLinear"] = [1, 2],
        ["Range"] = [0, 1, 2],
        ["Resize"] = [1, 2, 3],
        ["Upsample"] = [1],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Where 32-bit integers are a quantised bias.
    private static readonly FrozenDictionary<string, int> Biases = new Dictionary<string, int>
    {
        ["DequantizeLinear"] = 0,
        ["QLinearConv"] = 8,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly Dictionary<string, bool> learnt = new(StringComparer.Ordinal);
    private readonly HashSet<string> quantisedBiases = new(StringComparer.Ordinal);

    /// <summary>Looks at what reads each value, in nested graphs and functions too.</summary>
    public ParameterCounter(ModelProto model)
    {
        foreach ((NodeProto node, _) in ModelWalk.Nodes(model))
        {
            int[] settings = Settings.GetValueOrDefault(node.OpType) ?? [];
            for (int index = 0; index < node.Input.Count; index++)
            {
                learnt[node.Input[index]] = learnt.GetValueOrDefault(node.Input[index]) || !settings.Contains(index);
                if (Biases.TryGetValue(node.OpType, out int bias) && bias == index)
                    quantisedBiases.Add(node.Input[index]);
            }
        }
    }

    /// <summary>Whether a stored tensor is part of what was learnt.</summary>
    /// <param name="name">The name of its value.</param>
    /// <param name="type">Its element type.</param>
    public bool IsLearnt(string name, OnnxElementType type) => type switch
    {
        OnnxElementType.Int64 or OnnxElementType.UInt64 or OnnxElementType.UInt32 or OnnxElementType.Bool
            or OnnxElementType.String => false,
        OnnxElementType.Int32 => quantisedBiases.Contains(name),
        // What nothing reads was learnt all the same.
        _ => learnt.GetValueOrDefault(name, true),
    };
}
