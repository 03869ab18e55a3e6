using KeypointMl.Imaging.Subjects;

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
        string path = folder["long.mp4"];
        // So many packets that they take a second.
        VideoFiles.Run(["-f", "lavfi", "-i", "color=s=16x16:r=1000:d=100", "-c:v", "libx264", "-preset", "ultrafast", path]);
        using var stop = new CancellationTokenSource();
        Task search = Task.Run(() => VideoSubjects.Find(path, cancellation: stop.Token), CancellationToken.None);
        Assert.IsTrue(SpinWait.SpinUntil(() => RunningProcess.Signal("ffprobe", "STOP", "packet=", path), Patience));

        await stop.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => search.WaitAsync(Patience));
    }
}
