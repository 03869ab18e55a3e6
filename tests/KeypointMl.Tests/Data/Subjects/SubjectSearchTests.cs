using KeypointMl.Imaging.Subjects;

namespace KeypointMl.Tests.Data.Subjects;

[TestClass]
public sealed class SubjectSearchTests
{
    [TestMethod]
    public void Search_removes_what_a_killed_one_left_of_its_outputs()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string video = folder.Write("v.mp4", "no video");
        string other = folder.Write(Leftover("other", "csv"), "");
        folder.Write(Leftover("boxes", "csv"), "");
        folder.Write(Leftover("events", "csv"), "");
        File.SetLastWriteTimeUtc(folder.Write(Leftover("overlay", "mp4"), ""), DateTime.UtcNow.AddHours(-2));
        var search = new SubjectSearch
        {
            Boxes = folder["boxes.csv"],
            Events = folder["events.csv"],
            Overlay = folder["overlay.mp4"],
        };

        int failed = search.Run([(video, "v")], _ => { });

        Assert.AreEqual(1, failed);
        CollectionAssert.AreEquivalent(new[] { video, other }, Directory.GetFiles(folder.Path));
    }

    private static string Leftover(string name, string extension) => $".{name}.0123456789abcdef0123456789abcdef.tmp.{extension}";
}
