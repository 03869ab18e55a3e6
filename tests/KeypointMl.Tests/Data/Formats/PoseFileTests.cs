using System.Numerics;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class PoseFileTests
{
    private static readonly Skeleton Mouse = new(
        "mouse", ["nose", "tail", "left ear"], [new SkeletonEdge(0, 1), new SkeletonEdge(1, 2)], [(0, 1)]);

    private static PoseTable Table => new("memory", Mouse,
    [
        new PoseRow("a.mp4", 7, "one", [new(1.25f, 2), new(3, 4), new(float.NaN)], [0.5f, 1, 0], new Box(0, 0, 10, 20), ""),
        new PoseRow("a.mp4", 7, "two", [new(-5, 6), new(7, 8), new(9, 10)], [0.25f, 0.75f, 1], new Box(1, 2, 3, 4), ""),
        new PoseRow("a.mp4", 9, "one", [new(1, 1), new(2, 2), new(3, 3)], [1, 1, 1], new Box(0, 0, 10, 20), ""),
    ]);

    [TestMethod]
    [DataRow(".csv")]
    [DataRow(".json")]
    [DataRow(".slp")]
    public void Written_table_reads_back_with_points_scores_and_places(string extension)
    {
        using var folder = new TemporaryFolder();
        string path = folder["poses" + extension];

        PoseFile.Write(Table, path);
        PoseTable read = PoseFile.Read(path);

        CollectionAssert.AreEqual(Mouse.Keypoints, read.Skeleton.Keypoints);
        AssertRows(Table, read, boxes: extension != ".slp");
        if (extension == ".slp")
            Assert.AreEqual(Mouse, read.Skeleton);
        if (extension == ".json")
            CollectionAssert.AreEqual(Mouse.Edges, read.Skeleton.Edges);
    }

    [TestMethod]
    public void Labels_of_images_survive_sleap_as_an_image_sequence()
    {
        using var folder = new TemporaryFolder();
        PoseRow[] rows = [.. Enumerable.Range(0, 250)
            .Select(i => new PoseRow($"frames/{i:D4}.png", 0, "", [new(i, 1), new(2, 3), new(4, 5)], null, null, ""))];
        string path = folder["labels.slp"];

        PoseFile.Write(new PoseTable("", Mouse, rows), path);
        PoseTable read = PoseFile.Read(path);

        AssertRows(new PoseTable("", Mouse, rows), read, boxes: false);
    }

    [TestMethod]
    public void Scoring_csv_is_read_with_its_own_column_names()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("scored.csv",
            "source,frame,item,box.x,box.y,box.width,box.height,status,error,nose.x,nose.y,nose.confidence\nv.mp4,3,0,1,2,30,40,ok,,5.5,6,0.9\n");

        PoseRow row = PoseFile.Read(path).Rows.Single();

        Assert.AreEqual(("v.mp4", 3L, "0", new Vector2(5.5f, 6), 0.9f, new Box(1, 2, 30, 40)),
            (row.Source, row.Frame, row.Item, row.Points[0], row.Scores![0], row.Box));
    }

    [TestMethod]
    public void Csv_whose_frames_are_images_names_them_as_sources()
    {
        using var folder = new TemporaryFolder();

        PoseRow row = PoseFile.Read(folder.Write("labels.csv", "frame,nose_x,nose_y\nv/1.png,1,\n")).Rows.Single();

        Assert.AreEqual("v/1.png", row.Source);
        Assert.IsTrue(float.IsNaN(row.Points[0].X));
    }

    [TestMethod]
    public void Deeplabcut_labels_are_the_same_in_csv_and_pandas_own_hdf5()
    {
        using var folder = new TemporaryFolder();
        string csv = folder.Write("CollectedData_me.csv", """
            scorer,,,me,me,me,me
            bodyparts,,,nose,nose,tail,tail
            coords,,,x,y,x,y
            labeled-data,vid,img1.png,0.0,1.0,2.0,3.0
            labeled-data,vid,img2.png,4.0,5.0,,

            """);

        PoseTable fromCsv = PoseFile.Read(csv);
        PoseTable fromH5 = PoseFile.Read(Pandas("labels.h5"));

        CollectionAssert.AreEqual(new[] { "nose", "tail" }, fromCsv.Skeleton.Keypoints);
        Assert.AreEqual("labeled-data/vid/img2.png", fromCsv.Rows[1].Source);
        Assert.AreEqual(new Vector2(4, 5), fromCsv.Rows[1].Points[0]);
        Assert.IsTrue(float.IsNaN(fromCsv.Rows[1].Points[1].X));
        CollectionAssert.AreEqual(fromCsv.Skeleton.Keypoints, fromH5.Skeleton.Keypoints);
        AssertRows(fromCsv, fromH5, boxes: true);
    }

    [TestMethod]
    public void Deeplabcut_predictions_of_several_animals_are_the_same_in_csv_and_pandas_own_hdf5()
    {
        using var folder = new TemporaryFolder();
        string csv = folder.Write("predictions.csv", """
            scorer,net,net,net,net,net,net,net,net,net,net,net,net
            individuals,mouse1,mouse1,mouse1,mouse1,mouse1,mouse1,mouse2,mouse2,mouse2,mouse2,mouse2,mouse2
            bodyparts,nose,nose,nose,tail,tail,tail,nose,nose,nose,tail,tail,tail
            coords,x,y,likelihood,x,y,likelihood,x,y,likelihood,x,y,likelihood
            0,0,1,2,3,4,5,6,7,8,9,10,11
            1,12,13,14,15,16,17,,,,,,

            """);

        PoseTable fromCsv = PoseFile.Read(csv);
        PoseTable fromH5 = PoseFile.Read(Pandas("predictions.h5"));

        Assert.HasCount(3, fromCsv.Rows); // an animal without a point has no row
        Assert.AreEqual((0L, "mouse2", new Vector2(9, 10), 11f),
            (fromCsv.Rows[1].Frame, fromCsv.Rows[1].Item, fromCsv.Rows[1].Points[1], fromCsv.Rows[1].Scores![1]));
        AssertRows(fromCsv, fromH5, boxes: true);
    }

    [TestMethod]
    public void Keypoints_are_selected_by_name()
    {
        PoseTable selected = Table.Select(new Skeleton("two", ["tail", "nose"], []));

        CollectionAssert.AreEqual(new[] { new Vector2(7, 8), new Vector2(-5, 6) }, selected.Rows[1].Points);
        CollectionAssert.AreEqual(new[] { 0.75f, 0.25f }, selected.Rows[1].Scores);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Table.Select(new Skeleton("x", ["paw"], [])));
        Assert.Contains("memory: there is no keypoint 'paw'; the file has nose, tail, left ear.", error.Message);
    }

    [TestMethod]
    [DataRow("x.csv", "frame,a\n1,2\n", "x.csv:1: there is no keypoint")]
    [DataRow("x.csv", "frame,a_x,a_y\n1,2,q\n", "x.csv:2: column 'a_y' holds 'q'")]
    [DataRow("x.csv", "frame,a_x\n1,2\n", "x.csv:1: there is no column 'a_y'")]
    [DataRow("x.csv", "scorer,a,a\nbodyparts,n,n\nframe,x,y\n", "x.csv:3: the line begins with 'frame'")]
    [DataRow("x.csv", "scorer,a,a\nbodyparts,n,n\ncoords,x,z\n", "column 2 of 'n' is called 'z'")]
    [DataRow("x.csv", "scorer,a,a\nbodyparts,n,n\ncoords,x,y\n0,1,2\n1,2\n", "x.csv:5: the row has 2 values; the header has 3 columns")]
    [DataRow("x.csv", "scorer,a,a\nbodyparts,n,n\ncoords,x,y\n0,1,b\n", "x.csv:4: 'b' is no number")]
    [DataRow("x.csv", "scorer,a\nbodyparts,n\ncoords,x\n", "'n' has only one of the columns x and y")]
    [DataRow("x.csv", "scorer,a,a\n", "x.csv:2: the file ends before the line 'coords'")]
    [DataRow("x.json", "{\n\"images\":[\n}", "x.json:3: not well-formed JSON at byte 0 of the line")]
    [DataRow("x.json", "7", "x.json: $: expected an object")]
    [DataRow("x.json", "{\"categories\":[],\"images\":[],\"annotations\":[]}", "x.json: $.categories: no category has keypoints")]
    [DataRow("x.json", "{\"categories\":[{\"id\":1,\"keypoints\":[\"a\"]}],\"images\":[{\"id\":1,\"file_name\":3}],\"annotations\":[]}", "x.json: $.images[0].file_name: expected text")]
    [DataRow("x.json", "{\"categories\":[{\"id\":1,\"keypoints\":[\"a\"]}],\"images\":[],\"annotations\":[{\"category_id\":1,\"image_id\":4,\"keypoints\":[1,2,2]}]}", "x.json: $.annotations[0].image_id: is no image of the file")]
    [DataRow("x.json", "{\"categories\":[{\"id\":1,\"keypoints\":[\"a\"]}],\"images\":[{\"id\":4,\"file_name\":\"f\"}],\"annotations\":[{\"category_id\":1,\"image_id\":4,\"keypoints\":[1,2]}]}", "x.json: $.annotations[0].keypoints: has 2 numbers; expected 3")]
    [DataRow("x.json", "{\"categories\":[{\"id\":1,\"keypoints\":[\"a\",\"a\"]}],\"images\":[],\"annotations\":[]}",
        "x.json: $.categories[0]: Skeleton 'coco' names keypoint 'a' twice.")]
    [DataRow("x.json", "{\"categories\":[{\"id\":1,\"keypoints\":[\"a\"],\"skeleton\":[[1,2]]}],\"images\":[],\"annotations\":[]}",
        "x.json: $.categories[0].skeleton[0]: expected two numbers from 1 to 1")]
    [DataRow("x.slp", "text", "x.slp: byte 0: this is no HDF5 file")]
    [DataRow("x.h5", "", "x.h5: byte 0: this is no HDF5 file")]
    [DataRow("x.txt", "", "x.txt: files of poses end in .slp, .h5, .json or .csv, not in '.txt'")]
    public void Malformed_files_are_refused_with_file_and_position(string name, string content, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(name, content);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(path));

        Assert.Contains(expected, error.Message);
    }

    [TestMethod]
    [DataRow("poses.csv")]
    [DataRow("poses.json")]
    [DataRow("deeplabcut.csv")]
    public void Damaged_text_files_are_read_or_refused_and_never_crash(string name)
    {
        using var folder = new TemporaryFolder();
        string path = folder[name];
        if (name == "deeplabcut.csv")
            folder.Write(name, "scorer,a,a,a\nbodyparts,n,n,n\ncoords,x,y,likelihood\nv/1.png,1,2,1\nv/2.png,3,4,0.5\n");
        else
            PoseFile.Write(Table, path);

        int refused = DamagedFiles.Check(folder.Path, name, File.ReadAllBytes(path), file => PoseFile.Read(file), prefixesMayBeGood: true);

        Assert.IsGreaterThan(100, refused);
    }

    [TestMethod]
    [DataRow("poses.slp")]
    [DataRow("labels.h5")]
    [DataRow("object-fixed.h5")]
    public void Damaged_hdf5_files_are_read_or_refused_and_never_crash(string name)
    {
        using var folder = new TemporaryFolder();
        string path = folder[name];
        if (name == "poses.slp")
            PoseFile.Write(Table, path);
        else
            File.Copy(Pandas(name), path);

        int refused = DamagedFiles.Check(folder.Path, name, File.ReadAllBytes(path), file => PoseFile.Read(file));

        Assert.IsGreaterThan(300, refused);
    }

    [TestMethod]
    [TestCategory("RealData")]
    public void Real_sleap_file_gives_the_labels_that_its_csv_has()
    {
        string root = RealData.RequireRoot("flies");
        PoseTable csv = PoseFile.Read(Path.Combine(root, "flies/labels-test.csv"));

        PoseTable slp = PoseFile.Read(Path.Combine(root, "flies/predictions.slp")).Select(csv.Skeleton);

        Assert.HasCount(6000, slp.Rows);
        Dictionary<(long, string), PoseRow> rows = slp.Rows.ToDictionary(row => (row.Frame, row.Item));
        foreach (PoseRow row in csv.Rows)
        {
            PoseRow other = rows[(row.Frame, $"track_{row.Item}")];
            for (int k = 0; k < csv.Skeleton.Count; k++)
            {
                // The CSV has two decimals.
                Assert.AreEqual(row.Points[k].X, other.Points[k].X, 0.011f);
                Assert.AreEqual(row.Points[k].Y, other.Points[k].Y, 0.011f);
            }
        }
    }

    /// <summary>
    /// Files written by pandas 1.5.3 and PyTables 3.7 with <c>DataFrame.to_hdf(…, key="df_with_missing",
    /// mode="w")</c>; the predictions with <c>format="table", index=False</c>.
    /// </summary>
    internal static string Pandas(string name) => Path.Combine(RepositoryFiles.Root, "tests/KeypointMl.Tests/Data/Formats/Pandas", name);

    private static void AssertRows(PoseTable expected, PoseTable actual, bool boxes)
    {
        Assert.HasCount(expected.Rows.Count, actual.Rows);
        foreach ((PoseRow a, PoseRow b) in expected.Rows.Zip(actual.Rows))
        {
            Assert.AreEqual((a.Source, a.Frame, a.Item), (b.Source, b.Frame, b.Item));
            CollectionAssert.AreEqual(a.Points, b.Points);
            CollectionAssert.AreEqual(a.Scores, b.Scores);
            Assert.IsGreaterThan(0, b.Where.Length);
            if (boxes)
                Assert.AreEqual(a.Box, b.Box);
        }
    }
}
