using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchSharp.Ops;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Layers along sizes that are open at run time, compared at sizes that are not the example's.</summary>
[TestClass]
public sealed class OpenSizeTests
{
    private static readonly OnnxDynamicAxis[] Plane = [new("input", 2, "H"), new("input", 3, "W")];

    [TestMethod]
    [DataRow(17)]
    [DataRow(18)]
    [DataRow(21)]
    public void Gated_linear_unit_halves_an_open_size(int opset)
    {
        manual_seed(140);
        using var module = nn.GLU(-1);
        OnnxModel model = OnnxExporter.Export(module, randn(2, 8), new OnnxExportOptions
        {
            Opset = opset,
            DynamicAxes = [new OnnxDynamicAxis("input", 1, "L")],
        });
        OfficialChecker.AssertAgrees(model);
        Parity.Compare(module, model, [randn(3, 8)]);
        Parity.Compare(module, model, [randn(1, 14)]);
    }

    [TestMethod]
    public void Areas_by_a_factor_are_refused_although_the_example_has_one_element()
    {
        using var module = Interpolate.By("half", [0.5, 0.5], InterpolationMode.Area);
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(
            () => OnnxExporter.Export(module, randn(1, 3, 2, 2), new OnnxExportOptions { DynamicAxes = [.. Plane] }));
        StringAssert.Contains(error.Message, "open at run time");
    }

    [TestMethod]
    public void Open_size_times_a_fraction_is_the_whole_part_of_the_product()
    {
        using var alone = new OneThread();
        double[] factors = [1.1, 1.2, 1.3, 1.4, 1.6, 1.7, 1.9, 2.2, 2.3, 2.7, 3.3, 0.1, 0.3, 0.7, 0.9, 1.0 / 3, 2.0 / 3, 7.0 / 3, 1.618];
        long[] sizes = [.. Enumerable.Range(1, 130).Select(size => (long)size), 256, 500, 640, 730, 999, 1000];
        foreach (double factor in factors)
        {
            using var module = Interpolate.By("by", [factor], InterpolationMode.Linear);
            OnnxModel model = OnnxExporter.Export(
                module, randn(1, 1, 30), new OnnxExportOptions { DynamicAxes = [new OnnxDynamicAxis("input", 2, "L")] });
            using var session = new ModelSession(model);
            foreach (long size in sizes.Where(size => Math.Floor(size * factor) >= 1))
            {
                using IDisposable scope = NewDisposeScope();
                Tensor input = ones(1, 1, size);
                // Where a whole product falls short in 64 bits (45 · 1.4 = 62.99…), libtorch loses an element that the graph has.
                double product = size * factor;
                long lost = product < Math.Round(product) && Math.Round(product) - product < 1e-9 ? 1 : 0;
                Assert.AreEqual(module.call(input).shape[2] + lost, session.Run([input])[0].shape[2], $"{size} · {factor}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Dividing))]
    public void Size_that_nodes_have_as_a_number_is_refused_where_it_is_open(string what, Func<nn.Module> create, long[] shape, int axis)
    {
        using nn.Module module = create();
        Tensor[] inputs = [.. Enumerable.Range(0, module is ScaledDotProductAttention ? 3 : 1).Select(_ => randn(shape))];
        string[] names = inputs.Length == 1 ? ["input"] : ["query", "key", "value"];
        var options = new OnnxExportOptions
        {
            InputNames = [.. names],
            DynamicAxes = [.. names.Select(name => new OnnxDynamicAxis(name, axis, "C"))],
        };
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, inputs, options), what);
        StringAssert.Contains(error.Message, "must not be open at run time", what);
    }

    public static IEnumerable<object[]> Dividing()
    {
        return
        [
            Case("groups of channels", () => nn.ChannelShuffle(3), [2, 6, 4, 5], 1),
            Case("channels beside the batch", () => nn.PixelUnshuffle(2), [2, 3, 4, 6], 1),
            Case("rows of channels", () => nn.LocalResponseNorm(2), [2, 3, 4, 5], 1),
            Case("width whose root scales", () => new ScaledDotProductAttention("attention"), [2, 3, 4], 2),
        ];

        static object[] Case(string what, Func<nn.Module> create, long[] shape, int axis) => [what, create, shape, axis];
    }

    [TestMethod]
    [DataRow(false, 4, 9, DisplayName = "the one that stays is fixed")]
    [DataRow(true, 4, 9, DisplayName = "both are open")]
    [DataRow(true, 9, 3, DisplayName = "both are open and none stays")]
    public void Dimension_that_a_factor_leaves_as_it_was_is_copied_beside_one_that_grows(bool isOpen, int height, int width)
    {
        manual_seed(141);
        using var module = Interpolate.By("by", [1.2, 2], InterpolationMode.Bilinear);
        OnnxModel model = OnnxExporter.Export(
            module, randn(1, 2, 4, 5), new OnnxExportOptions { DynamicAxes = isOpen ? [.. Plane] : [Plane[1]] });
        OfficialChecker.AssertAgrees(model);
        Parity.Compare(module, model, [randn(1, 2, height, width)]);
    }

    [TestMethod]
    public void Size_that_is_kept_when_it_is_even_alone_gets_no_name()
    {
        using var module = nn.Sequential(("pool", nn.MaxPool2d(2)), ("up", nn.Upsample(scale_factor: [2, 2])));
        OnnxModel model = OnnxExporter.Export(module, randn(1, 3, 8, 6), new OnnxExportOptions { DynamicAxes = [.. Plane] });
        Assert.AreEqual("N,3,?,?", string.Join(',', model.Outputs.Single().Dimensions));
        Parity.Compare(module, model, [randn(2, 3, 9, 7)]);
    }

    [TestMethod]
    public void Module_that_takes_even_sizes_alone_is_exported()
    {
        using var module = new Reshape("pairs", 0, -1, 2);
        OnnxModel model = OnnxExporter.Export(
            module, randn(1, 8), new OnnxExportOptions { DynamicAxes = [new OnnxDynamicAxis("input", 1, "L")] });
        Parity.Compare(module, model, [randn(3, 14)]);
    }

    [TestMethod]
    public void Padding_of_odd_sizes_alone_is_refused()
    {
        using var module = new EvenSizes();
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(
            module, randn(1, 8), new OnnxExportOptions { DynamicAxes = [new OnnxDynamicAxis("input", 1, "L")] }));
        StringAssert.Contains(error.Message, "gets other options when size 'L' is 9 than when it is 8");
    }

    private sealed class EvenSizes() : nn.Module<Tensor, Tensor>("even")
    {
        public override Tensor forward(Tensor input) => Functional.pad(input, [0, input.shape[1] % 2]);
    }
}
