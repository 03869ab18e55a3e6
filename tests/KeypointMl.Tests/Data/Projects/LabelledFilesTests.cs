using System.Numerics;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class LabelledFilesTests
{
    [TestMethod]
    [DataRow("vidA/1.png", "labeled-data/vidA/1.png labeled-data/vidB/1.png", "vidA/1.png", "-", DisplayName = "two videos of DeepLabCut")]
    [DataRow("vidA/1.png vidA/2.png", "labeled-data/vidA/1.png labeled-data/vidB/2.png", "vidA/1.png", "-",
        DisplayName = "other frames of another video")]
    [DataRow("A/1.png A/2.png", "labeled-data/vidA/1.png labeled-data/vidA/2.png", "A/1.png", "A/2.png", DisplayName = "moved")]
    [DataRow("A/1.png B/1.png", "labeled-data/vidA/1.png labeled-data/B/1.png", "-", "B/1.png", DisplayName = "half of them moved")]
    [DataRow("1.png", "media/1.png other/1.png", "1.png", "-", DisplayName = "by the folder that was given")]
    [DataRow("1.png", "1.png", "1.png")]
    [DataRow("a/1.png b/1.png", "1.png", "-", DisplayName = "none of two")]
    [DataRow("1/cam.mp4 11/cam.mp4", "rec/1/cam.mp4 rec/11/cam.mp4", "1/cam.mp4", "11/cam.mp4")]
    [DataRow("1/cam.mp4 21/cam.mp4", "rec/11/cam.mp4", "-", DisplayName = "an end of a folder's name is no folder")]
    [DataRow("cam.mp4 11/cam.mp4", "cam.mp4 11/cam.mp4", "cam.mp4", "11/cam.mp4")]
    [DataRow("11/cam.mp4", "cam.mp4 rec/11/cam.mp4", "-", "11/cam.mp4")]
    [DataRow("day1/a.mp4 b.mp4", @"C:\videos\a.mp4 C:\videos\b.mp4", "day1/a.mp4", "b.mp4")]
    public void Name_in_the_labels_means_the_file_whose_path_ends_so(string files, string sources, params string[] expected)
    {
        var matched = LabelledFiles.Of(Table(sources), Files(files));

        CollectionAssert.AreEqual(expected, sources.Split(' ').Select(source => matched.Find(source) ?? "-").ToArray());
    }

    [TestMethod]
    [DataRow("a/cam.mp4 b/cam.mp4", "labeled-data/cam/img01.png", "-")]
    [DataRow("a/cam.mp4 b/other.mp4", "labeled-data/cam/img01.png", "a/cam.mp4")]
    [DataRow("a/cam.mp4 b/cam.mp4", "b/cam/img01.png", "b/cam.mp4")]
    public void Folder_of_an_image_means_the_video_that_it_was_taken_out_of(string files, string source, string expected)
    {
        var matched = LabelledFiles.OfFrames(Table(source), Files(files));

        Assert.AreEqual(expected, matched.Find(source[..source.LastIndexOf('/')]) ?? "-");
    }

    private static IEnumerable<(string Path, string Name)> Files(string names) => names.Split(' ').Select(name => ($"/media/{name}", name));

    private static PoseTable Table(string sources) => new("labels.csv", new Skeleton("one", ["a"], [], []),
        [.. sources.Split(' ').Select(source => new PoseRow(source, 0, "", [Vector2.One], null, null, "labels.csv:2"))]);
}
