using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchSharp.Ops;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Operations on tensors whose types libtorch converts by itself.</summary>
[TestClass]
public sealed class ElementTypeTests
{
    [TestMethod]
    [DynamicData(nameof(Conversions))]
    public void Result_has_the_type_and_numbers_of_libtorch(string what, Func<nn.Module> create, Func<Tensor[]> make)
    {
        manual_seed(160);
        using nn.Module module = create();
        Tensor[] inputs = make();
        OnnxModel model = OnnxExporter.Export(module, inputs, new OnnxExportOptions { BatchAxis = null });
        OfficialChecker.AssertAgrees(model);
        using var session = new ModelSession(model);
        Tensor found = session.Run(inputs)[0];
        Tensor wanted = Reference.Of(module, inputs)[0];
        Assert.AreEqual(wanted.dtype, found.dtype, what);
        CollectionAssert.AreEqual(wanted.shape, found.shape, what);
        Assert.IsTrue(wanted.Equals(found), what);
    }

    public static IEnumerable<object[]> Conversions()
    {
        return
        [
            Case("integers padded by 0", () => new Pad("pad", [1, 2]), () => [Integers(ScalarType.Int64)]),
            Case("integers padded by 3", () => new Pad("pad", [1, 2], value: 3), () => [Integers(ScalarType.Int32)]),
            Case("sum of 32-bit integers", () => new Sum("sum", [1]), () => [Integers(ScalarType.Int32)]),
            Case("sum of bools", () => new Sum("sum", [0]), () => [Integers(ScalarType.Int64).gt(1)]),
            Case("running sum of 32-bit integers", () => new CumulativeSum("sum", 1), () => [Integers(ScalarType.Int32)]),
            Case("running sum of bools", () => new CumulativeSum("sum", 1), () => [Integers(ScalarType.Int64).gt(1)]),
            Case("integers and floats joined", () => new Concat("cat", 1), () => [Integers(ScalarType.Int64), randn(2, 3)]),
            Case("one index", () => new IndexSelect("select", 1), () => [randn(2, 3), tensor(2L)]),
        ];

        static object[] Case(string what, Func<nn.Module> create, Func<Tensor[]> make) => [what, create, make];

        static Tensor Integers(ScalarType type) => arange(6, type).reshape(2, 3);
    }

    [TestMethod]
    public void Nodes_that_break_a_rule_of_ONNX_are_refused_by_the_name_of_their_module()
    {
        using var module = nn.Sequential(("layer", nn.Linear(4, 4)), ("broken", new Broken()));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(2, 4)));
        StringAssert.Contains(error.Message, "Module 'broken' (Broken) becomes what ONNX does not allow");
    }

    private sealed class Broken() : nn.Module<Tensor, Tensor>("broken"), IOnnxExportable
    {
        public override Tensor forward(Tensor input) => input * 1;

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
            [context.Node("Add", [inputs[0], context.Constant("one", [1L])])];
    }
}
