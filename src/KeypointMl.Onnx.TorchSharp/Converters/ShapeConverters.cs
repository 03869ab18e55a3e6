using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Modules that only move elements: flattening, shuffles, up-sampling; and those that do nothing in evaluation mode.</summary>
internal static class ShapeConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<Identity>(Pass)
        .With<Dropout>(Pass)
        .With<Dropout1d>(Pass)
        .With<Dropout2d>(Pass)
        .With<Dropout3d>(Pass)
        .With<AlphaDropout>(Pass)
        .With<FeatureAlphaDropout>(Pass)
        .With<Flatten>((context, _, x) => ShapeNodes.Reshape(context, x, context.InputDimensions(0), context.OutputDimensions(0)))
        .With<Unflatten>((context, _, x) => ShapeNodes.Reshape(context, x, context.InputDimensions(0), context.OutputDimensions(0)))
        .With<PixelShuffle>(Shuffle)
        .With<PixelUnshuffle>(Unshuffle)
        .With<ChannelShuffle>(ShuffleChannels)
        .With<Upsample>((context, module, x) => Resizing.Resize(context, x, new Resampling(
            module.size.IsEmpty ? null : module.size.ToArray(),
            module.scale_factor.IsEmpty ? null : module.scale_factor.ToArray(),
            Resizing.ModeOf(module.mode),
            module.align_corners == true,
            module.recompute_scale_factor == true)));

    // The value flows through under the name it has.
    private static string Pass(OnnxExportContext context, object module, string x) => x;

    private static string Shuffle(OnnxExportContext context, PixelShuffle module, string x)
    {
        int rank = context.InputShape(0).Length;
        return rank == 4
            ? context.Node("DepthToSpace", [x], ("blocksize", module.upscale_factor), ("mode", "CRD"))
            : throw context.Error($"its input has {rank} dimensions; expected [N,C,H,W]. Give a batch of one, and reshape others to it.");
    }

    private static string Unshuffle(OnnxExportContext context, PixelUnshuffle module, string x)
    {
        // [N,C,H·r,W·r] → [N,C,H,r,W,r] → [N,C,r,r,H,W] → [N,C·r·r,H,W]; SpaceToDepth orders the channels differently.
        long r = module.downscale_factor;
        long[] shape = context.InputShape(0);
        if (shape.Length != 4)
            throw context.Error($"its input has {shape.Length} dimensions; expected [N,C,H,W]. Give a batch of one.");
        if (!context.InputDimensions(0)[2].IsFixed || !context.InputDimensions(0)[3].IsFixed)
        {
            throw context.Error(
                $"its input is [{string.Join(',', context.InputDimensions(0))}], whose height and width must be fixed. Fix these sizes.");
        }
        ShapeNodes.FixedSize(context, 1, "channels");
        string split = context.Node("Reshape", [x, context.Constant("split", [-1, shape[1], shape[2] / r, r, shape[3] / r, r])]);
        string moved = context.Node("Transpose", [split], ("perm", (long[])[0, 1, 3, 5, 2, 4]));
        return context.Node("Reshape", [moved, context.Constant("shape", [-1, shape[1] * r * r, shape[2] / r, shape[3] / r])]);
    }

    private static string ShuffleChannels(OnnxExportContext context, ChannelShuffle module, string x)
    {
        // [N,C,…] → [N,G,C/G,−1] → [N,C/G,G,−1] → [N,C,…]
        long channels = ShapeNodes.FixedSize(context, 1, "channels");
        string split = context.Node("Reshape", [x, context.Constant("split", [0, module.groups, channels / module.groups, -1])]);
        string moved = context.Node("Transpose", [split], ("perm", (long[])[0, 2, 1, 3]));
        return ShapeNodes.Reshape(context, moved, [], context.OutputDimensions(0), shapeOf: x);
    }
}
