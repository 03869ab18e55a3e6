using System.Globalization;
using System.Numerics;
using KeypointMl.Data.Csv;
using KeypointMl.Data.Readers;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data.Subjects;

/// <summary>
/// The flies' raw video, found without labels and compared with the boxes and labels that come with it: its first fifth, or
/// all of it where KEYPOINTML_ALL_FRAMES is set.
/// </summary>
[TestClass]
[TestCategory("RealData")]
public sealed class FliesSubjectsTests
{
    private static readonly int Frames = Environment.GetEnvironmentVariable("KEYPOINTML_ALL_FRAMES") is { Length: > 0 } ? 3000 : 600;
    private const string Video = "flies/20190128_113421.120s.mp4";

    [TestMethod]
    public void Both_flies_are_found_in_every_frame_and_keep_their_identities()
    {
        string root = RealData.RequireRoot("flies");
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        var search = new SubjectSearch { Boxes = folder["boxes.csv"], Options = new SubjectFinderOptions { Count = 2 } };

        VideoFiles.Run(["-i", Path.Combine(root, Video), "-frames:v", $"{Frames}", "-c", "copy", folder["flies.mp4"]]);

        int failed = search.Run([(folder["flies.mp4"], "flies")], Console.WriteLine);

        Assert.AreEqual(0, failed);
        Vector2[][] found = Centres(folder["boxes.csv"]);
        Vector2[][] given = Centres(Path.Combine(root, "flies/boxes.csv"));
        bool[] isSwapped = [.. found.Zip(given).Select(pair => Cost(pair.First, pair.Second, 1) < Cost(pair.First, pair.Second, 0))];
        int swaps = isSwapped.Count(swapped => swapped);
        double identity = Math.Max(swaps, Frames - swaps) / (double)Frames;
        int shift = swaps > Frames / 2 ? 1 : 0;
        Vector2[][] offsets =
        [
            .. found.Zip(given, (here, there) => new[] { here[shift] - there[0], here[1 - shift] - there[1] }),
        ];
        Vector2[] own = [.. OwnFrame(root, offsets)];
        var middle = new Vector2(Median(own.Select(offset => offset.X)), Median(own.Select(offset => offset.Y)));
        Print("from the given boxes' centres", offsets.SelectMany(pair => pair).Select(offset => offset.Length()));
        string less = FormattableString.Invariant($"the same less {middle.X:F1} px ahead and {middle.Y:F1} px aside of every fly");
        Print(less, own.Select(offset => Vector2.Distance(offset, middle)));
        Console.WriteLine(FormattableString.Invariant($"identities kept in {identity:P1} of the frames"));
        Assert.IsGreaterThan(0.95, identity);
        // The given boxes are centred between thorax and abdomen, the found ones in the middle of what is seen. The given ones
        // are smoothed as well, and not at the fly where it jumps.
        Assert.IsGreaterThan(0.92, offsets.SelectMany(pair => pair).Average(offset => offset.Length() < 12 ? 1.0 : 0));
        Assert.IsGreaterThan(0.85, own.Average(offset => Vector2.Distance(offset, middle) < 5 ? 1.0 : 0));
    }

    // [frames][2]; both files have both flies in every frame.
    private static Vector2[][] Centres(string path)
    {
        var centres = Enumerable.Range(0, Frames).Select(_ => new List<Vector2>()).ToArray();
        foreach (TrackedBox tracked in BoxesCsvReader.Read(path, 0, Frames - 1).OrderBy(box => box.Track))
            centres[tracked.Frame].Add(Centre(tracked.Box));
        Assert.IsTrue(centres.All(pair => pair.Count == 2), $"{path} has not two boxes in every frame.");
        return [.. centres.Select(pair => pair.ToArray())];
    }

    private static Vector2 Centre(Box box) => new(box.X + (box.Width - 1) / 2, box.Y + (box.Height - 1) / 2);

    private static float Cost(Vector2[] found, Vector2[] given, int shift) =>
        Vector2.Distance(found[shift], given[0]) + Vector2.Distance(found[1 - shift], given[1]);

    // Offsets along and across each fly's own heading, from abdomen to head.
    private static IEnumerable<Vector2> OwnFrame(string root, Vector2[][] offsets)
    {
        foreach (string part in new[] { "train", "test" })
        {
            using var table = new CsvTable(Path.Combine(root, $"flies/labels-{part}.csv"));
            float Number(string column) => table.OptionalNumber(table.Column(column));
            Vector2 Point(string name) => new(Number(name + "_x"), Number(name + "_y"));
            while (table.Read())
            {
                if (table.WholeNumber(table.Column("frame")) is var frame && frame >= Frames)
                    continue;
                Vector2 heading = Vector2.Normalize(Point("head") - Point("abdomen"));
                Vector2 offset = offsets[frame][table.WholeNumber(table.Column("track"))];
                if (float.IsFinite(heading.X))
                    yield return new Vector2(Vector2.Dot(offset, heading), heading.X * offset.Y - heading.Y * offset.X);
            }
        }
    }

    private static float Median(IEnumerable<float> values)
    {
        float[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static void Print(string what, IEnumerable<float> distances)
    {
        float[] all = [.. distances];
        string parts = string.Join(", ", new[] { 5, 8, 12, 16 }.Select(limit =>
            string.Create(CultureInfo.InvariantCulture, $"{all.Average(distance => distance < limit ? 1.0 : 0):P1} within {limit} px")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: median {Median(all):F1} px, {parts}"));
    }
}
