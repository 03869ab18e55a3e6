using System.Numerics;
using KeypointMl.Poses.Metrics;
using static KeypointMl.Poses.Tests.Literal;
using static KeypointMl.Poses.Tests.ProtocolSamples;

namespace KeypointMl.Poses.Tests;

/// <summary>The intervals of the metrics: over whole videos, as the frames of one share their errors.</summary>
[TestClass]
public sealed class ConfidenceIntervalTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Confidence_interval_equals_percentiles_of_videos_drawn_again(bool meanOfGroups)
    {
        ProtocolSample[] samples = Samples();
        ConfidenceIntervals intervals = Evaluate(samples, new MetricProtocol(null, "test", meanOfGroups)).ConfidenceIntervals!;
        int[] all = [0, 1, 2, 3, 4, 5];

        var random = new Random(Seed);
        ProtocolSample[][][] strata =
        [
            .. samples.GroupBy(sample => meanOfGroups ? sample.Group : "").OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => group.GroupBy(sample => sample.Video).OrderBy(video => video.Key, StringComparer.Ordinal)
                    .Select(video => video.ToArray()).ToArray()),
        ];
        var errors = new List<double>();
        for (int resample = 0; resample < intervals.Resamples; resample++)
        {
            errors.Add(strata.Select(videos =>
            {
                ProtocolSample[] drawn = [.. Enumerable.Range(0, videos.Length).SelectMany(_ => videos[random.Next(videos.Length)])];
                return drawn.Average(sample => Error(sample.Predicted, sample.Truth, all)) / Width * 100;
            }).ToArray().Average());
        }
        errors.Sort();

        Assert.AreEqual((0.95, 1000, Seed), (intervals.Level, intervals.Resamples, intervals.Seed));
        Assert.AreEqual(strata.Sum(videos => videos.Length), intervals.Clusters);
        (double low, double high) = intervals.Intervals["error_percent_of_image"];
        Assert.AreEqual(errors[24] + 0.975 * (errors[25] - errors[24]), low, Tolerance);
        Assert.AreEqual(errors[974] + 0.025 * (errors[975] - errors[974]), high, Tolerance);
        Assert.IsTrue(intervals.Intervals["pck_0.1"] is ( >= 0 and < 1, > 0 and <= 1));
        Assert.IsFalse(intervals.Intervals.ContainsKey("nme_percent"), "no NME, no interval of it");
    }

    [TestMethod]
    [DataRow("one video", "a", "a", false)]
    [DataRow("a group of one video", "a", "b", true)]
    public void One_video_tells_nothing_of_others(string what, string first, string second, bool meanOfGroups)
    {
        KeypointEvaluator evaluator = NewEvaluator(new MetricProtocol(null, "test", meanOfGroups));
        for (int frame = 0; frame < 6; frame++)
        {
            Vector2[] truth = [.. Enumerable.Range(0, 6).Select(k => new Vector2(10 * k, 20))];
            string video = frame < 3 ? first : second;
            evaluator.Add([.. truth.Select(point => point + new Vector2(frame, 0))], truth, new FrameContext(Group: video, Cluster: video));
        }

        Assert.IsNull(evaluator.Compute().ConfidenceIntervals, what);
    }

    [TestMethod]
    public void Confidence_interval_of_frames_of_one_video_each_is_narrower_than_of_alike_frames_of_few()
    {
        var evaluators = new Dictionary<string, KeypointEvaluator>();
        foreach (string kind in new[] { "alone", "videos" })
        {
            KeypointEvaluator evaluator = NewEvaluator(new MetricProtocol(null, "test"));
            for (int frame = 0; frame < 60; frame++)
            {
                Vector2[] truth = [.. Enumerable.Range(0, 6).Select(k => new Vector2(10 * k, 20))];
                var shift = new Vector2(frame / 10, 0); // frames of a video share their error
                evaluator.Add([.. truth.Select(point => point + shift)], truth,
                    new FrameContext(Cluster: kind == "alone" ? "" : $"video {frame / 10}"));
            }
            evaluators[kind] = evaluator;
        }

        (double low, double high) alone = evaluators["alone"].Compute().ConfidenceIntervals!.Intervals["error_percent_of_image"];
        (double low, double high) videos = evaluators["videos"].Compute().ConfidenceIntervals!.Intervals["error_percent_of_image"];

        Assert.IsTrue(videos.high - videos.low > 2 * (alone.high - alone.low), $"{videos} against {alone}"); // √10 by theory
    }
}
