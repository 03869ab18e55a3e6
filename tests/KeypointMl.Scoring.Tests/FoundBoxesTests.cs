using KeypointMl.Imaging.Subjects;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Scoring.Jobs.Working;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Running;

namespace KeypointMl.Scoring.Tests;

/// <summary>Scoring without boxes, on videos of known truth; without ffmpeg these tests are skipped.</summary>
[TestClass]
public sealed class FoundBoxesTests
{
    private static readonly SyntheticAnimal Animal = SyntheticScenes.Wanderer;
    private static readonly SyntheticScene Scene = SyntheticScenes.Arena(Animal) with { Frames = 40 };

    [TestMethod]
    public async Task Subjects_that_are_found_give_the_rows_that_their_boxes_file_gives()
    {
        using var folder = new ScoringFolder();
        string video = WriteVideo(folder, "a.mp4", Scene);
        string boxes = folder["boxes.csv"];
        new SubjectSearch { Boxes = boxes, Options = new() { Count = 1 } }.Run([(video, "a.mp4")], _ => { });

        (ScoringSummary found, IReadOnlyList<PredictionRow> rows) =
            await folder.ScoreAsync(folder.Pipeline("found.csv", video) with { Find = new() { Count = 1 } });
        await folder.ScoreAsync(folder.Pipeline("given.csv", video) with { Boxes = boxes });

        Assert.AreEqual((40L, 40L, 0L), (found.Frames, found.Ok, found.Failed));
        Assert.IsTrue(rows.All(row => row.Item == "0"));
        for (int i = 0; i < rows.Count; i++)
        {
            var box = rows[i].Box!.Value;
            var centre = new System.Numerics.Vector2(box.X + (box.Width - 1) / 2, box.Y + (box.Height - 1) / 2);
            Assert.IsLessThan(3, System.Numerics.Vector2.Distance(centre, Animal.Path(i)!.Value), $"frame {i}");
        }
        CollectionAssert.AreEqual(File.ReadAllLines(folder["given.csv"]), File.ReadAllLines(folder["found.csv"]));
    }

    [TestMethod]
    public async Task Frames_that_are_not_asked_for_are_looked_at_and_have_no_row()
    {
        using var folder = new ScoringFolder();
        string video = WriteVideo(folder, "a.mp4", Scene);
        ScorePipeline pipeline = folder.Pipeline("p.csv") with
        {
            Inputs = [new ScoreSource(video) { First = 10, Last = 19, Step = 3 }],
            Find = new() { Size = 50 },
        };

        (_, IReadOnlyList<PredictionRow> rows) = await folder.ScoreAsync(pipeline);

        CollectionAssert.AreEqual(new long[] { 10, 13, 16, 19 }, rows.Select(row => row.Frame).ToArray());
        Assert.IsTrue(rows.All(row => row is { Status: PredictionStatus.Ok, Box: { Width: 50, Height: 50 } }));
    }

    [TestMethod]
    public async Task Video_without_a_ground_is_one_failed_row_that_says_why_and_the_others_are_scored()
    {
        using var folder = new ScoringFolder();
        WriteVideo(folder, "a.mp4", Scene);
        WriteVideo(folder, "moving.mp4", Scene with { Pattern = 40, Floor = 150, CameraStep = new(3.9f, 1.2f) });
        WriteVideo(folder, "still.mp4", SyntheticScenes.Arena() with { Frames = 20 });

        (ScoringSummary summary, IReadOnlyList<PredictionRow> rows) =
            await folder.ScoreAsync(folder.Pipeline("p.csv", folder["*.mp4"]) with { Find = new() });

        Assert.AreEqual((40L, 2L), (summary.Ok, summary.Failed));
        Assert.Contains("the camera moves", rows.Single(row => row.Source == "moving.mp4").Error!);
        Assert.Contains("nothing moves", rows.Single(row => row.Source == "still.mp4").Error!);
    }

    [TestMethod]
    public async Task Image_is_refused_before_anything_is_looked_for()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(1);

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(
            () => folder.ScoreAsync(folder.Pipeline("p.csv") with { Find = new() }));

