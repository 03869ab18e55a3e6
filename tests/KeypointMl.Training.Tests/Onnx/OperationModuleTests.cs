using KeypointMl.Onnx;
using KeypointMl.Onnx.TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests.Onnx;

[TestClass]
public sealed class OperationModuleTests
{
    private static readonly Dictionary<string, (Func<nn.Module> Create, long[][] Shapes)> _operations = new()
    {
        ["Concat"] = (() => new Concat("op", 1), [[3, 4], [2, 4]]),
        ["Concat of the last"] = (() => new Concat("op", -1), [[3, 4], [3, 2]]),
        ["Add"] = (() => new Add("op"), [[3, 4], [3, 4]]),
        ["Add of broadcast shapes"] = (() => new Add("op"), [[3, 4], [1, 4]]),
        ["Subtract"] = (() => new Subtract("op"), [[3, 4], [3, 4]]),
        ["Multiply"] = (() => new Multiply("op"), [[3, 4], [3, 1]]),
        ["Divide"] = (() => new SafeDivision(), [[3, 4], [3, 4]]),
        ["MatrixMultiply"] = (() => new MatrixMultiply("op"), [[3, 4], [4, 5]]),
        ["Affine"] = (() => new Affine("op", 2.5, -1), [[3, 4]]),
        ["Affine that only scales"] = (() => new Affine("op", 2.5), [[3, 4]]),
        ["Affine that does nothing"] = (() => new Affine("op", 1), [[3, 4]]),
        ["Clamp"] = (() => new Clamp("op", -0.5, 0.3), [[3, 4]]),
        ["Permute"] = (() => new Permute("op", 0, 3, -3, 2), [[3, 4, 5]]),
        ["Mean"] = (() => new Mean("op", [2, 3]), [[3, 4, 5]]),
        ["Mean that keeps dimensions"] = (() => new Mean("op", [-1], keepDims: true), [[3, 4]]),
        ["Sum"] = (() => new Sum("op", [1]), [[3, 4]]),
        ["Maximum"] = (() => new Maximum("op", [-1, 1]), [[3, 4, 2]]),
        ["Reshape"] = (() => new Reshape("op", 0, -1, 2), [[3, 4]]),
        ["Slice"] = (() => new Slice("op", -1, 1, step: 2), [[3, 6]]),
        ["Slice from the end"] = (() => new Slice("op", 1, -2, -1), [[3, 6]]),
        ["Unsqueeze"] = (() => new Unsqueeze("op", 2), [[3, 6]]),
        ["Squeeze"] = (() => new Squeeze("op", -2), [[1, 6]]),
        ["Interpolate by a factor"] = (() => Interpolate.By("op", [2, 0.5], InterpolationMode.Bilinear), [[2, 4, 6]]),
        ["Interpolate nearest by a fraction"] = (() => Interpolate.By("op", [1.5, 0.4], InterpolationMode.Nearest), [[2, 4, 6]]),
        ["Interpolate to a size"] = (() => Interpolate.To("op", [5, 3], InterpolationMode.Bilinear, alignCorners: true), [[2, 4, 6]]),
        ["Interpolate a volume"] = (() => Interpolate.To("op", [5, 3, 4], InterpolationMode.Trilinear), [[2, 4, 6, 3]]),
        ["GridSample"] = (() => new GridSample("op"), [[2, 5, 6], [3, 4, 2]]),
        ["GridSample at the border"] = (() => new GridSample("op", GridSamplePaddingMode.Border, alignCorners: true), [[2, 5, 6], [3, 4, 2]]),
        ["GridSample with reflection"] = (() => new GridSample("op", GridSamplePaddingMode.Reflection), [[2, 5, 6], [3, 4, 2]]),
    };

    public static IEnumerable<object[]> Names => _operations.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Operation_agrees_at_opset_17_and_20(string name)
    {
        manual_seed(40);
        (Func<nn.Module> create, long[][] shapes) = _operations[name];
        using nn.Module module = create();
        Parity.Check(module, shapes);
        Parity.Check(module, new OnnxExportOptions { Opset = 20 }, Parity.Tolerance, shapes);
    }

    [TestMethod]
    public void ConcatAll_joins_three_branches()
    {
        manual_seed(41);
        using var module = new Branches();
        OnnxModel model = Parity.Check(module, [4]);
        Assert.HasCount(3, model.Nodes.Single(node => node.OpType == "Concat").Inputs);
    }

    [TestMethod]
    public void Add_of_different_element_types_is_refused()
    {
        using var module = new Add("op");
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, [randn(1, 2), ones([1, 2], ScalarType.Int64)]));
        StringAssert.Contains(error.Message, "Int64");
    }

    private sealed class SafeDivision : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _positive = nn.Sequential(("sigmoid", nn.Sigmoid()), ("shift", new Affine("shift", 1, 0.5)));
        private readonly Divide _divide = new("divide");

        public SafeDivision()
            : base("division") => RegisterComponents();

        public override Tensor forward(Tensor left, Tensor right) => _divide.call(left, _positive.call(right));
    }

    private sealed class Branches : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _one = nn.Linear(4, 1);
        private readonly nn.Module<Tensor, Tensor> _two = nn.Linear(4, 2);
        private readonly ConcatAll _all = new("all", 1);

        public Branches()
            : base("branches") => RegisterComponents();

        public override Tensor forward(Tensor input) => _all.call([input, _one.call(input), _two.call(input)]);
    }
}
