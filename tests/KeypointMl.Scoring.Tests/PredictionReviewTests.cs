using System.Text.RegularExpressions;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Review;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;
using static KeypointMl.Scoring.Tests.ReviewedWalk;

namespace KeypointMl.Scoring.Tests;

/// <summary>Walks of a body of five keypoints in a box of 100 pixels, with faults in known frames.</summary>
[TestClass]
public sealed class PredictionReviewTests
{
    [TestMethod]
    public async Task Planted_faults_are_the_first_and_are_called_by_their_names()
    {
        using var folder = new TemporaryFolder();
        PredictionRow[] rows = Walk();
        rows[40] = Moved(rows[40], 3, new(0, 30)); // the hip jumps
        rows[90] = rows[90] with { Confidence = new[] { 0.8f, 0.05f, 0.8f, 0.8f, 0.8f } };
        for (int i = 120; i < 126; i++)
            rows[i] = Exchanged(rows[i]);
        for (int i = 150; i < 200; i++)
            rows[i] = Moved(rows[i], 0, new(0, -60)); // the nose goes away and stays there

        string[][] list = await ReviewAsync(folder, "p.parquet", rows);

        Assert.Contains("jump of hipL by 0.3", Find(list, 40));
        Assert.Contains("low confidence of earL 0.05 (usually 0.80)", Find(list, 90));
        Assert.Contains("left and right look exchanged from here to frame 125", Find(list, 120));
        Assert.IsTrue(list.Any(line => int.Parse(line[1]) >= 149 && line[5].Contains("nose–earL")), "the bone");
        string[] frames = [.. list.Select(line => line[1])];
        Assert.IsTrue(frames.All(frame => int.Parse(frame) >= 149 || Near(int.Parse(frame), 40, 90, 120, 126)), string.Join(' ', frames));
    }

    [TestMethod]
    public async Task Walk_without_faults_has_nothing_to_show()
    {
        using var folder = new TemporaryFolder();

        string[][] list = await ReviewAsync(folder, "p.parquet", Walk());

        Assert.IsEmpty(list);
        Assert.Contains("Something speaks against 0 of them", File.ReadAllText(folder["review.html"]));
    }

    [TestMethod]
    public async Task Neighbours_of_the_same_fault_are_one_entry()
    {
        using var folder = new TemporaryFolder();
        PredictionRow[] rows = Walk();
        for (int i = 50; i < 70; i++)
            rows[i] = rows[i] with { Confidence = new[] { 0.1f, 0.1f, 0.1f, 0.1f, i == 63 ? 0.05f : 0.1f } };

        string[][] list = await ReviewAsync(folder, "p.parquet", rows);
        string[][] closer = await ReviewAsync(folder, "p.parquet", rows, review => review with { Apart = 5 });

        Assert.AreEqual("63", list.Single()[1]);
        CollectionAssert.AreEquivalent(new[] { "50", "55", "63", "68" }, closer.Select(line => line[1]).ToArray());
    }

    [TestMethod]
    [DataRow("p.csv")]
    [DataRow("p.jsonl")]
    [DataRow("p.json")]
    [DataRow("p.slp")]
    public async Task Other_formats_give_the_same_list_up_to_bones_and_flips(string name)
    {
        using var folder = new TemporaryFolder();
        PredictionRow[] rows = Walk();
        rows[40] = Moved(rows[40], 3, new(0, 30));
        rows[90] = rows[90] with { Confidence = new[] { 0.8f, 0.05f, 0.8f, 0.8f, 0.8f } };

        string[][] parquet = await ReviewAsync(folder, "p.parquet", rows);
        string[][] other = await ReviewAsync(folder, name, rows);

        CollectionAssert.AreEqual(
            parquet.Where(line => line[5].StartsWith("low") || line[5].StartsWith("jump")).Select(line => line[1]).Distinct().ToArray(),
            other.Select(line => line[1]).Distinct().ToArray());
    }

