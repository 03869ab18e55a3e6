using System.Numerics;
using KeypointMl.Data.Priors;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class PriorCsvReaderTests
{
    [TestMethod]
    [DataRow("pose,left_x,left_y,right_x,right_y,nose_x,nose_y\na/1,1,2,3,4,5,6\nb/2,7,8,9,10,11,12.5\n")]
    [DataRow("pose,x0,y0,x1,y1,x2,y2\na/1,1,2,3,4,5,6\nb/2,7,8,9,10,11,12.5\n")]
    [DataRow("nose_y,nose_x,right_x,right_y,left_x,left_y\r\n6,5,3,4,1,2\r\n12.5,11,9,10,7,8\r\n")]
    public void Both_forms_of_columns_in_any_order_give_the_poses(string csv)
    {
        using var folder = new TemporaryFolder();

        PosePrior prior = PriorCsvReader.Read(folder.Write("prior.csv", csv), TestSkeletons.Three, 128, 64);

        Assert.HasCount(2, prior.Poses);
        Assert.AreEqual((128, 64), (prior.Width, prior.Height));
        CollectionAssert.AreEqual(new[] { new Vector2(7, 8), new Vector2(9, 10), new Vector2(11, 12.5f) }, prior.Poses[1]);
    }

    [TestMethod]
    [DataRow("", "is empty")]
    [DataRow("pose,x0,y0,x1,y1,x2,y2\n", "has no poses")]
    [DataRow("pose,x0,y0,x1,y1\na,1,2,3,4\n", "prior.csv:1: there is no column 'x2'")]
    [DataRow("pose,x0,y0,x1,y1,x2,y2,x3,y3\na,1,2,3,4,5,6,7,8\n", "prior.csv:1: column 'x3' belongs to no keypoint")]
    [DataRow("left_x,left_y,right_x,right_y,nose_x,nose_y,tail_x,tail_y\n1,2,3,4,5,6,7,8\n", "'tail_x' belongs to no keypoint")]
    [DataRow("left_x,left_y,right_x,right_y\n1,2,3,4\n", "no column 'nose_x'")]
    [DataRow("pose,x0,y0,x1,y1,x2,y2\na,1,2,3,4,5,6\nb,1,2,3,nan,5,6\n", "prior.csv:3: column 'y1' holds 'nan'; expected a finite number")]
    [DataRow("pose,x0,y0,x1,y1,x2,y2\na,1,2,3,4,5,six\n", "prior.csv:2: column 'y2' holds 'six'")]
    [DataRow("pose,x0,y0,x1,y1,x2,y2\na,1,2,3,4,5,1e99\n", "expected a finite number")]
    [DataRow("pose,x0,y0,x1,y1,x2,y2\na,1,2,3,4,5,6\n\nb,1,2,3,4,5\n", "prior.csv:4: the row has 6 values; the header has 7")]
    [DataRow("pose,x0,y0,x0,y1,x2,y2\n", "'x0' stands twice")]
    public void Bad_file_is_refused_with_file_and_line(string csv, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("prior.csv", csv);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => PriorCsvReader.Read(path, TestSkeletons.Three, 128, 128));

        Assert.Contains(expected, error.Message);
    }

    [TestMethod]
    public void Missing_file_is_named()
    {
        var error = Assert.ThrowsExactly<FileNotFoundException>(() => PriorCsvReader.Read("no-such.csv", TestSkeletons.Three, 128, 128));

        Assert.Contains("no-such.csv", error.Message);
    }
}
