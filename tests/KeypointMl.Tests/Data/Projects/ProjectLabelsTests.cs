using KeypointMl.Data.Projects;
using KeypointMl.Data.Readers;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class ProjectLabelsTests
{
    private static readonly Skeleton Two = new("two", ["a", "b"], []);

    [TestMethod]
    public void Frame_of_an_image_that_was_taken_out_of_a_video_is_the_last_number_of_its_name()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        SetFiles.Video(folder, "mouse.mp4", 64, 64, 20);
        folder.Write("boxes.csv", "frame,track,x,y,width,height\n12,0,0,0,20,20\n");
        ProjectOptions options = Options(folder, "source,a_x,a_y,b_x,b_y\nlabeled-data/mouse/cam2_000012.png,1,1,9,9\n");
        var media = ProjectMedia.OfVideos(options, folder["own-boxes.csv"], folder["sheet.png"], _ => { }, CancellationToken.None);

        WrittenLabels written = new ProjectLabels(options, media, Two, _ => { })
            .Write(ProjectLabels.Read(options, Two), BoxesCsvReader.Read(folder["own-boxes.csv"]), folder["own-labels.csv"]);

        Assert.AreEqual(new WrittenLabels(12, 12, 0), written);
    }

    [TestMethod]
    [DataRow("x0,y0,x1,y1")]
    [DataRow("a_x,a_y,b_x,b_y")]
    [DataRow("b_x,b_y,a_x,a_y")]
    public void Labels_of_a_video_that_do_not_say_their_frames_are_refused(string columns)
    {
        using var folder = new TemporaryFolder();
        ProjectOptions options = Options(folder, $"{columns}\n1,1,9,9\n");

        Assert.Contains("labels.csv:2: there is no column 'frame'",
            Assert.ThrowsExactly<InvalidDataException>(() => ProjectLabels.Read(options, Two)).Message);
    }

    private static ProjectOptions Options(TemporaryFolder folder, string labels) => new()
    {
        Folder = folder["own"],
        Name = "own",
        Videos = [(folder["mouse.mp4"], "mouse.mp4")],
        MediaFolder = folder.Path,
        Inputs = [folder["mouse.mp4"]],
        Labels = folder.Write("labels.csv", labels),
        Boxes = folder["boxes.csv"],
    };
}