    [TestMethod]
    public async Task Gaps_and_late_beginnings_of_tracks_are_told()
    {
        using var folder = new TemporaryFolder();
        PredictionRow[] a = [.. Walk().Where(row => row.Frame is < 60 or >= 75)];
        PredictionRow[] b = [.. Walk().Skip(100).Take(50).Select(row => row with { Item = "1" })];

        string[][] list = await ReviewAsync(folder, "p.parquet", [.. a.Concat(b).OrderBy(row => row.Frame)]);

        Assert.Contains("not seen in the 15 scored frames before", Find(list, 75));
        Assert.AreEqual("the track begins here", list.Single(line => line[1] == "100")[5]);
        Assert.AreEqual("the track ends here", list.Single(line => line[1] == "149")[5]);
    }

    [TestMethod]
    public async Task Events_are_told_instead_of_gaps_and_wrong_ones_are_named()
    {
        using var folder = new TemporaryFolder();
        string events = folder.Write("events.csv", "frame,event,track,other\n0,begun,0,\n80,merged,0,1\n84,separated,0,1\n"u8.ToArray());
        string wrong = folder.Write("wrong.csv", "frame,event,track,other\n80,danced,0,1\n"u8.ToArray());
        PredictionRow[] rows = [.. Walk().Where(row => row.Frame != 20)];

        string[][] list = await ReviewAsync(folder, "p.parquet", rows, review => review with { Events = events });
        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(
            () => ReviewAsync(folder, "p.parquet", rows, review => review with { Events = wrong }));

        Assert.Contains("it meets track 1 in frame 80", list.Single()[5]);
        Assert.Contains("wrong.csv:2: the event is 'danced'", error.Message);
    }

