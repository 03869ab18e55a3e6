using KeypointMl.Data.Frames;

namespace KeypointMl.Tests.Data;

/// <summary>Which videos and images the rows of a file of poses are of, and which of their frames.</summary>
[TestClass]
public sealed class PoseFileSourceTests
{
    private const string Header = "source,frame,a_x,a_y,b_x,b_y";

    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void RemoveFolder() => folder.Dispose();

    [TestMethod]
    [DataRow("a.mp4,1 b.mp4,2 c.mp4,3 b.mp4,4", "2 4", DisplayName = "of several videos, that one's")]
    [DataRow("D:\\films\\b.mp4,2 D:\\films\\c.mp4,3", "2", DisplayName = "whatever folders they lay in")]
    [DataRow("other.mp4,2 other.mp4,3", "2 3", DisplayName = "of the only video, whatever it was called")]
    [DataRow(",2 ,3.0", "2 3", DisplayName = "of no video")]
    public void Video_key_takes_the_rows_of_that_video(string rows, string frames)
    {
        Csv(Header, rows);

        using IFrameSet train = Open("video: b.mp4").OpenTrainingFrames();

        FrameId[] ids = [.. Enumerable.Range(0, train.Count).Select(train.GetId)];
        Assert.AreEqual(frames, string.Join(' ', ids.Select(id => id.Frame)));
        Assert.IsTrue(ids.All(id => id.Source == "v/b.mp4"));
    }

    [TestMethod]
    [DataRow(Header, "a.mp4,1 c.mp4,2", "p.csv: none of its 2 videos (a.mp4, c.mp4) is b.mp4, which the split's key 'video' names.")]
    [DataRow(Header, "a.png,0", "p.csv:2: a.png is an image; the split's key 'video' is for frames of a video.")]
    [DataRow("fnum,a_x,a_y,b_x,b_y", "1 2", "p.csv:2: there is no column 'frame', which says which frame of a video a row is of")]
    public void Video_key_is_refused_where_rows_are_of_something_else_or_have_no_frame(string header, string rows, string expected)
    {
        Csv(header, rows);

        Assert.Contains(expected, Refusal("video: b.mp4"));
    }

    [TestMethod]
    public void Rows_of_a_video_without_a_frame_are_refused()
    {
        Csv("source,a_x,a_y,b_x,b_y", "b.mp4");

        Assert.Contains("p.csv:2: there is no column 'frame'", Refusal("step: 1"));
    }

    [TestMethod]
    public void Videos_are_found_by_the_ends_of_the_paths_that_they_had_elsewhere()
    {
        folder.Write("v/day1/cam.mp4", "");
        folder.Write("v/day2/cam.mp4", "");
        Csv(Header, @"D:\lab\day1\cam.mp4,0 D:\lab\day1\cam.mp4,1 /home/me/day2/cam.mp4,0 D:\lab\day3\cam.mp4,0");

        using IFrameSet train = Open("step: 1").OpenTrainingFrames();

        CollectionAssert.AreEqual(
            new[] { new Clip("v/day1/cam.mp4", 0, 2), new Clip("v/day2/cam.mp4", 2, 1), new Clip(@"v/D:\lab\day3\cam.mp4", 3, 1) },
            train.Clips.ToArray());
    }

    [TestMethod]
    public void Frames_of_another_package_are_refused()
    {
        Csv(Header, "labels/val.pkg.slp,3");

        Assert.Contains("p.csv:2: its frames are images in another package, labels/val.pkg.slp.", Refusal("step: 1"));
    }

    private string Refusal(string split) =>
        Assert.ThrowsExactly<InvalidDataException>(() => Open(split).OpenTrainingFrames()).Message;

    private IDataset Open(string split) => SetFiles.Open(folder, SetFiles.Manifest(
        $"reader: {{ kind: pose-file, root: v }}\nsplits: {{ train: {{ poses: p.csv, {split} }} }}", "a, b"));

    private void Csv(string header, string rows) =>
        folder.Write("p.csv", $"{header}\n{string.Concat(rows.Split(' ').Select(row => $"{row},1,1,9,9\n"))}");
}
