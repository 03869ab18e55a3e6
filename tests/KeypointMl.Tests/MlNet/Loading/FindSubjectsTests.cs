using System.Numerics;
using KeypointMl.Detection;
using KeypointMl.Imaging.Video;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>A video of one animal of known place; without ffmpeg these tests are skipped.</summary>
[TestClass]
public sealed class FindSubjectsTests
{
    private static readonly SyntheticScene Scene = SyntheticScenes.Arena(SyntheticScenes.Wanderer) with { Frames = 40 };

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Subjects_go_straight_into_detection()
    {
        using var folder = new TemporaryFolder();
        IDataView found = ml.Keypoints.FindSubjects(WriteVideo(folder, Scene), new() { Count = 1 });
        using KeypointDetectingTransformer transformer = ml.Transforms.DetectKeypoints(
            "Keypoints", "Image", TestModels.Detector(), TestData.Options with { BoxColumnName = "Box" }).Fit(found);

        float[][] keypoints = [.. transformer.Transform(found).GetColumn<float[]>("Keypoints")];

        Assert.HasCount(40, keypoints);
        Assert.IsTrue(found.GetColumn<string>("Item").All(item => item == "0"));
        CollectionAssert.AreEqual(Enumerable.Range(0, 40).Select(i => (long)i).ToArray(), found.GetColumn<long>("Frame").ToArray());
        float[][] boxes = [.. found.GetColumn<float[]>("Box")];
        for (int i = 0; i < boxes.Length; i++)
        {
            Vector2 centre = new Vector2(boxes[i][0], boxes[i][1]) + new Vector2((boxes[i][2] - 1) / 2);
            Assert.IsLessThan(3, Vector2.Distance(centre, SyntheticScenes.Wanderer.Path(i)!.Value), $"frame {i}");
            // The centroid of what the detector saw lies in the box that it was given.
            Assert.IsTrue(keypoints[i][0] > boxes[i][0] && keypoints[i][0] < boxes[i][0] + boxes[i][2], $"frame {i}");
        }
    }

    [TestMethod]
    public void Range_and_step_choose_rows_of_tracks_that_begin_before()
    {
        using var folder = new TemporaryFolder();
        string path = WriteVideo(folder, Scene);

        IDataView found = ml.Keypoints.FindSubjects(path, frames: new() { FirstFrame = 10, LastFrame = 20, FrameStep = 5 });

        CollectionAssert.AreEqual(new long[] { 10, 15, 20 }, found.GetColumn<long>("Frame").ToArray());
        Assert.AreEqual(3, found.GetRowCount());
    }

    [TestMethod]
    public void Video_without_moving_subjects_and_options_that_contradict_are_refused()
    {
        using var folder = new TemporaryFolder();
        string still = WriteVideo(folder, SyntheticScenes.Arena() with { Frames = 20 });

        Assert.Contains("nothing moves",
            Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.FindSubjects(still)).Message);
        Assert.Contains("give one of the two", Assert.ThrowsExactly<ArgumentException>(
            () => ml.Keypoints.FindSubjects(still, frames: new() { Boxes = [] })).Message);
        Assert.Contains("has 20 frames; frame 20 was asked for", Assert.ThrowsExactly<ArgumentException>(
            () => ml.Keypoints.FindSubjects(still, frames: new() { LastFrame = 20 })).Message);
    }

    private static string WriteVideo(TemporaryFolder folder, SyntheticScene scene)
    {
        RealData.RequireFfmpeg();
        string path = folder["v.mp4"];
        using var writer = new VideoWriter(path, scene.Width, scene.Height, 25);
        foreach (VideoFrame frame in scene.Video())
            writer.Write(frame.Image);
        writer.Complete();
        return path;
    }
}