    [TestMethod]
    public async Task Page_needs_nothing_else_and_names_cannot_steer_it()
    {
        using var folder = new TemporaryFolder();
        const string Evil = "<img src=x onerror=alert(1)>\"&.mp4";
        var skeleton = new Skeleton("body", ["no\"se<b>", "earL", "earR", "hipL", "hipR"], [], []);
        PredictionRow[] rows = [.. Walk().Select(row => row with { Source = Evil, Item = "</script><script>alert(2)</script>" })];
        rows[10] = Moved(rows[10], 0, new(40, 0));
        rows[20] = new PredictionRow { Source = Evil, Frame = 20, Error = "<b>broken</b>" };

        await ReviewAsync(folder, "p.parquet", rows, skeleton: skeleton);

        string page = File.ReadAllText(folder["review.html"]);
        Assert.DoesNotContain("<img src=x", page);
        Assert.DoesNotContain("<script>alert", page);
        Assert.DoesNotContain("<b>broken", page);
        Assert.DoesNotContain("se<b>", page);
        Assert.AreEqual(1, Regex.Count(page, "<script>"));
        Assert.IsFalse(Regex.IsMatch(page, "(src|href)=\"(?!data:|#)"), "something is fetched");
        Assert.Contains("1 rows have no keypoints", page);
        string script = Regex.Match(page, "<script>(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;
        string hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(script)));
        Assert.Contains($"script-src 'sha256-{hash}'", page);
        Assert.Contains("No picture", page);
    }

    [TestMethod]
    public async Task Frames_are_shown_with_their_time_from_the_video_beside_the_predictions()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        using (var writer = new VideoWriter(folder["v.mp4"], 160, 120, 25))
        {
            for (int i = 0; i < Frames; i++)
            {
                var image = new RgbImage(160, 120);
                Array.Fill(image.Pixels, (byte)(i < 150 ? 40 : 200));
                writer.Write(image);
            }
            writer.Complete();
        }
        PredictionRow[] rows = Walk();
        rows[5] = Moved(rows[5], 3, new(0, 30));
        rows[160] = Moved(rows[160], 3, new(0, 30));

        string[][] unnamed = await ReviewAsync(
            folder, "p.deeplabcut.csv", rows, review => review with { Inputs = [folder["v.mp4"]] });

        Assert.AreEqual("0.200", Cell(unnamed, 5, 2), "DeepLabCut's file does not name the video");
        Assert.DoesNotContain("No picture", File.ReadAllText(folder["review.html"]));
        string[][] list = await ReviewAsync(folder, "p.parquet", rows);
        Assert.AreEqual("0.200", Cell(list, 5, 2));
        Assert.AreEqual("6.400", Cell(list, 160, 2));
        string page = File.ReadAllText(folder["review.html"]);
        Assert.Contains("0:06.4", page);
        Assert.DoesNotContain("No picture", page);
        foreach ((int frame, int grey) in new[] { (5, 40), (160, 200) })
        {
            Match picture = Regex.Match(page, $"alt=\"Frame {frame} of v.mp4[^\"]*\" src=\"data:image/jpeg;base64,([^\"]*)\"");
            RgbImage image = ImageDecoder.Decode(Convert.FromBase64String(picture.Groups[1].Value), "thumbnail");
            Assert.AreEqual(grey, image.Pixels[(image.Height / 2 * image.Width + image.Width / 2) * 3], 6, $"frame {frame}");
        }
    }

    [TestMethod]
    public async Task Outputs_that_would_replace_inputs_and_models_of_other_keypoints_are_refused()
    {
        using var folder = new TemporaryFolder();
        string model = folder.Write("detector.onnx", TestModels.Detector());

        var replacing = await Assert.ThrowsExactlyAsync<InvalidDataException>(
            () => ReviewAsync(folder, "p.parquet", Walk(), review => review with { Page = review.Predictions }));
        var other = await Assert.ThrowsExactlyAsync<InvalidDataException>(
            () => ReviewAsync(folder, "p.parquet", Walk(), review => review with { Model = model }));
        File.WriteAllText(folder["bad.jsonl"], "{}\n");
        var bad = await Assert.ThrowsExactlyAsync<InvalidDataException>(
            () => new PredictionReview { Predictions = folder["bad.jsonl"], Page = folder["r.html"] }.RunAsync());

        Assert.Contains("would replace the input", replacing.Message);
        Assert.Contains("has the keypoints nose, earL", other.Message);
        Assert.Contains("bad.jsonl:1 is no row of predictions", bad.Message);
    }

    internal static async Task<string[][]> ReviewAsync(
        TemporaryFolder folder, string name, PredictionRow[] rows, Func<PredictionReview, PredictionReview>? change = null,
        Skeleton? skeleton = null)
    {
        await using (IPredictionSink sink = PredictionFiles.Create(folder[name], skeleton ?? Body))
        {
            foreach (PredictionRow row in rows)
                await sink.WriteAsync(row, null, CancellationToken.None);
            await sink.CompleteAsync(CancellationToken.None);
        }
        var review = new PredictionReview
        {
            Predictions = folder[name],
            Page = folder["review.html"],
            Table = folder["review.csv"],
        };
        await (change?.Invoke(review) ?? review).RunAsync();
        string[] lines = File.ReadAllLines(folder["review.csv"]);
        Assert.AreEqual("source,frame,time,track,score,reasons,keypoints", lines[0]);
        return [.. lines.Skip(1).Select(Cells)];
    }

    private static string Find(string[][] list, int frame) => Cell(list, frame, 5);

    private static string Cell(string[][] list, int frame, int column) => list.FirstOrDefault(line => line[1] == $"{frame}")?[column]
        ?? throw new AssertFailedException($"Frame {frame} is not listed; these are: {string.Join("; ", list.Select(line => string.Join(' ', line)))}");

    private static bool Near(int frame, params int[] places) => places.Any(place => Math.Abs(frame - place) <= 1);

    // None of these cells has a quote in it.
    private static string[] Cells(string line) =>
        [.. Regex.Matches(line, "(?:\"([^\"]*)\"|([^,]*))(?:,|$)").Select(cell => cell.Groups[1].Value + cell.Groups[2].Value)];
}
