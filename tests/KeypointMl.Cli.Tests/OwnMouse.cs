using System.Globalization;
using System.Numerics;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Cli.Tests;

/// <summary>Videos of an animal of known place, and poses of it, as a user has them.</summary>
internal static class OwnMouse
{
    private static readonly (string Name, Vector2 Place)[] Points =
        [("nose", new(0.9f, 0)), ("centre", new(0, 0)), ("hipL", new(-0.5f, -0.4f)), ("hipR", new(-0.5f, 0.4f)), ("tail", new(-2, 0))];

    public static SyntheticScene Scene { get; } = SyntheticScenes.Arena(SyntheticScenes.Wanderer) with { Frames = 80 };

    public static string WriteVideo(string path, SyntheticScene scene)
    {
        using var writer = new VideoWriter(path, scene.Width, scene.Height, 25);
        foreach (VideoFrame frame in scene.Video())
            writer.Write(frame.Image);
        writer.Complete();
        return path;
    }

    /// <summary>Poses in pixels of the frames of another recording, three times as large.</summary>
    public static string WritePrior(TemporaryFolder folder) => Write(folder["prior.csv"], "", 300, i => Pose(3 * i + 1, 3), _ => "");

    /// <summary>Labels of the video's own frames.</summary>
    public static string WriteLabels(TemporaryFolder folder, string source) =>
        Write(folder["labels.csv"], "source,frame,", 8, i => Pose(10 * i, 1), i => $"videos/{source},{10 * i},");

    public static void RequireFfmpeg()
    {
        if (FfmpegVersion.Find() is null)
            Assert.Inconclusive("Skipped: ffmpeg is not installed.");
    }

    private static Vector2[] Pose(int frame, float scale)
    {
        SyntheticAnimal.Posture posture = SyntheticScenes.Wanderer.In(frame)!.Value;
        Vector2 across = new(-posture.Heading.Y, posture.Heading.X);
        float wag = MathF.Sin(frame / 7f) * 0.2f;
        return Array.ConvertAll(Points, point => scale * (posture.Place + posture.Animal.Length
            * (point.Place.X * posture.Heading + (point.Place.Y + (point.Name == "tail" ? wag : 0)) * across)));
    }

    private static string Write(string path, string columns, int count, Func<int, Vector2[]> pose, Func<int, string> key)
    {
        IEnumerable<string> rows = Enumerable.Range(0, count).Select(i => key(i) + string.Join(',', pose(i)
            .Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F2},{point.Y:F2}"))));
        string header = columns + string.Join(',', Points.Select(point => $"{point.Name}_x,{point.Name}_y"));
        File.WriteAllLines(path, [header, .. rows]);
        return path;
    }
}
