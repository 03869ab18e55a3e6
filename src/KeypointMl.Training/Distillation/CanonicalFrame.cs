using System.Numerics;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Distillation;

/// <summary>
/// The subject's own frame of reference: the crop in which the prior's mean shape (generalised Procrustes) sits upright
/// in the middle. A detector that knows where a subject is and where it heads says how to cut that crop out; what is
/// left to learn there is how the parts move.
/// </summary>
/// <remarks>
/// The frame's vertical axis is the skeleton's axis of symmetry, where it has left and right keypoints: a mirrored view
/// is then mirrored left to right. Otherwise, the prior's mean orientation stays.
/// </remarks>
internal sealed class CanonicalFrame : Module
{
    private readonly double extent;
    private readonly bool scaled;
    private const string ShapeName = "shape";
    private const double Smallest = 1e-9;
    private const float SmallestExtent = 2e-6f; // of a pose, whose keypoints are in one place below it

    /// <param name="keypoints">K.</param>
    /// <param name="extent">Side of the canonical crop, as a fraction of the frame's.</param>
    /// <param name="scaled">Whether the crop follows the subject's size, or only its place and heading.</param>
    public CanonicalFrame(int keypoints, double extent, bool scaled)
        : base(nameof(CanonicalFrame))
    {
        this.extent = extent;
        this.scaled = scaled;
        register_buffer(ShapeName, zeros(keypoints, 2, device: DeviceTensors.Cpu));
    }

    /// <summary>
    /// The mean shape [K,2] about its centroid, in [−1,1] units of the frame, at the prior's mean size. Zero before
    /// <see cref="Learn"/>.
    /// </summary>
    private Tensor Shape => get_buffer(ShapeName)!;

    /// <summary>
    /// Takes the mean shape from a prior, and returns the prior's poses in the canonical crop: turned, centred, at
    /// their own sizes. Poses whose keypoints are all in one place have neither heading nor size, and are left out.
    /// </summary>
    /// <param name="prior">The poses.</param>
    /// <param name="size">Width and height of the canonical crop in pixels.</param>
    /// <exception cref="InvalidDataException">No pose of the prior has a shape.</exception>
    public PosePrior Learn(PosePrior prior, int size)
    {
        Vector2[][] poses = [.. prior.Poses.Select(
            pose => Array.ConvertAll(pose, point => NormalizedCoordinates.FromPixel(point, prior.Width, prior.Height)))];
        Vector2[] mean = ProcrustesMean.Compute(poses)
            ?? throw new InvalidDataException($"The prior {prior.Source} has no pose whose keypoints lie apart: it has no mean shape.");
        poses = [.. poses.Where(pose => pose.Any(point => Vector2.Distance(point, pose[0]) > SmallestExtent))];
        Complex upright = Upright(mean, poses, prior.Skeleton);
        mean = Turned(mean, upright);
        SimilarityTransform[] toMean = [.. poses.Select(pose => SimilarityTransform.Fit(pose, mean))];
        double meanSize = toMean.Average(transform => 1 / Complex.Abs(transform.Linear));
        var values = new float[mean.Length * 2];
        for (int k = 0; k < mean.Length; k++)
            (values[2 * k], values[2 * k + 1]) = ((float)(mean[k].X * meanSize), (float)(mean[k].Y * meanSize));
        using (no_grad())
            Shape.copy_(tensor(values, [mean.Length, 2], device: DeviceTensors.Cpu));
        Vector2[][] canonical = [.. poses.Zip(toMean, (pose, transform) => InCrop(pose, transform))];
        return new PosePrior(prior.Skeleton, canonical, size, size, $"{prior.Source}, in the subject's frame");

        Vector2[] InCrop(Vector2[] pose, SimilarityTransform toMean)
        {
            Complex turn = toMean.Linear / Complex.Abs(toMean.Linear) / extent;
            if (scaled)
                turn *= meanSize * Complex.Abs(toMean.Linear);
            Vector2 centre = pose.Aggregate(Vector2.Zero, (sum, point) => sum + point) / pose.Length;
            return [.. Turned([.. pose.Select(point => point - centre)], turn)
                .Select(point => NormalizedCoordinates.ToPixel(point, size, size))];
        }
    }

    /// <summary>The mean shape [K,2] in [−1,1] of the canonical crop.</summary>
    public Tensor MeanShape => Shape / extent;

    /// <summary>
    /// Poses [N,K,2] in [−1,1] of the frame → the maps [N,2,3] from the canonical crop's [−1,1] to the frame's
    /// (<see cref="AffineWarp"/>).
    /// </summary>
    public Tensor Maps(Tensor poses)
    {
        using var _ = no_grad();
        Tensor shape = Shape;
        Tensor centre = poses.mean([1L], keepdim: true);                       // [N,1,2]
        Tensor z = poses - centre;
        Tensor real = (z * shape).sum(-1).sum(-1);                             // Σ Re(conj(m)·z)
        Tensor imaginary = (shape.select(1, 0) * z.select(2, 1) - shape.select(1, 1) * z.select(2, 0)).sum(-1);
        Tensor length = (real.square() + imaginary.square()).sqrt();
        Tensor turned = length > Smallest;                                     // else there is no heading: upright, at the prior's size
        Tensor factor = extent / (scaled ? shape.square().sum().clamp_min(Smallest) : length.clamp_min(Smallest));
        Tensor cos = where(turned, real * factor, full_like(real, extent));
        Tensor sin = where(turned, imaginary * factor, zeros_like(imaginary));
        Tensor x = stack([cos, -sin, centre.select(2, 0).squeeze(1)], -1);
        Tensor y = stack([sin, cos, centre.select(2, 1).squeeze(1)], -1);
        return stack([x, y], 1);
    }

    /// <summary>
    /// Which way the shape must be turned so that mirroring it left to right, with left and right exchanged, leaves it
    /// as it is; up is where most of the prior's poses have it.
    /// </summary>
    private static Complex Upright(Vector2[] mean, Vector2[][] poses, Skeleton skeleton)
    {
        Complex average = 0;
        foreach (Vector2[] pose in poses)
            average += Unit(Complex.Conjugate(SimilarityTransform.Fit(pose, mean).Linear));
        Complex kept = Unit(average);
        if (skeleton.SymmetricPairs.Length == 0)
            return kept;
        int[] flip = skeleton.FlipPermutation();
        Vector2[] mirrored = [.. Enumerable.Range(0, mean.Length).Select(k => new Vector2(-mean[flip[k]].X, mean[flip[k]].Y))];
        Complex axis = Unit(Complex.Sqrt(Unit(Complex.Conjugate(SimilarityTransform.Fit(mirrored, mean).Linear))));
        return (axis * Complex.Conjugate(kept)).Real >= 0 ? axis : -axis;
    }

    private static Complex Unit(Complex z) => Complex.Abs(z) > 0 ? z / Complex.Abs(z) : Complex.One;

    private static Vector2[] Turned(Vector2[] points, Complex by) => Array.ConvertAll(points, new SimilarityTransform(by, 0).Apply);
}
