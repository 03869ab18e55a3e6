using System.Numerics;
using System.Security.Cryptography;
using KeypointMl.Data;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Data.Puppets;
using KeypointMl.Data.Puppets.Motion;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Puppets;

[TestClass]
public sealed class PuppetDatasetTests
{
    private static readonly PuppetOptions Small = new()
    {
        Width = 32,
        Height = 32,
        TrainingVideos = 12,
        FramesPerVideo = 6,
        PriorVideos = 40,
        PriorPosesPerVideo = 4,
        TestVideos = 9,
        TestFramesPerVideo = 6,
    };

    [TestMethod]
    public void Frames_read_by_many_threads_without_cache_equal_those_read_in_order()
    {
        byte[][] inOrder = ReadAll(new PuppetDataset(Small).OpenTrainingFrames());
        using IFrameSet frames = new PuppetDataset(Small with { CacheBytes = 0 }).OpenTrainingFrames();

        byte[][] parallel = new byte[frames.Count][];
        Parallel.For(0, frames.Count, new ParallelOptions
        {
            MaxDegreeOfParallelism = 4,
        }, i => parallel[^(i + 1)] = ReadFrame(frames, frames.Count - 1 - i));

        for (int i = 0; i < inOrder.Length; i++)
            CollectionAssert.AreEqual(inOrder[i], parallel[i], $"frame {i}");
    }

    [TestMethod]
    public void Frames_read_again_from_a_small_cache_are_equal()
    {
        const int threeFrames = 3 * 32 * 32 * 3;
        using IFrameSet frames = new PuppetDataset(Small with { CacheBytes = threeFrames }).OpenTrainingFrames();

        byte[][] first = ReadAll(frames);
        byte[][] second = ReadAll(frames);

        for (int i = 0; i < first.Length; i++)
            CollectionAssert.AreEqual(first[i], second[i], $"frame {i}");
    }

    [TestMethod]
    public void Seeds_that_differ_give_other_frames_and_other_priors()
    {
        var one = new PuppetDataset(Small);
        var two = new PuppetDataset(Small with { Seed = 2 });

        Assert.AreNotEqual(Hash(ReadAll(one.OpenTrainingFrames())[0]), Hash(ReadAll(two.OpenTrainingFrames())[0]));
        Assert.AreNotEqual(one.OpenPrior().Poses[0][0], two.OpenPrior().Poses[0][0]);
    }

    [TestMethod]
    public void Splits_share_neither_frames_nor_poses()
    {
        var dataset = new PuppetDataset(Small);
        using LabelledFrames train = dataset.OpenLabelled("train");
        using LabelledFrames test = dataset.OpenLabelled("test");

        string[] hashes = [.. ReadAll(train.Frames).Concat(ReadAll(test.Frames)).Select(Hash)];
        Assert.HasCount(hashes.Length, hashes.Distinct().ToArray());

        // Independent people who move independently never stand alike to a twentieth of a pixel in all keypoints.
        Vector2[][] all = [.. train.Poses, .. test.Poses];
        foreach (Vector2[] prior in dataset.OpenPrior().Poses)
        {
            foreach (Vector2[] pose in all)
                Assert.IsGreaterThan(0.05f, prior.Zip(pose, Vector2.Distance).Max());
        }
    }

    [TestMethod]
    public void Clips_cover_the_set_in_order_and_are_grouped_by_action()
    {
        using IFrameSet frames = new PuppetDataset(Small).OpenTrainingFrames();

        int next = 0;
        foreach (Clip clip in frames.Clips)
        {
            Assert.AreEqual(next, clip.Start);
            next += clip.Length;
        }
        Assert.AreEqual(frames.Count, next);
        string[] actions = [.. Enum.GetNames<PuppetAction>().Select(name => name.ToLowerInvariant())];
        CollectionAssert.AreEquivalent(actions, frames.Clips.Select(clip => clip.Group).Distinct().ToArray());
        Assert.AreEqual(new FrameId("train/0001", 2, "", Box.WholeImage(32, 32)), frames.GetId(8));
    }

