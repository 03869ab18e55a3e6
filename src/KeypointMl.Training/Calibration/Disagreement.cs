using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Distillation;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using static TorchSharp.torch;

namespace KeypointMl.Training.Calibration;

/// <summary>
/// How far a detector may be off, without a label: what several looks at a frame differ by. The detector looks at the
/// frame itself and at augmented views of it; what it has learnt from, the articulation of a distillation, else itself,
/// looks at the frame and at its mirror image. The distances of detector and views, of detector and lesson (the mean of
/// the frame's and its mirror image's reading), and of these two readings are taken as independent errors: their
/// squares are added.
/// </summary>
internal sealed class Disagreement : IDisposable
{
    private const int Views = 4;

    private readonly nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector;
    private readonly Func<Tensor, Tensor> teacher;
    private readonly MirrorImage mirror;
    private readonly BatchAugmenter augmenter;
    private readonly Device device;

    /// <param name="model">The networks.</param>
    /// <param name="recipe">
    /// Its <c>augmentation</c> makes the views; where it has none, small turns, shifts and changes of size do: who looks at the
    /// same picture again sees the same, however wrong.
    /// </param>
    public Disagreement(ITrainedModel model, Recipe recipe)
    {
        detector = model.Detector;
        teacher = model.Teach;
        device = model.Device;
        mirror = new MirrorImage(model.Points, device);
        augmenter = new BatchAugmenter(recipe with { Augmentation = ViewsOf(recipe.Augmentation) }, device);
    }

    /// <summary>Looks at a batch of frames.</summary>
    /// <param name="images">[N,3,H,W] in [−1,1].</param>
    /// <param name="batch">Its number, which the views are drawn by.</param>
    /// <returns>The estimated distances [N,K] in percent of the frame's width, and the detector's confidences [N,K].</returns>
    public (Tensor Percent, Tensor Confidence) Of(Tensor images, long batch)
    {
        using var scope = NewDisposeScope();
        (Tensor seen, Tensor confidence) = detector.call(images);
        (Tensor frame, Tensor mirrored) = mirror.Read(teacher, images);
        Tensor views = zeros_like(confidence);
        for (int view = 0; view < Views; view++)
        {
            (Tensor image, AffineMap[] maps) = augmenter.AugmentLabelled(images, batch * Views + view);
            Tensor there = AffineWarp.ToOriginal(detector.call(image).Keypoints, AffineWarp.Matrices(maps, device));
            views = views + Distance(seen, mirror.NamedIn(maps, there)) / Views;
        }
        Tensor squares = views.square() + Distance(seen, (frame + mirrored) / 2).square() + Distance(frame, mirrored).square();
        double percent = 50.0 * (images.shape[3] - 1) / images.shape[3]; // [−1,1] are the first and the last pixel's centres
        return ((squares.sqrt() * percent).MoveToOuterDisposeScope(), confidence.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        mirror.Dispose();
        augmenter.Dispose();
    }

    private static AugmentationRecipe ViewsOf(AugmentationRecipe own) => own is { RotationDegrees: 0, Shift: 0, Scale: 0 }
        ? own with { RotationDegrees = 5, Shift = 0.05, Scale = 0.05 }
        : own;

    private static Tensor Distance(Tensor a, Tensor b) => (a - b).square().sum(-1).sqrt();
}
