using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Priors;

/// <summary>
/// The unpaired sample poses p̄ⱼ of section 3.2. Coordinates are pixels of a <see cref="Width"/>×<see cref="Height"/>
/// crop (0 = centre of the first pixel); they are never labels of training frames.
/// </summary>
public sealed class PosePrior
{
    private const ulong SampleStream = 0x53414D504C45; // "SAMPLE"

    /// <summary>Checks and stores the poses.</summary>
    /// <exception cref="InvalidDataException">
    /// There is no pose, a pose has another number of points than the skeleton has keypoints, or a coordinate is not
    /// finite.
    /// </exception>
    public PosePrior(Skeleton skeleton, IReadOnlyList<Vector2[]> poses, int width, int height, string source)
    {
        Skeleton = skeleton;
        Poses = poses;
        Width = width;
        Height = height;
        Source = source;
        if (poses.Count == 0)
            throw new InvalidDataException($"The prior {source} has no poses; at least one is needed (500 or more learn better).");
        for (int i = 0; i < poses.Count; i++)
        {
            if (poses[i].Length != skeleton.Count)
            {
                throw new InvalidDataException(
                    $"Pose {i} of the prior {source} has {poses[i].Length} keypoints; skeleton '{skeleton.Name}' has {skeleton.Count}.");
            }
            for (int k = 0; k < skeleton.Count; k++)
            {
                if (!float.IsFinite(poses[i][k].X) || !float.IsFinite(poses[i][k].Y))
                {
                    throw new InvalidDataException(
                        $"Pose {i} of the prior {source}: keypoint '{skeleton.Keypoints[k]}' is {poses[i][k]}; "
                        + "coordinates must be finite.");
                }
            }
        }
    }

    /// <summary>Names the K keypoints.</summary>
    public Skeleton Skeleton { get; }

    /// <summary>The poses: K points each, in pixels of the crop.</summary>
    public IReadOnlyList<Vector2[]> Poses { get; }

    /// <summary>Width of the crop that the coordinates refer to.</summary>
    public int Width { get; }

    /// <summary>Height of the crop that the coordinates refer to.</summary>
    public int Height { get; }

    /// <summary>Where the poses came from, for messages and provenance.</summary>
    public string Source { get; }

    /// <summary>
    /// A prior of some of the poses, drawn without repetition: what is learnt from fewer unpaired samples (table 5 of
    /// the paper).
    /// </summary>
    /// <param name="count">How many, from 1 to all.</param>
    /// <param name="seed">Of the draw.</param>
    /// <exception cref="InvalidDataException">There are not so many poses.</exception>
    public PosePrior Sample(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count > Poses.Count)
        {
            throw new InvalidDataException(
                $"{count:N0} poses are asked of the prior {Source}, which has {Poses.Count:N0}; ask for as many or fewer.");
        }
        int[] order = [.. Enumerable.Range(0, Poses.Count)];
        var random = new SeededRandom(seed, SampleStream);
        for (int i = 0; i < count; i++)
        {
            int other = i + random.Next(order.Length - i);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return new PosePrior(Skeleton, [.. order.Take(count).Select(index => Poses[index])], Width, Height,
            $"{Source} ({count} of {Poses.Count} poses)");
    }

    /// <summary>The poses in pixels of a crop resized to another size (pixel areas correspond, as in <see cref="Box.ToCrop"/>).</summary>
    /// <param name="width">Width of the resized crop in pixels.</param>
    /// <param name="height">Height of the resized crop in pixels.</param>
    public IReadOnlyList<Vector2[]> ScaledTo(int width, int height)
    {
        var crop = Box.WholeImage(Width, Height);
        return [.. Poses.Select(pose => Array.ConvertAll(pose, point => crop.ToCrop(point, width, height)))];
    }
}
