using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Loading;
using KeypointMl.Poses.Geometry;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Batches;

/// <summary>Labelled frames under the images' augmentation, with their labels moved along: what the supervised baselines see.</summary>
internal sealed class LabelledBatches : IDisposable
{
    private readonly Recipe recipe;
    private readonly LabelledFrames labels;
    private readonly BatchAugmenter augmenter;
    private readonly int[] flip;
    private readonly Device device;

    public LabelledBatches(Recipe recipe, LabelledFrames labels, Device device)
    {
        this.recipe = recipe;
        this.labels = labels;
        this.device = device;
        augmenter = new BatchAugmenter(recipe, device);
        flip = labels.Skeleton.FlipPermutation();
    }

    /// <summary>
    /// The frames x of a batch → images [N,3,H,W], labels [N,K,2] in [−1,1], and [N,K,1] which is 1 where a point is
    /// labelled.
    /// </summary>
    public (Tensor Image, Tensor Target, Tensor Labelled) Make(FrameBatch frames, long step)
    {
        Tensor image = ImageTensors.FromBytes(frames.X, recipe.Training.Batch, recipe.Size, recipe.Size, device);
        (Tensor x, AffineMap[] maps) = augmenter.AugmentLabelled(image, step);
        (Tensor target, Tensor labelled) = Targets(frames.XIndices, maps);
        return (x, target, labelled);
    }

    /// <inheritdoc/>
    public void Dispose() => augmenter.Dispose();

    private (Tensor Target, Tensor Labelled) Targets(IReadOnlyList<int> indices, AffineMap[] maps)
    {
        int keypoints = labels.Skeleton.Count;
        var target = new float[indices.Count, keypoints, 2];
        var labelled = new float[indices.Count, keypoints, 1];
        for (int n = 0; n < indices.Count; n++)
        {
            AffineMap toView = maps[n].Inverse();
            for (int k = 0; k < keypoints; k++)
            {
                Vector2 pixel = labels.Poses[indices[n]][maps[n].IsMirrored ? flip[k] : k];
                if (!float.IsFinite(pixel.X) || !float.IsFinite(pixel.Y))
                    continue;
                Vector2 point = toView.Apply(NormalizedCoordinates.FromPixel(pixel, recipe.Size, recipe.Size));
                (target[n, k, 0], target[n, k, 1], labelled[n, k, 0]) = (point.X, point.Y, 1);
            }
        }
        return (tensor(target, device: DeviceTensors.Cpu).OnDevice(device), tensor(labelled, device: DeviceTensors.Cpu).OnDevice(device));
    }
}
