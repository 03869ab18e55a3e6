using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Model;

/// <summary>
/// Goes through everything in a model, nested graphs and functions included, and says where it is in the words of an
/// error message.
/// </summary>
internal static class ModelWalk
{
    /// <summary>All graphs, the main one first.</summary>
    public static IEnumerable<(GraphProto Graph, string Where)> Graphs(ModelProto model) =>
        Attributes(model).SelectMany(pair => GraphsOf(pair.Attribute).Select(graph => (graph, pair.Where))).Prepend((model.Graph, ""));

    /// <summary>All nodes.</summary>
    public static IEnumerable<(NodeProto Node, string Where)> Nodes(ModelProto model) =>
        Nodes(model.Graph.Node)
        .Concat(model.Functions.SelectMany(function => Nodes(function.Node, $", function '{PrintableText.Shorten(function.Name)}'")));

    /// <summary>Some nodes and those in the graphs inside them.</summary>
    public static IEnumerable<(NodeProto Node, string Where)> Nodes(IList<NodeProto> nodes, string place = "")
    {
        var waiting = new Stack<(IList<NodeProto> Nodes, string Where)>([(nodes, place)]);
        while (waiting.TryPop(out (IList<NodeProto> Nodes, string Where) list))
        {
            for (int index = 0; index < list.Nodes.Count; index++)
            {
                NodeProto node = list.Nodes[index];
                string where = $"{list.Where}, {Describe(node, index)}";
                yield return (node, where);
                foreach (AttributeProto attribute in node.Attribute)
                {
                    foreach (GraphProto graph in GraphsOf(attribute))
                        waiting.Push((graph.Node, $"{where}, attribute '{PrintableText.Shorten(attribute.Name)}'"));
                }
            }
        }
    }

    /// <summary>All attributes of all nodes, and the defaults that functions give theirs.</summary>
    public static IEnumerable<(AttributeProto Attribute, string Where)> Attributes(ModelProto model) =>
        Nodes(model).SelectMany(
            pair => pair.Node.Attribute.Select(attribute => (attribute, $"{pair.Where}, attribute '{PrintableText.Shorten(attribute.Name)}'")))
            .Concat(model.Functions.SelectMany(function =>
                function.AttributeProto.Select(attribute =>
                    (attribute, $", function '{PrintableText.Shorten(function.Name)}', attribute '{PrintableText.Shorten(attribute.Name)}'"))));

    /// <summary>All stored tensors: initializers and the tensors in attributes.</summary>
    public static IEnumerable<(TensorProto Tensor, string Where)> Tensors(ModelProto model)
    {
        foreach ((GraphProto graph, string where) in Graphs(model))
        {
            for (int index = 0; index < graph.Initializer.Count; index++)
                yield return (graph.Initializer[index], $"{where}: initializer '{PrintableText.Shorten(graph.Initializer[index].Name)}'");
        }
        foreach ((AttributeProto attribute, string where) in Attributes(model))
        {
            if (attribute.T is not null)
                yield return (attribute.T, $"{where}: the tensor");
            foreach (TensorProto tensor in attribute.Tensors)
                yield return (tensor, $"{where}: the tensor");
        }
    }

    /// <summary>A node in the words of an error message.</summary>
    public static string Describe(NodeProto node, int index) =>
        $"node {index} '{PrintableText.Shorten(node.Name)}' ({PrintableText.Shorten(node.OpType)})";

    /// <summary>The graphs in an attribute.</summary>
    public static IEnumerable<GraphProto> GraphsOf(AttributeProto attribute) =>
        attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G);
}
