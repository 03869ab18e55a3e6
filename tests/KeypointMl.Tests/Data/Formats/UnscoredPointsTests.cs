using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using KeypointMl.Data.Formats.DeepLabCut;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data;

/// <summary>Points that somebody has put by hand have no score; what has none is not below a limit.</summary>
[TestClass]
public sealed class UnscoredPointsTests
{
    private static readonly Skeleton Mouse = new("mouse", ["nose", "tail"], []);

    private static PoseTable Mixed => new("memory", Mouse,
    [
        new PoseRow("a.mp4", 0, "one", [new(1, 2), new(3, 4)], [0.9f, 0.1f], null, ""),
        new PoseRow("a.mp4", 1, "one", [new(5, 6), new(7, 8)], null, null, ""),
    ]);

    [TestMethod]
    [DataRow("poses.csv")]
    [DataRow("poses.json")]
    [DataRow("poses.slp")]
    [DataRow("poses.h5")]
    [DataRow("poses.deeplabcut.csv")]
    public void Written_beside_predictions_they_come_back_and_no_limit_takes_them_away(string name)
    {
        using var folder = new TemporaryFolder();

        if (name.EndsWith(".deeplabcut.csv", StringComparison.Ordinal))
            DeepLabCutCsvWriter.Write(Mixed, folder[name]);
        else
            PoseFile.Write(Mixed, folder[name]);
        PoseRow[] rows = [.. PoseFile.Read(folder[name]).Rows.OrderBy(row => row.Frame)];

        Assert.HasCount(2, rows);
        Assert.IsNull(rows[1].Scores);
        CollectionAssert.AreEqual(Mixed.Rows[1].Points, PoseTable.Labels(rows[1], 0.3f));
        Vector2[] predicted = PoseTable.Labels(rows[0], 0.3f);
        Assert.AreEqual((new Vector2(1, 2), true), (predicted[0], float.IsNaN(predicted[1].X)));
    }

    [TestMethod]
    public void Csv_without_any_score_has_no_columns_for_them()
    {
        using var folder = new TemporaryFolder();

        PoseFile.Write(Mixed with { Rows = [Mixed.Rows[1]] }, folder["labels.csv"]);

        Assert.AreEqual("source,frame,item,nose_x,nose_y,tail_x,tail_y\na.mp4,1,one,5,6,7,8\n", File.ReadAllText(folder["labels.csv"]));
    }

    [TestMethod]
    public void Csv_of_poses_without_frames_is_written_without_them()
    {
        using var folder = new TemporaryFolder();
        folder.Write("poses.csv", "nose_x,nose_y\n1,2\n3,4\n");

        PoseFile.Write(PoseFile.Read(folder["poses.csv"]), folder["again.csv"]);

        Assert.IsFalse(PoseFile.Read(folder["again.csv"]).HasFrames);
    }

    [TestMethod]
    public void Csv_labels_with_empty_scores_are_labels()
    {
        using var folder = new TemporaryFolder();
        string manifest = SetFiles.Manifest("""
            reader: { kind: pose-file, root: ., whole_images: true }
            splits: { test: { poses: labels.csv } }
            """, "nose, tail");
        File.WriteAllBytes(folder["a.png"], ImageWriter.EncodePng(new RgbImage(16, 12)));
        folder.Write("labels.csv", "source,frame,item,nose_x,nose_y,nose_score,tail_x,tail_y,tail_score\na.png,0,,5,6,,7,8,\n");

        using LabelledFrames test = SetFiles.Open(folder, manifest).OpenLabelled("test");

        Assert.IsTrue(test.Poses[0].All(point => float.IsFinite(point.X)));
    }

    [TestMethod]
    public void Corrected_instances_of_a_SLEAP_analysis_have_no_scores()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = File.ReadAllBytes(Hdf5Tests.Committed("analysis.h5"));
        PoseRow before = PoseFile.Read(Hdf5Tests.Committed("analysis.h5")).Rows[0];
        byte[] second = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(second, 1 / 12.0); // the twelve scores are 0/12, 1/12, …
        int scores = bytes.AsSpan().IndexOf(second) - 8;
        for (int i = 0; i < 12; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(scores + 8 * i), double.NaN);
        File.WriteAllBytes(folder["analysis.h5"], bytes);

        PoseRow row = PoseFile.Read(folder["analysis.h5"]).Rows[0];

