using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;

namespace KeypointMl.Data.Quality;

/// <summary>
/// Compares a prior with the images that it is to be learnt with, before hours are spent: size, heading and place of its poses, how
/// many there are and how they differ. No label is looked at.
/// </summary>
internal static class PriorCheck
{
    private const int FewPoses = 200;
    private const float MostRepeated = 0.4f;
    private const float MostOffFrame = 0.05f;
    private const float FarFromMiddle = 0.15f;
    private const float OneForm = 0.01f;
    private const float Still = 0.001f;
    private const float Moves = 0.01f;
    private const float MostOfOtherKind = 0.1f;
    private const float ClearKind = 0.15f;
    private const float MostUnclear = 0.03f;
    private const float SmallPoses = 0.6f;
    private const float LargePoses = 1.5f;
    private const float TinyPoses = 0.25f;
    private const float OneHeading = 0.55f;
    private const float FarHeading = 35;

    /// <summary>Checks a prior alone.</summary>
    public static IReadOnlyList<PriorFinding> Of(PosePrior prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        return Of(new PoseShapes(prior));
    }

    /// <summary>Checks a data set's prior, and compares it with some of the training frames.</summary>
    /// <param name="dataset">The data set; open it with <see cref="Manifests.DatasetOptions.Streaming"/>, at 64×64 pixels or so.</param>
    /// <exception cref="InvalidDataException">Prior or frames cannot be read.</exception>
    /// <exception cref="IOException">A file is not there, or cannot be read.</exception>
    public static IReadOnlyList<PriorFinding> Of(IDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var shapes = new PoseShapes(dataset.OpenPrior());
        using IFrameSet frames = dataset.OpenTrainingFrames();
        var subjects = SubjectShapes.Of(frames);
        return [.. Of(shapes), Scale(shapes, subjects), Heading(shapes, subjects)];
    }

    private static List<PriorFinding> Of(PoseShapes shapes)
    {
        List<PriorFinding> findings = [Number(shapes), Variety(shapes), Place(shapes)];
        if (shapes.Prior.Skeleton.SymmetricPairs.Length > 0)
            findings.Add(Sides(shapes));
        return findings;
    }

    private static PriorFinding Number(PoseShapes shapes)
    {
        int count = shapes.Prior.Poses.Count;
        float repeated = shapes.Repeated;
        string measured = FormattableString.Invariant($"{count:N0} poses, {100 * repeated:0.#} % of them another one again");
        return count < FewPoses
            ? new PriorFinding("number of poses", FindingLevel.Warning, measured,
                "Few poses teach few poses: 500 or more learn better. 'prior draw' makes more of some")
            : PriorFinding.Of("number of poses", repeated <= MostRepeated, measured,
                "Repeated poses weigh as often as they stand there: leave them out, or take more different ones");
    }

    private static PriorFinding Variety(PoseShapes shapes)
    {
        float variety = shapes.Variety();
        float[] movement = shapes.Movement();
        string[] still =
        [
            .. Enumerable.Range(0, movement.Length).Where(k => movement[k] < Still && movement.Max() > Moves)
                .Select(k => shapes.Prior.Skeleton.Keypoints[k]),
        ];
        string measured = FormattableString.Invariant(
            $"forms differ by {100 * variety:0.#} % of their size (median, turned onto each other)");
        if (still.Length > 0)
        {
            return new PriorFinding("variety", FindingLevel.Warning,
                $"{string.Join(", ", still.Take(8))} {(still.Length == 1 ? "is" : "are")} at one place in all poses",
                "Is it a value that stands for 'missing'? Leave such poses or keypoints out");
        }
        return PriorFinding.Of("variety", variety >= OneForm || shapes.Prior.Skeleton.Count < 3, measured,
            "All poses have nearly one form; the images surely do not. Take poses that move, or 'prior draw' with ranges of angles");
    }

    private static PriorFinding Place(PoseShapes shapes)
    {
        float off = shapes.OffFrame;
        Vector2 middle = shapes.Middle;
        float away = MathF.Max(MathF.Abs(middle.X - 0.5f), MathF.Abs(middle.Y - 0.5f));
        string measured = FormattableString.Invariant(
            $"{100 * off:0.#} % of the keypoints lie outside of the {shapes.Prior.Width}×{shapes.Prior.Height} frame; their mean is at ")
            + FormattableString.Invariant($"({100 * middle.X:0} %, {100 * middle.Y:0} %) of it");
        return PriorFinding.Of("place", off <= MostOffFrame && away <= FarFromMiddle, measured,
            "Are 'width' and 'height' of the prior the frame that its coordinates are pixels of?");
    }

