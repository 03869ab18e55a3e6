using KeypointMl.Inference.Contracts;
using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Testing;

/// <summary>
/// Graphs that keep the contract and whose results can be worked out by hand. The detector's keypoint k is the
/// brightness centroid of colour channel k, its confidence that channel's mean brightness / 255; the generator adds the
/// mean of all coordinates to every byte of the appearance.
/// </summary>
internal static class TestModels
{
    public const int Width = 20;
    public const int Height = 16;

    public static Skeleton Skeleton { get; } = new(
        "colours", ["red", "green", "blue"], [new SkeletonEdge(0, 1)], groups: [new KeypointGroup("warm", [0, 1])]);

    public static Dictionary<string, string> Metadata(ModelKind kind) =>
        new(new ModelMetadata(kind, Skeleton, """{"recipe":"test"}""").ToProperties());

    public static byte[] Detector(bool fixedBatch = false)
    {
        var graph = new OnnxGraphBuilder();
        OnnxDimension n = fixedBatch ? 1 : "N";
        string image = graph.AddInput("image", OnnxElementType.UInt8, n, Height, Width, 3);
        string pixels = graph.AddNode("pixels", "Cast", [image], OnnxAttribute.Int("to", (long)OnnxElementType.Float)); // [N,H,W,3]
        string sum = Sum(graph, pixels); // [N,3]
        string tiny = graph.AddConstant<float>("tiny", [1e-6f], 1);
        string divisor = graph.AddNode("divisor", "Max", [sum, tiny]);
        string x = Coordinate(graph, pixels, divisor, "x", [.. Enumerable.Range(0, Width).Select(i => (float)i)], [1, 1, Width, 1]);
        string y = Coordinate(graph, pixels, divisor, "y", [.. Enumerable.Range(0, Height).Select(i => (float)i)], [1, Height, 1, 1]);
        graph.AddOutput(graph.AddNode("keypoints", "Concat", [x, y], OnnxAttribute.Int("axis", 2)), OnnxElementType.Float, n, 3, 2);
        string full = graph.AddConstant<float>("full", [255f * Width * Height], 1);
        graph.AddOutput(graph.AddNode("confidence", "Div", [sum, full]), OnnxElementType.Float, n, 3);
        return Finish(graph, Metadata(ModelKind.Detector));
    }

    public static byte[] Generator(string provenance = """{"recipe":"test"}""")
    {
        var graph = new OnnxGraphBuilder();
        string keypoints = graph.AddInput("keypoints", OnnxElementType.Float, "N", 3, 2);
        string appearance = graph.AddInput("appearance", OnnxElementType.UInt8, "N", Height, Width, 3);
        // [N,1,1]
        string mean = graph.AddNode("mean", "ReduceMean", [keypoints], OnnxAttribute.Ints("axes", 1, 2), OnnxAttribute.Int("keepdims", 1));
        string shift = graph.AddNode("shift", "Unsqueeze", [mean, graph.AddConstant<long>("last", [3], 1)]); // [N,1,1,1]
        string pixels = graph.AddNode("pixels", "Cast", [appearance], OnnxAttribute.Int("to", (long)OnnxElementType.Float));
        string shifted = graph.AddNode("shifted", "Add", [pixels, shift]);
        graph.AddOutput(graph.AddNode("image", "Cast", [shifted], OnnxAttribute.Int("to", (long)OnnxElementType.UInt8)),
            OnnxElementType.UInt8, "N", Height, Width, 3);
        return Finish(graph, new ModelMetadata(ModelKind.Generator, Skeleton, provenance).ToProperties());
    }

    /// <summary>A graph with the given signature, which computes nothing sensible: for checks that come before any run.</summary>
    public static byte[] Signature(
        IReadOnlyDictionary<string, string> metadata, IEnumerable<OnnxValueInfo> inputs, IEnumerable<OnnxValueInfo> outputs)
    {
        var graph = new OnnxGraphBuilder();
        string? first = null;
        foreach (OnnxValueInfo input in inputs)
        {
            string name = graph.AddInput(input.Name, input.ElementType, input.Dimensions.AsSpan());
            first ??= name;
        }
        // To a shape that only a run would tell, so that any declared shape may be true.
        string flat = graph.AddNode("flat", "Reshape", [first!, graph.AddConstant<long>("all", [-1], 1)]);
        string shape = graph.AddNode("shape", "Cast", [flat], OnnxAttribute.Int("to", (long)OnnxElementType.Int64));
        foreach (OnnxValueInfo output in outputs)
        {
            graph.ReserveName(output.Name);
            string cast = graph.AddNode("cast", "Cast", [first!], OnnxAttribute.Int("to", (long)output.ElementType));
            graph.RenameValue(graph.AddNode("reshaped", "Reshape", [cast, shape]), output.Name);
            graph.AddOutput(output.Name, output.ElementType, output.Dimensions.AsSpan());
        }
        return Finish(graph, metadata);
    }

    private static string Sum(OnnxGraphBuilder graph, string values) =>
        graph.AddNode("sum", "ReduceSum", [values, graph.AddConstant<long>("rows_columns", [1, 2], 2)], OnnxAttribute.Int("keepdims", 0));

    private static string Coordinate(OnnxGraphBuilder graph, string pixels, string divisor, string name, float[] values, long[] shape)
    {
        string weighted = graph.AddNode($"{name}_weighted", "Mul", [pixels, graph.AddConstant<float>($"{name}_grid", values, shape)]);
        string mean = graph.AddNode($"{name}_mean", "Div", [Sum(graph, weighted), divisor]);
        return graph.AddNode(name, "Unsqueeze", [mean, graph.AddConstant<long>("last_axis", [2], 1)]); // [N,3,1]
    }

    private static byte[] Finish(OnnxGraphBuilder graph, IReadOnlyDictionary<string, string> metadata)
    {
        OnnxModel model = graph.Build();
        foreach ((string key, string value) in metadata)
            model.SetMetadata(key, value);
        OfficialChecker.AssertAgrees(model);
        return model.ToArray();
    }
}
