using KeypointMl.Data.Frames;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>
/// The supervised baseline of the paper: the stacked hourglass on the labels' heat maps, Gaussians of a standard
/// deviation of one cell; the squared differences of every stack (Newell et al. 2016), over the keypoints that are
/// labelled.
/// </summary>
internal sealed class HourglassTraining(Recipe recipe, HourglassNetworks model, LabelledFrames labels, TrainingPlace place)
    : LabelledDetectorTraining<StackedHourglass>(recipe, model, labels, place)
{
    /// <inheritdoc/>
    private protected override (Tensor Loss, IReadOnlyList<(string Name, Tensor Value)> Named) Loss(
        StackedHourglass network, Tensor image, Tensor target, Tensor labelled)
    {
        Tensor loss = Loss(network.Heatmaps(image), target, labelled);
        return (loss, [("heat_maps", loss.detach())]);
    }

    /// <summary>The sum over stacks of the mean squared difference to the target maps, over the maps of labelled keypoints.</summary>
    /// <param name="stacks">Each [N,K,h,w].</param>
    /// <param name="target">Points [N,K,2] in [−1,1].</param>
    /// <param name="labelled">[N,K,1]: 1 where labelled.</param>
    internal static Tensor Loss(IReadOnlyList<Tensor> stacks, Tensor target, Tensor labelled)
    {
        Tensor wanted = Targets(target, stacks[0].shape[2], stacks[0].shape[3]);
        Tensor weight = labelled.unsqueeze(-1);                                         // [N,K,1,1]
        Tensor cells = weight.sum().clamp_min(1) * (stacks[0].shape[2] * stacks[0].shape[3]);
        Tensor total = ((stacks[0] - wanted).square() * weight).sum() / cells;
        for (int stack = 1; stack < stacks.Count; stack++)
            total = total + ((stacks[stack] - wanted).square() * weight).sum() / cells;
        return total;
    }

    /// <summary>exp(−d²/2) with d in cells.</summary>
    private static Tensor Targets(Tensor points, long height, long width)
    {
        Tensor x = Squared(points.select(2, 0), width).unsqueeze(2);                    // [N,K,1,w]
        Tensor y = Squared(points.select(2, 1), height).unsqueeze(3);                   // [N,K,h,1]
        return ((x + y) * -0.5).exp();

        static Tensor Squared(Tensor coordinates, long cells)
        {
            (double scale, double shift) = HeatmapPeaks.ToNormalized(cells);
            Tensor position = (coordinates - shift) / scale;                            // [N,K] in cells
            return (position.unsqueeze(-1) - arange(cells, dtype: ScalarType.Float32, device: coordinates.device)).square();
        }
    }
}
