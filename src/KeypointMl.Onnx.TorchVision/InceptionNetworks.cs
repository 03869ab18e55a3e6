using KeypointMl.Onnx.TorchSharp;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchVision;

/// <summary>
/// GoogLeNet and Inception v3: branches that are joined. The auxiliary classifiers run in training alone, and
/// TorchVision's do not run at all.
/// </summary>
internal static class InceptionNetworks
{
    // TorchVision's transform_input: from the means and deviations of ImageNet's channels to 0.5 and 0.5.
    private static readonly (float Deviation, float Mean)[] Channels = [(0.229f, 0.485f), (0.224f, 0.456f), (0.225f, 0.406f)];

    public static OnnxConverterRegistry WithInceptionNetworks(this OnnxConverterRegistry registry) => registry
        .WithForward<GoogleNet>((network, x) => GoogLeNet(new Block(network), x))
        .WithForward(
            Block.TypeOf(typeof(GoogleNet), "Inception"),
            (block, x) => Branches(new Block(block), x, ["branch1"], ["branch2"], ["branch3"], ["branch4"]))
        .WithForward<InceptionV3>((network, x) => Version3(new Block(network), x))
        .WithForward(Block.TypeOf(typeof(InceptionV3), "InceptionA"), (block, x) => A(new Block(block), x))
        .WithForward(Block.TypeOf(typeof(InceptionV3), "InceptionB"), (block, x) => B(new Block(block), x))
        .WithForward(Block.TypeOf(typeof(InceptionV3), "InceptionC"), (block, x) => C(new Block(block), x))
        .WithForward(Block.TypeOf(typeof(InceptionV3), "InceptionD"), (block, x) => D(new Block(block), x))
        .WithForward(Block.TypeOf(typeof(InceptionV3), "InceptionE"), (block, x) => E(new Block(block), x));

    private static Tensor GoogLeNet(Block network, Tensor x)
    {
        x = network.Run(
            Transformed(network, x),
            "conv1", "maxpool1", "conv2", "conv3", "maxpool2",
            "inception3a", "inception3b", "maxpool3",
            "inception4a", "inception4b", "inception4c", "inception4d", "inception4e", "maxpool4",
            "inception5a", "inception5b", "avgpool");
        return network.Run(Functional.flatten(x, 1), "dropout", "fc");
    }

    private static Tensor Version3(Block network, Tensor x)
    {
        x = network.Run(
            Transformed(network, x),
            "Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "maxpool1", "Conv2d_3b_1x1", "Conv2d_4a_3x3", "maxpool2",
            "Mixed_5b", "Mixed_5c", "Mixed_5d", "Mixed_6a", "Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e",
            "Mixed_7a", "Mixed_7b", "Mixed_7c",
            "avgpool", "dropout");
        return network.Run(Functional.flatten(x, 1), "fc");
    }

    private static Tensor A(Block block, Tensor x) => Functional.cat(
        [
            block.Run(x, "branch1x1"),
            block.Run(x, "branch5x5_1", "branch5x5_2"),
            block.Run(x, "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"),
            block.Run(Averaged(x), "branch_pool"),
        ],
        1);

    private static Tensor B(Block block, Tensor x) =>
        Functional.cat(
            [block.Run(x, "branch3x3"), block.Run(x, "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"), Functional.max_pool2d(x, 3, 2)],
            1);

    private static Tensor C(Block block, Tensor x) => Functional.cat(
        [
            block.Run(x, "branch1x1"),
            block.Run(x, "branch7x7_1", "branch7x7_2", "branch7x7_3"),
            block.Run(x, "branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3", "branch7x7dbl_4", "branch7x7dbl_5"),
            block.Run(Averaged(x), "branch_pool"),
        ],
        1);

    private static Tensor D(Block block, Tensor x) => Functional.cat(
        [
            block.Run(x, "branch3x3_1", "branch3x3_2"),
            block.Run(x, "branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4"),
            Functional.max_pool2d(x, 3, 2),
        ],
        1);

    private static Tensor E(Block block, Tensor x) => Functional.cat(
        [
            block.Run(x, "branch1x1"),
            Branches(block, block.Run(x, "branch3x3_1"), ["branch3x3_2a"], ["branch3x3_2b"]),
            Branches(block, block.Run(x, "branch3x3dbl_1", "branch3x3dbl_2"), ["branch3x3dbl_3a"], ["branch3x3dbl_3b"]),
            block.Run(Averaged(x), "branch_pool"),
        ],
        1);

    private static Tensor Averaged(Tensor x) => Functional.avg_pool2d(x, 3, 1, 1);

    private static Tensor Branches(Block block, Tensor x, params string[][] branches) =>
        Functional.cat([.. branches.Select(names => block.Run(x, names))], 1);

    private static Tensor Channel(Tensor x, int index, double scale, double shift) =>
        Functional.Call(new Affine("transform", scale, shift), Functional.Call(new Slice("channel", 1, index, index + 1), x));

    private static Tensor Transformed(Block network, Tensor x)
    {
        if (!network.IsSet("transform_input"))
            return x;
        return Functional.cat(
            [.. Channels.Select((channel, index) => Channel(x, index, channel.Deviation / 0.5f, (channel.Mean - 0.5f) / 0.5f))], 1);
    }
}