        Assert.IsNotNull(before.Scores);
        Assert.IsNull(row.Scores);
        CollectionAssert.AreEqual(before.Points, PoseTable.Labels(row, 0.3f));
    }

    [TestMethod]
    public void DeepLabCut_csv_of_a_video_has_a_line_for_every_frame()
    {
        using var folder = new TemporaryFolder();
        PoseRow row = Mixed.Rows[0];

        DeepLabCutCsvWriter.Write(Mixed with { Rows = [row with { Frame = 5 }, row with { Frame = 2 }] }, folder["poses.deeplabcut.csv"]);

        string[] lines = File.ReadAllLines(folder["poses.deeplabcut.csv"]);
        CollectionAssert.AreEqual((string[])["0,,,,,,", "1,,,,,,", "2,1,2,0.9,3,4,0.1", "3,,,,,,", "4,,,,,,", "5,1,2,0.9,3,4,0.1"], lines[3..]);
    }

    [TestMethod]
    public void Sleap_videos_whose_numbers_are_the_places_of_others_are_told_apart_by_their_places()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = File.ReadAllBytes(Hdf5Tests.Committed("embedded.pkg.slp"));
        Replace("\"video2/video\"", "\"video1/video\"");
        Replace("\"video5/video\"", "\"vide05/video\"");
        File.WriteAllBytes(folder["labels.slp"], bytes);

        string message = Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(folder["labels.slp"])).Message;

        Assert.Contains("the file has videos 0, 1", message);

        void Replace(string what, string by) =>
            Encoding.ASCII.GetBytes(by).CopyTo(bytes, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(what)));
    }

    [TestMethod]
    [DataRow("nose_x,nose_y,nose_likelihood,tail_x,tail_y,tail_likelihood")]
    [DataRow("nose_x,nose_y,nose_confidence,tail_x,tail_y,tail_confidence")]
    [DataRow("nose.x,nose.y,nose.likelihood,tail.x,tail.y,tail.likelihood")]
    public void Scores_are_read_by_the_names_that_other_tools_give_them(string header)
    {
        using var folder = new TemporaryFolder();

        PoseRow row = PoseFile.Read(folder.Write("poses.csv", $"source,frame,{header}\na.mp4,0,1,2,0.5,3,4,0.25\n")).Rows[0];

        CollectionAssert.AreEqual((float[])[0.5f, 0.25f], row.Scores);
    }

    [TestMethod]
    [DataRow("source,frame,nose_x,nose_y\nvä.mp4,0,1,2\n")]
    [DataRow("source,frame,näse_x,näse_y\nv.mp4,0,1,2\n")]
    public void Csv_in_another_encoding_than_UTF_8_is_refused(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["poses.csv"], Encoding.Latin1.GetBytes(text));

        string message = Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(folder["poses.csv"])).Message;

        Assert.Contains("not UTF-8. Save the file as UTF-8", message);
    }

    [TestMethod]
    [DataRow("scorer,S,S\nbodyparts,nose,nose\ncoords,x,y\n3.0,1,2\n")]
    [DataRow("scorer;S;S\nbodyparts;nose;nose\ncoords;x;y\n3,0;1,0;2,0\n")]
    [DataRow("\"scorer\",\"S\",\"S\"\n\"bodyparts\",\"nose\",\"nose\"\n\"coords\",\"x\",\"y\"\n\"3\",\"1\",\"2\"\n")]
    public void DeepLabCut_csv_that_went_through_other_programs_keeps_its_frames(string text)
    {
        using var folder = new TemporaryFolder();

        PoseRow row = PoseFile.Read(folder.Write("poses.csv", text)).Rows.Single();

        Assert.AreEqual(("", 3L, new Vector2(1, 2)), (row.Source, row.Frame, row.Points[0]));
    }

    [TestMethod]
    [DataRow("frame;nose_x;nose_y\n12,0;1,5;2\n", "")]
    [DataRow("source;frame;nose_x;nose_y\nv.mp4;12,0;1,5;2\n", "v.mp4")]
    public void Frames_with_decimal_commas_are_frames(string text, string source)
    {
        using var folder = new TemporaryFolder();

        PoseRow row = PoseFile.Read(folder.Write("poses.csv", text)).Rows.Single();

        Assert.AreEqual((source, 12L, new Vector2(1.5f, 2)), (row.Source, row.Frame, row.Points[0]));
    }

    [TestMethod]
    public void DeepLabCut_labels_that_pandas_wrote_again_keep_the_paths_of_their_images()
    {
        using var folder = new TemporaryFolder();

        PoseRow row = PoseFile.Read(folder.Write("labels.csv",
            "scorer,Unnamed: 1_level_0,Unnamed: 2_level_0,S,S\nbodyparts,Unnamed: 1_level_1,Unnamed: 2_level_1,nose,nose\n"
            + "coords,Unnamed: 1_level_2,Unnamed: 2_level_2,x,y\nlabeled-data,v,img3.png,1,2\n")).Rows.Single();

        Assert.AreEqual(("labeled-data/v/img3.png", 0L, new Vector2(1, 2)), (row.Source, row.Frame, row.Points[0]));
    }

    [TestMethod]
    public void Prior_csv_takes_ids_with_commas_and_quotes()
    {
        using var folder = new TemporaryFolder();
        var prior = new PosePrior(Mouse, [[new(1, 2), new(3, 4)]], 64, 64, "test");

        PriorCsv.Write(prior, folder["prior.csv"], ["fly \"one\", 1"]);

        CollectionAssert.AreEqual(prior.Poses[0], PriorCsvReader.Read(folder["prior.csv"], Mouse, 64, 64).Poses[0]);
    }
}
