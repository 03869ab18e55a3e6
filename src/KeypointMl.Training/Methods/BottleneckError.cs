using System.Numerics;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>
/// What the pre-trained η reads off clean skeleton images of augmented prior poses: the error below which no image can be seen
/// through this renderer and η.
/// </summary>
internal static class BottleneckError
{
    private const int Poses = 256;

    /// <summary>Measures it.</summary>
    /// <param name="model">The networks.</param>
    /// <param name="recipe">Their recipe.</param>
    /// <param name="prior">The poses.</param>
    /// <param name="protocol">How errors are measured.</param>
    /// <returns>Null where a run has no such η.</returns>
    public static BaselineMetrics? Measure(ITrainedModel model, Recipe recipe, PosePrior prior, MetricProtocol protocol)
    {
        if (model.Offline is not { } offline)
            return null;
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        var poses = new PriorPoseBatches(prior, recipe, model.Device);
        var evaluator = new KeypointEvaluator(model.Points, protocol, recipe.Size, recipe.Size);
        for (int batch = 0; batch < Poses / FrameBlocks.Size; batch++)
        {
            using var scope = NewDisposeScope();
            Tensor truth = poses.Draw(FrameBlocks.Size, RandomStreams.BottleneckPoses, batch);
            (Tensor read, Tensor __) = offline.Eta.call(offline.Beta.call(truth));
            Vector2[][] drawn = PointTensors.ToPixels(truth, recipe.Size, recipe.Size);
            foreach ((Vector2[] predicted, Vector2[] expected) in PointTensors.ToPixels(read, recipe.Size, recipe.Size).Zip(drawn))
                evaluator.Add(predicted, expected);
        }
        KeypointMetrics metrics = evaluator.Compute();
        return new BaselineMetrics(metrics.ErrorPercentOfImage, metrics.NmePercent, metrics.PerKeypointGroup);
    }
}