    private static PriorFinding Sides(PoseShapes shapes)
    {
        float[] kinds = shapes.Handedness();
        float other = MathF.Min(kinds.Average(kind => kind < 0 ? 1f : 0), kinds.Average(kind => kind > 0 ? 1f : 0));
        float unclear = kinds.Average(kind => MathF.Abs(kind) < ClearKind * PoseShapes.Median(kinds.Select(MathF.Abs)) ? 1f : 0);
        string measured = FormattableString.Invariant($"left and right are the other way round in {100 * other:0.#} % of the poses");
        if (other > MostOfOtherKind && unclear >= MostUnclear)
            measured += FormattableString.Invariant($", and in between in {100 * unclear:0.#} %: bodies that turn");
        return PriorFinding.Of("left and right", other <= MostOfOtherKind || unclear >= MostUnclear, measured,
            "No pose lies in between, so part of them are mirrored without their names: exchange left and right in those");
    }

    private static PriorFinding Scale(PoseShapes shapes, SubjectShapes subjects)
    {
        float pose = PoseShapes.Median(shapes.Shapes.Select(shape => shape.Extent));
        string poses = FormattableString.Invariant($"poses reach over {100 * pose:0} % of their frame");
        if (subjects.Extent is not float extent)
        {
            return pose < TinyPoses
                ? new PriorFinding("scale", FindingLevel.Warning, poses, "That is small: are 'width' and 'height' of the prior right?")
                : new PriorFinding("scale", FindingLevel.NotJudged, $"{poses}; {subjects.Unclear}");
        }
        float ratio = pose / extent;
        string measured = poses + FormattableString.Invariant($", the subjects in the images over {100 * extent:0} %");
        string advice = FormattableString.Invariant($"Multiply 'width' and 'height' of the prior by {ratio:0.00}")
            + FormattableString.Invariant($", or the sides of the boxes by {1 / ratio:0.00} (find --size)");
        return PriorFinding.Of("scale", ratio is >= SmallPoses and <= LargePoses, measured, advice);
    }

    private static PriorFinding Heading(PoseShapes shapes, SubjectShapes subjects)
    {
        AxisSpread? poses = AxisSpread.Of(shapes.Shapes);
        string measured = $"main axes of the poses {Describe(poses)}";
        if (poses is not AxisSpread prior || subjects.Axes is not AxisSpread images)
        {
            string why = poses is null
                ? "round poses have no axis"
                : subjects.Extent is null ? subjects.Unclear : "round subjects have no axis";
            return new PriorFinding("heading", FindingLevel.NotJudged, $"{measured}; {why}");
        }
        measured += $", of the subjects {Describe(images)}";
        if (prior.Concentration > OneHeading && images.Concentration > OneHeading)
        {
            return PriorFinding.Of("heading", prior.DegreesFrom(images) <= FarHeading, measured,
                FormattableString.Invariant($"Turn the prior by {prior.DegreesFrom(images):0}°, ")
                + "or find out which of them lies on its side");
        }
        if (prior.Concentration > OneHeading && images.Concentration < AxisSpread.AnyHeading)
        {
            // What the recipe of the shipped flies does.
            return new PriorFinding("heading", FindingLevel.Ok, measured,
                "The recipe must turn both: prior.rotation_degrees and augmentation.rotation_degrees 180");
        }
        return PriorFinding.Of("heading", prior.Concentration >= AxisSpread.AnyHeading || images.Concentration <= OneHeading, measured,
            "The poses head anywhere, the subjects do not: turn each pose upright, or set augmentation.rotation_degrees to 180");
    }

    private static string Describe(AxisSpread? axes) => axes switch
    {
        null => "cannot be told",
        { Concentration: < AxisSpread.AnyHeading } => "point anywhere",
        { } spread => FormattableString.Invariant(
            $"lie at {spread.Mean * (180 / MathF.PI):0}° ± {spread.Degrees:0}° (90° stands upright)"),
    };
}
