using KeypointMl.Data.Pairs;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Reports;
using static TorchSharp.torch;

namespace KeypointMl.Training.Figures;

/// <summary>Figure 3: what flows through the model while it is trained, on pairs of frames of one clip.</summary>
internal static class DataFlowFigure
{
    public static PictureGrid Draw(FigureSource source, FigureOptions options)
    {
        TrainingNetworks networks = source.Networks(condition: false);
        PairRecipe pairs = source.Recipe.Pairs;
        var sampler = new FramePairSampler(source.Training.Clips, pairs.MinDistance, pairs.MaxDistance, options.Seed);
        (int First, int Second)[] drawn = [.. Enumerable.Range(0, options.Examples).Select(slot => sampler.Sample(0, slot))];
        Tensor x = source.Read(source.Training, [.. drawn.Select(pair => pair.First)]);
        Tensor style = source.Read(source.Training, [.. drawn.Select(pair => pair.Second)]);

        Tensor y = networks.Phi.call(x);
        Tensor clean = networks.Networks.Beta.call(networks.Eta.call(y).Keypoints);
        Tensor reconstruction = networks.Psi.call(networks.Bottleneck ? clean : y, style);
        return Figure.OfColumns(
            source,
            ("style image x′", source.Tiles.Of(style)),
            ("target image x", source.Tiles.Of(x)),
            ("reconstruction x̂", source.Tiles.Of(reconstruction)),
            ("skeleton image y", source.Tiles.Of(y)),
            ("clean skeleton y*", source.Tiles.Of(clean)));
    }
}
