using System.Numerics;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Data.Readers;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class CsvTests
{
    private const string Header = "frame,track,x,y,width,height\n";

    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void RemoveFolder() => folder.Dispose();

    [TestMethod]
    public void Quote_that_is_not_closed_is_refused_early_with_its_line()
    {
        string path = folder.Write(
            "boxes.csv", Header + "0,a,1,2,3,4\n1,\"a,1,2,3,4\n" + string.Concat(Enumerable.Repeat("2,a,1,2,3,4\n", 400_000)));
        long before = GC.GetAllocatedBytesForCurrentThread();

        string message = Assert.ThrowsExactly<InvalidDataException>(() => BoxesCsvReader.Read(path)).Message;

        Assert.Contains("boxes.csv:3: a value of the row that begins here has more than 65,536 characters. "
            + "Is a quote (\") not closed?", message);
        Assert.IsLessThan(4L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DataRow(",")]
    [DataRow("\"b\n\",")]
    public void Row_without_end_is_refused_by_its_line(string repeated)
    {
        string path = folder.Write("boxes.csv", Header + "0,a,1,2,3,4\n" + string.Concat(Enumerable.Repeat(repeated, 2_000_000)));

        Assert.Contains("boxes.csv:3: the row that begins here has more than 1,048,576 characters",
            Assert.ThrowsExactly<InvalidDataException>(() => BoxesCsvReader.Read(path)).Message);
    }

    [TestMethod]
    public void Quote_inside_a_value_is_refused() =>
        Assert.Contains("boxes.csv:2: not well-formed CSV: a quote (\") stands inside a value", Refused(Header + "0,a\"b,1,2,3,4\n"));

    [TestMethod]
    [DataRow(';', "1,5")]
    [DataRow(';', "1.5")]
    [DataRow('\t', "1,5")]
    public void Semicolons_and_tabs_separate_values_that_may_have_decimal_commas(char separator, string number)
    {
        string path = folder.Write("boxes.csv", (Header + "0,\"a,b\",N,2,3,4\n").Replace(',', separator)
            .Replace($"a{separator}b", "a,b").Replace("N", number));

        TrackedBox box = BoxesCsvReader.Read(path).Single();

        Assert.AreEqual((new Box(1.5f, 2, 3, 4), "a,b"), (box.Box, box.Track));
    }

    [TestMethod]
    public void Decimal_comma_between_commas_is_said()
    {
        Assert.Contains("boxes.csv:2: the row has 7 values; the header has 6 columns. Do its numbers have decimal commas?",
            Refused(Header + "0,a,1,5,2,3,4\n"));
        Assert.Contains("column 'x' holds '1,5'; expected a number with a decimal point", Refused(Header + "0,a,\"1,5\",2,3,4\n"));
        Assert.Contains("column 'x' holds '1.000,5'; expected a number",
            Refused((Header + "0,a,N,2,3,4\n").Replace(',', ';').Replace("N", "1.000,5")));
    }

    [TestMethod]
    public void Poses_of_a_european_spreadsheet_are_read()
    {
        string path = folder.Write("poses.csv", "source;frame;nose_x;nose_y\nv.mp4;3;1,25;2\n");

        PoseRow row = PoseFile.Read(path).Rows.Single();

        Assert.AreEqual(("v.mp4", 3L, new Vector2(1.25f, 2)), (row.Source, row.Frame, row.Points[0]));
    }

    [TestMethod]
    [DataRow("fnum,nose_x,nose_y,nose_z\n0,1,2,3\n")]
    [DataRow("source,frame,nose.x,nose.y,nose.z\nv.mp4,0,1,2,3\n")]
    public void Poses_in_space_are_refused(string text) => Assert.Contains("these are poses in space, and poses in pixels of an image are read",
        Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(folder.Write("poses.csv", text))).Message);

    [TestMethod]
    public void Deeplabcut_csv_with_semicolons_is_read()
    {
        string path = folder.Write("dlc.csv", "scorer;net;net;net\nbodyparts;nose;nose;nose\ncoords;x;y;likelihood\n7;1,5;2;0,5\n");

        PoseRow row = PoseFile.Read(path).Rows.Single();

        Assert.AreEqual((7L, new Vector2(1.5f, 2), 0.5f), (row.Frame, row.Points[0], row.Scores![0]));
    }

    [TestMethod]
    public void Further_columns_of_eks_are_passed_over()
    {
        string path = folder.Write("eks.csv", """
            scorer,ensemble-kalman_tracker,ensemble-kalman_tracker,ensemble-kalman_tracker,ensemble-kalman_tracker,ensemble-kalman_tracker,ensemble-kalman_tracker,ensemble-kalman_tracker,ensemble-kalman_tracker,ensemble-kalman_tracker
            bodyparts,paw,paw,paw,paw,paw,paw,paw,paw,paw
            coords,x,y,likelihood,x_ens_median,y_ens_median,x_ens_var,y_ens_var,x_posterior_var,y_posterior_var
            0,1.5,2.5,0.9,1.4,2.4,0.1,0.2,0.3,0.4

            """);

        PoseTable table = PoseFile.Read(path);

        CollectionAssert.AreEqual(new[] { "paw" }, table.Skeleton.Keypoints);
        Assert.AreEqual((new Vector2(1.5f, 2.5f), 0.9f), (table.Rows[0].Points[0], table.Rows[0].Scores![0]));
    }

    [TestMethod]
    [DataRow("set", "", "")]
    [DataRow("set", "Unnamed: 4_level_1", "Unnamed: 4_level_2")]
    public void Set_column_of_lightning_pose_is_passed_over(string scorer, string part, string coordinate)
    {
        string path = folder.Write("predictions.csv", $"""
            scorer,heatmap_tracker,heatmap_tracker,heatmap_tracker,{scorer}
            bodyparts,paw,paw,paw,{part}
            coords,x,y,likelihood,{coordinate}
            labeled-data/v/img01.png,1.5,2.5,0.9,train

            """);

        PoseTable table = PoseFile.Read(path);

        CollectionAssert.AreEqual(new[] { "paw" }, table.Skeleton.Keypoints);
        Assert.AreEqual("labeled-data/v/img01.png", table.Rows.Single().Source);
    }

    [TestMethod]
    public void Unknown_coordinate_of_a_deeplabcut_table_is_refused()
    {
        string path = folder.Write("dlc.csv", "scorer,n,n,n\nbodyparts,a,a,a\ncoords,x,y,likelihod\n0,1,2,3\n");

        Assert.Contains("column 3 of 'a' is called 'likelihod'; expected x, y or likelihood",
            Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(path)).Message);
    }

    [TestMethod]
    public void Box_without_area_of_a_table_of_poses_is_none()
    {
        string path = folder.Write("poses.csv", "box.x,box.y,box.width,box.height,nose_x,nose_y\n1,2,0,4,5,6\n1,2,3,4,5,6\n");

        CollectionAssert.AreEqual(new Box?[] { null, new Box(1, 2, 3, 4) }, PoseFile.Read(path).Rows.Select(row => row.Box).ToArray());
    }

    private string Refused(string text) =>
        Assert.ThrowsExactly<InvalidDataException>(() => BoxesCsvReader.Read(folder.Write("boxes.csv", text))).Message;
}
