using System.Net;

namespace KeypointMl.Studio.Tests.Hosting;

/// <summary>Many requests at once.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ManyRequestsTests
{
    private const int Requests = 1000;
    private const long MostBytes = 500L << 20;

    [TestMethod]
    [TestCategory("Load")]
    public async Task Thousand_requests_at_once_are_answered_within_the_memory()
    {
        RealData.RequireFfmpeg();
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Skipped: only Linux tells a process's peak of memory.");
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(prepare: folder => VideoFiles.Run(
        [
            "-f", "lavfi", "-i", "testsrc2=size=640x640:rate=25:duration=4", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25",
            folder["media/large.mp4"],
        ]));
        await studio.GetAsync("/api/media?file=0/large.mp4");
        using var memory = new ResidentMemory();

        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(async i =>
        {
            string path = (i % 4) switch
            {
                0 => $"/api/frame?file=0/large.mp4&frame={i / 4 % 100}",
                1 => $"/api/poses?file=0/large.mp4&frame={i / 4 % 100}",
                2 => "/api/poses?file=0/dots.png",
                _ => "/api/session",
            };
            using HttpResponseMessage answer = await studio.Client.GetAsync(path);
            await answer.Content.CopyToAsync(Stream.Null);
            return answer.StatusCode;
        }));

        Assert.AreSequenceEqual([HttpStatusCode.OK], answers.Distinct());
        Assert.IsLessThan(MostBytes, memory.Growth());
    }
}
