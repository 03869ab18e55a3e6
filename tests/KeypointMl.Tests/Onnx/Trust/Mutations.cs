using Google.Protobuf;
using Google.Protobuf.Collections;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Operators;
using KeypointMl.Onnx.Protobuf;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Tests.Onnx.Trust;

/// <summary>
/// Ways to spoil a model, each a change that a broken exporter, a slip of the hand or malice could make. A change gives
/// false where the model has no place for it.
/// </summary>
internal static class Mutations
{
    // Those that the official package knows, of all kinds.
    private static readonly string[] Operators = [.. StandardOperators.All.Where(schema => schema.Since <= 17)
        .Select(schema => schema.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>All of them by name.</summary>
    public static IReadOnlyDictionary<string, Func<ModelProto, Random, bool>> All { get; } = new Dictionary<string, Func<ModelProto, Random, bool>>
    {
        ["swap two nodes"] = (model, random) => Swap(model.Graph.Node, random),
        ["remove a node"] = (model, random) => RemoveOne(model.Graph.Node, random),
        ["repeat a node"] = (model, random) => Change(model.Graph.Node, random, node => model.Graph.Node.Add(node.Clone())),
        ["read an unknown value"] = (model, random) =>
            Change(Nodes(model), random, node => node.Input.Count > 0, node => node.Input[random.Next(node.Input.Count)] = "nothing"),
        ["read another value"] = (model, random) =>
            Change(Nodes(model),
                random, node => node.Input.Count > 0, node => node.Input[random.Next(node.Input.Count)] = Pick(Values(model), random)),
        ["leave an input out"] = (model, random) =>
            Change(Nodes(model), random, node => node.Input.Count > 0, node => node.Input[random.Next(node.Input.Count)] = ""),
        ["drop the last input"] = (model, random) =>
            Change(Nodes(model), random, node => node.Input.Count > 0, node => node.Input.RemoveAt(node.Input.Count - 1)),
        ["add an input"] = (model, random) =>
            Change(Nodes(model), random, node => node.Input.Count > 0, node => node.Input.Add(node.Input[0])),
        ["add an output"] = (model, random) => Change(Nodes(model), random, node => node.Output.Add("one more")),
        ["make a value twice"] = (model, random) =>
            Change(Nodes(model), random, node => node.Output.Count > 0, node => node.Output[0] = Pick(Values(model), random)),
        ["read the end at the start"] = (model, _) => Do(() => model.Graph.Node[0].Input[0] = model.Graph.Node[^1].Output[0]),
        ["use another operator"] = (model, random) => Change(Nodes(model), random, node => node.OpType = Pick(Operators, random)),
        ["use no operator"] = (model, random) => Change(Nodes(model), random, node => node.OpType = ""),
        ["use an operator of a domain that is not imported"] =
            (model, random) => Change(Nodes(model), random, node => node.Domain = "elsewhere"),
        ["remove an attribute"] = (model, random) =>
            Change(Nodes(model), random, node => node.Attribute.Count > 0, node => RemoveOne(node.Attribute, random)),
        ["repeat an attribute"] = (model, random) =>
            Change(Nodes(model), random, node => node.Attribute.Count > 0, node => node.Attribute.Add(node.Attribute[0].Clone())),
        ["add an unknown attribute"] =
            (model, random) => Change(Nodes(model), random, node => node.Attribute.Add(OnnxAttribute.Int("unheard_of", 1).ToProto())),
        ["change an attribute's type"] = (model, random) =>
            Change(Attributes(model), random, attribute => attribute.Type = Pick(Enum.GetValues<AttributeType>(), random)),
        ["change an attribute's number"] = (model, random) =>
            Change(Attributes(model),
                random, attribute => attribute.Type == AttributeType.Int, attribute => attribute.I =
                    Pick([-7, -1, 0, 1, 2, 5, 99], random)),
        ["change an attribute's numbers"] = (model, random) =>
            Change(Attributes(model), random, attribute => attribute.Ints.Count > 0, attribute => attribute.Ints.RemoveAt(0)),
        ["give an attribute two values"] =
            (model, random) => Change(Attributes(model), random, attribute => (attribute.F, attribute.I) = (1, 1)),
        ["change a tensor's type"] =
            (model, random) => Change(model.Graph.Initializer, random, tensor => tensor.DataType = random.Next(0, 18)),
        ["change a tensor's shape"] = (model, random) =>
            Change(model.Graph.Initializer,
                random, tensor => tensor.Dims.Count > 0, tensor => tensor.Dims[random.Next(tensor.Dims.Count)] += random.Next(1, 3)),
        ["swap a tensor's sizes"] = (model, random) =>
            Change(model.Graph.Initializer,
                random, tensor => tensor.Dims.Count > 1, tensor => (tensor.Dims[0], tensor.Dims[1]) = (tensor.Dims[1], tensor.Dims[0])),
        ["fill two fields of a tensor"] = (model, random) =>
            Change(model.Graph.Initializer, random, tensor => tensor.RawData.Length > 0, tensor => tensor.DoubleData.Add(1)),
        ["empty a tensor"] = (model, random) => Change(model.Graph.Initializer, random, tensor => tensor.RawData = ByteString.Empty),
        ["remove a tensor"] = (model, random) => RemoveOne(model.Graph.Initializer, random),
        ["repeat a tensor"] =
            (model, random) => Change(model.Graph.Initializer, random, tensor => model.Graph.Initializer.Add(tensor.Clone())),
        ["name no tensor"] = (model, random) => Change(model.Graph.Initializer, random, tensor => tensor.Name = ""),
        ["change an input's type"] =
            (model, random) => Change(Tensors(model.Graph.Input), random, type => type.ElemType = random.Next(0, 18)),
        ["change an input's size"] = (model, random) => Change(Sizes(model.Graph.Input), random, size => size.DimValue = random.Next(1, 9)),
        ["change an output's type"] =
            (model, random) => Change(Tensors(model.Graph.Output), random, type => type.ElemType = random.Next(0, 18)),
        ["change an output's size"] =
            (model, random) => Change(Sizes(model.Graph.Output), random, size => size.DimValue = random.Next(1, 9)),
        ["add a size to an output"] = (model, random) =>
            Change(Tensors(model.Graph.Output),
                random, type => type.Shape is not null, type => type.Shape.Dim.Add(new TensorShapeProto.Types.Dimension
                {
                    DimValue = 1,
                })),
        ["declare no shape"] = (model, random) =>
            Change(Tensors(model.Graph.Input).Concat(Tensors(model.Graph.Output)), random, type => type.Shape = null),
        ["declare no type"] = (model, random) => Change(model.Graph.Input.Concat(model.Graph.Output), random, info => info.Type = null),
        ["repeat an input"] = (model, random) => Change(model.Graph.Input, random, input => model.Graph.Input.Add(input.Clone())),
        ["remove an input"] = (model, random) => RemoveOne(model.Graph.Input, random),
        ["name an output that nothing makes"] = (model, random) => Change(model.Graph.Output, random, output => output.Name = "nothing"),
        ["declare an inner value wrongly"] = (model, random) =>
            Change(model.Graph.Node,
                random, node => model.Graph.ValueInfo.Add(new OnnxValueInfo(node.Output[0], OnnxElementType.Int16, [7]).ToProto())),
        ["name no graph"] = (model, _) => Do(() => model.Graph.Name = ""),
        ["import no operators"] = (model, _) => Do(model.OpsetImport.Clear),
        ["import older operators"] = (model, random) => Do(() => model.OpsetImport[0].Version = random.Next(7, 17)),
        ["say no version of the format"] = (model, _) => Do(() => model.IrVersion = 0),
        ["say version 3 of the format"] = (model, _) => Do(() => model.IrVersion = 3),
        ["spoil a nested graph's output"] = (model, random) =>
            Change(Inner(model), random, graph => graph.Output.Count > 0, graph => graph.Output[0].Name = "nothing"),
        ["shadow a value in a nested graph"] =
            (model, random) => Change(Inner(model), random, graph => graph.Node.Count > 0, graph => graph.Node[0].Output[0] = "x"),
        ["call a function wrongly"] = (model, random) => Change(model.Functions, random, function => function.Node[0].Input[0] = "nothing"),
    };

    private static IEnumerable<GraphProto> Inner(ModelProto model) => ModelWalk.Graphs(model).Skip(1).Select(pair => pair.Graph);

    private static IEnumerable<NodeProto> Nodes(ModelProto model) => ModelWalk.Nodes(model).Select(pair => pair.Node);

    private static IEnumerable<AttributeProto> Attributes(ModelProto model) => ModelWalk.Attributes(model).Select(pair => pair.Attribute);

    private static IEnumerable<string> Values(ModelProto model) =>
        model.Graph.Input.Select(input => input.Name).Concat(model.Graph.Initializer.Select(tensor => tensor.Name))
        .Concat(model.Graph.Node.SelectMany(node => node.Output));

    private static IEnumerable<TypeProto.Types.Tensor> Tensors(IEnumerable<ValueInfoProto> infos) =>
        infos.Where(info => info.Type?.TensorType is not null).Select(info => info.Type.TensorType);

    private static IEnumerable<TensorShapeProto.Types.Dimension> Sizes(IEnumerable<ValueInfoProto> infos) =>
        Tensors(infos).Where(type => type.Shape is not null).SelectMany(type => type.Shape.Dim);

    private static T Pick<T>(IEnumerable<T> items, Random random) =>
        items.ToArray() is var all ? all[random.Next(all.Length)] : throw new InvalidOperationException();

    private static bool Do(Action change)
    {
        change();
        return true;
    }

    private static bool Change<T>(IEnumerable<T> items, Random random, Action<T> change) => Change(items, random, _ => true, change);

    private static bool Change<T>(IEnumerable<T> items, Random random, Func<T, bool> fits, Action<T> change)
    {
        T[] candidates = [.. items.Where(fits)];
        if (candidates.Length == 0)
            return false;
        change(candidates[random.Next(candidates.Length)]);
        return true;
    }

    private static bool Swap<T>(RepeatedField<T> items, Random random)
    {
        if (items.Count < 2)
            return false;
        int first = random.Next(items.Count - 1);
        (items[first], items[first + 1]) = (items[first + 1], items[first]);
        return true;
    }

    private static bool RemoveOne<T>(RepeatedField<T> items, Random random)
    {
        if (items.Count == 0)
            return false;
        items.RemoveAt(random.Next(items.Count));
        return true;
    }
}
