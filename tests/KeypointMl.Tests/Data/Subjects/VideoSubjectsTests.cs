using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data.Subjects;

[TestClass]
public sealed class VideoSubjectsTests
{
    // Only a test that fails waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestMethod]
    public void Search_that_is_cancelled_beforehand_reads_nothing()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = folder.Write("text.mp4", "not a video");

        Assert.ThrowsExactly<OperationCanceledException>(() => VideoSubjects.Find(path, cancellation: new CancellationToken(true)));
    }

    [TestMethod]
    public async Task Search_that_is_cancelled_while_the_packets_are_read_does_not_wait_for_them()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.WriteLong(folder);
        using var stop = new CancellationTokenSource();
        Task search = Task.Run(() => VideoSubjects.Find(path, cancellation: stop.Token), CancellationToken.None);
        Assert.IsTrue(SpinWait.SpinUntil(() => RunningProcess.Signal("ffprobe", "STOP", "packet=", path), Patience));

        await stop.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => search.WaitAsync(Patience));
    }

    [TestMethod]
    public void Box_is_drawn_around_the_pixels_that_it_holds()
    {
        var found = new FoundFrame(0, [new FoundSubject(0, new Box(10, 20, 5, 5), 1)], []);

        RgbImage painted = SubjectPainter.Paint(new RgbImage(40, 60), found);

        // The line is one pixel wide and on the edges, half of it on either side: 10 and 15, 20 and 25.
        int whole = TrackColor.OfNumber(0).Red;
        foreach ((int x, int y) in ((int, int)[])[(9, 22), (10, 22), (14, 22), (15, 22), (12, 19), (12, 20), (12, 24), (12, 25)])
            Assert.AreEqual(whole / 2f, painted.Pixels[(y * painted.Width + x) * 3], whole / 8f, $"({x}, {y})"); // Skia's antialiasing is coarse
    }
}
