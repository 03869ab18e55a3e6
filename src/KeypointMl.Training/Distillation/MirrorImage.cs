using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Distillation;

/// <summary>What a left-right mirror does to a skeleton's keypoints: which one is called what in a mirrored image.</summary>
/// <param name="skeleton">Its left/right pairs are exchanged.</param>
/// <param name="device">Where the keypoints are.</param>
internal sealed class MirrorImage(Skeleton skeleton, Device device) : IDisposable
{
    // [K]
    private readonly Tensor flip = tensor(Array.ConvertAll(skeleton.FlipPermutation(), k => (long)k), device: DeviceTensors.Cpu)
        .OnDevice(device).DetachFromDisposeScope();

    /// <summary>Whether the skeleton has left and right at all.</summary>
    public bool HasSides { get; } = skeleton.SymmetricPairs.Length > 0;

    /// <summary>[N,K,…] with left and right exchanged.</summary>
    public Tensor Exchanged(Tensor keypoints) => keypoints.index_select(1, flip);

    /// <summary>[N,K,…] with left and right exchanged where a view is mirrored.</summary>
    /// <param name="keypoints">Named as in the image that is viewed.</param>
    /// <param name="views">One per sample.</param>
    public Tensor NamedIn(AffineMap[] views, Tensor keypoints)
    {
        Tensor mirrored = tensor(Array.ConvertAll(views, map => map.IsMirrored), [views.Length, 1, 1], device: DeviceTensors.Cpu)
            .OnDevice(keypoints.device);
        return where(mirrored, Exchanged(keypoints), keypoints);
    }

    /// <summary>
    /// What a detector sees in frames and in their mirror images: keypoints [N,K,2] in [−1,1] of the frames, named as
    /// in them. Twice the same where the skeleton has no sides.
    /// </summary>
    /// <param name="detect">Images [N,3,H,W] → keypoints [N,K,2].</param>
    /// <param name="images">The frames.</param>
    public (Tensor Frame, Tensor Mirrored) Read(Func<Tensor, Tensor> detect, Tensor images)
    {
        Tensor frame = detect(images);
        if (!HasSides)
            return (frame, frame);
        Tensor mirrored = Exchanged(detect(ImageTensors.ChannelsLast(images.flip(3))));
        return (frame, cat([-mirrored.narrow(2, 0, 1), mirrored.narrow(2, 1, 1)], 2));
    }

    /// <inheritdoc/>
    public void Dispose() => flip.Dispose();
}
