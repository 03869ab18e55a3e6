using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data;

/// <summary>What our writer writes is read by our reader, and by pandas where Python has it.</summary>
[TestClass]
public sealed class DeepLabCutH5WriterTests
{
    private const string Script = """
        import json, pandas, sys
        frame = pandas.read_hdf(sys.argv[1], key='df_with_missing')
        assert frame.equals(pandas.read_hdf(sys.argv[1]))
        second = frame.iloc[1:2]
        print(json.dumps(dict(
            names=list(frame.columns.names), columns=[list(c) for c in frame.columns],
            index=[i if isinstance(i, (int, str)) else list(i) for i in frame.index.tolist()],
            type=str(frame.dtypes.iloc[0]),
            sliced=frame.index.nlevels > 1 or second.equals(pandas.read_hdf(sys.argv[1], start=1, stop=2)),
            values=[[None if v != v else v for v in row] for row in frame.values.tolist()])))
        """;

    private static readonly Skeleton Mouse = new("mouse", ["nose", "naïve Ω", "尾"], []);
    private static readonly Vector2 Nowhere = new(float.NaN);

    private static readonly PoseTable Predictions = new("memory", Mouse,
    [
        new PoseRow("v.mp4", 1, "zoë", [new(1.5f, 2), Nowhere, new(-3, 4.25f)], [0.5f, 0.25f, 1], null, "row 1"),
        new PoseRow("v.mp4", 1, "adam", [new(7, 8), new(9, 10), new(11, 12)], [0.75f, 0.75f, 0.75f], null, "row 2"),
        new PoseRow("v.mp4", 3, "adam", [new(0.1f, 0.2f), Nowhere, Nowhere], [0.5f, 0, 0], null, "row 3"),
    ]);

    private static PoseTable Labels(string name) => new("memory", Mouse,
    [
        new PoseRow(name + "10.png", 0, "", [new(1, 2), Nowhere, new(5, 6)], null, null, "row 1"),
        new PoseRow(name + "é9.png", 0, "", [new(7, 8), new(9, 10), new(11, 12)], null, null, "row 2"),
    ]);

    [TestMethod]
    public void Predictions_of_several_animals_come_back()
    {
        using var folder = new TemporaryFolder();

        PoseFile.Write(Predictions, folder["p.h5"]);

        AssertSame(Predictions, PoseFile.Read(folder["p.h5"]), source: "");
    }

    [TestMethod]
    [DataRow("labeled-data/vid/img")]
    [DataRow("img")]
    public void Labels_come_back_with_the_paths_of_their_images(string name)
    {
        using var folder = new TemporaryFolder();

        PoseFile.Write(Labels(name), folder["CollectedData_me.h5"]);

        AssertSame(Labels(name), PoseFile.Read(folder["CollectedData_me.h5"]), source: null);
    }

    [TestMethod]
    public void Rows_of_a_video_in_any_order_are_sorted_by_frame()
    {
        using var folder = new TemporaryFolder();

        PoseFile.Write(Predictions with { Rows = [.. Predictions.Rows.Reverse()] }, folder["p.h5"]);

        CollectionAssert.AreEqual(new long[] { 1, 1, 3 }, PoseFile.Read(folder["p.h5"]).Rows.Select(row => row.Frame).ToArray());
    }

