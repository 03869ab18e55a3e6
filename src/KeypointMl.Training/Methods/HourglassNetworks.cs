using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Recipes;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>The supervised baseline's hourglass and its average.</summary>
/// <param name="recipe">Its <c>supervised</c> is followed.</param>
/// <param name="skeleton">The data set's keypoints.</param>
internal sealed class HourglassNetworks(Recipe recipe, Skeleton skeleton) : AveragedDetector<StackedHourglass>(
    "hourglass", recipe.Seed, () =>
        new StackedHourglass(skeleton.Count, recipe.Supervised.Features, recipe.Supervised.Stacks, recipe.Supervised.Depth), skeleton)
{
    /// <inheritdoc/>
    public override IReadOnlyList<(string Title, Tensor Images)> Draw(Tensor x, Tensor style)
    {
        Tensor highest = Average.Heatmaps(x)[^1].amax([1L], keepdim: true).clamp(0, 1);
        Tensor enlarged = nn.functional.interpolate(highest, size: [x.shape[2], x.shape[3]], mode: InterpolationMode.Nearest);
        return [("x", x), ("heat maps", 2 * enlarged - 1)];
    }
}
