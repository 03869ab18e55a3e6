using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Passes;

/// <summary>
/// Turns the layers of a graph of 32-bit floats, and the arithmetic between them, into 16-bit floats, with islands that
/// stay (see <see cref="Float16ConversionOptions"/>): the file is then about half as large. Inputs and outputs keep
/// their types; Cast nodes stand where 16 and 32 bits meet, one for each value and direction.
/// </summary>
/// <remarks>
/// A node whose stored tensors do not fit into 16-bit floats stays, and what adds up or rearranges its result where the
/// tensors are too large, as for the masks of attention. Whether other activations fit is not checked: compare the
/// converted model's results with the original's. On processors without 16-bit arithmetic ONNX Runtime casts back and
/// forth and computes in 32 bits: the file is smaller, not faster.
/// </remarks>
public sealed class Float16Conversion : IOnnxPass
{
    private readonly Float16ConversionOptions options;

    /// <summary>A pass with options.</summary>
    /// <param name="options">What stays in 32-bit floats; default <see cref="Float16ConversionOptions"/>.</param>
    public Float16Conversion(Float16ConversionOptions? options = null) => this.options = options ?? new Float16ConversionOptions();

    /// <inheritdoc/>
    /// <exception cref="OnnxException">The graph breaks a rule of ONNX, or a pattern of the options fits no node.</exception>
    public int Apply(OnnxModel model)
    {
        var edits = new GraphEdits(model);
        var plan = new Float16Plan(edits, options);
        if (plan.Chosen.Count == 0)
            return 0;
        var half = plan.Chosen.SelectMany(node => node.Output).Where(plan.IsFloat).ToHashSet(StringComparer.Ordinal);
        var casts = new Casts(edits, plan);
        NodeProto[] nodes = [.. edits.Nodes()];
        foreach (string output in nodes.SelectMany(node => node.Output).Where(output => half.Contains(output) && edits.IsOutput(output)))
            casts.KeepOutput(output);
        foreach (NodeProto node in nodes)
        {
            for (int input = 0; input < node.Input.Count; input++)
            {
                if (node.Input[input].Length == 0)
                    continue;
                if (plan.Converts(node) && plan.TakesHalf(node, input))
                    edits.SetInput(node, input, casts.ToHalf(node.Input[input], node));
                else if (half.Contains(node.Input[input]) && !TakesAnyType(node))
                    edits.SetInput(node, input, casts.ToFloat(node.Input[input], node));
            }
        }
        // What the file states of shapes stays true.
        foreach (ValueInfoProto info in edits.Graph.ValueInfo.Where(info => info.Type?.TensorType is not null && half.Contains(info.Name)))
            info.Type.TensorType.ElemType = (int)OnnxElementType.Float16;
        edits.RemoveUnusedInitializers();
        edits.Commit();
        return plan.Chosen.Count;
    }

    private static bool TakesAnyType(NodeProto node) => GraphEdits.IsStandard(node) && node.OpType is "Cast" or "Shape" or "Size";

    /// <summary>The other form of values, made when first asked for.</summary>
    private sealed class Casts(GraphEdits edits, Float16Plan plan)
    {
        private readonly Dictionary<string, string> halves = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> floats = new(StringComparer.Ordinal);

        /// <summary>Lets a Cast make an output of the graph from what its maker now gives.</summary>
        public void KeepOutput(string output)
        {
            NodeProto maker = edits.Maker(output)!;
            string half = edits.UniqueName(output + ".float16");
            edits.RenameOutput(maker, maker.Output.IndexOf(output), half);
            NodeProto cast = edits.NewNode(output + ".float32", "Cast", [half], OnnxAttribute.From("to", OnnxElementType.Float));
            cast.Output[0] = output;
            edits.InsertAfter(maker, cast);
            (halves[output], floats[output]) = (half, output);
        }

        public string ToHalf(string value, NodeProto reader)
        {
            if (halves.TryGetValue(value, out string? known))
                return known;
            if (plan.BecomesHalf(value))
                return value;
            if (edits.Constant(value) is { } tensor)
                return halves[value] = Stored(value, tensor);
            // A value that was widened for 32-bit arithmetic has its narrow form already.
            if (edits.Maker(value) is { } maker && GraphEdits.Is(maker, "Cast") && plan.WasHalf(maker.Input[0]))
                return halves[value] = maker.Input[0];
            return halves[value] = Insert(value, OnnxElementType.Float16, reader);
        }

        public string ToFloat(string value, NodeProto reader) =>
            floats.TryGetValue(value, out string? known) ? known : floats[value] = Insert(value, OnnxElementType.Float, reader);

        private string Stored(string value, TensorProto tensor)
        {
            bool everywhere = edits.IsFree(value) && edits.Readers(value).All(reader => plan.Converts(reader)
                && Enumerable.Range(0, reader.Input.Count).Where(input => reader.Input[input] == value)
                .All(input => plan.TakesHalf(reader, input)));
            TensorProto half = Float16Tensors.Convert(tensor, everywhere ? value : edits.UniqueName(value + ".float16"));
            if (everywhere)
                edits.Replace(half);
            else
                edits.Store(half);
            return half.Name;
        }

        // Readers are asked in the graph's order, so that the first one stands in front of all others.
        private string Insert(string value, OnnxElementType type, NodeProto reader)
        {
            NodeProto cast = edits.NewNode($"{value}.{(type == OnnxElementType.Float ? "float32" : "float16")}", "Cast", [value],
                OnnxAttribute.From("to", type));
            edits.InsertBefore(reader, cast);
            return cast.Output[0];
        }
    }
}
