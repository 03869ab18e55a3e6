using System.Numerics;
using KeypointMl.Poses.Metrics;
using static KeypointMl.Poses.Tests.Literal;
using static KeypointMl.Poses.Tests.ProtocolSamples;

namespace KeypointMl.Poses.Tests;

/// <summary>Every protocol against a slow transcription of its words, on random poses.</summary>
[TestClass]
public sealed class ProtocolTests
{
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
        ProtocolSample[] samples = Samples();
        KeypointMetrics metrics = Evaluate(samples, protocol);
        double unit = protocol.Unit == ImageUnit.Span ? Width - 1 : Width;
        int[] scored = [.. protocol.ScoredKeypoints ?? [0, 1, 2, 3, 4, 5]];
        ProtocolSample[] counted = [.. samples.Where(sample => scored.Any(k => IsLabelled(sample.Truth[k])))];

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
        foreach (IGrouping<string, ProtocolSample> group in counted.GroupBy(sample => sample.Group))
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

        void AssertMean(Func<ProtocolSample, double> value, double actual)
        {
            double expected = protocol.MeanOfGroups
                ? counted.GroupBy(sample => sample.Group).Average(group => group.Average(value))
                : counted.Average(value);
            Assert.AreEqual(expected, actual, Tolerance);
        }
    }

    [TestMethod]
    public void Source_error_and_flip_resolution_need_every_frame()
    {
        KeypointEvaluator evaluator = NewEvaluator(new MetricProtocol(null, "test"));
        ProtocolSample sample = Samples()[0];
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
            Assert.ThrowsExactly<ArgumentException>(() => NewEvaluator(new MetricProtocol(null, "test", ScoredKeypoints: scored)));
    }

    private static void AssertNme(MetricProtocol protocol, ProtocolSample[] counted, int[] scored, KeypointMetrics metrics)
    {
        if (protocol.NormalizingKeypoints is null)
        {
            Assert.IsNull(metrics.NmePercent);
            Assert.IsNull(metrics.NmeArea);
            return;
        }
        ProtocolSample[] normalized = [.. counted.Where(sample => IsLabelled(sample.Truth[0]) && IsLabelled(sample.Truth[5]))];
        double Nme(ProtocolSample sample) =>
            Error(sample.Predicted, sample.Truth, scored) / Vector2.Distance(sample.Truth[0], sample.Truth[5]);
        double expected = protocol.MeanOfGroups
            ? normalized.GroupBy(sample => sample.Group).Average(group => group.Average(Nme))
            : normalized.Average(Nme);
        Assert.AreEqual(expected * 100, metrics.NmePercent!.Value, Tolerance);
        Assert.AreEqual(Integral([.. normalized.Select(Nme)], 0.08), metrics.NmeArea!.Value, 1e-3);
        Assert.AreEqual((double)normalized.Count(sample => Nme(sample) > 0.08) / normalized.Length, metrics.NmeFailureRate!.Value, 1e-12);
    }

    private static void AssertTable(ProtocolSample[] counted, int[] scored, double unit, KeypointMetrics metrics)
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
}
