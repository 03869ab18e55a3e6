using KeypointMl.Data.Frames;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Distillation;

/// <summary>The student's network on labels, the baseline that a student is compared with (<c>supervised.detector: student</c>).</summary>
/// <param name="recipe">Its <c>student</c> is followed.</param>
/// <param name="skeleton">The data set's keypoints.</param>
internal sealed class LabelledStudent(Recipe recipe, Skeleton skeleton) : AveragedDetector<HeatmapDetector>(
    "student", recipe.Seed, () => new HeatmapDetector(skeleton.Count, recipe.Student.Width, recipe.Student.Stride), skeleton);

/// <summary>Trains the student's network on labelled frames, by the loss of a distillation.</summary>
internal sealed class LabelledStudentTraining(Recipe recipe, LabelledStudent model, LabelledFrames labels, TrainingPlace place)
    : LabelledDetectorTraining<HeatmapDetector>(recipe, model, labels, place)
{
    /// <inheritdoc/>
    private protected override (Tensor Loss, IReadOnlyList<(string Name, Tensor Value)> Named) Loss(
        HeatmapDetector network, Tensor image, Tensor target, Tensor labelled)
    {
        var loss = HeatmapLoss.Compute(network, image, target, labelled.squeeze(2));
        return (loss.Total, loss.Named);
    }
}
