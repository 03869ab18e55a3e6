using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Metrics;

namespace KeypointMl.Tests.Data;

[TestClass]
[TestCategory("RealData")]
public sealed class RealDatasetTests
{
    [TestMethod]
    [DataRow("flies")]
    [DataRow("faces")]
    public void Manifest_of_a_present_data_set_finds_all_files_as_expected(string name)
    {
        string root = RealData.RequireRoot(name);

        IReadOnlyList<FileFinding> findings = DataManifest.Load(RealData.Manifest(name)).Check(root);

        Assert.IsNotEmpty(findings);
        foreach (FileFinding finding in findings)
            Assert.AreEqual(FileStatus.Ok, finding.Status, finding.Message);
    }

    [TestMethod]
    public void Flies_test_split_has_a_label_per_crop_inside_it()
    {
        string root = RealData.RequireRoot("flies");
        RealData.RequireFfmpeg();
        IDataset flies = DataManifest.Load(RealData.Manifest("flies")).Open(new DatasetOptions
        {
            DataRoot = root,
            Width = 64,
            Height = 64,
        });

        using LabelledFrames test = flies.OpenLabelled("test");

        Assert.AreEqual(1200, test.Frames.Count);
        Assert.HasCount(2, test.Frames.Clips);
        Assert.HasCount(1200, test.Poses);
        // A tracker centres its box near the fly, so that the thorax stays in the middle half of the crop.
        Assert.IsTrue(test.Poses.All(pose => float.IsNaN(pose[1].X) || Vector2.Distance(pose[1], new Vector2(31.5f)) < 32),
            "A thorax is far from its crop's centre.");
        Assert.AreEqual(new FrameId("flies/20190128_113421.120s.mp4", 2400, "0", test.Frames.GetId(0).Box), test.Frames.GetId(0));
        Assert.AreEqual(2999, test.Frames.GetId(1199).Frame);
        Assert.AreEqual(1248, flies.OpenPrior().Poses.Count);

        // The flies are bright on dark ground: the labelled thorax must be brighter than the crop's corners. This fails
        // when frames and labels do not belong together.
        int brighter = 0;
        byte[] frame = new byte[64 * 64 * 3];
        for (int i = 0; i < test.Frames.Count; i++)
        {
            test.Frames.Read(i, frame);
            Vector2 thorax = test.Poses[i][1];
            if (float.IsNaN(thorax.X))
                continue;
            int corners = new[] { 0, 63, 63 * 64, 63 * 64 + 63 }.Sum(pixel => frame[3 * pixel]) / 4;
            if (frame[3 * ((int)MathF.Round(thorax.Y) * 64 + (int)MathF.Round(thorax.X))] > corners + 20)
                brighter++;
        }
        Assert.IsGreaterThan(1100, brighter);
    }

    [TestMethod]
    public void Faces_open_with_clips_labels_and_prior()
    {
        string root = RealData.RequireRoot("faces");
        IDataset faces = DataManifest.Load(RealData.Manifest("faces")).Open(new DatasetOptions
        {
            DataRoot = root,
            Width = 64,
            Height = 64,
        });

        using IFrameSet training = faces.OpenTrainingFrames();
        using LabelledFrames test = faces.OpenLabelled("test");

        Assert.AreEqual(4340, training.Count);
        Assert.HasCount(868, training.Clips);
        Assert.AreEqual(542, test.Frames.Count);
        Assert.AreEqual((36, 45), test.Protocol.NormalizingKeypoints);
        Assert.AreEqual(1207, faces.OpenPrior().Poses.Count);
        byte[] frame = new byte[64 * 64 * 3];
        training.Read(4339, frame);
        Assert.IsTrue(frame.Distinct().Count() > 20, "The frame has hardly any contrast.");
    }

    [TestMethod]
    [DataRow("flies", 180f, 24.9)]
    [DataRow("faces", 0f, 33.6)]
    public void Mean_prior_pose_has_the_error_that_was_measured_independently(string name, float rotation, double expected)
    {
        string root = RealData.RequireRoot(name);
        RealData.RequireFfmpeg();
        IDataset dataset = DataManifest.Load(RealData.Manifest(name)).Open(new DatasetOptions { DataRoot = root, Width = 64, Height = 64 });
        using LabelledFrames test = dataset.OpenLabelled("test");
        var sampler = new PriorSampler(dataset.OpenPrior(), 64, 64, new PoseAugmentation { RotationDegrees = rotation }, seed: 1);
        var evaluator = new KeypointEvaluator(test.Skeleton, test.Protocol, 64, 64);
        foreach (Vector2[] pose in test.Poses)
            evaluator.Add(new Vector2[pose.Length], pose);

        BaselineMetrics mean = evaluator.Compute(sampler.DrawPixels(0, 5000)).Baselines["mean_pose"];

        // Percent of the crop for flies, NME for faces, both from a prototype in another language; the draws of 5,000
        // poses move it by about 0.1.
        Assert.AreEqual(expected, mean.NmePercent ?? mean.ErrorPercentOfImage, 0.5);
    }
}
