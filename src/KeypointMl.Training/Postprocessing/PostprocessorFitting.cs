using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Poses.Geometry;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Postprocessing;

/// <summary>
/// Fits the supervised post-processing: predictions on labelled frames, λ by cross-validation over clips, then the
/// regression on all of them.
/// </summary>
internal static class PostprocessorFitting
{
    private static readonly double[] Candidates = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];

    /// <summary>What was fitted.</summary>
    internal sealed record Fit(
        LinearPostprocessor Postprocessor,
        double Ridge,
        int Frames,
        IReadOnlyList<(double Ridge, double ErrorPercent)> ValidationErrors);

    /// <summary>Fits to labelled frames.</summary>
    /// <param name="detector">In evaluation mode.</param>
    /// <param name="labelled">The frames; a point that is not labelled is left out of its keypoint's regression.</param>
    /// <param name="recipe">λ or the folds, and how many frames.</param>
    /// <param name="device">Where the detector is; null: on the CPU.</param>
    /// <exception cref="InvalidDataException">
    /// There are too few frames, or a keypoint is labelled in fewer than two of them (of one fold's training frames).
    /// </exception>
    public static Fit Run(
        Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector,
        LabelledFrames labelled,
        PostprocessingRecipe recipe,
        Device? device = null)
    {
        IFrameSet frames = labelled.Frames;
        int[] chosen = Require(labelled, recipe);
        Vector2[][] predicted = [.. chosen.Chunk(FrameBlocks.Size)
            .SelectMany(batch => DetectorEvaluation.Predict(detector, frames, batch, device))];

        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor x = Matrix(predicted, frames, device ?? DeviceTensors.Cpu);
        Tensor y = Matrix([.. chosen.Select(i => labelled.Poses[i])], frames, device ?? DeviceTensors.Cpu);
        var errors = new List<(double Ridge, double ErrorPercent)>();
        double ridge = recipe.Ridge ?? 0;
        if (recipe.Ridge is null)
        {
            int[] folds = Folds(frames, chosen, recipe.Folds);
            // [−1,1] are the centres of the first and the last pixel.
            double percent = 50 * (frames.Width - 1) / labelled.Protocol.ImageSize(frames.Width, frames.Height);
            errors.AddRange(Candidates.Select(
                candidate => (candidate, percent * ValidationError(x, y, folds, recipe.Folds, candidate))));
            ridge = errors.MinBy(error => error.ErrorPercent).Ridge;
        }
        (Tensor weight, Tensor bias) = RidgeRegression.Fit(x, y, ridge);
        return new Fit(new LinearPostprocessor(weight.to(ScalarType.Float32), bias.to(ScalarType.Float32)), ridge, chosen.Length, errors);
    }

    /// <summary>The frames that are fitted to.</summary>
    /// <param name="labelled">Frames of the recipe's split.</param>
    /// <param name="recipe">How many, and in how many folds.</param>
    /// <exception cref="InvalidDataException">There are too few of them, or one of the keypoints has fewer than two labels.</exception>
    internal static int[] Require(LabelledFrames labelled, PostprocessingRecipe recipe)
    {
        int[] chosen = [.. DetectorEvaluation.Spread(labelled.Frames.Count, recipe.Frames)
            .Where(i => labelled.Poses[i].Any(point => float.IsFinite(point.X)))];
        int least = recipe.Ridge is null ? 2 * recipe.Folds : 2;
        if (chosen.Length < least)
        {
            throw new InvalidDataException(
                $"The post-processing has {chosen.Length} labelled frames to fit to; "
                + (recipe.Ridge is null ? $"with {recipe.Folds} folds at least {least} are needed. " : $"at least {least} are needed. ")
                + "Choose another split, fewer folds, or a ridge, which needs no folds (postprocessing.split, .folds, .ridge).");
        }
        for (int k = 0; k < labelled.Skeleton.Count; k++)
        {
            int count = chosen.Count(frame => float.IsFinite(labelled.Poses[frame][k].X));
            if (count < 2)
            {
                throw new InvalidDataException(
                    $"Keypoint '{labelled.Skeleton.Keypoints[k]}' is labelled in {count} of the {chosen.Length} frames that the "
                    + "post-processing is fitted to; at least 2 are needed. Label it in more frames, or choose another split.");
            }
        }
        return chosen;
    }

    /// <summary>The fold of each chosen frame: its clip's, or its own where there are fewer clips than folds.</summary>
    private static int[] Folds(IFrameSet frames, int[] chosen, int folds)
    {
        Clip[] clips = DetectorEvaluation.ClipsOf(frames);
        Dictionary<Clip, int> order = chosen.Select(i => clips[i]).Distinct().Select((clip, index) => (clip, index))
            .ToDictionary(entry => entry.clip, entry => entry.index);
        return [.. chosen.Select((frame, index) => (order.Count >= folds ? order[clips[frame]] : index) % folds)];
    }

    /// <summary>
    /// Mean distance of the held-out frames' labelled points, in the networks' coordinates; every frame is held out once.
    /// </summary>
    private static double ValidationError(Tensor x, Tensor y, int[] folds, int count, double ridge)
    {
        double sum = 0, points = 0;
        for (int fold = 0; fold < count; fold++)
        {
            using var scope = NewDisposeScope();
            Tensor inside = tensor(Indices(folds, candidate => candidate != fold), device: x.device);
            Tensor outside = tensor(Indices(folds, candidate => candidate == fold), device: x.device);
            Tensor known = y.index_select(0, inside);
            // A keypoint that is labelled in one clip alone is not judged in that clip's fold.
            Tensor enough = nonzero(known.isfinite().sum([0L]) >= 2).reshape(-1);
            (Tensor weight, Tensor bias) =
                RidgeRegression.Fit(x.index_select(0, inside), known.index_select(1, enough), ridge);
            Tensor difference = matmul(x.index_select(0, outside), weight.t()) + bias
                - y.index_select(0, outside).index_select(1, enough);
            Tensor distances = difference.reshape(-1, 2).square().sum(-1).sqrt();
            sum += DeviceReads.Doubles(distances.nansum())[0];
            points += DeviceReads.Doubles(distances.isfinite().sum().to(ScalarType.Float64))[0];
        }
        return sum / points;
    }

    private static long[] Indices(int[] folds, Func<int, bool> chosen) =>
        [.. Enumerable.Range(0, folds.Length).Where(i => chosen(folds[i]))];

    /// <summary>[n,2K] float64 in [−1,1].</summary>
    private static Tensor Matrix(Vector2[][] poses, IFrameSet frames, Device device)
    {
        double[] values = [.. poses.SelectMany(pose => pose)
            .Select(point => NormalizedCoordinates.FromPixel(point, frames.Width, frames.Height))
            .SelectMany(point => new double[] { point.X, point.Y })];
        return tensor(values, [poses.Length, values.Length / poses.Length], device: DeviceTensors.Cpu).OnDevice(device);
    }
}
