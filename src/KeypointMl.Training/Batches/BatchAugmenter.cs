using KeypointMl.Data;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Batches;

/// <summary>
/// Makes the views that a step trains on from a loaded pair of frames: thin-plate-spline pairs, the images'
/// augmentation, the style frame's warp, and the second view of the equivariance loss. A function of (seed, step)
/// alone.
/// </summary>
public sealed class BatchAugmenter : IDisposable
{
    private readonly ulong seed;
    private readonly PairRecipe pairs;
    private readonly AffineDistribution images;
    private readonly AffineDistribution style;
    private readonly AffineDistribution? equivariance;
    private readonly ThinPlateSpline? spline;
    private readonly Device device;

    /// <summary>Reads what it needs from the recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="device">Where the frames are that are to be augmented; null: the CPU.</param>
    public BatchAugmenter(Recipe recipe, Device? device = null)
    {
        this.device = device ?? DeviceTensors.Cpu;
        seed = recipe.Seed;
        pairs = recipe.Pairs;
        images = AffineDistribution.From(recipe.Augmentation);
        style = AffineDistribution.From(recipe.Pairs.StyleAffine);
        equivariance = recipe.Losses.Equivariance > 0 ? AffineDistribution.From(recipe.Losses.EquivarianceAffine) : null;
        spline = recipe.Pairs.ThinPlateSpline.Enabled ? new ThinPlateSpline(recipe.Size, recipe.Size, device: device) : null;
    }

    /// <summary>Frames x, x′ [N,3,H,W] in [−1,1] and prior poses [M,K,2] → the step's batch.</summary>
    public TrainingBatch Augment(Tensor image, Tensor other, Tensor priorPoses, long step)
    {
        int count = (int)image.shape[0];
        if (spline is not null)
            (image, other) = SplinePair(spline, image, other, step);
        AffineMap[] first = Draw(images, RandomStreams.ImageAugmentation, count, step);
        Tensor firstWarp = AffineWarp.Matrices(first, device);
        Tensor x = images.IsIdentity ? image : Warped(image, firstWarp);

        AffineMap[] styleMaps = Draw(style, RandomStreams.StyleAugmentation, count, step);
        for (int n = 0; n < count; n++)
            styleMaps[n] = first[n].IsMirrored ? AffineMap.Mirror.After(styleMaps[n]) : styleMaps[n];
        Tensor xPrime = style.IsIdentity && images.FlipProbability == 0 ? other : Warped(other, AffineWarp.Matrices(styleMaps, device));

        SecondView? second = null;
        if (equivariance is not null)
        {
            AffineMap[] maps = Draw(equivariance, RandomStreams.Equivariance, count, step);
            for (int n = 0; n < count; n++)
                maps[n] = first[n].After(maps[n]);
            Tensor secondWarp = AffineWarp.Matrices(maps, device);
            second = new SecondView(Warped(image, secondWarp), firstWarp, secondWarp);
        }
        return new TrainingBatch(x, xPrime, priorPoses, second);
    }

    /// <summary>Frames and their labels under the images' augmentation, for supervised baselines.</summary>
    /// <param name="image">[N,3,H,W] in [−1,1].</param>
    /// <param name="step">0-based step.</param>
    /// <returns>The warped images and the warp [N,2,3] (output → input).</returns>
    public (Tensor Image, AffineMap[] Maps) AugmentLabelled(Tensor image, long step)
    {
        AffineMap[] maps = Draw(images, RandomStreams.ImageAugmentation, (int)image.shape[0], step);
        return (images.IsIdentity ? image : Warped(image, AffineWarp.Matrices(maps, device)), maps);
    }

    /// <inheritdoc/>
    public void Dispose() => spline?.Dispose();

    private (Tensor Image, Tensor Other) SplinePair(ThinPlateSpline tps, Tensor image, Tensor other, long step)
    {
        ThinPlateSplineRecipe recipe = pairs.ThinPlateSpline;
        var spread = new ThinPlateSplineSpread(recipe.RotationSdDegrees, recipe.ScaleSd, recipe.TranslationSd);
        var random = new SeededRandom(seed, RandomStreams.ThinPlateSplines, (ulong)step);
        int count = (int)image.shape[0];
        Tensor target = tps.SampleGrids(count, spread, recipe.WarpTargetSd.First, recipe.WarpTargetSd.Second, ref random);
        Tensor styled = tps.SampleGrids(count, spread, recipe.WarpStyleSd.First, recipe.WarpStyleSd.Second, ref random);
        return (ImageTensors.ChannelsLast(ThinPlateSpline.Warp(image, target)),
            ImageTensors.ChannelsLast(ThinPlateSpline.Warp(other, styled)));
    }

    private AffineMap[] Draw(AffineDistribution distribution, ulong stream, int count, long step)
    {
        var random = new SeededRandom(seed, stream, (ulong)step);
        var maps = new AffineMap[count];
        for (int n = 0; n < count; n++)
            maps[n] = distribution.Sample(ref random);
        return maps;
    }

    private static Tensor Warped(Tensor images, Tensor matrices) => ImageTensors.ChannelsLast(AffineWarp.Warp(images, matrices));
}
