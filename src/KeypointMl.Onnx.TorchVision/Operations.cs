using System.Reflection;
using KeypointMl.Onnx.TorchSharp;
using TorchSharp;
using TorchSharp.Modules;

namespace KeypointMl.Onnx.TorchVision;

/// <summary>Modules of <c>torchvision.ops</c>.</summary>
internal static class Operations
{
    public static OnnxConverterRegistry WithOperations(this OnnxConverterRegistry registry) => registry
        .With<torchvision.Permute>((context, module, x) => context.Node("Transpose", [x], ("perm", DimensionsOf(module))))
        // In evaluation mode these do nothing.
        .With<torchvision.StochasticDepth>((_, _, inputs) => [inputs[0]])
        .With<DropBlock2d>((_, _, inputs) => [inputs[0]])
        .With<DropBlock3d>((_, _, inputs) => [inputs[0]])
        .WithForward<torchvision.SqueezeExcitation>(
            (module, x) => Functional.mul(new Block(module).Run(x, "avgpool", "fc1", "activation", "fc2", "scale_activation"), x));

    private static long[] DimensionsOf(torchvision.Permute module) =>
        (long[])typeof(torchvision.Permute).GetField("dims", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(module)!;
}
