using System.Numerics;
using System.Text;
using KeypointMl.Data.Formats.DeepLabCut;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data;

/// <summary>The HDF5 files were written by pandas 1.5.3 and PyTables 3.7 with <c>DataFrame.to_hdf</c>.</summary>
[TestClass]
public sealed class DeepLabCutFileTests
{
    private static readonly string[] Images = ["labeled-data/vid/img0.png", "labeled-data/vid/img1.png", "labeled-data/vid/img2.png"];

    [TestMethod]
    [DataRow("mixed-fixed.h5")]
    [DataRow("mixed-images-table.h5")]
    public void Columns_of_several_types_are_all_read_in_their_order(string name)
    {
        PoseTable table = PoseFile.Read(PoseFileTests.Pandas(name));

        CollectionAssert.AreEqual(new[] { "nose", "tail", "ear" }, table.Skeleton.Keypoints);
        CollectionAssert.AreEqual(new Vector2[] { new(1, 2), new(3.5f, 4.5f), new(5, 6) }, table.Rows[0].Points);
        CollectionAssert.AreEqual(name == "mixed-fixed.h5"
            ? Images
            : ["img0.png", "img1.png", "img2.png"], table.Rows.Select(row => row.Source).ToArray());
    }

    [TestMethod]
    public void Columns_of_objects_are_read()
    {
        PoseTable table = PoseFile.Read(PoseFileTests.Pandas("object-fixed.h5"));

        CollectionAssert.AreEqual(new[] { "nose", "tail", "ear" }, table.Skeleton.Keypoints);
        CollectionAssert.AreEqual(Images, table.Rows.Select(row => row.Source).ToArray());
        Assert.AreEqual(new Vector2(9.5f), table.Rows[1].Points[2]);
        Assert.IsTrue(float.IsNaN(table.Rows[0].Points[2].X) && float.IsNaN(table.Rows[2].Points[2].X));
    }

    [TestMethod]
    public void Animals_that_DeepLabCut_3_marks_as_absent_are_missing()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("p.csv", """
            scorer,n,n,n,n,n,n,n,n,n
            individuals,a,a,a,a,a,a,b,b,b
            bodyparts,nose,nose,nose,tail,tail,tail,nose,nose,nose
            coords,x,y,likelihood,x,y,likelihood,x,y,likelihood
            0,1,2,0.9,-1.0,-1.0,-1.0,-1.0,-1.0,-1.0
            """);

        PoseRow row = PoseFile.Read(path).Rows.Single();

