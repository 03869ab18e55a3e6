using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Scoring.Pipelines;

namespace KeypointMl.Scoring.Tests;

/// <summary>What merging draws, for which it reads the inputs once more.</summary>
[TestClass]
public sealed class MergedDrawingTests
{
    [TestMethod]
    [DataRow("overlays")]
    [DataRow("overlay_videos")]
    public async Task Video_that_is_gone_is_an_error_and_nothing_is_merged(string drawings)
    {
        using var videos = new TemporaryFolder();
        using JobFixture fixture = WithVideo(videos, drawings);
        File.Delete(videos["v.mp4"]);

        var error = await Assert.ThrowsAsync<IOException>(() => new JobMerger(fixture.Open("job")).MergeAsync([]));

        Assert.Contains("'v.mp4' has", error.Message);
        Assert.Contains("cannot be read any more to draw them", error.Message);
        Assert.IsFalse(File.Exists(fixture.Folder["merged.csv"]));
    }

    [TestMethod]
    [DataRow("overlays")]
    [DataRow("overlay_videos")]
    public async Task Inputs_folder_that_is_not_mounted_is_named_before_anything_is_drawn(string drawings)
    {
        using var videos = new TemporaryFolder();
        using JobFixture fixture = WithVideo(videos, drawings);
        string away = fixture.Folder["away"];
        Directory.Move(videos.Path, away);

        var error = await Assert.ThrowsExactlyAsync<DirectoryNotFoundException>(() => new JobMerger(fixture.Open("job")).MergeAsync([]));
        long rows = await new JobMerger(fixture.Open("job")).MergeAsync([fixture.Folder["rows.csv"]]);

        Assert.Contains("Is it mounted", error.Message);
        Assert.AreEqual(VideoFiles.Frames, rows, "without drawings the inputs are not needed");
        Directory.Move(away, videos.Path);
    }

    [TestMethod]
    public async Task Job_draws_what_one_process_draws_where_a_video_could_not_be_looked_through()
    {
        using JobFixture fixture = FoundBoxesTests.WithVideos(out _);
        string[] folders = [fixture.Folder["pictures"], fixture.Folder["videos"]];
        File.AppendAllText(fixture.Pipeline, $"overlays: {folders[0]}\noverlay_videos: {folders[1]}\n");
        await ScorePipeline.Load(fixture.Pipeline).RunAsync([]);
        string[] atOnce = TakeAll(folders);
        fixture.Plan("job", 7);
        await fixture.WorkAsync("job");

        await new JobMerger(fixture.Open("job")).MergeAsync([]);

        string[] merged = TakeAll(folders);
        CollectionAssert.AreEqual(atOnce, merged, string.Join('\n', merged));
        Assert.HasCount(41, merged, "40 pictures and a video of the one, nothing of the other");
    }

    private static JobFixture WithVideo(TemporaryFolder videos, string drawings)
    {
        RealData.RequireFfmpeg();
        string video = VideoFiles.Write(videos);
        var fixture = new JobFixture(0);
        File.WriteAllText(fixture.Pipeline,
            File.ReadAllText(fixture.Pipeline).Replace($"input: {fixture.Folder.Images}", $"input: {video}"));
        File.AppendAllText(fixture.Pipeline, $"{drawings}: {fixture.Folder["drawn"]}\n");
        fixture.Plan("job", 100);
        fixture.WorkAsync("job").GetAwaiter().GetResult();
        return fixture;
    }

    // The files' names, and the files are gone then.
    private static string[] TakeAll(string[] folders)
    {
        string[] files = [.. folders.SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)).Order()];
        foreach (string folder in folders)
            Directory.Delete(folder, recursive: true);
        return files;
    }
}
