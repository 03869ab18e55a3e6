using KeypointMl.Data;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>Figure 7: what is learnt from, and what comes of it: poses of the prior, unlabelled training frames, test frames with predictions.</summary>
internal static class UnpairedFigure
{
    public static PictureGrid Draw(FigureSource source, FigureOptions options)
    {
        TrainingNetworks networks = source.Networks(condition: false);
        PosePrior prior = source.Prior();
        var sampler = new PriorSampler(prior, source.Recipe.Size, source.Recipe.Size, new PoseAugmentation(), options.Seed);
        var poses = new float[options.Examples * prior.Skeleton.Count * 2];
        sampler.Fill(0, poses);
        Tensor skeletons = networks.Networks.Beta.call(tensor(poses, [options.Examples, prior.Skeleton.Count, 2], device: DeviceTensors.Cpu).OnDevice(source.Device));

        PictureGrid grid = source.Tiles.Grid([.. Enumerable.Repeat("", options.Examples)]);
        grid.AddRow(source.Tiles.Of(skeletons), $"prior: {prior.Source}");
        grid.AddRow(source.Tiles.Of(source.Read(source.Training, FigureSource.Draw(source.Training, options.Examples, options.Seed))), $"unlabelled frames: {source.DataName}");
        grid.AddRow(source.Predicted(FigureSource.Draw(source.Test, options.Examples, options.Seed)), "test frames, predictions");
        return grid;
    }
}