        Assert.AreEqual(("a", new Vector2(1, 2)), (row.Item, row.Points[0]));
        Assert.IsTrue(float.IsNaN(row.Points[1].X) && float.IsNaN(row.Scores![1]));
    }

    [TestMethod]
    [DataRow("accents-table.h5", "1,naïve Ω")]
    [DataRow("accents-fixed.h5", "1,naïve Ω")]
    [DataRow("numbers-fixed.h5", "1,2")]
    public void Body_parts_called_by_numbers_or_with_accents_are_read(string name, string parts)
    {
        PoseTable table = PoseFile.Read(PoseFileTests.Pandas(name));

        Assert.AreEqual(parts, string.Join(',', table.Skeleton.Keypoints));
        CollectionAssert.AreEqual(new Vector2[] { new(4, 5), new(6, 7) }, table.Rows[1].Points);
    }

    [TestMethod]
    [DataRow("cos\nsystem\n(S'true'\ntR.", "a pickle, byte 0: 'os.system' would be called, which is not executed")]
    [DataRow("(lp0\n(Va\np1\ntp2\na", "a pickle, byte 17: the pickle ends early")]
    [DataRow("t.", "a pickle, byte 0: a mark is missing")]
    [DataRow("(lg7\n.", "memo 7 is used before it is set")]
    [DataRow("i.", "opcode 0x69 is not one that data are written with")]
    [DataRow("(l(I1\nNta.", "no names of columns")]
    [DataRow("(l(I1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nI1\nta.", "no names of columns")]
    public void Pickle_that_is_more_than_names_is_refused(string pickle, string expected)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => PickledColumns.Read(Encoding.Latin1.GetBytes(pickle), "f.h5: kind"));

        Assert.StartsWith("f.h5: kind: ", error.Message);
        Assert.Contains(expected, error.Message);
    }

    // The opcodes of all protocols for one value each: text, escaped and quoted; numbers small, long and in the text.
    [TestMethod]
    [DataRow("(l(Va\\u00efb\nS'q'\nta.", "aïb,q")]
    [DataRow("(l(I7\nL12L\nF2.5\nta.", "7,12,2.5")]
    [DataRow("\u0080\u0002](K\u0003M\u0001\u0001J\u0004\0\0\0\u008a\u0001\u0005ta.", "3,257,4,5")]
    [DataRow("\u0080\u0004](\u008c\u0001aX\u0002\0\0\0bcU\u0001dta.", "a,bc,d")]
    [DataRow("](Va\nq\u0001h\u0001ta.", "a,a")]
    [DataRow("\u0080\u0004](Va\n\u0094h\0ta.", "a,a")]
    public void Column_named_by_texts_and_numbers_of_any_protocol_is_read(string pickle, string names)
    {
        IReadOnlyList<string[]> columns = PickledColumns.Read(Encoding.Latin1.GetBytes(pickle), "f.h5: kind");

        Assert.AreEqual(names, string.Join(',', columns.Single()));
    }

    [TestMethod]
    public void Written_labels_are_what_deeplabcut_has()
    {
        using var folder = new TemporaryFolder();
        var skeleton = new Skeleton("mouse", ["nose", "tail"], []);
        PoseRow[] rows =
        [
            new("labeled-data/vid/img1.png", 0, "", [new(0, 1.5f), new(2, 3)], null, null, ""),
            new("labeled-data/vid/img2.png", 0, "", [new(4, 5), new(float.NaN)], null, null, ""),
        ];
        string path = folder["CollectedData_me.csv"];

        DeepLabCutCsvWriter.Write(new PoseTable("", skeleton, rows), path);

        Assert.AreEqual("""
            scorer,,,me,me,me,me
            bodyparts,,,nose,nose,tail,tail
            coords,,,x,y,x,y
            labeled-data,vid,img1.png,0,1.5,2,3
            labeled-data,vid,img2.png,4,5,,

            """, File.ReadAllText(path));
        CollectionAssert.AreEqual(rows[1].Points, PoseFile.Read(path).Rows[1].Points);
    }

    [TestMethod]
    public void Written_predictions_of_several_animals_read_back()
    {
        using var folder = new TemporaryFolder();
        var skeleton = new Skeleton("mouse", ["nose", "tail"], []);
        PoseRow[] rows =
        [
            new("a.mp4", 7, "one", [new(1.25f, 2), new(3, 4)], [0.5f, 1], null, ""),
            new("a.mp4", 7, "two", [new(5, 6), new(float.NaN)], [0.25f, 0], null, ""),
            new("a.mp4", 9, "two", [new(7, 8), new(9, 10)], [1, 1], null, ""),
        ];
        string path = folder["predictions.csv"];

        DeepLabCutCsvWriter.Write(new PoseTable("", skeleton, rows), path);
        PoseTable read = PoseFile.Read(path);

        Assert.StartsWith("scorer,KeypointMl,KeypointMl,", File.ReadAllText(path));
        CollectionAssert.AreEqual(new[] { (7L, "one"), (7L, "two"), (9L, "two") },
            read.Rows.Select(row => (row.Frame, row.Item)).ToArray());
        CollectionAssert.AreEqual(rows[0].Points, read.Rows[0].Points);
        CollectionAssert.AreEqual(rows[0].Scores, read.Rows[0].Scores);
        Assert.IsTrue(float.IsNaN(read.Rows[1].Points[1].X));
    }

    [TestMethod]
    public void Poses_of_several_videos_are_not_written_into_one_file()
    {
        using var folder = new TemporaryFolder();
        PoseRow[] rows = [new("a.mp4", 0, "", [new(1, 2)], null, null, ""), new("b.mp4", 0, "", [new(1, 2)], null, null, "")];

        var error = Assert.ThrowsExactly<InvalidDataException>(() => DeepLabCutCsvWriter.Write(new PoseTable("t.slp",
            new Skeleton("s", ["nose"], []), rows), folder["x.csv"]));

        Assert.Contains("t.slp: the poses are of 2 videos (a.mp4, b.mp4); DeepLabCut has a file for each", error.Message);
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }
}