    [TestMethod]
    public void Labels_lie_inside_the_image()
    {
        using LabelledFrames test = new PuppetDataset(new PuppetOptions { TestVideos = 45 }).OpenLabelled("test");

        Vector2[] points = [.. test.Poses.SelectMany(pose => pose)];
        int inside = points.Count(point => point.X >= -0.5f && point.Y >= -0.5f && point.X < 63.5f && point.Y < 63.5f);

        Assert.IsGreaterThanOrEqualTo(0.97, (double)inside / points.Length);
    }

    [TestMethod]
    [DataRow(1ul)]
    [DataRow(7ul)]
    public void Mean_prior_pose_misses_by_at_least_a_tenth_of_the_image(ulong seed)
    {
        var dataset = new PuppetDataset(new PuppetOptions { Seed = seed, PriorVideos = 200 });
        PosePrior prior = dataset.OpenPrior();
        using LabelledFrames test = dataset.OpenLabelled("test");
        var mean = new Vector2[prior.Skeleton.Count];
        foreach (Vector2[] pose in prior.Poses)
        {
            for (int k = 0; k < mean.Length; k++)
                mean[k] += pose[k] / prior.Poses.Count;
        }
        var random = new SeededRandom(seed, 99);

        double meanError = test.Poses.Average(pose => ErrorPercent(mean, pose));
        double randomError = test.Poses.Average(pose => ErrorPercent(prior.Poses[random.Next(prior.Poses.Count)], pose));
        // A predictor that knows where each person is, but not how it stands: articulation alone must matter too.
        double placedError = test.Poses.Average(pose => ErrorPercent(Shift(mean, Centre(pose) - Centre(mean)), pose));

        Assert.IsGreaterThanOrEqualTo(10, meanError);
        Assert.IsGreaterThan(meanError, randomError);
        Assert.IsGreaterThanOrEqualTo(5, placedError);
    }

    [TestMethod]
    public void Poses_scale_with_the_frame_size()
    {
        using LabelledFrames small = new PuppetDataset(Small).OpenLabelled("test");
        using LabelledFrames large = new PuppetDataset(Small with { Width = 64, Height = 64 }).OpenLabelled("test");

        // Pixel areas correspond: (x+½)/width is the same place. Tolerance: single precision.
        Vector2 half = new(0.5f);
        for (int k = 0; k < PuppetDataset.Skeleton.Count; k++)
            Assert.AreEqual(0, Vector2.Distance((small.Poses[5][k] + half) * 2, large.Poses[5][k] + half), 1e-3);
    }

    [TestMethod]
    public void Options_out_of_range_are_all_named()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new PuppetDataset(new PuppetOptions { Width = 4, TestVideos = 0 }));

        Assert.AreEqual("The puppet options are not usable: Width is 4, expected at least 16; TestVideos is 0, expected at least 1.",
            error.Message);
    }

    [TestMethod]
    public void Split_without_labels_is_refused_with_those_there_are()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new PuppetDataset(Small).OpenLabelled("validation"));

        StringAssert.Contains(error.Message, "'test' and 'train', not of 'validation'");
    }

    private static Vector2 Centre(Vector2[] pose) => pose.Aggregate(Vector2.Add) / pose.Length;

    private static Vector2[] Shift(Vector2[] pose, Vector2 offset) => [.. pose.Select(point => point + offset)];

    private static double ErrorPercent(
        Vector2[] predicted, Vector2[] truth) => predicted.Zip(truth, (p, t) => Vector2.Distance(p, t)).Average() / 64 * 100;

    private static byte[][] ReadAll(IFrameSet frames) => [.. Enumerable.Range(0, frames.Count).Select(i => ReadFrame(frames, i))];

    private static byte[] ReadFrame(IFrameSet frames, int index)
    {
        byte[] frame = new byte[frames.Width * frames.Height * 3];
        frames.Read(index, frame);
        return frame;
    }

    private static string Hash(byte[] frame) => Convert.ToHexString(SHA256.HashData(frame));
}
