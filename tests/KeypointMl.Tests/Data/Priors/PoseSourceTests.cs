using System.Numerics;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Data.Priors.Sources;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data.Priors;

[TestClass]
public sealed class PoseSourceTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void RemoveFolder() => folder.Dispose();

    [TestMethod]
    public void Numbered_points_have_the_frame_video_track_and_scores_of_their_columns()
    {
        PoseTable table = Read("source,frame,track,x0,y0,score0,x1,y1,score1\nv.mp4,40,one,1,2,0.9,3,4,0.1\n");

        PoseRow row = table.Rows.Single();
        Assert.AreEqual(("v.mp4", 40L, "one"), (row.Source, row.Frame, row.Item));
        CollectionAssert.AreEqual(new Vector2[] { new(1, 2), new(3, 4) }, row.Points);
        CollectionAssert.AreEqual(new[] { 0.9f, 0.1f }, row.Scores);
        Assert.IsTrue(table.HasFrames);
    }

    [TestMethod]
    public void Numbered_points_without_a_frame_are_of_no_video()
    {
        PoseTable table = Read("x0,y0,x1,y1\n1,2,3,4\n5,6,7,8\n");

        Assert.Contains("numbers.csv:2: there is no column 'frame'", Assert.ThrowsExactly<InvalidDataException>(table.RequireFrames).Message);
    }

    private PoseTable Read(string text) =>
        PoseSource.Read(folder.Write("numbers.csv", text), new Skeleton("s", ["a", "b"], []), category: null, namesHint: "");
}
