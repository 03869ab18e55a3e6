using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>Figure 9: the pose of one test frame with the appearance of another clip's.</summary>
internal static class TransferFigure
{
    public static PictureGrid Draw(FigureSource source, FigureOptions options)
    {
        TrainingNetworks networks = source.Networks(condition: true);
        int[] targets = FigureSource.Draw(source.Test, options.Examples, options.Seed);
        Tensor x = source.Read(source.Test, targets);
        Tensor style = source.Read(source.Test, FigureSource.DrawOthers(source.Test, targets, options.Seed));

        Tensor y = networks.Phi.call(x);
        Tensor pose = networks.Bottleneck ? networks.Networks.Beta.call(networks.Eta.call(y).Keypoints) : y;
        return Figure.OfColumns(
            source,
            ("target x", source.Tiles.Of(x)),
            ("style x′", source.Tiles.Of(style)),
            ("reconstruction x̂", source.Tiles.Of(networks.Psi.call(pose, style))));
    }
}
