using System.Numerics;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Tests;

/// <summary>Every protocol against a slow transcription of its words, on random poses.</summary>
[TestClass]
public sealed class ProtocolTests
{
    private const int Width = 120;
    private const int Height = 90;
    private const int Seed = 5;

    // Sums of doubles over float distances of at most 150.
    private const double Tolerance = 1e-5;

    private static readonly Skeleton Skeleton = new("six", ["nose", "l_hand", "r_hand", "l_foot", "r_foot", "tail"], [], [(1, 2), (3, 4)]);

    private sealed record Sample(Vector2[] Predicted, Vector2[] Truth, Vector2[] Offline, string Group, string Video, Vector2 Scale);

    private static IEnumerable<object[]> Protocols() =>
    [
        [new MetricProtocol((0, 5), "all keypoints, mean of frames")],
        [new MetricProtocol((0, 5), "mean of activities", MeanOfGroups: true)],
        [new MetricProtocol(null, "four of six, in [0,1]", MeanOfGroups: true, ScoredKeypoints: [0, 1, 2, 4], Unit: ImageUnit.Span)],
    ];

    [TestMethod]
    [DynamicData(nameof(Protocols))]
    public void Metrics_equal_their_literal_definitions(MetricProtocol protocol)
    {
        Sample[] samples = Samples();
        KeypointMetrics metrics = Evaluate(samples, protocol);
        double unit = protocol.Unit == ImageUnit.Span ? Width - 1 : Width;
        int[] scored = [.. protocol.ScoredKeypoints ?? [0, 1, 2, 3, 4, 5]];
        Sample[] counted = [.. samples.Where(sample => scored.Any(k => IsLabelled(sample.Truth[k])))];

        Assert.AreEqual(counted.Length, metrics.Frames);
        AssertMean(sample => Error(sample.Predicted, sample.Truth, scored) / unit * 100, metrics.ErrorPercentOfImage);
        AssertMean(sample =>
            Math.Min(Error(sample.Predicted, sample.Truth, scored), Error(sample.Predicted, Swapped(sample.Truth), scored)) / unit
            * 100, metrics.FlipMinErrorPercent);
        AssertMean(sample => Error(sample.Predicted, sample.Truth, scored) <= Error(sample.Predicted, Swapped(sample.Truth), scored)
            ? 1
            : 0, metrics.CorrectlyOriented);
        AssertMean(sample => Error(Resolved(sample, scored), sample.Truth, scored) / unit * 100, metrics.FlipResolvedErrorPercent!.Value);
        AssertMean(sample => Error(Scaled(sample.Predicted, sample.Scale), Scaled(sample.Truth, sample.Scale), scored),
            metrics.SourceError!.Value);
        foreach (IGrouping<string, Sample> group in counted.GroupBy(sample => sample.Group))
        {
            Assert.AreEqual(group.Average(sample => Error(sample.Predicted, sample.Truth, scored)) / unit * 100,
                metrics.PerGroup[group.Key], Tolerance);
            Assert.AreEqual(group.Average(sample =>
                Math.Min(Error(sample.Predicted, sample.Truth, scored), Error(sample.Predicted, Swapped(sample.Truth), scored)))
                / unit * 100, metrics.PerGroupFlipMin[group.Key], Tolerance);
        }
        Assert.IsTrue(metrics.PerGroupOriented.Values.All(share => share is > 0 and <= 1));

        double[] points = [.. counted.SelectMany(sample => scored.Where(k => IsLabelled(sample.Truth[k]))
            .Select(k => (double)Vector2.Distance(sample.Predicted[k], sample.Truth[k])))];
        foreach ((string key, double threshold) in new[] { ("0.05", 0.05), ("0.1", 0.1) })
            Assert.AreEqual((double)points.Count(distance => distance / unit <= threshold) / points.Length, metrics.Pck[key], 1e-12);
        // a sum of 2,000 strips
        Assert.AreEqual(Integral([.. points.Select(distance => distance / unit)], 0.1), metrics.PckArea["0.1"], 1e-3);
        AssertNme(protocol, counted, scored, metrics);
        AssertTable(counted, scored, unit, metrics);

        void AssertMean(Func<Sample, double> value, double actual)
        {
            double expected = protocol.MeanOfGroups
                ? counted.GroupBy(sample => sample.Group).Average(group => group.Average(value))
                : counted.Average(value);
            Assert.AreEqual(expected, actual, Tolerance);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Confidence_interval_equals_percentiles_of_videos_drawn_again(bool meanOfGroups)
    {
        Sample[] samples = Samples();
        ConfidenceIntervals intervals = Evaluate(samples, new MetricProtocol(null, "test", meanOfGroups)).ConfidenceIntervals!;
        int[] all = [0, 1, 2, 3, 4, 5];

        var random = new Random(Seed);
        Sample[][][] strata =
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
                Sample[] drawn = [.. Enumerable.Range(0, videos.Length).SelectMany(_ => videos[random.Next(videos.Length)])];
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
    public void Confidence_interval_of_frames_of_one_video_each_is_narrower_than_of_alike_frames_of_few()
    {
        var evaluators = new Dictionary<string, KeypointEvaluator>();
        foreach (string kind in new[] { "alone", "videos" })
        {
            var evaluator = new KeypointEvaluator(Skeleton, new MetricProtocol(null, "test"), Width, Height);
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

    [TestMethod]
    public void Source_error_and_flip_resolution_need_every_frame()
    {
        var evaluator = new KeypointEvaluator(Skeleton, new MetricProtocol(null, "test"), Width, Height);
        Sample sample = Samples()[0];
        evaluator.Add(sample.Predicted, sample.Truth, new FrameContext(SourceScale: Vector2.One, OfflinePose: sample.Offline));
        evaluator.Add(sample.Predicted, sample.Truth);

        KeypointMetrics metrics = evaluator.Compute();

        Assert.IsNull(metrics.SourceError);
        Assert.IsNull(metrics.FlipResolvedErrorPercent);
    }

    [TestMethod]
    public void Protocol_that_scores_what_the_skeleton_has_not_is_refused()
    {
        foreach (int[] scored in new int[][] { [], [6], [1, 1] })
        {
            Assert.ThrowsExactly<ArgumentException>(
                () => new KeypointEvaluator(Skeleton, new MetricProtocol(null, "test", ScoredKeypoints: scored), Width, Height));
        }
    }

    private static void AssertNme(MetricProtocol protocol, Sample[] counted, int[] scored, KeypointMetrics metrics)
    {
        if (protocol.NormalizingKeypoints is null)
        {
            Assert.IsNull(metrics.NmePercent);
            Assert.IsNull(metrics.NmeArea);
            return;
        }
        Sample[] normalized = [.. counted.Where(sample => IsLabelled(sample.Truth[0]) && IsLabelled(sample.Truth[5]))];
        double Nme(Sample sample) => Error(sample.Predicted, sample.Truth, scored) / Vector2.Distance(sample.Truth[0], sample.Truth[5]);
        double expected = protocol.MeanOfGroups
            ? normalized.GroupBy(sample => sample.Group).Average(group => group.Average(Nme))
            : normalized.Average(Nme);
        Assert.AreEqual(expected * 100, metrics.NmePercent!.Value, Tolerance);
        Assert.AreEqual(Integral([.. normalized.Select(Nme)], 0.08), metrics.NmeArea!.Value, 1e-3);
        Assert.AreEqual((double)normalized.Count(sample => Nme(sample) > 0.08) / normalized.Length, metrics.NmeFailureRate!.Value, 1e-12);
    }

    private static void AssertTable(Sample[] counted, int[] scored, double unit, KeypointMetrics metrics)
    {
        CollectionAssert.AreEqual(scored.Select(k => Skeleton.Keypoints[k]).ToArray(), metrics.KeypointTable.Keys.ToArray());
        foreach (int k in scored)
        {
            double[] sorted = [.. counted.Where(sample => IsLabelled(sample.Truth[k]))
                .Select(sample => Vector2.Distance(sample.Predicted[k], sample.Truth[k]) / unit).Order()];
            KeypointRow row = metrics.KeypointTable[Skeleton.Keypoints[k]];
            Assert.AreEqual(sorted.Length, row.Frames);
            Assert.AreEqual(sorted.Average() * 100, row.ErrorPercentOfImage, Tolerance);
            double median = sorted.Length % 2 == 1
                ? sorted[sorted.Length / 2]
                : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
            Assert.AreEqual(median * 100, row.MedianPercentOfImage, Tolerance);
            Assert.AreEqual((double)sorted.Count(distance => distance <= 0.1) / sorted.Length, row.Pck["0.1"], 1e-12);
        }
    }

    /// <summary>The area under the share of errors within t, over t from 0 to the largest: 2,000 strips.</summary>
    private static double Integral(double[] errors, double largest) =>
        Enumerable.Range(0, 2000).Average(i => (double)errors.Count(error => error <= (i + 0.5) / 2000 * largest) / errors.Length);

    private static double Error(Vector2[] predicted, Vector2[] truth, int[] scored)
    {
        double[] distances = [.. scored.Where(k => IsLabelled(truth[k])).Select(k => (double)Vector2.Distance(predicted[k], truth[k]))];
        return distances.Average();
    }

    /// <summary>Of the prediction and its exchange, the one that is nearer to the offline pose on the scored keypoints.</summary>
    private static Vector2[] Resolved(Sample sample, int[] scored)
    {
        Vector2[] swapped = Swapped(sample.Predicted);
        return scored.Average(k => Vector2.Distance(swapped[k], sample.Offline[k]))
            < scored.Average(k => Vector2.Distance(sample.Predicted[k], sample.Offline[k])) ? swapped : sample.Predicted;
    }

    private static Vector2[] Swapped(Vector2[] pose) => [pose[0], pose[2], pose[1], pose[4], pose[3], pose[5]];

    private static Vector2[] Scaled(Vector2[] pose, Vector2 scale) => [.. pose.Select(point => point * scale)];

    private static bool IsLabelled(Vector2 point) => float.IsFinite(point.X);

    private static KeypointMetrics Evaluate(Sample[] samples, MetricProtocol protocol)
    {
        var evaluator = new KeypointEvaluator(Skeleton, protocol, Width, Height);
        foreach (Sample sample in samples)
            evaluator.Add(sample.Predicted, sample.Truth, new FrameContext(sample.Group, sample.Video, sample.Scale, sample.Offline));
        return evaluator.Compute(seed: Seed);
    }

    /// <summary>
    /// 90 frames of 9 videos of 3 activities of unequal length; a third of the predictions exchanged, a tenth of the
    /// points not labelled.
    /// </summary>
    private static Sample[] Samples()
    {
        var random = new Random(17);
        var samples = new List<Sample>();
        for (int frame = 0; frame < 90; frame++)
        {
            Vector2[] truth = [.. Enumerable.Range(0, 6)
                .Select(_ => new Vector2(random.NextSingle() * Width, random.NextSingle() * Height))];
            Vector2[] near = [.. truth.Select(point => point + Noise(6))];
            Vector2[] offline = [.. truth.Select(point => point + Noise(25))];
            for (int k = 0; k < 6; k++)
            {
                if (k != frame % 6 && random.NextDouble() < 0.1)
                    truth[k] = new Vector2(float.NaN);
            }
            int video = (int)(9 * Math.Pow(frame / 90.0, 1.5));
            samples.Add(new Sample(frame % 3 == 0
                ? Swapped(near)
                : near, truth, offline, $"activity {video % 3}", $"video {video}",
                new Vector2(1 + random.NextSingle(), 2 + random.NextSingle())));
        }
        return [.. samples];

        Vector2 Noise(float size) => new((random.NextSingle() - 0.5f) * size, (random.NextSingle() - 0.5f) * size);
    }
}
