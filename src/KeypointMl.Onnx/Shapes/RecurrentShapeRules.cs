using KeypointMl.Onnx.Model;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Shapes;

/// <summary>The shapes of RNN, GRU and LSTM.</summary>
internal static class RecurrentShapeRules
{
    /// <summary>
    /// X [steps,batch,input], W [directions,gates·hidden,input] and R [directions,gates·hidden,hidden] give Y
    /// [steps,directions,batch,hidden] and the last states [directions,batch,hidden]; with layout 1 the batch comes
    /// first.
    /// </summary>
    public static Shape[] Recurrent(NodeShapes node, int gates, int states)
    {
        (Shape x, Shape weight, Shape recurrence) = (node[0], node[1], node[2]);
        DimensionArithmetic.RequireRank(x, 3, "the input");
        DimensionArithmetic.RequireRank(weight, 3, "the weight W");
        DimensionArithmetic.RequireRank(recurrence, 3, "the weight R");
        if (x.IsDefault)
            return [];
        bool batchFirst = node.Int("layout", 0) == 1;
        (OnnxDimension steps, OnnxDimension batch) = batchFirst ? (x[1], x[0]) : (x[0], x[1]);
        OnnxDimension directions = node.Text("direction", "forward") == "bidirectional" ? 2 : 1;
        OnnxDimension hidden = node.Int("hidden_size", 0) is > 0 and var size ? size : recurrence.IsDefault
            ? OnnxDimension.Unknown
            : recurrence[2];
        Match(weight, [directions, DimensionArithmetic.Times(hidden, gates), x[2]], "W");
        Match(recurrence, [directions, DimensionArithmetic.Times(hidden, gates), hidden], "R");
        Match(node[3], [directions, DimensionArithmetic.Times(hidden, 2 * gates)], "B");
        Match(node[4], [batch], "sequence_lens");
        Shape state = batchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
        for (int index = 0; index < states; index++)
            Match(node[5 + index], state, index == 0 ? "initial_h" : "initial_c");
        return [batchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden], .. Enumerable.Repeat(state, states)];
    }

    private static void Match(Shape found, Shape expected, string what)
    {
        DimensionArithmetic.RequireRank(found, expected.Length, what);
        for (int axis = 0; !found.IsDefault && axis < found.Length; axis++)
            DimensionArithmetic.Same(expected[axis], found[axis], $"axis {axis} of {what}, as expected and as found,");
    }
}
