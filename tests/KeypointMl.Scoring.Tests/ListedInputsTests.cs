using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Running;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Scoring.Tests;

/// <summary>A run's own outputs, and files that come while it works, are none of its inputs.</summary>
[TestClass]
public sealed class ListedInputsTests
{
    [TestMethod]
    public void Glob_leaves_out_what_is_being_written()
    {
        using var folder = new TemporaryFolder();
        string video = folder.Write("a.mp4", "");
        File.WriteAllText(AtomicFile.TemporaryName(folder["poses.h5"]), "");

        CollectionAssert.AreEqual(new[] { video }, InputFiles.Find(folder["*"]).Select(file => file.Path).ToArray());
    }

    [TestMethod]
    [DataRow("images", "images/overlays")]
    [DataRow("images/**/*.png", "images/overlays")]
    [DataRow("images/**/frame*", "images")]
    [DataRow("images", "link")]
    public async Task Overlays_that_would_be_inputs_themselves_are_refused(string input, string overlays)
    {
        Pipes.RequireLinux();
        using var folder = new ScoringFolder();
        ImageWriter.Write(TestImages.Numbered(1), Path.Combine(folder.Images, "frame1.png"));
        File.Move(Path.Combine(folder.Images, "frame1.png"), Path.Combine(folder.Images, "frame1.gif"));
        Directory.CreateDirectory(folder["images/overlays"]);
        Directory.CreateSymbolicLink(folder["link"], folder["images/overlays"]);

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => folder.ScoreAsync(
            folder.Pipeline("p.csv", folder[input.Replace("*.png", "*.gif*")]) with { Overlays = folder[overlays] }));

        Assert.Contains("would be one of the inputs", error.Message);
        Assert.IsFalse(File.Exists(folder["p.csv"]));
    }

    [TestMethod]
    [DataRow("images/*.png", "images/overlays")]
    [DataRow("images", "images/.overlays")]
    [DataRow("images", "images-overlays")]
    public async Task Overlays_that_no_input_lists_are_drawn_again_and_again(string input, string overlays)
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(2);
        ScorePipeline pipeline = folder.Pipeline("p.csv", folder[input]) with { Overlays = folder[overlays] };

        await folder.ScoreAsync(pipeline);
        (ScoringSummary again, _) = await folder.ScoreAsync(pipeline);

        Assert.AreEqual((2L, 0L), (again.Ok, again.Failed));
        Assert.HasCount(2, Directory.GetFiles(folder[overlays]));
    }

    [TestMethod]
    public async Task Video_that_comes_during_the_search_is_not_scored()
    {
        using JobFixture fixture = FoundBoxesTests.WithVideos(out string video);
        var pipeline = ScorePipeline.Load(fixture.Pipeline);
        var monitor = new NoteList(note => CopyOnce(video, note));

        ScoringSummary summary = await pipeline.RunAsync([], monitor);

        Assert.AreEqual((40L, 1L, 0L), (summary.Ok, summary.Failed, summary.FramesWithoutBox));
    }

    [TestMethod]
    public void Video_that_comes_during_the_search_is_not_planned()
    {
        using JobFixture fixture = FoundBoxesTests.WithVideos(out string video);

        JobPlan plan = JobPlanner.Plan(fixture.Pipeline, fixture.Folder["job"], note: note => CopyOnce(video, note));

        Assert.AreEqual((2L, 41L), (plan.Inputs, plan.Frames));
    }

    [TestMethod]
    public void Pictures_of_two_videos_in_one_folder_are_refused()
    {
        using var folder = new TemporaryFolder();
        InputFile[] videos = [new("/left/cam/a.mp4", "../cam/a.mp4"), new("/right/cam/a.mp4", "cam/a.mp4")];

        var error = Assert.ThrowsExactly<InvalidDataException>(() => OverlaySink.Check(folder.Path, [], videos).Count());

        Assert.Contains("would both be", error.Message);
    }

    [TestMethod]
    public void Frame_rates_are_asked_for_before_a_video_is_looked_through()
    {
        using JobFixture fixture = FoundBoxesTests.WithVideos(out _);
        VideoFiles.Run(["-f", "lavfi", "-i", "testsrc=size=64x48", "-frames:v", "1", fixture.Folder["z.asf"]]);
        File.Move(fixture.Folder["z.asf"], fixture.Folder["z.mp4"]);
        File.AppendAllText(fixture.Pipeline, $"overlay_videos: {fixture.Folder["videos"]}\n");
        List<string> notes = [];

        var error = Assert.ThrowsExactly<InvalidDataException>(
            () => JobPlanner.Plan(fixture.Pipeline, fixture.Folder["job"], note: notes.Add));

        Assert.Contains("does not say how many frames it has a second", error.Message);
        Assert.IsEmpty(notes);
    }

    private static void CopyOnce(string video, string note)
    {
        string copy = Path.Combine(Path.GetDirectoryName(video)!, "late.mp4");
        if (note.StartsWith("found:", StringComparison.Ordinal) && !File.Exists(copy))
            File.Copy(video, copy);
    }
}
