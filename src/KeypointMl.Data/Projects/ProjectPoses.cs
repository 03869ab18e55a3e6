using System.Numerics;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Priors;
using KeypointMl.Data.Priors.Building;
using KeypointMl.Data.Priors.Drawing;
using KeypointMl.Data.Priors.Sources;
using KeypointMl.Data.Quality;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Projects;

/// <summary>The prior of a project: poses of a file, or drawn of a template, put into crops as the images are.</summary>
internal sealed class ProjectPoses
{
    internal const string NamesHint = "Name them by a skeleton: --skeleton NAME or FILE.yaml.";

    private const int Side = 128;
    private const int Drawn = 2000;
    // Keypoints lie inside of a body's outline.
    private const float PartOfSubject = 0.93f;
    private const float UnmeasuredFill = 0.65f;
    // Poses of pictures from near and far are brought to one size.
    private const float MostSizeSpread = 0.35f;

    private readonly string source;
    private readonly PoseTemplate? template;
    private readonly IReadOnlyList<Vector2[]> poses;

    private ProjectPoses(string source, Skeleton skeleton, IReadOnlyList<Vector2[]> poses, PoseTemplate? template)
    {
        this.source = source;
        this.poses = poses;
        this.template = template;
        Skeleton = skeleton;
    }

    /// <summary>The keypoints, with edges and pairs.</summary>
    internal Skeleton Skeleton { get; }

    /// <summary>Reads the file.</summary>
    internal static ProjectPoses Read(ProjectOptions options, Action<string> note)
    {
        Skeleton? given = options.Skeleton is string name ? SkeletonYaml.Find(name) : null;
        if (options.Template is string template)
        {
            PoseTemplate loaded = PoseTemplate.Load(template, given, note);
            return new ProjectPoses(template, Named(loaded.Skeleton, options.Name), loaded.Poses, loaded);
        }
        PoseTable table = PoseSource.Read(options.Prior!, given, options.Category, NamesHint);
        Vector2[][] complete = [.. table.Rows.Select(row => PoseTable.Labels(row, options.MinScore))
            .Where(pose => pose.All(point => float.IsFinite(point.X) && float.IsFinite(point.Y)))];
        if (complete.Length < table.Rows.Count)
        {
            note($"{options.Prior}: {complete.Length} of {table.Rows.Count} poses have all keypoints; "
                + "the others are left out of the prior");
        }
        if (complete.Length == 0)
        {
            throw new InvalidDataException(
                $"{options.Prior}: no pose has all {table.Skeleton.Count} keypoints. "
                + "Take fewer keypoints (--skeleton), lower --min-score, or give other poses (--prior, --template).");
        }
        Skeleton skeleton = SkeletonGuess.Complete(table.Skeleton, complete, note);
        return new ProjectPoses(options.Prior!, given is null ? Named(skeleton, options.Name) : skeleton, complete, null);
    }

    /// <summary>The poses in a crop.</summary>
    /// <param name="options">Says the crop, where the user knows it.</param>
    /// <param name="extent">How far the subjects reach over their frames; null where it could not be measured.</param>
    /// <param name="note">Is told how the poses were fitted.</param>
    internal PosePrior Place(ProjectOptions options, float? extent, Action<string> note)
    {
        if (template is not null)
        {
            float fill = extent is float reach ? Math.Clamp(PartOfSubject * reach, 0.1f, 0.95f) : template.Fill;
            BuiltPrior drawn = TemplateDrawing.Draw(template with { Fill = fill }, Drawn, seed: 1);
            note($"{drawn.Prior.Poses.Count} prior poses were drawn of {source}, {Percent(fill)} of the crop large"
                + (extent is null ? "; how large the subjects are could not be measured" : ", as the subjects are"));
            return new PosePrior(Skeleton, drawn.Prior.Poses, drawn.Prior.Width, drawn.Prior.Height, source);
        }
        if (options.PriorSize is (int width, int height))
            return new PosePrior(Skeleton, poses, width, height, source);
        if (extent is null && GuessCrop() is int side)
        {
            note($"the prior's poses lie around one place: they are taken for pixels of a {side}×{side} crop (else --prior-size)");
            return new PosePrior(Skeleton, poses, side, side, source);
        }
        return Fit(extent, note);
    }

    private PosePrior Fit(float? extent, Action<string> note)
    {
        float target = extent is float reach ? PartOfSubject * reach : UnmeasuredFill;
        float[] sizes = [.. poses.Select(pose => MathF.Max(1e-3f, Shape.Of(pose).Extent))];
        float usual = PoseShapes.Median(sizes);
        float spread = MathF.Sqrt(sizes.Average(size => (size - usual) * (size - usual))) / usual;
        bool each = spread > MostSizeSpread;
        note($"the prior's poses were put into the middle of a {Side}×{Side} crop, {Percent(target)} of it large, "
            + (each ? "all brought to one size (theirs differ much)" : "by one factor for all")
            + (extent is null
                ? "; how large the subjects are could not be measured: compare in the preview"
                : ", as the subjects in the images are"));
        var centre = new Vector2((Side - 1) / 2f);
        Vector2[][] placed = [.. poses.Select((pose, i) =>
        {
            Vector2 middle = (pose.Aggregate(Vector2.Min) + pose.Aggregate(Vector2.Max)) / 2;
            float scale = target * Side / (each ? sizes[i] : usual);
            return Array.ConvertAll(pose, point => (point - middle) * scale + centre);
        })];
        return new PosePrior(Skeleton, placed, Side, Side, source);
    }

    // Cut-out poses lie around the middle of their crop, and fill much of it.
    private int? GuessCrop()
    {
        int[] usual = [32, 48, 64, 96, 100, 112, 128, 160, 192, 200, 224, 256, 288, 320, 384, 400, 512];
        Vector2[] middles = [.. poses.Select(pose => (pose.Aggregate(Vector2.Min) + pose.Aggregate(Vector2.Max)) / 2)];
        Vector2 mean = middles.Aggregate(Vector2.Zero, Vector2.Add) / middles.Length;
        float spread = MathF.Sqrt(middles.Average(middle => Vector2.DistanceSquared(middle, mean)));
        float extent = PoseShapes.Median(poses.Select(pose => Shape.Of(pose).Extent));
        (float width, float height) = (2 * mean.X + 1, 2 * mean.Y + 1);
        float side = (width + height) / 2;
        bool isCrop = poses.Count >= 10 && spread < extent / 3 && MathF.Abs(width - height) < side / 4;
        if (!isCrop || extent < 0.35f * side || extent > 1.1f * side)
            return null;
        int nearest = usual.MinBy(size => MathF.Abs(size - side));
        return MathF.Abs(nearest - side) < side / 10 ? nearest : (int)MathF.Round(side);
    }

    private static string Percent(float part) => FormattableString.Invariant($"{100 * part:0} %");

    private static Skeleton Named(Skeleton skeleton, string name) =>
        new(name, skeleton.Keypoints, skeleton.Edges, skeleton.SymmetricPairs, skeleton.Groups);
}
