using System.Net;
using System.Numerics;
using System.Text.Json;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;

namespace KeypointMl.Studio.Tests.Pages;

/// <summary>Corrections as they are saved.</summary>
[TestClass]
public sealed class SaveTests
{
    private static readonly object Skeleton = new
    {
        name = "colours",
        keypoints = new[] { "red", "green", "blue" },
        edges = new[] { new[] { new[] { 0 }, [1] } },
        pairs = Array.Empty<int[]>(),
    };

    [TestMethod]
    [DataRow("labels.json")]
    [DataRow("labels.slp")]
    [DataRow("labels.csv")]
    [DataRow("labels.h5")]
    public async Task Corrections_are_read_back_as_they_were_saved(string name)
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        JsonElement saved = await studio.PostAsync("/api/labels", Request(name));

        string path = studio.Folder[$"saved/{name}"];
        PoseRow row = PoseFile.Read(path).Rows.Single(row => row.Frame == 7);
        Assert.AreEqual(path, saved.GetProperty("path").GetString());
        Assert.AreEqual(new Vector2(1.5f, 2), row.Points[0]);
        Assert.IsTrue(float.IsNaN(row.Points[1].X));
        Assert.AreEqual(new Vector2(5, 6), row.Points[2]);
        if (name != "labels.h5")
            Assert.AreEqual("day1/v.mp4", row.Source);
    }

    [TestMethod]
    public async Task Marks_are_saved_beside_the_poses()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        JsonElement saved = await studio.PostAsync("/api/labels", Request("labels.csv", isWrong: true));

        Assert.AreEqual(1, saved.GetProperty("marked").GetInt32());
        Assert.AreEqual("source,frame,track\nday1/v.mp4,7,2\n", File.ReadAllText(studio.Folder["saved/labels.wrong.csv"]));
    }

    [TestMethod]
    public async Task Labels_of_a_file_that_was_given_hold_its_name()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            options => options with { Files = [Beside(options, "media/dots.png"), Beside(options, "media/day1/dots2.png")] });

        await studio.PostAsync("/api/labels", Request("labels.csv", isWrong: true, "0", "1"));

        Assert.AreSequenceEqual(["dots.png", "dots2.png"], SourcesOf(studio));
        Assert.AreEqual(
            "source,frame,track\ndots.png,7,2\ndots2.png,7,2\n", File.ReadAllText(studio.Folder["saved/labels.wrong.csv"]));
    }

    [TestMethod]
    [DataRow("media", "media/day1", "0/dots.png", "1/dots.png", "media/dots.png", "day1/dots.png")]
    [DataRow("media/dots.png", "media/day1/dots.png", "0", "1", "media/dots.png", "day1/dots.png")]
    [DataRow("media", "other/media", "0/dots.png", "1/dots.png", "*/media/dots.png", "other/media/dots.png")]
    [DataRow("media", "other", "0/day1/dots2.png", "1/dots2.png", "day1/dots2.png", "dots2.png")]
    [DataRow("media", "other", "0/dots.png", "0/day1/dots.png", "*/media/dots.png", "day1/dots.png")]
    public async Task Files_of_two_roots_are_told_apart_in_labels(
        string root, string otherRoot, string id, string otherId, string name, string otherName)
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            options => options with { Files = [Beside(options, root), Beside(options, otherRoot)] },
            folder =>
            {
                foreach (string copy in (string[])["media/day1/dots.png", "other/media/dots.png", "other/dots.png", "other/dots2.png"])
                    folder.Write(copy, File.ReadAllBytes(folder["media/dots.png"]));
            });

        await studio.PostAsync("/api/labels", Request("labels.csv", isWrong: false, id, otherId));

        name = name.Replace("*", Path.GetFileName(studio.Folder.Path), StringComparison.Ordinal);
        Assert.AreSequenceEqual([name, otherName], SourcesOf(studio));
    }

    [TestMethod]
    public async Task Files_that_are_gone_and_would_be_called_the_same_are_refused()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            options => options with { Files = [Beside(options, "media"), Beside(options, "media/day1")] });

        string error = await studio.RefusedAsync(
            HttpStatusCode.BadRequest, "/api/labels", StudioUnderTest.Json(Request("a.csv", isWrong: false, "0/v.mp4", "1/v.mp4")));

        Assert.Contains("'0/v.mp4' and '1/v.mp4' would both be called 'v.mp4'", error);
    }

    [TestMethod]
    public async Task File_of_somebody_else_is_not_replaced()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            prepare: folder => folder.Write("saved/mine.csv", "precious"));

        string error = await studio.RefusedAsync(
            HttpStatusCode.Conflict, "/api/labels", StudioUnderTest.Json(Request("mine.csv")));

        Assert.Contains("another name", error);
        Assert.AreEqual("precious", File.ReadAllText(studio.Folder["saved/mine.csv"]));
    }

    [TestMethod]
    public async Task File_that_was_saved_since_is_not_replaced()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();
        string first = await SavedAsync(studio, After(null, Row(1), Row(2)));
        string second = await SavedAsync(studio, After(first, Row(1), Row(2), Row(3)));

        string never = await studio.RefusedAsync(
            HttpStatusCode.Conflict, "/api/labels", StudioUnderTest.Json(After(null, Row(4))));
        string before = await studio.RefusedAsync(
            HttpStatusCode.Conflict, "/api/labels", StudioUnderTest.Json(After(first, Row(4, isWrong: true))));

        Assert.AreNotEqual(first, second);
        Assert.Contains("not saved from this page", never);
        Assert.Contains("by another page since", before);
        Assert.HasCount(3, PoseFile.Read(studio.Folder["saved/labels.csv"]).Rows);
    }

    [TestMethod]
    public async Task What_was_taken_back_is_gone_from_the_files_too()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();
        string revision = await SavedAsync(studio, After(null, Row(1), Row(2, isWrong: true)));
        Assert.IsTrue(File.Exists(studio.Folder["saved/labels.wrong.csv"]));

        revision = await SavedAsync(studio, After(revision, Row(1)));
        Assert.IsFalse(File.Exists(studio.Folder["saved/labels.wrong.csv"]));
        await studio.RefusedAsync(HttpStatusCode.BadRequest, "/api/labels", StudioUnderTest.Json(After(null)));
        await studio.PostAsync("/api/labels", After(revision));

        Assert.IsEmpty(Directory.GetFiles(studio.Folder["saved"]));
    }

    [TestMethod]
    public async Task What_an_earlier_start_saved_is_not_taken_back()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            prepare: folder => folder.Write("saved/labels.csv", "precious"));

        string error = await studio.RefusedAsync(
            HttpStatusCode.Conflict, "/api/labels", StudioUnderTest.Json(After("of an earlier start")));

        Assert.Contains("written by an earlier start", error);
        Assert.IsTrue(File.Exists(studio.Folder["saved/labels.csv"]));
    }

    [TestMethod]
    [DataRow("../labels.csv")]
    [DataRow("a/labels.csv")]
    [DataRow(".labels.csv")]
    [DataRow("labels.exe")]
    [DataRow("labels")]
    [DataRow("")]
    [DataRow("一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一一.csv")]
    public async Task Name_that_leads_elsewhere_is_refused(string name)
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        string error = await studio.RefusedAsync(HttpStatusCode.BadRequest, "/api/labels", StudioUnderTest.Json(Request(name)));

        Assert.Contains("expected a plain one", error);
        Assert.IsFalse(Directory.Exists(studio.Folder["saved"]));
    }

    [TestMethod]
    [DataRow("""["a","a"]""", """[{"source":"v","frame":0,"points":[[1,2],[3,4]]}]""", "twice")]
    [DataRow("""["a"]""", """[{"source":"v","frame":0,"points":[[1,2],[3,4]]}]""", "2 points; expected 1")]
    [DataRow("""["a"]""", """[{"source":"v","frame":-1,"points":[[1,2]]}]""", "frame -1")]
    [DataRow("""["a"]""", "[]", "0 rows")]
    [DataRow("""["a"]""", "[null]", "row 0 is null")]
    [DataRow("[null]", """[{"source":"v","frame":0,"points":[[1,2]]}]""", "skeleton")]
    [DataRow("""["a"],"edges":[[[0]]]""", """[{"source":"v","frame":0}]""", "skeleton")]
    public async Task Senseless_labels_are_refused(string keypoints, string rows, string words)
    {
        string json = $$"""{"name":"a.csv","skeleton":{"name":"s","keypoints":{{keypoints}}},"rows":{{rows}}}""";
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        Assert.Contains(words, await studio.RefusedAsync(HttpStatusCode.BadRequest, "/api/labels", new StringContent(json)));
    }

    private static object Row(int frame, bool isWrong = false) =>
        new { source = "0/v.mp4", frame, track = "", points = new float[][] { [1, 2], [3, 4], [5, 6] }, wrong = isWrong };

    private static object After(string? revision, params object[] rows) =>
        new { name = "labels.csv", skeleton = Skeleton, rows, revision };

    private static async Task<string> SavedAsync(StudioUnderTest studio, object request) =>
        (await studio.PostAsync("/api/labels", request)).GetProperty("revision").GetString()!;

    private static string Beside(StudioOptions options, string name) => Path.Combine(Path.GetDirectoryName(options.Files[0])!, name);

    private static string[] SourcesOf(StudioUnderTest studio) =>
        [.. PoseFile.Read(studio.Folder["saved/labels.csv"]).Rows.Select(row => row.Source)];

    private static object Request(string name, bool isWrong = false, params string[] sources) => new
    {
        name,
        skeleton = Skeleton,
        rows = (sources.Length > 0 ? sources : ["0/day1/v.mp4"]).Select(source => new
        {
            source,
            frame = 7,
            track = "2",
            points = new[] { new[] { 1.5f, 2 }, null, [5f, 6] },
            wrong = isWrong,
        }),
    };
}