    [TestMethod]
    [DataRow("w.mp4", 4L, "adam", "row 4: 'w.mp4' comes after 'v.mp4'")]
    [DataRow("v.mp4", 3L, "adam", "row 4: 'adam' is twice in frame 3 of 'v.mp4'")]
    [DataRow("v.mp4", 30_000_000L, "adam", "row 4: frame 30000000 comes after frame 3")]
    [DataRow("a.png", 0L, "adam", "'v.mp4' comes after 'a.png'")]
    public void Poses_that_one_file_cannot_hold_are_refused_and_leave_no_file(string source, long frame, string item, string expected)
    {
        using var folder = new TemporaryFolder();
        PoseRow wrong = Predictions.Rows[0] with { Source = source, Frame = frame, Item = item, Where = "row 4" };

        InvalidDataException e = Assert.ThrowsExactly<InvalidDataException>(
            () => PoseFile.Write(Predictions with { Rows = [.. Predictions.Rows, wrong] }, folder["p.h5"]));

        Assert.Contains(expected, e.Message);
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Pandas_reads_predictions_with_a_row_for_every_frame()
    {
        using var folder = new TemporaryFolder();
        PoseFile.Write(Predictions, folder["p.h5"]);

        JsonElement frame = Pandas(folder["p.h5"]);

        Assert.AreEqual("""["scorer","individuals","bodyparts","coords"]""", frame.GetProperty("names").GetRawText().Replace(" ", ""));
        Assert.AreEqual(18, frame.GetProperty("columns").GetArrayLength());
        Assert.AreEqual("KeypointMl|zoë|naïve Ω|likelihood", Texts(frame.GetProperty("columns")[5]));
        Assert.AreEqual("KeypointMl|adam|尾|y", Texts(frame.GetProperty("columns")[16]));
        Assert.AreEqual("[0, 1, 2, 3]", frame.GetProperty("index").GetRawText());
        Assert.AreEqual("float64", frame.GetProperty("type").GetString());
        Assert.IsTrue(frame.GetProperty("sliced").GetBoolean());
        Assert.AreEqual(
            "[1.5, 2.0, 0.5, null, null, 0.25, -3.0, 4.25, 1.0, 7.0, 8.0, 0.75, 9.0, 10.0, 0.75, 11.0, 12.0, 0.75]",
            frame.GetProperty("values")[1].GetRawText());
        Assert.IsTrue(frame.GetProperty("values")[2].EnumerateArray().All(value => value.ValueKind == JsonValueKind.Null));
    }

    [TestMethod]
    [DataRow("labeled-data/vid/img", """[["labeled-data","vid","img10.png"],["labeled-data","vid","imgé9.png"]]""")]
    [DataRow("img", """["img10.png","imgé9.png"]""")]
    public void Pandas_reads_labels_by_the_paths_of_their_images(string name, string index)
    {
        using var folder = new TemporaryFolder();
        PoseFile.Write(Labels(name), folder["CollectedData_me.h5"]);

        JsonElement frame = Pandas(folder["CollectedData_me.h5"]);

        Assert.AreEqual("me|naïve Ω|x", Texts(frame.GetProperty("columns")[2]));
        Assert.AreEqual(index, JsonSerializer.Serialize(frame.GetProperty("index"), Readable));
        Assert.AreEqual("[7.0, 8.0, 9.0, 10.0, 11.0, 12.0]", frame.GetProperty("values")[1].GetRawText());
    }

    [TestMethod]
    public void Pandas_reads_a_file_without_poses()
    {
        using var folder = new TemporaryFolder();
        PoseFile.Write(Predictions with { Rows = [] }, folder["p.h5"]);

        JsonElement frame = Pandas(folder["p.h5"]);

        Assert.AreEqual("[]", frame.GetProperty("index").GetRawText());
        Assert.AreEqual(6, frame.GetProperty("columns").GetArrayLength());
        Assert.IsEmpty(PoseFile.Read(folder["p.h5"]).Rows);
    }

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string Texts(JsonElement list) => string.Join('|', list.EnumerateArray().Select(text => text.GetString()));

    private static JsonElement Pandas(string path)
    {
        const string Python = "/usr/bin/python3";
        if (!File.Exists(Python) || Run(Python, "-c", "import pandas, tables").ExitCode != 0)
            Assert.Inconclusive("Python has no pandas and PyTables here (python3-pandas, python3-tables).");
        (int exitCode, string output, string error) = Run(Python, "-W", "error", "-c", Script, path);
        Assert.AreEqual(0, exitCode, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static (int ExitCode, string Output, string Error) Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private static void AssertSame(PoseTable expected, PoseTable actual, string? source)
    {
        CollectionAssert.AreEqual(expected.Skeleton.Keypoints, actual.Skeleton.Keypoints);
        Assert.HasCount(expected.Rows.Count, actual.Rows);
        foreach ((PoseRow want, PoseRow got) in expected.Rows.Zip(actual.Rows))
        {
            Assert.AreEqual((source ?? want.Source, want.Frame, want.Item), (got.Source, got.Frame, got.Item));
            CollectionAssert.AreEqual(want.Points, got.Points);
            CollectionAssert.AreEqual(want.Scores, got.Scores);
        }
    }
}
