using System.Collections.Frozen;

namespace KeypointMl.Onnx.Shapes;

/// <summary>Inputs that are no data but say how to work on it, and that must be lists or single numbers.</summary>
internal static class ListInputs
{
    // For each operator the inputs and their number of dimensions: 1 a list, 0 a single number.
    private static readonly FrozenDictionary<string, (int Input, int Rank)[]> Ranks = new Dictionary<string, (int, int)[]>
    {
        ["AffineGrid"] = [(1, 1)],
        ["BlackmanWindow"] = [(0, 0)],
        ["CenterCropPad"] = [(1, 1)],
        ["Col2Im"] = [(1, 1), (2, 1)],
        ["ConstantOfShape"] = [(0, 1)],
        ["DFT"] = [(1, 0), (2, 0)],
        ["Dropout"] = [(1, 0), (2, 0)],
        ["Expand"] = [(1, 1)],
        ["HammingWindow"] = [(0, 0)],
        ["HannWindow"] = [(0, 0)],
        ["MaxUnpool"] = [(2, 1)],
        ["MelWeightMatrix"] = [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)],
        ["OneHot"] = [(2, 1)],
        ["Pad"] = [(1, 1)],
        ["Range"] = [(0, 0), (1, 0), (2, 0)],
        ["Reshape"] = [(1, 1)],
        ["ReverseSequence"] = [(1, 1)],
        ["STFT"] = [(1, 0), (2, 1), (3, 0)],
        ["Slice"] = [(1, 1), (2, 1), (3, 1), (4, 1)],
        ["Split"] = [(1, 1)],
        ["Tile"] = [(1, 1)],
        ["TopK"] = [(1, 1)],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Refuses a node that gives something else.</summary>
    public static void Check(NodeShapes node)
    {
        foreach ((int input, int rank) in Ranks.GetValueOrDefault(node.Node.OpType) ?? [])
            DimensionArithmetic.RequireRank(node[input], rank, $"input {input}");
    }
}
