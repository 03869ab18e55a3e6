using KeypointMl.Data.Frames;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Recipes;

namespace KeypointMl.Training.Batches;

/// <summary>Whether the frames of a data set make pairs of x and x′ that differ.</summary>
internal static class FramePairs
{
    /// <summary>
    /// Complains where x′ would mostly be x itself, which Ψ could copy whatever Φ draws: most frames are single images, and
    /// nothing warps one of the two.
    /// </summary>
    /// <exception cref="InvalidDataException">That is so.</exception>
    public static void Require(Recipe recipe, IFrameSet frames, string dataset)
    {
        int single = frames.Clips.Count(clip => clip.Length == 1);
        bool isWarped = recipe.Pairs.ThinPlateSpline.Enabled || !AffineDistribution.From(recipe.Pairs.StyleAffine).IsIdentity
            || !(AffineDistribution.From(recipe.Augmentation) with { FlipProbability = 0 }).IsIdentity; // x′ is mirrored with x
        if (isWarped || 2 * single <= frames.Count)
            return;
        throw new InvalidDataException(
            $"{single} of the {frames.Count} training frames of {dataset} are clips of one frame: x′ would be x itself, which the "
            + "generator could copy. Set pairs.thin_plate_spline.enabled to true, which warps an image into a pair, or say which "
            + "frames are of one video (docs/data.md).");
    }
}
