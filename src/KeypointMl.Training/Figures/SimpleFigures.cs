using KeypointMl.Data.Priors;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Figures;

/// <summary>Figures 5 and 8: test frames with the predicted keypoints as connected limbs, as many rows as columns.</summary>
internal static class PredictionsFigure
{
    public static PictureGrid Draw(FigureSource source, FigureOptions options)
    {
        int columns = options.Examples;
        PictureGrid grid = source.Tiles.Grid([$"predictions, {source.DataName}", .. Enumerable.Repeat("", columns - 1)]);
        foreach (int[] row in FigureSource.Draw(source.Test, columns * columns, options.Seed).Chunk(columns))
            grid.AddRow(source.Predicted(row));
        return grid;
    }
}

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

/// <summary>
/// Figure 7: what is learnt from, and what comes of it: poses of the prior, unlabelled training frames, test frames
/// with predictions.
/// </summary>
internal static class UnpairedFigure
{
    public static PictureGrid Draw(FigureSource source, FigureOptions options)
    {
        TrainingNetworks networks = source.Networks(condition: false);
        PosePrior prior = source.Prior();
        var sampler = new PriorSampler(prior, source.Recipe.Size, source.Recipe.Size, new PoseAugmentation(), options.Seed);
        var poses = new float[options.Examples * prior.Skeleton.Count * 2];
        sampler.Fill(0, poses);
        Tensor skeletons = networks.Networks.Beta.call(
            tensor(poses, [options.Examples, prior.Skeleton.Count, 2], device: DeviceTensors.Cpu).OnDevice(source.Device));

        PictureGrid grid = source.Tiles.Grid([.. Enumerable.Repeat("", options.Examples)]);
        grid.AddRow(source.Tiles.Of(skeletons), $"prior: {prior.Source}");
        grid.AddRow(source.Tiles.Of(source.Read(source.Training, FigureSource.Draw(source.Training, options.Examples, options.Seed))),
            $"unlabelled frames: {source.DataName}");
        grid.AddRow(source.Predicted(FigureSource.Draw(source.Test, options.Examples, options.Seed)), "test frames, predictions");
        return grid;
    }
}
