using System.Numerics;
using System.Text.Json.Nodes;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests;

[TestClass]
public sealed class ConfidenceQualityTests
{
    private static readonly Skeleton OnePoint = new("one", ["nose"], []);

    [TestMethod]
    public void RankCorrelation_is_1_where_surer_points_are_nearer_and_minus_1_where_they_are_farther()
    {
        (float Confidence, float Error)[] frames = [(0.9f, 1), (0.7f, 4), (0.2f, 9), (0.1f, 30)];

        Assert.AreEqual(1.0, Measure(frames).RankCorrelation!.Value, 1e-12);
        Assert.AreEqual(-1.0, Measure([.. frames.Select(frame => (1 - frame.Confidence, frame.Error))]).RankCorrelation!.Value, 1e-12);
        Assert.IsNull(Measure([.. frames.Select(frame => (0.5f, frame.Error))]).RankCorrelation);
    }

    [TestMethod]
    public void RankCorrelation_of_ties_is_that_of_their_mean_ranks()
    {
        // Confidences 0.2, 0.2, 0.8, 0.8 have the ranks 1.5, 1.5, 3.5, 3.5, −errors −4, −3, −2, −1 the ranks 1 to 4:
        // Pearson's of these is 2/√5.
        double? correlation = Measure([(0.2f, 4), (0.2f, 3), (0.8f, 2), (0.8f, 1)]).RankCorrelation;

        Assert.AreEqual(2 / Math.Sqrt(5), correlation!.Value, 1e-12);
    }

    [TestMethod]
    public void ExpectedCalibrationError_is_the_weighted_distance_of_confidence_and_share_that_is_right()
    {
        // Of ten at 0.85 eight are right (0.05 off); of two at 0.25 none is (0.25 off).
        (float, float)[] frames = [.. Enumerable.Repeat((0.85f, 5f), 8), .. Enumerable.Repeat((0.85f, 5.1f), 2), (0.25f, 20), (0.25f, 50)];

        ConfidenceQuality quality = Measure(frames);

        Assert.AreEqual((10 * 0.05 + 2 * 0.25) / 12, quality.ExpectedCalibrationError, 1e-6);
        Assert.HasCount(2, quality.Reliability);
        Assert.AreEqual((0.25, 0.0, 2),
            (Math.Round(quality.Reliability[0].Confidence, 6), quality.Reliability[0].Right, quality.Reliability[0].Keypoints));
        Assert.AreEqual((0.85, 0.8, 10),
            (Math.Round(quality.Reliability[1].Confidence, 6), quality.Reliability[1].Right, quality.Reliability[1].Keypoints));
    }

    [TestMethod]
    public void RiskCoverage_leaves_out_the_least_sure_first()
    {
        ConfidenceQuality quality = Measure([(0.9f, 2), (0.1f, 30), (0.8f, 4), (0.7f, 6)]);

        Assert.HasCount(20, quality.RiskCoverage);
        Assert.AreEqual(2, quality.RiskCoverage[0].ErrorPercentOfImage, 1e-6);    // never less than one frame
        Assert.AreEqual(3, quality.RiskCoverage[9].ErrorPercentOfImage, 1e-6);    // half: 2 and 4
        Assert.AreEqual(4, quality.RiskCoverage[14].ErrorPercentOfImage, 1e-6);   // three quarters
        Assert.AreEqual((1.0, 10.5), (quality.RiskCoverage[19].Coverage, Math.Round(quality.RiskCoverage[19].ErrorPercentOfImage, 6)));
    }

    [TestMethod]
    public void RiskCoverage_of_equal_confidences_is_their_mean_in_any_order()
    {
        (float Confidence, float Error)[] frames = [(0.9f, 2), (0.8f, 1), (0.8f, 1), (0.8f, 7), (0.8f, 7), (0.8f, 4)];

        ConfidenceQuality quality = Measure(frames);

        Assert.AreEqual((2 + 4 + 4) / 3.0, quality.RiskCoverage[9].ErrorPercentOfImage, 1e-6);
        Assert.AreEqual(22 / 6.0, quality.RiskCoverage[^1].ErrorPercentOfImage, 1e-6);
        CollectionAssert.AreEqual(quality.RiskCoverage.ToArray(), Measure([.. Enumerable.Reverse(frames)]).RiskCoverage.ToArray());
    }

    [TestMethod]
    public void A_confidence_that_is_no_number_is_the_least_sure_and_frames_without_confidences_are_left_out()
    {
        var evaluator = new KeypointEvaluator(OnePoint, new MetricProtocol(null, "test"), 100, 100);
        evaluator.Add([new Vector2(1, 0)], [Vector2.Zero], new FrameContext(Confidence: [0.9f]));
        evaluator.Add([new Vector2(40, 0)], [Vector2.Zero], new FrameContext(Confidence: [float.NaN]));
        evaluator.Add([new Vector2(90, 0)], [Vector2.Zero]);

        ConfidenceQuality quality = evaluator.Compute().Confidence!;

        Assert.AreEqual(1.0, quality.RankCorrelation!.Value, 1e-12);
        Assert.AreEqual(20.5, quality.KeypointRiskCoverage[^1].ErrorPercentOfImage, 1e-6);
        Assert.AreEqual((0.0, 0.0, 1), (quality.Reliability[0].Confidence, quality.Reliability[0].Right, quality.Reliability[0].Keypoints));
    }

    [TestMethod]
    public void Add_refuses_another_number_of_confidences()
    {
        var evaluator = new KeypointEvaluator(OnePoint, new MetricProtocol(null, "test"), 100, 100);

        string message = Assert.ThrowsExactly<ArgumentException>(
            () => evaluator.Add([Vector2.Zero], [Vector2.Zero], new FrameContext(Confidence: [1, 1]))).Message;

        Assert.Contains("2 confidences", message);
    }

    [TestMethod]
    public void The_json_has_what_the_contract_says_and_null_where_there_are_no_confidences()
    {
        var evaluator = new KeypointEvaluator(OnePoint, new MetricProtocol(null, "test"), 100, 100);
        evaluator.Add([new Vector2(3, 0)], [Vector2.Zero]);
        Assert.IsNull(KeypointMetricsJson.ToJsonObject(evaluator.Compute())["confidence"]);
        evaluator.Add([new Vector2(1, 0)], [Vector2.Zero], new FrameContext(Confidence: [0.75f]));
        evaluator.Add([new Vector2(8, 0)], [Vector2.Zero], new FrameContext(Confidence: [0.25f]));

        JsonObject json = KeypointMetricsJson.ToJsonObject(evaluator.Compute())["confidence"]!.AsObject();

        Assert.AreEqual(1m, json["rank_correlation"]!.GetValue<decimal>());
        Assert.AreEqual(0.25m, json["ece"]!.GetValue<decimal>());
        JsonArray curve = json["risk_coverage"]!.AsArray();
        Assert.HasCount(20, curve);
        Assert.AreEqual("[0.5,1]", curve[9]!.ToJsonString());
        Assert.AreEqual("[1,4.5]", curve[19]!.ToJsonString());
    }

    private static ConfidenceQuality Measure((float Confidence, float Error)[] frames)
    {
        var evaluator = new KeypointEvaluator(OnePoint, new MetricProtocol(null, "test"), 100, 100);
        foreach ((float confidence, float error) in frames)
            evaluator.Add([new Vector2(error, 0)], [Vector2.Zero], new FrameContext(Confidence: [confidence]));
        return evaluator.Compute().Confidence!;
    }
}
