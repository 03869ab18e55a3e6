using System.Numerics;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Reports;

/// <summary>
/// The networks' images as tiles of a <see cref="PictureGrid"/>, enlarged so that they and the keypoints drawn over
/// them can be seen.
/// </summary>
/// <param name="width">Width of the networks' frames in pixels.</param>
/// <param name="height">Height of the networks' frames in pixels.</param>
internal sealed class PictureTiles(int width, int height)
{
    private const int TileSide = 192;

    /// <summary>How much larger a tile is than a frame.</summary>
    private readonly int zoom = Math.Max(1, TileSide / Math.Max(width, height));

    /// <summary>An empty grid of such tiles.</summary>
    public PictureGrid Grid(IReadOnlyList<string> titles) => new(titles, width * zoom, height * zoom);

    /// <summary>Images [N,1,H,W] or [N,3,H,W] in [−1,1] as N tiles.</summary>
    public RgbImage[] Of(Tensor images) => [.. Frames(images).Select(frame => ImageCropper.Resize(frame, width * zoom, height * zoom))];

    /// <summary>Images [N,3,H,W] in [−1,1] with a pose over each, in pixels of the frame.</summary>
    public RgbImage[] Overlays(Tensor images, Skeleton skeleton, Vector2[][] poses) =>
        [.. Frames(images).Select((frame, i) => PosePainter.Paint(frame, skeleton, poses[i], zoom))];

    private IEnumerable<RgbImage> Frames(Tensor images) =>
        ImageTensors.ToBytes(images).Chunk(width * height * 3).Select(bytes => new RgbImage(width, height, bytes));
}
