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
        Assert.AreEqual("source,frame,track,note\nday1/v.mp4,7,2,\n", File.ReadAllText(studio.Folder["saved/labels.wrong.csv"]));
    }

    [TestMethod]
    public async Task File_of_somebody_else_is_not_replaced_and_an_own_one_is()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            prepare: folder => folder.Write("saved/mine.csv", "precious"));

        string error = await studio.RefusedAsync(
            HttpStatusCode.Conflict, "/api/labels", StudioUnderTest.Json(Request("mine.csv")));
        await studio.PostAsync("/api/labels", Request("other.csv"));
        await studio.PostAsync("/api/labels", Request("other.csv"));

        Assert.Contains("another name", error);
        Assert.AreEqual("precious", File.ReadAllText(studio.Folder["saved/mine.csv"]));
    }

    [TestMethod]
    [DataRow("../labels.csv")]
    [DataRow("a/labels.csv")]
    [DataRow(".labels.csv")]
    [DataRow("labels.exe")]
    [DataRow("labels")]
    [DataRow("")]
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
    [DataRow("""["a"],"edges":[[[0]]]""", """[{"source":"v","frame":0}]""", "skeleton")]
    public async Task Senseless_labels_are_refused(string keypoints, string rows, string words)
    {
        string json = $$"""{"name":"a.csv","skeleton":{"name":"s","keypoints":{{keypoints}}},"rows":{{rows}}}""";
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        Assert.Contains(words, await studio.RefusedAsync(HttpStatusCode.BadRequest, "/api/labels", new StringContent(json)));
    }

    private static object Request(string name, bool isWrong = false) => new
    {
        name,
        skeleton = Skeleton,
        rows = new[]
        {
            new { source = "0/day1/v.mp4", frame = 7, track = "2", points = new[] { new[] { 1.5f, 2 }, null, [5f, 6] }, wrong = isWrong },
        },
    };
}
