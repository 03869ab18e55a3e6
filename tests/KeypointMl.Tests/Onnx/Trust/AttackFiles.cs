using Google.Protobuf;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Tests.Onnx.Trust;

/// <summary>
/// The files in <c>Onnx/attacks</c> as they are made, with a part of the message that must refuse each: as a file, or,
/// where <see cref="Attack.Loads"/>, as a graph by the checker.
/// </summary>
internal static class AttackFiles
{
    /// <summary>All of them by file name.</summary>
    public static IReadOnlyDictionary<string, Attack> All { get; } = Files().Concat(Encodings()).Concat(Heads()).Concat(Tensors())
        .Concat(Graphs()).ToDictionary(pair => pair.Name + ".onnx", pair => pair.Attack, StringComparer.Ordinal);

    private static IEnumerable<(string Name, Attack Attack)> Files()
    {
        yield return ("empty", new Attack([], "is empty"));
        yield return ("zip", new Attack([.. "PK\u0003\u0004"u8, .. new byte[60]], "a ZIP archive"));
        yield return ("png", new Attack([0x89, .. "PNG\r\n\u001a\n"u8, .. new byte[60]], "a PNG image"));
        yield return ("html", new Attack([.. "<!DOCTYPE html><html><body>404 Not Found</body></html>"u8], "an HTML or XML page"));
        yield return ("json", new Attack([.. """{"model": "not this one"}"""u8], "JSON text"));
        yield return ("text", new Attack([.. "this is not a model, but text"u8], "of another kind"));
        yield return ("git-lfs", new Attack([.. "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"u8], "run 'git lfs pull'"));
        yield return ("gzip", new Attack([0x1F, 0x8B, 8, .. new byte[20]], "a gzip file"));
        yield return ("pickle", new Attack([0x80, 0x02, .. "}q\0."u8], "a Python pickle"));
        yield return ("zeros", new Attack(new byte[64], "expected the tag of a field"));
    }

