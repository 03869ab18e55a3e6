using KeypointMl.Imaging.Subjects;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Tests.Data.Subjects;

/// <summary>The search for subjects keeps to the number of threads that it is told.</summary>
[TestClass]
public sealed class SubjectThreadsTests
{
    [TestMethod]
    [DataRow(0, -1)]
    [DataRow(3, 3)]
    public void Ground_is_learnt_on_so_many_threads(int asked, int expected)
    {
        byte[][] planes = [.. Enumerable.Range(0, 9).Select(i => new byte[] { 10, 20, 30, (byte)i })];
        var samples = new GroundSamples(planes, asked);

        Assert.AreEqual(expected, samples.Parallelism.MaxDegreeOfParallelism);
        CollectionAssert.AreEqual(new byte[] { 10, 20, 30, 4 }, samples.Quantile(0.5));
    }

    [TestMethod]
    public void Videos_are_decoded_on_so_many_threads()
    {
        CollectionAssert.AreEqual(Array.Empty<string>(), default(VideoDecoding).Arguments);
        CollectionAssert.AreEqual(new[] { "-threads", "3" }, new VideoDecoding { Threads = 3 }.Arguments);
        CollectionAssert.AreEqual(
            new[] { "-hwaccel", "cuda", "-threads", "1" }, new VideoDecoding { Hardware = "cuda", Threads = 1 }.Arguments);
    }
}