        Assert.Contains("frame1.png' is a still image, and 'find'", error.Message);
        Assert.IsFalse(File.Exists(folder["p.csv"]));
    }

    [TestMethod]
    public async Task Boxes_and_find_together_are_refused()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(1);

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(
            () => folder.ScoreAsync(folder.Pipeline("p.csv") with { Find = new(), Boxes = "b.csv" }));

        Assert.Contains("give one of the two", error.Message);
    }

    [TestMethod]
    public async Task Every_shard_of_a_video_sees_the_boxes_that_planning_found()
    {
        using JobFixture fixture = WithVideos(out _);
        await ScorePipeline.Load(fixture.Pipeline).RunAsync([]);
        string[] whole = File.ReadAllLines(fixture.Folder["merged.csv"]);

        JobPlan plan = fixture.Plan("job", 7);
        // What workers do must not depend on looking again.
        WorkSummary first = await fixture.WorkAsync("job", new WorkShare(0, 2));
        WorkSummary second = await fixture.WorkAsync("job", new WorkShare(1, 2));
        JobState state = await fixture.VerifyAsync("job");
        await new JobMerger(fixture.Open("job")).MergeAsync([]);

        Assert.AreEqual((41L, 6), (plan.Frames, plan.Shards));
        Assert.AreEqual("still.mp4", plan.FindFaults!.Keys.Single());
        Assert.AreEqual((40L, 1L), (first.Ok + second.Ok, first.Failed + second.Failed));
        Assert.IsTrue(state.IsComplete, string.Join('\n', state.Problems));
        CollectionAssert.AreEqual(whole, File.ReadAllLines(fixture.Folder["merged.csv"]));
    }

    [TestMethod]
    public async Task Boxes_of_a_job_that_were_changed_are_refused()
    {
        using JobFixture fixture = WithVideos(out _);
        fixture.Plan("job", 100);
        File.AppendAllText(fixture.Folder["job/boxes.csv"], "a.mp4,3,9,0,0,9,9\n");

        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => fixture.WorkAsync("job"));

        Assert.Contains("boxes.csv' was changed after the job", error.Message);
    }

    [TestMethod]
    public void Job_without_any_subject_is_not_planned_and_leaves_no_folder()
    {
        using JobFixture fixture = WithVideos(out string usable);
        File.Delete(usable);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => fixture.Plan("job", 100));

        Assert.Contains("No subject was found in any video", error.Message);
        Assert.Contains("still.mp4: nothing moves", error.Message);
        Assert.IsFalse(Directory.Exists(fixture.Folder["job"]));
    }

    [TestMethod]
    public void Ffmpeg_that_is_ended_from_outside_is_no_fault_of_the_video()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Its process is found in /proc.");
        using var folder = new ScoringFolder();
        string video = WriteVideo(folder, "a.mp4", Scene);
        using var stop = new CancellationTokenSource();
        var killer = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var kill = System.Diagnostics.Process.Start("pkill", ["-KILL", "-f", $"^ffmpeg .*{folder.Root}"]);
                kill.WaitForExit();
            }
        });

        Assert.ThrowsExactly<FfmpegEndedException>(() => FoundBoxes.In([new InputFile(video, "a.mp4")], new() { Count = 1 }, null, default));

        stop.Cancel();
        killer.Wait();
    }

    internal static JobFixture WithVideos(out string usable)
    {
        RealData.RequireFfmpeg();
        var fixture = new JobFixture(0, "find: { count: 1 }\n");
        usable = WriteVideo(fixture.Folder, "a.mp4", Scene);
        WriteVideo(fixture.Folder, "still.mp4", SyntheticScenes.Arena() with { Frames = 20 });
        File.WriteAllText(fixture.Pipeline,
            File.ReadAllText(fixture.Pipeline).Replace($"input: {fixture.Folder.Images}", $"input: '{fixture.Folder["*.mp4"]}'"));
        return fixture;
    }

    private static string WriteVideo(ScoringFolder folder, string name, SyntheticScene scene)
    {
        RealData.RequireFfmpeg();
        using var writer = new VideoWriter(folder[name], scene.Width, scene.Height, 25);
        foreach (VideoFrame frame in scene.Video())
            writer.Write(frame.Image);
        writer.Complete();
        return folder[name];
    }

    [TestMethod]
    public void Box_that_names_no_source_among_others_is_refused()
    {
        using var folder = new TemporaryFolder();
        string boxes = folder.Write("b.csv", "source,frame,track,x,y,width,height\nv.mp4,0,a,0,0,9,9\n,1,a,0,0,9,9\n");

        Assert.Contains("b.csv:3: the box names no source", Assert.ThrowsExactly<InvalidDataException>(() => BoxTable.Read(boxes)).Message);
    }

    [TestMethod]
    public void Names_that_begin_or_end_with_a_space_are_read_as_they_were_written()
    {
        using var folder = new TemporaryFolder();
        string boxes = folder["b.csv"];

        BoxTable.Of([new TrackedBox(3, "a ", new Box(0, 0, 9, 9), "", " clip.mp4")], new Dictionary<string, string>()).Write(boxes);

        Assert.AreEqual("a ", BoxTable.Read(boxes).Of(" clip.mp4", 3).Single().Track);
    }

    [TestMethod]
    public async Task Step_that_does_not_fit_the_model_is_refused_before_a_video_is_looked_through()
    {
        using var folder = new ScoringFolder();
        var notes = new NoteList();
        ScorePipeline pipeline = folder.Pipeline("p.csv", WriteVideo(folder, "a.mp4", Scene)) with
        {
            Find = new() { Count = 1 },
            Steps = [new KeypointMl.Scoring.Steps.ResolvedFlips()],
        };

        await Assert.ThrowsExactlyAsync<InvalidDataException>(() => pipeline.RunAsync([], notes));

        Assert.IsFalse(notes.Notes.Any(note => note.StartsWith("found:", StringComparison.Ordinal)), string.Join('\n', notes.Notes));
    }

    [TestMethod]
    public void Names_that_stand_twice_are_refused_before_a_video_is_looked_through()
    {
        using var fixture = new JobFixture(0, "find: { count: 1 }\n");
        foreach (string name in (string[])["left/a.mp4", "right/a.mp4"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(fixture.Folder[name])!);
            fixture.Folder.Write(name, "no video");
        }
        File.WriteAllText(fixture.Pipeline, File.ReadAllText(fixture.Pipeline).Replace(
            $"input: {fixture.Folder.Images}", $"inputs: [{fixture.Folder["left/a.mp4"]}, {fixture.Folder["right/a.mp4"]}]"));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => fixture.Plan("job", 3));

        Assert.Contains("'a.mp4'", error.Message);
        Assert.Contains("prefix", error.Message);
    }
}
