using KeypointMl.Data.Frames;
using KeypointMl.Poses.Geometry;
using KeypointMl.Training.Evaluation;

namespace KeypointMl.Training.Tests;

/// <summary>Which frames a run is measured on, whatever their split is called.</summary>
[TestClass]
public sealed class TestFramesTests
{
    private static readonly Files Test = new("/data/video.mp4", ("video.mp4", 7, "one"), ("video.mp4", 8, "one"));

    [TestMethod]
    [DataRow("video.mp4", 8, "one", true)]
    [DataRow("video.mp4", 8, "two", false)]
    [DataRow("video.mp4", 9, "one", false)]
    [DataRow("other.mp4", 8, "one", false)]
    public void Frame_of_the_runs_own_data_is_a_test_frame_by_source_number_and_subject(string source, int frame, string item, bool expected) =>
        Assert.AreEqual(expected, TestFrames.Have(Test, new Files("/data/video.mp4", (source, frame, item)), [0], areOfTheRun: true));

    [TestMethod]
    [DataRow("/data/video.mp4", true)]
    [DataRow("/elsewhere/video.mp4", false)]
    public void Frame_of_another_data_set_is_a_test_frame_where_it_is_of_the_same_file_whatever_its_subject_is_called(
        string file, bool expected) =>
        Assert.AreEqual(expected, TestFrames.Have(Test, new Files(file, ("video.mp4", 8, "track_0")), [0], areOfTheRun: false));

    [TestMethod]
    public void Only_the_frames_that_were_chosen_count()
    {
        var half = new Files("/data/video.mp4", ("video.mp4", 3, "one"), ("video.mp4", 8, "one"));
        Assert.IsFalse(TestFrames.Have(Test, half, [0], areOfTheRun: true));
        Assert.IsTrue(TestFrames.Have(Test, half, [0, 1], areOfTheRun: true));
    }

    private sealed class Files(string path, params (string Source, long Frame, string Item)[] frames) : IFrameSet, ISourceFiles
    {
        public int Width => 8;

        public int Height => 8;

        public int Count => frames.Length;

        public IReadOnlyList<Clip> Clips => [new Clip("all", 0, frames.Length)];

        public IEnumerable<string> SourceFiles => [path];

        public FrameId GetId(int index) => new(frames[index].Source, frames[index].Frame, frames[index].Item, Box.WholeImage(8, 8));

        public void Read(int index, Span<byte> destination) => destination.Clear();

        public void Dispose()
        {
        }
    }
}