    private static IEnumerable<(string Name, Attack Attack)> Encodings()
    {
        byte[] sound = SmallModel.ConvNormRelu().ToArray();
        yield return ("truncated-in-weights", new Attack(sound[..(sound.Length / 2)], "ends too early"));
        yield return ("length-of-2-gib",
            new Attack([0x08, 8, 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], "2147483647 bytes are announced and 0 are left"));
        yield return ("length-of-64-bits",
            new Attack([0x08, 8, 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
                "18446744073709551615 bytes are announced"));
        yield return ("length-beyond-its-message",
            new Attack([0x08, 8, 0x3A, 2, 0x12, 9, .. new byte[20]], "expected at most 0 bytes, which its surroundings have left"));
        yield return ("endless-number", new Attack([0x08, .. Enumerable.Repeat((byte)0xFF, 12), 0], "of at most 10 bytes"));
        yield return ("wrong-wire-type", new Attack([0x0A, 1, 8, .. sound[2..]], "in ir_version at byte 0: expected wire type 0, found 2"));
        yield return ("wrong-wire-type-inside", new Attack(Wrap(7, [0x10, 3]), "in graph.name at byte 2: expected wire type 2, found 0"));
        yield return ("group", new Attack([0x08, 8, 0x3B, 0x3C], "expected the tag of a field"));
        yield return ("field-zero", new Attack([0x08, 8, 0x02, 0], "expected the tag of a field"));
        yield return ("graph-twice", new Attack([.. sound, .. Wrap(7, Wrap(2, "other"u8))], "expected 'graph' once"));
        yield return ("name-twice", new Attack(Wrap(7, [.. Wrap(2, "one"u8), .. Wrap(2, "two"u8)]), "expected 'name' once"));
        yield return ("packed-floats-cut",
            new Attack(Wrap(7, Wrap(5, Wrap(4, [0, 0, 0]))), "expected a block of numbers of 4 bytes, found 3 bytes"));
        yield return ("name-not-utf8", new Attack(Replace(sound, "gamma"u8, [0xC0, 0xAF, 0x61, 0x61, 0x61]), "expected text in UTF-8"));
        yield return ("name-with-a-surrogate",
            new Attack(Replace(sound, "gamma"u8, [0xED, 0xA0, 0x80, 0x61, 0x61]), "expected text in UTF-8"));
        yield return ("name-too-long",
            new Attack(Spoil(model => model.Graph.Name = new string('x', 5000)), "a text of 5000 bytes; at most 4096"));
        yield return ("deep-types", new Attack(Spoil(model => model.Graph.Input[0].Type = Sequence(60)), "nest more than 64 deep"));
        yield return ("deep-graphs", new Attack(Spoil(model => model.Graph.Node.Add(Nested(30))), "nest more than 64 deep"));
    }

    private static IEnumerable<(string Name, Attack Attack)> Heads()
    {
        yield return ("no-graph", new Attack(Spoil(model => model.Graph = null), "has no graph"));
        yield return ("no-ir-version", new Attack(Spoil(model => model.IrVersion = 0), "IR version 0"));
        yield return ("negative-ir-version", new Attack(Spoil(model => model.IrVersion = -1), "IR version -1"));
        yield return ("ir-version-99", new Attack(Spoil(model => model.IrVersion = 99), "3 to 13 are known here"));
        yield return ("no-opset", new Attack(Spoil(model => model.OpsetImport.Clear()), "opset_import is missing"));
        yield return ("opset-99", new Attack(Spoil(model => model.OpsetImport[0].Version = 99), "7 to 25 are accepted"));
        yield return ("opset-twice", new Attack(Spoil(model => model.OpsetImport.Add(new OperatorSetIdProto
        {
            Domain = "ai.onnx",
            Version = 7,
        })), "2 times (versions 17, 7)"));
        yield return ("training", new Attack(Spoil(model => model.TrainingInfo.Add(new TrainingInfoProto
        {
            Algorithm = new GraphProto(),
        })), "carries training_info"));
        yield return ("sparse-initializer",
            new Attack(Spoil(model => model.Graph.SparseInitializer.Add(new SparseTensorProto())), "is sparse"));
        yield return ("sparse-constant", new Attack(Spoil(model => model.Graph.Node[0].Attribute.Add(new AttributeProto
        {
            Name = "sparse_value",
            Type = AttributeType.SparseTensor,
            SparseTensor = new SparseTensorProto(),
        })), "holds a sparse tensor"));
        yield return ("external-data",
            new Attack(Spoil(model => External(model.Graph.Initializer[0], "../../etc/passwd")), "'weight' lives in another file"));
        yield return ("external-data-in-a-constant",
            new Attack(Spoil(model => Constant(model, tensor => External(tensor, "/etc/passwd"))), "lives in another file"));
    }

    private static IEnumerable<(string Name, Attack Attack)> Tensors()
    {
        yield return ("tensor-too-short",
            new Attack(Spoil(model => model.Graph.Initializer[0].Dims[0] = 5), "should hold 135 elements and holds 108"));
        yield return ("tensor-of-half-an-element",
            new Attack(Spoil(model => model.Graph.Initializer[0].RawData = ByteString.CopyFrom(new byte[433])), "433 bytes of Float"));
        yield return ("tensor-of-exabytes",
            new Attack(Spoil(model => model.Graph.Initializer[0].Dims[0] = long.MaxValue),
                "which no tensor in a file of at most 2 GiB can have"));
        yield return ("tensor-that-overflows-to-nothing",
            new Attack(Spoil(model => Shape(model.Graph.Initializer[0], 1L << 32, 1L << 32)), "which no tensor in a file"));
        yield return ("tensor-that-hides-behind-a-zero",
            new Attack(Spoil(model => Shape(model.Graph.Initializer[0], 1L << 40, 1L << 40, 0)), "which no tensor in a file"));
        yield return ("tensor-of-negative-size",
            new Attack(Spoil(model => model.Graph.Initializer[0].Dims[0] = -4), "which no tensor in a file"));
        yield return ("tensor-of-65-dimensions",
            new Attack(Spoil(model => Shape(model.Graph.Initializer[1], [4, .. Enumerable.Repeat(1L, 64)])), "65 dimensions"));
        yield return ("tensor-of-an-unknown-type", new Attack(Spoil(model => model.Graph.Initializer[0].DataType = 77), "element type 77"));
        yield return ("tensor-in-two-fields",
            new Attack(Spoil(model => model.Graph.Initializer[0].FloatData.Add(1)), "in 2 fields (raw_data, float_data)"));
        yield return ("tensor-in-another-types-field",
            new Attack(Spoil(model => (model.Graph.Initializer[1].RawData, _) =
                (ByteString.Empty, Fill(model.Graph.Initializer[1].Int64Data, 4))), "stores Float in int64_data; expected float_data"));
        yield return ("tensor-in-segments", new Attack(Spoil(model => model.Graph.Initializer[0].Segment = new TensorProto.Types.Segment
        {
            End = 9,
        }), "in segments"));
        yield return ("text-as-bytes",
            new Attack(Spoil(model => model.Graph.Initializer[0].DataType = (int)OnnxElementType.String), "stores text as raw_data"));
        yield return ("text-not-utf8", new Attack(Spoil(model => Text(model.Graph.Initializer[1])), "holds text that is not UTF-8"));
        yield return ("constant-too-short",
            new Attack(Spoil(model => Constant(model, tensor => tensor.Dims[0] = 9)), "should hold 9 elements and holds 1"));
        yield return ("constant-of-a-function-too-short",
            new Attack(Spoil(model => model.Functions.Add(Function(model))), "function 'f', node 0 '' (Constant), attribute 'value'"));
    }

    private static IEnumerable<(string Name, Attack Attack)> Graphs() =>
        AttackGraphs.All.Select(pair => (pair.Key, new Attack(Spoil(pair.Value.Spoil), pair.Value.Message, Loads: true)));

    private static byte[] Spoil(Action<ModelProto> change)
    {
        ModelProto model = SmallModel.ConvNormRelu().Proto;
        change(model);
        return model.ToByteArray();
    }

    // A field that holds bytes.
    private static byte[] Wrap(int field, ReadOnlySpan<byte> content) => [(byte)((field << 3) | 2), (byte)content.Length, .. content];

    private static byte[] Replace(byte[] bytes, ReadOnlySpan<byte> found, ReadOnlySpan<byte> other)
    {
        byte[] copy = [.. bytes];
        other.CopyTo(copy.AsSpan(copy.AsSpan().IndexOf(found)));
        return copy;
    }

    private static TypeProto Sequence(int depth) => depth == 0
        ? new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } }
        : new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = Sequence(depth - 1) } };

    private static NodeProto Nested(int depth)
    {
        var node = new NodeProto { OpType = "If" };
        if (depth > 0)
        {
            node.Attribute.Add(new AttributeProto
            {
                Name = "then_branch",
                Type = AttributeType.Graph,
                G = new GraphProto { Node = { Nested(depth - 1) } },
            });
        }
        return node;
    }

    private static void External(TensorProto tensor, string location)
    {
        tensor.RawData = ByteString.Empty;
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
    }

    private static void Constant(ModelProto model, Action<TensorProto> change)
    {
        var tensor = new TensorProto { DataType = (int)OnnxElementType.Float, Dims = { 1 }, FloatData = { 1 } };
        change(tensor);
        var node = new NodeProto { OpType = "Constant", Output = { "constant" } };
        node.Attribute.Add(new AttributeProto { Name = "value", Type = AttributeType.Tensor, T = tensor });
        model.Graph.Node.Add(node);
    }

    private static FunctionProto Function(ModelProto model)
    {
        Constant(model, tensor => tensor.Dims[0] = 9);
        var function = new FunctionProto { Name = "f", Domain = "test", Node = { model.Graph.Node[^1] } };
        model.Graph.Node.RemoveAt(model.Graph.Node.Count - 1);
        return function;
    }

    private static void Shape(TensorProto tensor, params long[] sizes)
    {
        tensor.Dims.Clear();
        tensor.Dims.AddRange(sizes);
    }

    private static int Fill(Google.Protobuf.Collections.RepeatedField<long> field, int count)
    {
        field.AddRange(new long[count]);
        return count;
    }

    private static void Text(TensorProto tensor)
    {
        tensor.DataType = (int)OnnxElementType.String;
        tensor.RawData = ByteString.Empty;
        Shape(tensor, 1);
        tensor.StringData.Add(ByteString.CopyFrom(0xFF, 0xFE));
    }
}
