using System.Collections.Immutable;
using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Inference;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Tests.Onnx;

[TestClass]
public sealed class ShapeRulesTests
{
    [TestMethod]
    public void Stacks_of_matrices_broadcast() =>
        Assert.AreEqual("[N,5,2,4]", ShapeOf((builder, x) => builder.AddNode("y", "MatMul", [x, Weight(builder, 5, 3, 4)]), "N", 1, 2, 3));

    [TestMethod]
    public void Zero_in_a_target_shape_copies_unless_it_is_allowed()
    {
        Assert.AreEqual("[N,6]",
            ShapeOf((builder, x) => builder.AddNode("y", "Reshape", [x, builder.AddConstant<long>("shape", [0, 6], 2)]), "N", 2, 3));
        Assert.AreEqual("[0,6]",
            ShapeOf((builder, x) =>
                builder.AddNode("y", "Reshape", [x, builder.AddConstant<long>("shape", [0, 6], 2)],
                    OnnxAttribute.Int("allowzero", 1)), 0, 2, 3));
    }

    [TestMethod]
    public void Columns_side_by_side_are_not_one_list_behind_the_other()
    {
        static string Column(OnnxGraphBuilder builder, string name, params long[] values) => builder.AddNode(
            name, "Unsqueeze", [builder.AddInitializer<long>($"{name}.list", values, 2), builder.AddConstant<long>("one", [1], 1)]);

        // [[2,4],[3,5]] as a list is 2, 4, 3, 5.
        Assert.AreEqual("[?,?,?,?]",
            ShapeOf((builder, x) => builder.AddNode("y", "Reshape",
                [x, builder.AddNode("list", "Reshape",
                    [builder.AddNode("columns", "Concat", [Column(builder, "a", 2, 3), Column(builder, "b", 4, 5)],
                        OnnxAttribute.Int("axis", 1)), builder.AddConstant<long>("all", [-1], 1)])]), 120));
    }

    [TestMethod]
    public void Reduction_over_an_empty_list_of_axes_is_over_all() =>
        Assert.AreEqual("[1,1]",
            ShapeOf((builder, x) => builder.AddNode("y", "ReduceSum", [x, builder.AddInitializer<long>("axes", [], 0)]), "N", 2));

    [TestMethod]
    public void Rounded_up_pool_is_not_guessed_where_its_last_window_lies_in_the_padding()
    {
        Assert.AreEqual("[N,1,4,4]", ShapeOf((builder, x) => Pool(builder, x, pad: 0), "N", 1, 8, 8));
        Assert.AreEqual("[N,1,?,?]", ShapeOf((builder, x) => Pool(builder, x, pad: 1), "N", 1, 7, 7));
    }

    private static string Pool(OnnxGraphBuilder builder, string x, int pad) => builder.AddNode(
        "y",
        "MaxPool",
        [x],
        OnnxAttribute.Ints("kernel_shape", 2, 2),
        OnnxAttribute.Ints("strides", 2, 2),
        OnnxAttribute.Ints("pads", pad, pad, pad, pad),
        OnnxAttribute.Int("ceil_mode", 1));

    private static string Weight(OnnxGraphBuilder builder, params long[] shape) =>
        builder.AddInitializer<float>("weight", SmallModel.Ramp((int)shape.Aggregate(1L, (product, size) => product * size)), shape);

    private static string ShapeOf(Func<OnnxGraphBuilder, string, string> add, params OnnxDimension[] input)
    {
        string y = "";
        OnnxModel model = AnyRank.Build(sizes =>
        {
            var builder = new OnnxGraphBuilder();
            y = add(builder, builder.AddInput("x", OnnxElementType.Float, input));
            builder.AddOutput(y, OnnxElementType.Float, sizes);
            return builder.Build();
        });
        model.Proto.Graph.Output[0].Type.TensorType.Shape = null;
        return ShapeInference.Run(model.Proto.Graph, ImmutableDictionary<string, long>.Empty)
            .TryGetValue(y, out ImmutableArray<OnnxDimension> shape) ? $"[{string.Join(',', shape)}]" : "…";
    }
}
