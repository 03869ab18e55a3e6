using System.Numerics;
using KeypointMl.Data.Frames;
using PureHDF;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class MpiInf3dhpTests
{
    [TestMethod]
    public void Mpi_inf_3dhp_reads_cameras_of_training_and_valid_frames_of_testing()
    {
        using var folder = new TemporaryFolder();
        MatWriter.Write(folder["d/S1/Seq1/annot.mat"], ("annot2", new object[] { SetFiles.Rows(4, 28), SetFiles.Rows(4, 28, 100) }));
        var test2 = new double[3, 1, 17, 2];
        for (int i = 0; i < test2.Length; i++)
            test2[i / 34, 0, i / 2 % 17, i % 2] = i;
        folder.Write("d/TS1/annot_data.mat", "");
        new H5File
        {
            ["annot2"] = Double(test2),
            ["valid_frame"] = Double(new double[,] { { 1 }, { 0 }, { 1 } }),
        }.Write(folder["d/TS1/annot_data.mat"], new H5WriteOptions(UserBlockSize: 512));
        string manifest = SetFiles.Manifest("""
            reader: { kind: mpi-inf-3dhp, root: d, frames: images }
            splits: { train: { subjects: [S1], sequences: [1], cameras: [1], step: 2 }, test: { part: test, subjects: [TS1] } }
            """, "pelvis, neck");
        IDataset set = SetFiles.Open(folder, manifest);

        using IFrameSet train = set.OpenTrainingFrames();
        using LabelledFrames test = set.OpenLabelled("test");

        CollectionAssert.AreEqual(
            new[] { "d/S1/Seq1/imageFrames/video_1/frame_000001.jpg", "d/S1/Seq1/imageFrames/video_1/frame_000003.jpg" },
            Enumerable.Range(0, 2).Select(i => train.GetId(i).Source).ToArray());
        CollectionAssert.AreEqual(new[] { "d/TS1/imageSequence/img_000001.jpg", "d/TS1/imageSequence/img_000003.jpg" },
            Enumerable.Range(0, 2).Select(i => test.Frames.GetId(i).Source).ToArray());
        // Pelvis is point 14 of the test part's 17, neck point 1; the third frame begins at 68.
        SetFiles.AssertNear(test.Frames.GetId(1).Box.ToCrop(new Vector2(68 + 28, 68 + 29), 10, 10), test.Poses[1][0]);
        SetFiles.AssertNear(test.Frames.GetId(1).Box.ToCrop(new Vector2(68 + 2, 68 + 3), 10, 10), test.Poses[1][1]);
        using LabelledFrames labelled = set.OpenLabelled("train");
        SetFiles.AssertNear(train.GetId(1).Box.ToCrop(new Vector2(20 + 4 + 100, 40 + 8 + 100), 10, 10), labelled.Poses[1][0]); // row 2, joint 4
    }

    [TestMethod]
    public void Mpi_inf_3dhp_without_the_asked_camera_is_refused()
    {
        using var folder = new TemporaryFolder();
        MatWriter.Write(folder["d/S1/Seq1/annot.mat"], ("annot2", new object[] { SetFiles.Rows(1, 28) }));
        string manifest = SetFiles.Manifest(
            "reader: { kind: mpi-inf-3dhp, root: d }\nsplits: { train: { subjects: [S1], sequences: [1], cameras: [4] } }", "pelvis");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => SetFiles.Open(folder, manifest).OpenTrainingFrames());

        Assert.Contains("annot.mat: annot2 is 1×1 cell; expected at least 5 cameras.", error.Message);
    }

    private static H5Dataset Double(object data) => new(data) { Attributes = new() { ["MATLAB_class"] = "double" } };
}
