using System.Reflection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchVision;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>
/// TorchVision's models as they are, compared with their own forward in evaluation mode. Batch normalisation gets other
/// statistics than at the start, which would do nothing.
/// </summary>
[TestClass]
public sealed class TorchVisionTests : IDisposable
{
    // Some hundred layers behind each other add rounding of 32-bit sums.
    private const double Tolerance = 1e-4;

    private readonly OneThread alone = new();

    public void Dispose() => alone.Dispose();

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Model_is_exported_and_keeps_its_result(string name, long size, Func<nn.Module> create)
    {
        manual_seed(100);
        using nn.Module model = WithStatistics(create());

        OnnxModel onnx = OnnxExporter.Export(
            model, randn(1, 3, size, size), new OnnxExportOptions { Converters = OnnxConverterRegistry.BuiltIn.WithTorchVision() });

        StringAssert.StartsWith(onnx.Outputs[0].ToString(), "output: Float [N,10", name);
        Parity.Compare(model, onnx, [randn(2, 3, size, size)], Tolerance);
    }

    public static IEnumerable<object[]> Models()
    {
        return
        [
            Case("resnet18", 64, () => torchvision.models.resnet18(10)),
            Case("resnet50", 64, () => torchvision.models.resnet50(10)),
            Case("resnext50", 64, () => torchvision.models.resnext50_32x4d(10)),
            Case("mobilenet_v2", 64, () => torchvision.models.mobilenet_v2(10)),
            Case("mobilenet_v3_small", 64, () => torchvision.models.mobilenet_v3_small()),
            Case("mobilenet_v3_large", 64, () => torchvision.models.mobilenet_v3_large()),
            Case("googlenet", 64, () => torchvision.models.googlenet(10)),
            Case("googlenet, transform_input", 64, () => torchvision.models.googlenet(10, transform_input: true)),
            Case("inception_v3", 96, () => torchvision.models.inception_v3(10)),
            Case("inception_v3, transform_input", 96, () => torchvision.models.inception_v3(10, transform_input: true)),
            Case("alexnet", 64, () => Narrowed(torchvision.models.alexnet(10), 256 * 6 * 6)),
            Case("vgg11", 32, () => Narrowed(torchvision.models.vgg11(10), 512 * 7 * 7)),
            Case("vgg11_bn", 32, () => Narrowed(torchvision.models.vgg11_bn(10), 512 * 7 * 7)),
        ];

        static object[] Case(string name, long size, Func<nn.Module> create) => [name, size, create];
    }

    [TestMethod]
    [DynamicData(nameof(Operations))]
    public void Operation_is_exported_and_keeps_its_result(string name, Func<nn.Module<Tensor, Tensor>> create)
    {
        manual_seed(101);
        using var module = nn.Sequential((name, create()), ("after", nn.Identity()));
        Parity.Check(
            module, new OnnxExportOptions { Converters = OnnxConverterRegistry.BuiltIn.WithTorchVision() }, Parity.Tolerance, [4, 6, 6]);
    }

    public static IEnumerable<object[]> Operations()
    {
        return
        [
            Case("squeeze", () => torchvision.ops.SqueezeExcitation(4, 2)),
            Case("permute", () => torchvision.ops.Permute(0, 2, 3, 1)),
            Case("depth", () => torchvision.ops.StochasticDepth(0.5, torchvision.StochasticDepth.Mode.Row)),
            Case("drop", () => torchvision.ops.DropBlock2d(0.5, 3)),
        ];

        static object[] Case(string name, Func<nn.Module<Tensor, Tensor>> create) => [name, create];
    }

    [TestMethod]
    public void Every_private_block_of_the_models_has_a_forward_or_is_never_called()
    {
        Type[] known = [.. OnnxConverterRegistry.BuiltIn.WithTorchVision().ForwardTypes];
        string[] without =
        [
            .. typeof(ResNet).Assembly.GetTypes()
                .Where(type => type.IsNestedPrivate && type.IsAssignableTo(typeof(nn.Module)) && !known.Contains(type))
                .Select(type => $"{type.DeclaringType!.Name}.{type.Name}").Order(StringComparer.Ordinal),
        ];
        CollectionAssert.AreEqual((string[])["GoogleNet.InceptionAux", "InceptionV3.InceptionAux"], without);
    }

    private static nn.Module WithStatistics(nn.Module model)
    {
        using (no_grad())
        {
            foreach (BatchNorm2d norm in model.modules().OfType<BatchNorm2d>())
            {
                norm.running_mean!.uniform_(-0.2, 0.2);
                norm.running_var!.uniform_(0.7, 1.4);
                norm.weight!.uniform_(0.7, 1.3);
                norm.bias!.uniform_(-0.2, 0.2);
            }
        }
        return model;
    }

    // The stock classifiers hold 200 and 400 MB. A smaller one of the same kind takes their place; forward and
    // converters do not know its sizes.
    private static nn.Module Narrowed(nn.Module model, long features)
    {
        FieldInfo field = model.GetType().GetField("classifier", BindingFlags.Instance | BindingFlags.NonPublic)!;
        ((nn.Module)field.GetValue(model)!).Dispose();
        var small = nn.Sequential(nn.Dropout(), nn.Linear(features, 10), nn.ReLU(inplace: true), nn.Linear(10, 10));
        field.SetValue(model, small);
        var children = (IDictionary<string, nn.Module>)typeof(nn.Module)
            .GetField("_internal_submodules", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(model)!;
        children["classifier"] = small;
        return model;
    }
}
