using System.Numerics;
using KeypointMl.Data.Formats.DeepLabCut;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data;

/// <summary>What becomes of predictions of frames that could not be scored, in the files of other tools.</summary>
[TestClass]
public sealed class FailedRowsTests
{
    private static readonly Vector2 Nowhere = new(float.NaN);

    private static PoseTable Predictions => new("memory", new Skeleton("mouse", ["nose", "tail"], []),
    [
        new PoseRow("v.mp4", 0, "fly", [new(1, 2), new(3, 4)], [0.9f, 0.1f], null, "") { Outcome = (true, "") },
        new PoseRow("v.mp4", 1, "", [Nowhere, Nowhere], [float.NaN, float.NaN], null, "") { Outcome = (false, "dark, no box") },
        new PoseRow("v.mp4", 2, "fly", [new(5, 6), Nowhere], [0.8f, 0.2f], null, "") { Outcome = (true, "") },
    ]);

    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void RemoveFolder() => folder.Dispose();

    [TestMethod]
    [DataRow("poses.csv")]
    [DataRow("poses.h5")]
    public void Frame_without_a_pose_is_no_second_animal_of_DeepLabCut(string name)
    {
        if (name.EndsWith(".csv", StringComparison.Ordinal))
            DeepLabCutCsvWriter.Write(Predictions, folder[name]);
        else
            PoseFile.Write(Predictions, folder[name]);

        // A file of one animal does not name it.
        CollectionAssert.AreEqual(new[] { (0L, ""), (2L, "") },
            PoseFile.Read(folder[name]).Rows.Select(row => (row.Frame, row.Item)).ToArray());
    }

    [TestMethod]
    public void DeepLabCut_csv_without_any_pose_has_the_columns_of_one_animal()
    {
        DeepLabCutCsvWriter.Write(Predictions with { Rows = [Predictions.Rows[1]] }, folder["poses.csv"]);

        CollectionAssert.AreEqual((string[])["0,,,,,,", "1,,,,,,"], File.ReadAllLines(folder["poses.csv"])[3..]);
    }

    [TestMethod]
    [DataRow("poses.csv")]
    [DataRow("poses.json")]
    public void Why_a_frame_could_not_be_scored_is_kept(string name)
    {
        PoseFile.Write(Predictions, folder[name]);

        PoseRow[] rows = [.. PoseFile.Read(folder[name]).Rows.OrderBy(row => row.Frame)];

        CollectionAssert.AreEqual(new[] { false, true, false }, rows.Select(row => row.Outcome is { IsOk: false }).ToArray());
        Assert.AreEqual((false, "dark, no box"), rows[1].Outcome);
    }

    [TestMethod]
    public void Sleap_gets_no_instance_of_what_could_not_be_scored()
    {
        PoseFile.Write(Predictions, folder["poses.slp"]);

        CollectionAssert.AreEqual(new[] { 0L, 2L }, PoseFile.Read(folder["poses.slp"]).Rows.Select(row => row.Frame).ToArray());
    }
}
