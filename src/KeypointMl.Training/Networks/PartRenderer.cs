using System.Collections.Immutable;
using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// β of equation 2 with a channel per part: keypoints p → part images in [−1,1]. Where <see cref="SkeletonRenderer"/>
/// draws all edges into one image, here a pixel of a channel takes the value of the nearest edge of that part alone, so
/// that a reader can tell a left leg from a right one.
/// </summary>
public sealed class PartRenderer : Module<Tensor, Tensor>
{
    private readonly int size;
    private readonly SkeletonFallOff fallOff;
    private readonly int[] from;
    private readonly int[] to;
    private readonly ImmutableArray<int> partSizes; // edges stand part after part
    private readonly float[] axis;                  // where the pixels' centres are in the image's [−1,1]
    private Tensor? pixels;                         // [1,1,H·W,2] in [−1,1], on the device of the last call

    /// <param name="skeleton">Its edges are drawn.</param>
    /// <param name="size">Width and height of the part images in pixels.</param>
    /// <param name="imageSize">
    /// Width and height in pixels of the image that the coordinates are of; a multiple of <paramref name="size"/>.
    /// </param>
    /// <param name="fallOff">Form and strength of the fall-off.</param>
    /// <param name="channels">What shares a channel.</param>
    /// <exception cref="ArgumentException">The skeleton has no edges, or one that does not go from a keypoint to another.</exception>
    public PartRenderer(Skeleton skeleton, int size, int imageSize, SkeletonFallOff fallOff, PartChannels channels)
        : base(nameof(PartRenderer))
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        if (!CanDraw(skeleton))
        {
            throw new ArgumentException(
                $"Skeleton '{skeleton.Name}' cannot be drawn in parts: it needs edges, each from one keypoint to another.",
                nameof(skeleton));
        }
        this.size = size;
        this.fallOff = fallOff;
        int[][] parts = Parts(skeleton, channels);
        from = [.. parts.SelectMany(part => part).Select(edge => skeleton.Edges[edge].From[0])];
        to = [.. parts.SelectMany(part => part).Select(edge => skeleton.Edges[edge].To[0])];
        partSizes = [.. parts.Select(part => part.Length)];
        int stride = imageSize / size;
        axis = [.. Enumerable.Range(0, size).Select(cell => (float)(2 * ((cell + 0.5) * stride - 0.5) / (imageSize - 1) - 1))];
    }

    /// <summary>Whether a skeleton has parts: edges, each from one keypoint to another.</summary>
    public static bool CanDraw(Skeleton skeleton) => skeleton.Edges.Length > 0
        && skeleton.Edges.All(edge => edge is { From.Length: 1, To.Length: 1 });

    /// <summary>C, the number of parts.</summary>
    public int Channels => partSizes.Length;

    /// <summary>p [N,K,2] (x,y) in [−1,1] → [N,C,size,size] in [−1,1], channels-last.</summary>
    public override Tensor forward(Tensor keypoints)
    {
        Tensor a = Ends(keypoints, from);                                   // [N,E,1,2]
        Tensor along = Ends(keypoints, to) - a;
        Tensor pixel = Pixels(keypoints);
        // [N,E,H·W,1]; constant or at a minimum, so no gradient goes through it
        Tensor t;
        using (no_grad())
        {
            Tensor squaredLength = along.square().sum(-1, keepdim: true).clamp_min(NearestEdge.MinimumSquaredLength);
            t = (((pixel - a) * along).sum(-1, keepdim: true) / squaredLength).clamp(0, 1);
        }
        Tensor squared = (pixel - a - t * along).square().sum(-1);          // [N,E,H·W]
        if (partSizes.Any(edges => edges > 1))
        {
            int first = 0;
            squared = cat([.. partSizes.Select(edges => squared.narrow(1, (first += edges) - edges, edges).amin([1L], keepdim: true))], 1);
        }
        return fallOff.Values(squared).transpose(1, 2).reshape(-1, size, size, Channels).permute(0, 3, 1, 2);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            pixels?.Dispose();
        base.Dispose(disposing);
    }

    private static Tensor Ends(Tensor keypoints, int[] indices)
    {
        Tensor index = tensor(Array.ConvertAll(indices, i => (long)i), device: DeviceTensors.Cpu).OnDevice(keypoints.device);
        return keypoints.index_select(1, index).unsqueeze(2);
    }

    private Tensor Pixels(Tensor keypoints)
    {
        if (pixels is null || (pixels.device_type, pixels.device_index) != (keypoints.device_type, keypoints.device_index))
        {
            pixels?.Dispose();
            float[] values = [.. axis.SelectMany(y => axis.SelectMany(x => new[] { x, y }))];
            pixels = tensor(values, [1, 1, size * size, 2], device: DeviceTensors.Cpu).OnDevice(keypoints.device).DetachFromDisposeScope();
        }
        return pixels;
    }

    private static int[][] Parts(Skeleton skeleton, PartChannels channels)
    {
        IEnumerable<int> edges = Enumerable.Range(0, skeleton.Edges.Length);
        return channels switch
        {
            PartChannels.One => [[.. edges]],
            PartChannels.Group => [.. edges.GroupBy(edge => GroupOf(skeleton, skeleton.Edges[edge].To[0])).Select(part => part.ToArray())],
            _ => [.. edges.Select(edge => new[] { edge })],
        };
    }

    /// <summary>The group of the edge's far end; of keypoints in none, −1.</summary>
    private static int GroupOf(Skeleton skeleton, int keypoint)
    {
        for (int group = 0; group < skeleton.Groups.Length; group++)
        {
            if (skeleton.Groups[group].Keypoints.Contains(keypoint))
                return group;
        }
        return -1;
    }
}

/// <summary>Which edges of a skeleton share a channel of the part images.</summary>
public enum PartChannels
{
    /// <summary><c>edge</c>: a channel per edge.</summary>
    Edge,

    /// <summary><c>group</c>: a channel per group of keypoints; an edge belongs to the group of its second end.</summary>
    Group,

    /// <summary><c>one</c>: all edges in one channel, as the paper's skeleton image.</summary>
    One,
}
