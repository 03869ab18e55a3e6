using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data.Subjects;

/// <summary>Which frames are put onto the sheet.</summary>
[TestClass]
public sealed class DoubtfulFramesTests
{
    private const int Cell = 320;

    [TestMethod]
    public void Sheet_without_a_doubtful_frame_is_one_picture_that_says_so()
    {
        var doubtful = new DoubtfulFrames();

        doubtful.Consider("a.mp4", isNamed: false, Frame(0, new FoundSubject(0, new Box(1, 1, 9, 9), 0.99f)));

        Assert.IsFalse(doubtful.Has("a.mp4"));
        RgbImage sheet = doubtful.Sheet();
        Assert.AreEqual(Cell, sheet.Width);
        if (KeypointMl.Imaging.Drawing.SystemFont.Face is not null)
            Assert.IsTrue(sheet.Pixels.Contains((byte)255));
    }

    [TestMethod]
    public void Frame_without_a_subject_is_doubtful()
    {
        var doubtful = new DoubtfulFrames();

        doubtful.Consider("a.mp4", isNamed: true, Frame(30));
        doubtful.Consider("b.mp4", isNamed: true, Frame(0, new FoundSubject(0, new Box(1, 1, 9, 9), 1)));

        Assert.IsTrue(doubtful.Has("a.mp4"));
        Assert.IsFalse(doubtful.Has("b.mp4"));
        Assert.IsGreaterThan(4 * Cell, doubtful.Sheet().Width);
        doubtful.Forget("a.mp4");
        Assert.IsFalse(doubtful.Has("a.mp4"));
        Assert.AreEqual(Cell, doubtful.Sheet().Width);
    }

    private static FoundFrame Frame(long number, params FoundSubject[] subjects) =>
        new(number, subjects, []) { Image = new RgbImage(64, 48) };
}
